import JSON
import Provenance
import Quantities
import Uptake

/// Where a case stands in a cohort.
struct CohortPlace: Hashable, Sendable {
  let group: String?
  let entity: String?
  /// Why the case takes no part in tests between groups; `nil` when it does.
  let leftOut: String?
}

/// Which rules stand beside the reader's assessment; none unless the case switches them on.
struct SurrogateRules: Sendable {
  private(set) var bloodPoolTimes: Double?
  private(set) var usesLiver = false
  private(set) var usesFivePoints = false
  private(set) var controls: ControlCohort?

  init() {}

  init(_ node: JSONNode) throws {
    try node.checkKeys(["bloodPoolTimes", "liverPlus2SD", "fivePoints", "controls"])
    bloodPoolTimes = try node["bloodPoolTimes"]?.double()
    usesLiver = try node["liverPlus2SD"]?.bool() ?? false
    usesFivePoints = try node["fivePoints"]?.bool() ?? false
    controls = try node["controls"].map { node in
      try ControlCohort(
        mean: UptakeValue(base: try node.required("mean").double()),
        standardDeviation: UptakeValue(base: try node.required("sd").double()), count: try node.required("n").int())
    }
  }
}

/// How the burden of the whole body is found.
struct BurdenPlan: Sendable {
  /// Where physiological uptake is expected, with the classes that hold it.
  static let organs: [(name: String, classes: [String])] = [
    ("kidneys", ["kidney_left", "kidney_right"]), ("bladder", ["urinary_bladder"]), ("spleen", ["spleen"]),
    ("liver", ["liver"]), ("bowel", ["small_bowel", "duodenum", "colon"]),
    ("adrenals", ["adrenal_gland_left", "adrenal_gland_right"]),
  ]

  let rule: WholeBodyBurden.Rule
  let excluded: [(name: String, shape: RegionFile.Shape)]
  let skeleton: RegionFile.Shape?
  /// The organs of ``organs`` that no excluded structure is of.
  let missing: [String]

  init(_ node: JSONNode, _ drawn: DrawnRegions) throws {
    try node.checkKeys(["threshold", "leastMl", "marginMm", "exclude", "skeleton"])
    rule = try WholeBodyBurden.Rule(
      threshold: UptakeValue(base: try node.required("threshold").double()),
      leastVolume: .millilitres(try node["leastMl"]?.double() ?? 1),
      margin: .millimetres(try node["marginMm"]?.double() ?? 5))
    let classes = Set(Self.organs.flatMap(\.classes))
    let known = drawn.shapes.filter { classes.contains($0.key) }.sorted { $0.key < $1.key }
    excluded =
      try known.map { ($0.key, $0.value) }
      + (node["exclude"]?.members.map { key, node in (key, try drawn.shape(node)) } ?? [])
    let names = Set(excluded.map(\.name))
    missing = Self.organs.filter { organ in !names.contains(organ.name) && !organ.classes.allSatisfy(names.contains) }
      .map(\.name)
    skeleton = try node["skeleton"].map(drawn.shape)
  }
}

/// The structures of the files that a case names.
struct DrawnRegions: Sendable {
  let shapes: [String: RegionFile.Shape]
  let frameOfReference: String?
  let findings: [Finding]

  /// One file or a list of files; a name that comes twice is refused.
  init(_ node: JSONNode?, _ place: (String) -> String) throws {
    let nodes = try node.map { $0.value.string == nil ? try $0.list() : [$0] } ?? []
    var shapes: [String: RegionFile.Shape] = [:]
    var findings: [Finding] = []
    var frame: String?
    for node in nodes {
      let file = try RegionFile(path: place(try node.string()))
      for (name, shape) in file.regions {
        guard shapes.updateValue(shape, forKey: name) == nil else {
          throw node.refusal(
            "duplicate-structure", found: "the structure “\(printable(name))” comes twice",
            remedy: "Keep one structure of each name.")
        }
      }
      if let uid = file.frameOfReferenceUID {
        guard frame == nil || frame == uid else {
          throw node.refusal(
            "mixed-frames-of-reference", found: "its frame of reference is another than that of the file before",
            remedy: "Name structures of one frame of reference.")
        }
        frame = uid
      }
      findings += file.findings
    }
    (self.shapes, self.findings, frameOfReference) = (shapes, findings, frame)
  }

  /// The shape that a node draws or names.
  func shape(_ node: JSONNode) throws -> RegionFile.Shape { try RegionFile.Shape(node, drawn: shapes) }
}
