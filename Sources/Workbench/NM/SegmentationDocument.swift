import Foundation
public import JSON
import Numerics
import Provenance
import Quantities
import Studies
import Volumes

/// What `endora nm segment` finds: regions on the SPECT and the CT of a folder by the rules of a file.
public struct SegmentationDocument: Sendable {
  private struct Found: Sendable {
    let name: String
    let method: String
    let image: String
    let mask: Mask
    /// The threshold that was found, in Bq/mL.
    let threshold: Double?
  }

  private let found: [Found]
  private let findings: [Finding]

  /// Finds the regions in the order of the file.
  ///
  /// - Parameter organModel: the path or the name of an installed TotalSegmentator.
  public init(folder: String, rules path: String, organModel: String) throws {
    let document = try JSONDocument(try readFile(path))
    try Schema.segmentation.read().check(document)
    let nodes = try document.root.required("regions").list()
    let methods = try nodes.map { try $0.required("method").string() }
    let spect =
      methods.contains { ["threshold", "adaptive", "grow", "watershed"].contains($0) }
      ? try Self.spect(folder, try document.root["image"]?.int() ?? 1) : nil
    let ct =
      methods.contains { $0.hasPrefix("ct-") || $0 == "totalsegmentator" }
      ? try CaseTomography(folder: folder, needsStructures: false) : nil
    var work = Work(spect: spect, ct: ct)
    try work.organs = Self.organs(nodes, ct, organModel)
    var names: Set<String> = []
    for node in nodes {
      let name = try node.required("name").string()
      guard name.allSatisfy({ $0.isLetter || $0.isNumber || " -_+".contains($0) }),
        names.insert(name).inserted
      else {
        throw node.refusal(
          "region-name",
          found: "the name “\(printable(name))” stands twice or holds other signs than letters and digits",
          remedy: "Each region becomes a file of its name: use letters, digits, spaces and hyphens.")
      }
    }
    var parted: Set<String> = []
    for (node, method) in zip(nodes, methods) {
      let name = try node.required("name").string()
      if method == "watershed" {
        let whole = try node.required("of").string()
        // All parts of one region are flooded together, at the first of them.
        guard parted.insert(whole).inserted else { continue }
        let parts = nodes.filter { $0["method"]?.value.string == method && $0["of"]?.value.string == whole }
        work.found += try work.parts(parts, of: whole)
      } else {
        work.found.append(try work.region(node, name, method))
      }
    }
    found = work.found
    findings = work.findings.worstFirst()
  }

  /// - Parameter number: in the order of the times, from 1.
  private static func spect(_ folder: String, _ number: Int) throws -> Image<ActivityConcentration> {
    func begin(_ series: IndexedSeries) -> Timestamp? { series.files[0].acquisition?.at(utcOffset: 0) }
    let series = try StudyIndex.scan(folder: folder).series
      .filter { ($0.modality == "PT" || $0.modality == "NM") && begin($0) != nil }
      .sorted { begin($0)! < begin($1)! }
    guard series.indices.contains(number - 1) else {
      throw CaseError(
        "no-spect",
        "The folder \(fileName(folder)) holds \(series.count) quantitative SPECT, and number \(number) is asked for.",
        remedy: "Add the series in Bq/mL, or correct image in the rules.", category: .missing)
    }
    return try QuantitativeSeries(series[number - 1]).image
  }

