import Foundation
import JSON
import Provenance
import Quantities
import Therapy

extension ConditioningProtocol {
  /// Reads a protocol that ships with Endora by its name, or a file in a folder.
  ///
  /// - Throws: ``CaseError`` when there is none, `JSONError` with the field for a file that is not a protocol.
  static func read(_ name: String, in folder: String) throws -> (plan: ConditioningProtocol, digest: Digest) {
    let (plan, digest, _) = try file(name, in: folder)
    return (plan, digest)
  }

  /// The same with the bytes of its file.
  static func file(
    _ name: String, in folder: String
  ) throws -> (plan: ConditioningProtocol, digest: Digest, bytes: [UInt8]) {
    guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
      throw CaseError(
        "path-outside", "The protocol lies outside the folder.", remedy: "Put it beside schedule.json.")
    }
    let resource = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Resources/protocols")
    let bytes = try resource.map { [UInt8](try Data(contentsOf: $0)) } ?? readFile(folder + "/" + name)
    return (try ConditioningProtocol(bytes), Digest(of: bytes), bytes)
  }

  init(_ bytes: [UInt8]) throws {
    let document = try JSONDocument(bytes)
    try Schema.conditioning.read().check(document)
    let root = document.root
    let items = try root.required("items").list().map(Self.item)
    guard Set(items.map(\.id)).count == items.count else {
      throw CaseError("item-twice", "Two steps of the protocol have one id.", remedy: "Give each step its own id.")
    }
    self.init(
      name: try root.required("name").string(), version: try root.required("version").int(),
      source: Source(try root.required("source").string()), items: items)
  }

  /// The protocols that ship with Endora, by name.
  static var shipped: [String] {
    let all = Bundle.module.urls(forResourcesWithExtension: "json", subdirectory: "Resources/protocols") ?? []
    return all.compactMap { $0.deletingPathExtension?.lastPathComponent }.sorted()
  }

  private static func item(_ node: JSONNode) throws -> Item {
    let kind = Kind(rawValue: try node.required("kind").string())
    guard let kind else {
      throw node.refusal("kind-unknown", found: "the kind is unknown", remedy: "Write a kind such as drug.")
    }
    return Item(
      id: try node.required("id").string(), kind: kind, title: try node.required("title").string(),
      donors: Set(try node["donors"]?.list().compactMap { Donor(rawValue: try $0.string()) } ?? Donor.allCases),
      days: try days(node.required("days")), through: try node["through"]?.int(), dose: try node["dose"].map(dose),
      code: try node["atc"]?.string(), printed: try node.required("printed").string(), flag: try node["flag"]?.string(),
      doubt: try node["doubt"]?.string(),
      readings: try node["readings"]?.list().map { reading in
        Reading(
          id: try reading.required("id").string(), text: try reading.required("text").string(),
          title: try reading["title"]?.string(), days: try reading["days"].map(days),
          dose: try reading["dose"].map(dose), code: try reading["atc"]?.string())
      } ?? [])
  }

  private static func days(_ node: JSONNode) throws -> [Int] { try node.list().map { try $0.int() }.sorted() }

  private static func dose(_ node: JSONNode) throws -> DrugDose {
    let basis = DrugDose.Basis(rawValue: try node.required("per").string()) ?? .surface
    return DrugDose(
      .grams(try node.required("amount_mg").double() / 1000), per: basis,
      isTotal: try node["total"]?.bool() ?? false)
  }
}
