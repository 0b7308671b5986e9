public import JSON
import Provenance
import Quantities
import Radionuclides
import Scintigraphy
import Studies

/// The planar scans of a case as the viewer shows them: anterior and posterior, both seen from the front.
public struct PlanarImages: Sendable {
  private let file: CaseFile
  private let folder: String
  private let nuclide: Nuclide
  private let reading: PlanarReading

  /// - Throws: a refusal when the case has no planar scans or they cannot be read.
  public init(of images: CaseImages) throws {
    let (file, folder) = try CaseFile.read(images.folder)
    guard let planar = file.planar else {
      throw CaseError(
        "no-planar", "The case has no measurements.planar.", remedy: "Describe the planar scans there.",
        category: .missing)
    }
    (self.file, self.folder) = (file, folder)
    nuclide = try NuclideTable.icrp107().nuclide(file.nuclide)
    reading = try PlanarReading(planar, folder: folder, case: file, nuclide: nuclide)
  }

  /// `{"scans": [{"name", "hours", "columns", "rows", "pixelMm", "maximum"}], "findings", "names", "regionSchema"}`: the
  /// names of the regions that the case wants drawn, and what is said of each.
  public func document() throws -> JSONValue {
    let schema = try Schema.planarRegions.document().part(at: JSONPath().appending("regions").appending(0))
    return [
      "names": .array(file.drawnNames.map { .string($0) }), "regionSchema": schema ?? .null,
      "scans": .array(
        zip(reading.names, reading.scans).map { name, scan in
          [
            "name": .string(name), "hours": .number(scan.start.hours), "columns": JSONValue(scan.columns),
            "rows": JSONValue(scan.rows), "pixelMm": .number(scan.pixel.millimetres),
            "maximum": .number(Double(max(scan.front.main.max() ?? 0, scan.back.main.max() ?? 0))),
          ]
        }),
      "findings": .array(reading.findings.map(\.document)),
    ]
  }

  /// The counts of the main window of a scan: anterior, then posterior, single precision, the lowest byte first.
  public func counts(of scan: Int) throws -> [UInt8] {
    guard reading.scans.indices.contains(scan) else {
      throw CaseError("no-such-scan", "The case has no such planar scan.", remedy: "Open it again.", category: .missing)
    }
    let views = [reading.scans[scan].front.main, reading.scans[scan].back.main]
    return views.flatMap { view in view.withUnsafeBytes { Array($0) } }
  }

  /// The activities of regions that are drawn, by the functions that `endora nm planar` calls.
  ///
  /// `{"regions": [{"name", "measurements": [{"hours", "activityMBq", "sdMBq", "frontCps", "backCps"}]}], "findings"}`.
  public func activities(of regions: JSONNode) throws -> JSONValue {
    try PlanarRegionFile.check(regions.value)
    let found = try PlanarCaseResult(file, folder: folder, nuclide: nuclide, reading: reading, drawing: regions)
    return [
      "regions": .array(
        found.activities.regions.map { region in
          [
            "name": .string(region.name),
            "measurements": .array(
              region.measurements.map { point in
                [
                  "hours": .number(point.time.hours), "activityMBq": JSONValue(point.activity?.value.megabecquerels),
                  "sdMBq": JSONValue(point.activity?.standardUncertainty?.megabecquerels),
                  "frontCps": .number(point.front.base), "backCps": .number(point.back.base),
                  "findings": .array(point.findings.map(\.document)),
                ]
              }),
          ]
        }), "findings": .array(found.findings.joiningRegions().map(\.document)),
    ]
  }
}

extension CaseFile {
  /// The regions to be drawn on planar scans: the case's, and the one on which a calibration rests.
  fileprivate var drawnNames: [String] {
    let whole: String? =
      switch planar?.calibration {
      case .probe(let probe): probe.wholeBody
      case .patient(_, let wholeBody, _): wholeBody
      default: nil
      }
    let names = regions.map(\.name)
    return names + [whole].compactMap(\.self).filter { !names.contains($0) }
  }
}
