import Foundation
import JSON
import Provenance
import Therapy

/// Confirmations that were stored by a command: `confirmations.json` beside a schedule.
///
/// Each holds who confirmed which reading why, and the digest of the protocol that was read: when the protocol changes,
/// its confirmations hold no more. Nothing is ever removed; of several for one step the last counts.
public struct ConfirmationFile: Sendable {
  private let entries: [(confirmation: Confirmation, protocolDigest: String)]

  /// The confirmations of a folder; none when it has no file.
  static func read(in folder: String) throws -> ConfirmationFile {
    guard FileManager.default.fileExists(atPath: folder + "/confirmations.json") else {
      return ConfirmationFile(entries: [])
    }
    let root = try JSONDocument(readFile(folder + "/confirmations.json"), dialect: .strict).root
    return ConfirmationFile(
      entries: try root.required("confirmations").list().map { node in
        (
          try Confirmation(
            item: try node.required("item").string(), reading: try node.required("reading").string(),
            person: try node.required("by").string(), reason: try node.required("reason").string()),
          try node.required("protocol").string()
        )
      })
  }

  /// The confirmations that hold for a protocol, the last of each step.
  func valid(for digest: Digest) -> [Confirmation] {
    var last: [String: Confirmation] = [:]
    for entry in entries where entry.protocolDigest == digest.hexadecimal {
      last[entry.confirmation.item] = entry.confirmation
    }
    return last.values.sorted { $0.item < $1.item }
  }

  /// The steps whose confirmation was of another state of the protocol and of which none holds now.
  func lapsed(for digest: Digest) -> [String] {
    Set(entries.map(\.confirmation.item)).subtracting(valid(for: digest).map(\.item)).sorted()
  }

  /// Stores a person's decision how a step is meant, and lays the schedule out with it.
  ///
  /// - Parameter path: a folder with a `schedule.json`.
  /// - Throws: a refusal for a step that needs no confirmation, a reading that it does not have, or a missing name or
  ///   reason; then nothing is stored.
  public static func confirm(
    _ path: String, item: String, reading: String, by person: String, because reason: String
  ) throws -> ConditioningPlan {
    let plan = try ConditioningPlan.read(path)
    guard let step = plan.plan.items.first(where: { $0.id == item }), !step.readings.isEmpty else {
      let waiting = plan.plan.items.filter { !$0.readings.isEmpty }.map(\.id)
      throw CaseError(
        "confirmation-unknown", "The step “\(item.prefix(60))” needs no confirmation.",
        remedy: Suggestion.nearest(to: item, among: waiting).map { "Did you mean “\($0)”?" }
          ?? "These have readings: \(waiting.joined(separator: ", ")).")
    }
    guard step.readings.contains(where: { $0.id == reading }) else {
      throw CaseError(
        "confirmation-unknown", "The step “\(item)” has no reading “\(reading.prefix(60))”.",
        remedy: "Choose from \(step.readings.map(\.id).joined(separator: ", ")).")
    }
    guard !plan.written.contains(item) else {
      throw CaseError(
        "confirmation-twice", "The step “\(item)” is confirmed in schedule.json.",
        remedy: "Take it out there before it is confirmed anew.")
    }
    let confirmation = try Confirmation(item: item, reading: reading, person: person, reason: reason)
    let folder = path.hasSuffix("schedule.json") ? (path as NSString).deletingLastPathComponent : path
    let home = folder.isEmpty ? "." : folder
    let old = try read(in: home)
    let file = ConfirmationFile(entries: old.entries + [(confirmation, plan.digests.plan.hexadecimal)])
    do {
      try Data(try file.document.text().utf8).write(
        to: URL(filePath: home + "/confirmations.json"), options: .atomic)
    } catch let error as any Refusal {
      throw error
    } catch {
      throw CaseError(
        "file-not-written", "The file confirmations.json cannot be written.",
        remedy: "Check that its folder can be written to.", category: .inputOutput)
    }
    return try ConditioningPlan.read(path)
  }

  private var document: JSONValue {
    [
      "format": "endora-confirmations-1",
      "confirmations": JSONValue(
        entries.map { entry in
          [
            "item": JSONValue(entry.confirmation.item), "reading": JSONValue(entry.confirmation.reading),
            "by": JSONValue(entry.confirmation.person), "reason": JSONValue(entry.confirmation.reason),
            "protocol": JSONValue(entry.protocolDigest),
          ]
        }),
    ]
  }
}
