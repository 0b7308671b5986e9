public import JSON
import Provenance
import Quantities
import Radionuclides
import Studies
import Uptake
import Volumes

/// The uptake of tumours of a small animal in one PET series, against muscle.
public struct XenograftPET: Sendable {
  /// One region.
  struct Region: Sendable {
    let name: String
    let statistics: VoxelStatistics<ActivityConcentration>
    let volume: Volume
    /// Mean over the muscle's mean; `nil` for the muscle itself.
    let ratio: Double?
  }

  let series: PETSeries
  let fraction: InjectedFraction
  let regions: [Region]
  let findings: [Finding]

  /// Measures every region of a file.
  ///
  /// - Parameter muscle: the name of the region that is muscle.
  /// - Throws: a refusal when the series has no injected activity, or a region cannot be laid on it.
  public init(
    folder: String, regions path: String, muscle: String, series uid: String? = nil, stated: StatedText = StatedText()
  ) throws {
    let file = try RegionFile(path: path)
    let candidates = try PETStudy.candidates(
      folder: folder, series: uid, frameOfReference: file.frameOfReferenceUID)
    guard candidates.count == 1 else {
      throw CaseError(
        "several-series", "The folder holds \(candidates.count) PET series.",
        remedy: "Name one with --series: \(candidates.prefix(8).map(\.uid).joined(separator: ", ")).")
    }
    let facts = try stated.facts()
    series = try PETSeries(candidates[0], injection: facts.injection)
    try file.requireFrameOfReference(of: series)
    fraction = try InjectedFraction(series, stated: facts, nuclides: try NuclideTable.icrp107())
    let image = fraction.image(series)
    let measured = try file.regions.map { name, shape in
      let mask = try shape.mask(on: image.grid)
      return (name, try image.statistics(in: mask), mask.volume)
    }
    guard let reference = measured.first(where: { $0.0 == muscle })?.1.mean, reference > .zero else {
      throw CaseError(
        "no-muscle", "No region “\(printable(muscle))” holds activity.",
        remedy:
          "Name the region of the muscle with --muscle: \(measured.map { printable($0.0) }.joined(separator: ", ")).")
    }
    regions = measured.map { name, statistics, volume in
      Region(
        name: name, statistics: statistics, volume: volume,
        ratio: name == muscle ? nil : statistics.mean / reference)
    }
    findings = (fraction.findings + file.findings).worstFirst()
  }

  /// `{"series", "rule", "injectedAtReferenceBq", "regions": [...]}`.
  public var document: JSONValue {
    [
      "series": .string(series.seriesUID), "rule": .string(fraction.rule),
      "injectedAtReferenceBq": .number(fraction.injectedAtReference.becquerels),
      "regions": JSONValue(
        regions.map { region in
          [
            "name": .string(region.name), "role": .string(region.ratio == nil ? "muscle" : "tumour"),
            "voxels": JSONValue(region.statistics.count), "volumeMl": .number(region.volume.millilitres),
            "intensityBqPerMl": [
              "mean": .number(region.statistics.mean.becquerelsPerMillilitre),
              "sd": .number(region.statistics.standardDeviation.becquerelsPerMillilitre),
              "max": .number(region.statistics.maximum.becquerelsPerMillilitre),
            ],
            "percentPerGram": [
              "mean": .number(fraction.percentPerGram(region.statistics.mean)),
              "max": .number(fraction.percentPerGram(region.statistics.maximum)),
            ], "tumourToMuscle": JSONValue(region.ratio),
          ]
        }),
      "findings": JSONValue(findings.map(\.document)),
    ]
  }

  /// A table.
  public var summary: String {
    var table = TextTable(
      ["region", "voxels", "Bq/mL", "SD", "%ID/g", "max %ID/g", "tumour / muscle"], numbers: [1, 2, 3, 4, 5, 6])
    for region in regions {
      table.add([
        printable(region.name), "\(region.statistics.count)",
        shortNumber(region.statistics.mean.becquerelsPerMillilitre),
        shortNumber(region.statistics.standardDeviation.becquerelsPerMillilitre),
        shortNumber(fraction.percentPerGram(region.statistics.mean)),
        shortNumber(fraction.percentPerGram(region.statistics.maximum)), region.ratio.map(shortNumber) ?? "",
      ])
    }
    let notes = findings.map { "\($0.severity.rawValue): \($0.text)\n" }.joined()
    return "\(fraction.rule)\n\n\(table.text)" + (notes.isEmpty ? "" : "\n" + notes)
  }
}
