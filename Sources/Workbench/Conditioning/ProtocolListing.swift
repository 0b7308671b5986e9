import Foundation
public import JSON
import Provenance
import Therapy

/// The protocols that ship with Endora, or one of them as the file that a department can edit.
public struct ProtocolListing: Sendable {
  private let plans: [(name: String, plan: ConditioningProtocol, digest: Digest, text: String)]
  private let isOne: Bool

  /// - Parameter name: of one protocol; all when left out.
  /// - Throws: ``CaseError`` for a name that does not ship.
  public init(_ name: String?) throws {
    let all = ConditioningProtocol.shipped
    if let name, !all.contains(name) {
      throw CaseError(
        "protocol-unknown", "No protocol “\(name.prefix(60))” ships with Endora.",
        remedy: "Choose from \(all.joined(separator: ", ")).", category: .missing)
    }
    isOne = name != nil
    plans = try all.filter { name == nil || $0 == name }.map { name in
      let (plan, digest, bytes) = try ConditioningProtocol.file(name, in: ".")
      return (name, plan, digest, String(decoding: bytes, as: UTF8.self))
    }
  }

  /// Name, version, source and digest of each.
  public var document: JSONValue {
    [
      "protocols": JSONValue(
        plans.map { entry in
          [
            "id": JSONValue(entry.name), "name": JSONValue(entry.plan.name), "version": JSONValue(entry.plan.version),
            "source": JSONValue(entry.plan.source.citation), "sha256": JSONValue(entry.digest.hexadecimal),
            "items": JSONValue(entry.plan.items.count),
            "toConfirm": JSONValue(entry.plan.items.filter { !$0.readings.isEmpty }.map { JSONValue($0.id) }),
          ]
        })
    ]
  }

  /// One protocol as its file, to be saved under another name and edited; or the list.
  public var summary: String {
    if isOne, let plan = plans.first { return plan.text }
    var table = TextTable(["protocol", "version", "source"], numbers: [1])
    for entry in plans { table.add([entry.name, "\(entry.plan.version)", entry.plan.source.citation]) }
    return table.text
  }
}
