import Foundation
import JSON
import Kinetics
import Quantities
import Radionuclides

/// What `tac simulate` reads: an administration, a ligand model that differs from the reference patient where it says so, and
/// questions.
struct SimulationFile: Sendable {
  /// Curves to fit values to.
  struct Fit: Sendable {
    let table: String
    let values: [String]
    let relativeUncertainty: Double
  }

  let nuclide: Nuclide
  let administered: Activity
  let peptide: Double
  let times: [Time]
  let model: LigandModel
  /// Whether any value is the reference patient's.
  let usesReference: Bool
  let tumourSink: [Double]
  let aminoAcids: Double?
  let fit: Fit?
  let noise: Double
  let seed: UInt64

  /// - Throws: a refusal with line and field for an unknown key, a missing or wrong value.
  init(path: String) throws {
    let root = try JSONDocument(try readFile(path)).root
    try Self.allow(
      [
        "nuclide", "administered_MBq", "peptide_nmol", "times_h", "model", "tissues", "tumourSink", "aminoAcids", "fit",
        "noise", "seed",
      ], in: root)
    nuclide = try NuclideTable.icrp107().nuclide(try root.required("nuclide").string())
    administered = .megabecquerels(try Self.number(root.required("administered_MBq"), 1e-6...1e6))
    peptide = try Self.number(root.required("peptide_nmol"), 1e-9...1e7)
    times = try root.required("times_h").list().map { .hours(try Self.number($0, 0...1e4)) }
    var model = LigandModel.reference.model
    if let node = root["model"] {
      let fields: [(String, WritableKeyPath<LigandModel, Double>)] = [
        ("plasma_L", \.plasma), ("filtration_L_per_h", \.filtration), ("retained", \.retained),
        ("kidneyRelease_per_h", \.kidneyRelease), ("kon_L_per_nmol_h", \.association), ("koff_per_h", \.dissociation),
      ]
      try Self.allow(fields.map(\.0), in: node)
      for (key, field) in fields {
        if let value = node[key] { model[keyPath: field] = try Self.number(value, 0...1e6) }
      }
    }
    for node in try root["tissues"]?.list() ?? [] { try Self.read(node, into: &model) }
    self.model = model
    let all = (root["model"]?.members.count ?? 0) == 6
    usesReference = !all || (root["tissues"]?.elements.count ?? 0) < LigandModel.reference.model.tissues.count
    tumourSink = try root["tumourSink"]?.list().map { try Self.number($0, 1e-3...1e3) } ?? []
    if !tumourSink.isEmpty, !model.tissues.contains(where: { $0.name == "tumour" }) {
      throw root["tumourSink"]!.refusal(
        "no-tumour", found: "the model has no tissue “tumour”", remedy: "Add it to tissues, or leave the question out.")
    }
    aminoAcids = try root["aminoAcids"].map { try Self.number($0, 0...1) }
    fit = try root["fit"].map { node in
      try Self.allow(["table", "values", "relativeUncertainty"], in: node)
      let table = try node.required("table").string()
      let folder = (path as NSString).deletingLastPathComponent
      return Fit(
        table: table.hasPrefix("/") || folder.isEmpty ? table : folder + "/" + table,
        values: try node.required("values").list().map { try $0.string() },
        relativeUncertainty: try node["relativeUncertainty"].map { try Self.number($0, 1e-3...0.99) } ?? 0.05)
    }
    noise = try root["noise"].map { try Self.number($0, 0...0.5) } ?? 0
    seed = UInt64(try root["seed"].map { try Self.number($0, 0...1e15) } ?? 0)
  }

  private static func read(_ node: JSONNode, into model: inout LigandModel) throws {
    let fields: [(String, WritableKeyPath<LigandModel.Tissue, Double>)] = [
      ("exchange_L_per_h", \.exchange), ("volume_L", \.volume), ("receptors_nmol", \.receptors),
      ("internalisation_per_h", \.internalisation), ("release_per_h", \.release),
    ]
    try allow(["name"] + fields.map(\.0), in: node)
    let name = try node.required("name").string()
    let known = model.tissues.firstIndex { $0.name == name }
    var tissue = known.map { model.tissues[$0] } ?? LigandModel.Tissue(name: name, exchange: 0, volume: 0)
    for (key, field) in fields { if let value = node[key] { tissue[keyPath: field] = try number(value, 0...1e6) } }
    if let known { model.tissues[known] = tissue } else { model.tissues.append(tissue) }
  }

  private static func number(_ node: JSONNode, _ range: ClosedRange<Double>) throws -> Double {
    let value = try node.double()
    guard range.contains(value) else {
      throw node.refusal(
        "out-of-range", found: "\(value) is not between \(range.lowerBound) and \(range.upperBound)",
        remedy: "Check its unit.")
    }
    return value
  }

  private static func allow(_ keys: [String], in node: JSONNode) throws {
    guard let unknown = node.members.first(where: { !keys.contains($0.key) }) else { return }
    throw unknown.node.refusal(
      "unknown-key", found: "there is no “\(unknown.key.prefix(40))”",
      remedy: "Known are \(keys.joined(separator: ", ")).")
  }
}
