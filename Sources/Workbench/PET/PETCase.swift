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

  /// A reference region, or what was measured in it.
  enum Reference: Sendable {
    case shape(RegionFile.Shape)
    case measured(ReferenceUptake)
  }

  /// A lesion: the part of its region above a threshold, or what was measured in it.
  struct Lesion: Sendable {
    enum Content: Sendable {
      case shape(RegionFile.Shape, ThresholdText?, UptakeThreshold.Parts)
      case measured(LesionUptake)
    }

    let name: String
    let content: Content
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
  /// The folder that holds `pet.json`.
  let home: String
  /// The path of the folder of the images; `nil` when the sites come as numbers.
  let imaging: String?
  let series: String?
  let stated: StatedText
  let frameOfReference: String?
  let template: SiteTemplate
  let sites: [(name: String, place: Place)]
  let references: [(kind: TargetToBackground.Reference, content: Reference)]
  let lesions: [Lesion]
  let marrow: Marrow?
  let burden: BurdenPlan?
  let assessment: Assessment?
  let rules: SurrogateRules
  let cohort: CohortPlace
  /// The case of the same patient after treatment.
  let followUp: String?
  let findings: [Finding]

  /// Reads `pet.json` in a folder, or the file itself.
  init(path: String) throws {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let file = isThere && isFolder.boolValue ? path + "/pet.json" : path
    let home = (file as NSString).deletingLastPathComponent
    self.home = home
    func place(_ name: String) -> String { name.hasPrefix("/") || home.isEmpty ? name : home + "/" + name }
    let root = try JSONDocument(try readFile(file)).root
    try root.checkKeys([
      "name", "group", "entity", "leftOut", "followUp", "pet", "structures", "template", "sites", "references",
      "lesions", "marrow", "burden", "assessment", "surrogates",
    ])
    name = try root["name"]?.string() ?? fileName(home)
    cohort = CohortPlace(
      group: try root["group"]?.string(), entity: try root["entity"]?.string(), leftOut: try root["leftOut"]?.string())
    followUp = try root["followUp"].map { place(try $0.string()) }
    let pet = root["pet"]
    imaging = try pet.map { place(try $0["folder"]?.string() ?? "imaging") }
    series = try pet?["series"]?.string()
    stated = try pet.map(StatedText.init) ?? StatedText()
    let drawn = try DrawnRegions(root["structures"], place)
    frameOfReference = drawn.frameOfReference

    let template = try root.required("template")
    let templateName = try template.string()
    guard let known = SiteTemplate.all.first(where: { $0.name == templateName }) else {
      throw template.refusal(
        "unknown-template", found: "there is no such template",
        remedy: "Choose from \(SiteTemplate.all.map(\.name).joined(separator: ", ")).")
    }
    self.template = known
    sites = try root["sites"].map { try Self.sites($0, of: known, drawn) } ?? []
    references = try root["references"]?.members.map { try Self.reference($0, $1, drawn) } ?? []
    lesions = try root["lesions"]?.list().map { try Lesion($0, drawn) } ?? []
    marrow = try root["marrow"].map { node in
      Marrow(
        skeleton: try drawn.shape(try node.required("skeleton")),
        excluded: try node["exclude"]?.list().map(drawn.shape) ?? [],
        reference: UptakeValue(base: try node.required("reference").double()))
    }
    burden = try root["burden"].map { try BurdenPlan($0, drawn) }
    assessment = try root["assessment"].map { node in
      Assessment(isPositive: try node.required("positive").bool(), reader: try node["reader"]?.string())
    }
    rules = try root["surrogates"].map(SurrogateRules.init) ?? SurrogateRules()
    findings = drawn.findings
  }

  private static func sites(
    _ node: JSONNode, of template: SiteTemplate, _ drawn: DrawnRegions
  ) throws -> [(name: String, place: Place)] {
    if let word = node.value.string {
      guard word == "structures" else {
        throw node.refusal(
          "sites", found: "there is no such source of sites",
          remedy: "Write \"structures\" for bones by their class, or name each site.")
      }
      return template.sites.map { site in
        guard let bone = template.boneClass(of: site), let shape = drawn.shapes[bone] else {
          return (site, .missing("no structure of this bone"))
        }
        return (site, .shape(shape))
      }
    }
    return try node.members.map { key, node in
      if let missing = node["missing"] { return (key, .missing(try missing.string())) }
      if let value = node["suvMax"] { return (key, .measured(UptakeValue(base: try value.double()))) }
      return (key, .shape(try drawn.shape(node)))
    }
  }

  private static func reference(
    _ key: String, _ node: JSONNode, _ drawn: DrawnRegions
  ) throws -> (TargetToBackground.Reference, Reference) {
    let kinds: [String: TargetToBackground.Reference] = ["bloodPool": .bloodPool, "liver": .liver, "spleen": .spleen]
    guard let kind = kinds[key] else {
      throw node.refusal(
        "unknown-reference", found: "there is no such reference", remedy: "Choose from bloodPool, liver, spleen.")
    }
    guard let mean = node["suvMean"] else { return (kind, .shape(try drawn.shape(node))) }
    let measured = try ReferenceUptake(
      mean: UptakeValue(base: try mean.double()),
      standardDeviation: try node["suvSd"].map { UptakeValue(base: try $0.double()) })
    return (kind, .measured(measured))
  }
}

extension PETCase.Lesion {
  /// A lesion of a JSON node: numbers, or a region with threshold and parts.
  init(_ node: JSONNode, _ drawn: DrawnRegions) throws {
    name = try node.required("name").string()
    if let maximum = node["suvMax"] {
      content = .measured(
        try LesionUptake(
          maximum: UptakeValue(base: try maximum.double()),
          mean: UptakeValue(base: try node.required("suvMean").double()),
          volume: .millilitres(try node.required("volumeMl").double())))
      return
    }
    let parts = try node["parts"].map { node in
      guard let parts = UptakeThreshold.Parts(rawValue: try node.string()) else {
        throw node.refusal(
          "parts", found: "there is no such rule of parts", remedy: "Choose from all, largest, hottest.")
      }
      return parts
    }
    content = .shape(
      try drawn.shape(node), try node["threshold"].map { try ThresholdText(try $0.string()) }, parts ?? .hottest)
  }
}

extension RegionFile.Shape {
  /// A shape of a JSON node, which may name a structure that was drawn, and keep clear of its wall or of others.
  init(_ node: JSONNode, drawn: [String: RegionFile.Shape]) throws {
    var shape = try Self.plain(node, drawn)
    if let holes = try node["without"]?.list().map({ try Self.plain($0, drawn) }) { shape = .without(shape, holes) }
    if let inset = try node["insetMm"]?.double() {
      guard inset > 0, inset < 100 else {
        throw node.refusal("inset", found: "the inset is \(inset) mm", remedy: "Give one above 0 and below 100.")
      }
      shape = .inset(shape, by: .millimetres(inset))
    }
    self = shape
  }

  private static func plain(_ node: JSONNode, _ drawn: [String: RegionFile.Shape]) throws -> RegionFile.Shape {
    guard let structure = node["structure"] else { return try RegionFile.Shape(node) }
    let name = try structure.string()
    guard let shape = drawn[name] else {
      throw structure.refusal(
        "unknown-structure", found: "there is no structure “\(printable(name))”",
        remedy: drawn.isEmpty
          ? "Name the file in structures."
          : "Choose from \(drawn.keys.sorted().prefix(20).map(printable).joined(separator: ", ")).")
    }
    return shape
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
