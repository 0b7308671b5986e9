import Foundation
import JSON
import Provenance
import Quantities
import Uptake
import Volumes

/// What `pet.json` of a case says: where the PET lies, and which sites, references and lesions are measured.
struct PETCase: Sendable {
  /// A region, or what stands in its place.
  enum Place: Sendable {
    case shape(RegionFile.Shape)
    case measured(UptakeValue)
    case missing(String)
  }

  /// A lesion with the threshold within its region.
  struct Lesion: Sendable {
    let name: String
    let shape: RegionFile.Shape
    let threshold: ThresholdText?
  }

  /// The skeleton and what is no part of it.
  struct Marrow: Sendable {
    let skeleton: RegionFile.Shape
    let excluded: [RegionFile.Shape]
    let reference: UptakeValue
  }

  /// What a reader saw.
  struct Assessment: Sendable {
    let isPositive: Bool
    let reader: String?
  }

  let name: String
  /// The path of the folder of the images; `nil` when the sites come as numbers.
  let imaging: String?
  let series: String?
  let stated: StatedText
  let frameOfReference: String?
  let template: SiteTemplate
  let sites: [(name: String, place: Place)]
  let references: [(kind: TargetToBackground.Reference, shape: RegionFile.Shape)]
  let lesions: [Lesion]
  let marrow: Marrow?
  let assessment: Assessment?
  let bloodPoolTimes: Double?
  let usesLiver: Bool
  let findings: [Finding]

  /// Reads `pet.json` in a folder, or the file itself.
  init(path: String) throws {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let file = isThere && isFolder.boolValue ? path + "/pet.json" : path
    let home = (file as NSString).deletingLastPathComponent
    func place(_ name: String) -> String { name.hasPrefix("/") || home.isEmpty ? name : home + "/" + name }
    let root = try JSONDocument(try readFile(file)).root
    try root.checkKeys([
      "name", "pet", "structures", "template", "sites", "references", "lesions", "marrow", "assessment", "surrogates",
    ])
    name = try root["name"]?.string() ?? fileName(home)
    let pet = root["pet"]
    let folder = try pet.map { try $0["folder"]?.string() ?? "imaging" }
    imaging = folder.map(place)
    series = try pet?["series"]?.string()
    var stated = StatedText()
    try pet?.checkKeys([
      "folder", "series", "weight", "height", "sex", "administered", "residual", "injected", "nuclide",
    ])
    stated.weight = try pet?["weight"]?.string()
    stated.height = try pet?["height"]?.string()
    stated.sex = try pet?["sex"]?.string()
    stated.administered = try pet?["administered"]?.string()
    stated.residual = try pet?["residual"]?.string()
    stated.injected = try pet?["injected"]?.string()
    stated.nuclide = try pet?["nuclide"]?.string()
    self.stated = stated
    let regionFile = try root["structures"].map { try RegionFile(path: place(try $0.string())) }
    frameOfReference = regionFile?.structureSet?.frameOfReferenceUID
    findings = regionFile?.findings ?? []
    let drawn = Dictionary(regionFile?.regions.map { ($0.name, $0.shape) } ?? []) { first, _ in first }
    func shape(_ node: JSONNode) throws -> RegionFile.Shape { try RegionFile.Shape(node, drawn: drawn) }

    let template = try root.required("template")
    let templateName = try template.string()
    guard let known = SiteTemplate.all.first(where: { $0.name == templateName }) else {
      throw template.refusal(
        "unknown-template", found: "there is no such template",
        remedy: "Choose from \(SiteTemplate.all.map(\.name).joined(separator: ", ")).")
    }
    self.template = known
    sites =
      try root["sites"]?.members.map { key, node in
        if let missing = node["missing"] { return (key, .missing(try missing.string())) }
        if let value = node["suvMax"] { return (key, .measured(UptakeValue(base: try value.double()))) }
        return (key, .shape(try shape(node)))
      } ?? []
    references =
      try root["references"]?.members.map { key, node in
        let kinds: [String: TargetToBackground.Reference] = [
          "bloodPool": .bloodPool, "liver": .liver, "spleen": .spleen,
        ]
        guard let kind = kinds[key] else {
          throw node.refusal(
            "unknown-reference", found: "there is no such reference", remedy: "Choose from bloodPool, liver, spleen.")
        }
        return (kind, try shape(node))
      } ?? []
    lesions =
      try root["lesions"]?.list().map { node in
        Lesion(
          name: try node.required("name").string(), shape: try shape(node),
          threshold: try node["threshold"].map { try ThresholdText(try $0.string()) })
      } ?? []
    marrow = try root["marrow"].map { node in
      Marrow(
        skeleton: try shape(try node.required("skeleton")), excluded: try node["exclude"]?.list().map(shape) ?? [],
        reference: UptakeValue(base: try node.required("reference").double()))
    }
    assessment = try root["assessment"].map { node in
      Assessment(isPositive: try node.required("positive").bool(), reader: try node["reader"]?.string())
    }
    bloodPoolTimes = try root["surrogates"]?["bloodPoolTimes"]?.double()
    usesLiver = try root["surrogates"]?["liverPlus2SD"]?.bool() ?? false
  }
}

extension RegionFile.Shape {
  /// A shape of a JSON node, which may name a structure that was drawn.
  init(_ node: JSONNode, drawn: [String: RegionFile.Shape]) throws {
    guard let structure = node["structure"] else {
      try self.init(node)
      return
    }
    let name = try structure.string()
    guard let shape = drawn[name] else {
      throw structure.refusal(
        "unknown-structure", found: "there is no structure “\(printable(name))”",
        remedy: drawn.isEmpty
          ? "Name the file in structures."
          : "Choose from \(drawn.keys.sorted().prefix(20).map(printable).joined(separator: ", ")).")
    }
    self = shape
  }
}

extension JSONNode {
  /// Refuses a member whose key is not known.
  func checkKeys(_ known: [String]) throws(JSONError) {
    for (key, node) in members where !known.contains(key) {
      throw node.refusal(
        "unknown-key", found: "the key is not known",
        remedy: Suggestion.nearest(to: key, among: known).map { "Did you mean \($0)?" }
          ?? "Choose from \(known.joined(separator: ", ")).")
    }
  }
}