  private static func organs(
    _ nodes: [JSONNode], _ ct: CaseTomography?, _ program: String
  ) throws -> [String: Mask?] {
    let classes = try nodes.filter { $0["method"]?.value.string == "totalsegmentator" }
      .map { try $0.required("class").string() }
    guard let ct, !classes.isEmpty else { return [:] }
    guard classes.allSatisfy({ $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } }) else {
      throw CaseError(
        "organ-class", "A class of TotalSegmentator has letters, digits and underscores only.",
        remedy: "Name it as totalseg_info --classes lists it, such as kidney_left.")
    }
    return try OrganModel(program).masks(of: classes.uniqued(), on: ct.series)
  }

  /// Writes every region as a NIfTI mask `NAME.nii`, which `measurements.spect.regions` and `dicom regions` read.
  public func write(to folder: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for one in found {
        let file = try NIfTIFile(grid: one.mask.grid, name: "region", description: "voxels of the region: 1")
        var labels = [UInt8](repeating: 0, count: one.mask.grid.count)
        for index in one.mask.gridIndices() { labels[index] = 1 }
        try Data(file.bytes(of: labels)).write(to: URL(fileURLWithPath: "\(folder)/\(one.name).nii"), options: .atomic)
      }
    } catch let refusal as any Refusal {
      throw refusal
    } catch {
      throw CaseError(
        "folder-unwritable", "The folder \(fileName(folder)) cannot be written.",
        remedy: "Check the path, its permissions and the space.", category: .inputOutput)
    }
  }

  /// The document of the contract.
  public var document: JSONValue {
    [
      "regions": .array(
        found.map { one in
          [
            "name": JSONValue(one.name), "method": JSONValue(one.method), "image": JSONValue(one.image),
            "voxels": JSONValue(one.mask.count), "volume": amount(one.mask.volume.millilitres, "mL"),
            "threshold": one.threshold.map { amount($0, "Bq/mL") } ?? nil,
          ]
        }),
      "findings": .array(findings.map(\.document)),
    ]
  }

  /// A table and the findings.
  public var summary: String {
    var table = TextTable(["Region", "Method", "On", "Volume mL", "Threshold Bq/mL"], numbers: [3, 4])
    for one in found {
      table.add([
        one.name, one.method, one.image, String(format: "%.1f", one.mask.volume.millilitres),
        one.threshold.map { String(format: "%.0f", $0) } ?? "",
      ])
    }
    let lines = findings.map { "\($0.severity.rawValue): \($0.text)" }
    return table.text + (lines.isEmpty ? "" : "\n" + lines.joined(separator: "\n") + "\n")
  }

  // MARK: One region after the other

  private struct Work {
    let spect: Image<ActivityConcentration>?
    let ct: CaseTomography?
    var organs: [String: Mask?] = [:]
    var found: [Found] = []
    var findings: [Finding] = []

    init(spect: Image<ActivityConcentration>?, ct: CaseTomography?) { (self.spect, self.ct) = (spect, ct) }

    private func image(_ node: JSONNode) throws -> Image<ActivityConcentration> {
      guard let spect else { throw CaseError.internalFault("No SPECT was read.") }
      return spect
    }

    private func tomography() throws -> CaseTomography {
      guard let ct else { throw CaseError.internalFault("No CT was read.") }
      return ct
    }

    /// Where a region is searched: a sphere, a box, or everywhere.
    private func search(_ node: JSONNode, _ grid: Grid) throws -> Mask {
      guard node["sphere"] != nil || node["box"] != nil else { return Mask(all: grid) }
      return try RegionFile.Shape(node).mask(on: grid)
    }

    private func concentration(_ node: JSONNode, _ key: String) throws -> ActivityConcentration? {
      try node[key].map { .becquerelsPerMillilitre(try $0.double()) }
    }

    private func nothing(_ node: JSONNode) -> JSONError {
      node.refusal(
        "nothing-found", found: "the rule finds no voxel",
        remedy: "Look at the image, and change where or how it searches.")
    }

    mutating func region(_ node: JSONNode, _ name: String, _ method: String) throws -> Found {
      var threshold: ActivityConcentration?
      var mask: Mask?
      switch method {
      case "threshold":
        let image = try image(node)
        let search = try search(node, image.grid)
        guard (node["fraction"] == nil) != (node["least_Bq_per_mL"] == nil) else {
          throw node.refusal(
            "threshold-missing", found: "a threshold needs fraction or least_Bq_per_mL", remedy: "Give one of them.")
        }
        let least =
          try concentration(node, "least_Bq_per_mL")
          ?? image.statistics(in: search).maximum * (try node.required("fraction").double())
        threshold = least
        mask = image.voxels(atLeast: least, in: search)?.components().first
      case "adaptive":
        let image = try image(node)
        let result = try image.adaptiveThreshold(
          fraction: try node["fraction"]?.double() ?? 0.5,
          width: .millimetres(try node.required("fwhm_mm").double()), in: try search(node, image.grid))
        (mask, threshold) = (result.mask, result.threshold)
      case "grow":
        let image = try image(node)
        let seed = try GridPlaces(image.grid).place(SIMD3(try node.required("seedMm").list().map { try $0.double() }))
          .rounded(.toNearestOrAwayFromZero)
        guard seed.min() >= 0, seed.x < Double(image.grid.columns), seed.y < Double(image.grid.rows),
          seed.z < Double(image.grid.slices)
        else {
          throw node.refusal("seed-outside", found: "the seed lies outside the image", remedy: "Give it in mm.")
        }
        let least = try node.required("least_Bq_per_mL").double()
        let most = try node["most_Bq_per_mL"]?.double() ?? 1e30
        guard least < most else {
          throw node.refusal("range-reversed", found: "the least is above the most", remedy: "Swap them.")
        }
        threshold = .becquerelsPerMillilitre(least)
        mask = image.region(
          grownFrom: (Int(seed.x), Int(seed.y), Int(seed.z)),
          within: .becquerelsPerMillilitre(least)...(.becquerelsPerMillilitre(most)), in: try search(node, image.grid))
      case "ct-body": mask = try body()
      case "ct-bone":
        let ct = try tomography()
        mask = Mask.bone(hounsfieldUnits: ct.hounsfieldUnits, in: try body())
      case "ct-organ":
        let ct = try tomography()
        let of = try node.required("of").string()
        guard let seed = found.first(where: { $0.name == of })?.mask else { throw unknown(node, of) }
        let (least, most) = (try node["least_HU"]?.int() ?? 0, try node["most_HU"]?.int() ?? 120)
        guard least < most else {
          throw node.refusal("range-reversed", found: "the least is above the most", remedy: "Swap them.")
        }
        mask = try seed.resampled(on: ct.series.grid).flatMap {
          try Mask.organ(
            hounsfieldUnits: ct.hounsfieldUnits, seed: $0, range: Int16(least)...Int16(most),
            reach: .millimetres(try node.required("reach_mm").double()))
        }
      default: mask = organs[try node.required("class").string()] ?? nil
      }
      guard let mask else { throw nothing(node) }
      let isOnCT = method.hasPrefix("ct-") || method == "totalsegmentator"
      return Found(
        name: name, method: method, image: isOnCT ? "CT" : "SPECT", mask: mask,
        threshold: threshold?.becquerelsPerMillilitre)
    }

    private func body() throws -> Mask {
      let ct = try tomography()
      return try Mask.body(hounsfieldUnits: ct.hounsfieldUnits, on: ct.series.grid)
    }

    /// The parts of a region flooded from their markers.
    mutating func parts(_ nodes: [JSONNode], of whole: String) throws -> [Found] {
      guard let region = found.first(where: { $0.name == whole })?.mask else { throw unknown(nodes[0], whole) }
      let image = try image(nodes[0])
      guard region.grid == image.grid else {
        throw nodes[0].refusal(
          "watershed-grid", found: "“\(whole)” was not found on the SPECT", remedy: "Part a region of the SPECT.")
      }
      let markers = try nodes.map { try RegionFile.Shape($0).mask(on: image.grid) }
      let parts = try image.watershed(markers: markers, in: region)
      return try zip(nodes, parts).map { node, part in
        Found(
          name: try node.required("name").string(), method: "watershed", image: "SPECT", mask: part, threshold: nil)
      }
    }

    private func unknown(_ node: JSONNode, _ name: String) -> JSONError {
      node.refusal(
        "region-unknown", found: "no region “\(printable(name))” stands before it", remedy: "Put its rule first.")
    }
  }
}

extension [String] {
  fileprivate func uniqued() -> [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
