import Provenance

/// Who changed what and when: one link of a chain in which every row seals the one before it.
public struct AuditRow: Hashable, Sendable {
  /// Its number, from 1 without gaps.
  public let number: Int
  /// The moment in ISO 8601.
  public let at: String
  /// Who did it.
  public let actor: String
  /// What was done: `index`, `restore`, `sign`.
  public let action: String
  /// To what: the path of a case below the archive's folder.
  public let subject: String
  /// What is worth keeping of it, as JSON.
  public let detail: String
  /// The seal of the row before; zeros for the first.
  public let previous: String
  /// SHA-256 over all of the above.
  public let hash: String

  init(number: Int, at: String, actor: String, action: String, subject: String, detail: String, previous: String) {
    self.number = number
    self.at = at
    self.actor = actor
    self.action = action
    self.subject = subject
    self.detail = detail
    self.previous = previous
    hash = Self.seal(number, [at, actor, action, subject, detail, previous])
  }

  init?(_ columns: [Database.Value]) {
    guard columns.count == 8, let number = columns[0].integer else { return nil }
    let texts = columns.dropFirst().compactMap(\.text)
    guard texts.count == 7 else { return nil }
    self.number = number
    (at, actor, action) = (texts[0], texts[1], texts[2])
    (subject, detail, previous, hash) = (texts[3], texts[4], texts[5], texts[6])
  }

  /// Whether its seal is that of its own content.
  var isSealed: Bool { hash == Self.seal(number, [at, actor, action, subject, detail, previous]) }

  /// The seal before the first row.
  static let origin = String(repeating: "0", count: 64)

  /// Each field goes in with its length, so that no two contents look alike.
  private static func seal(_ number: Int, _ fields: [String]) -> String {
    Digest(of: ([String(number)] + fields).map { "\($0.utf8.count):\($0)" }.joined(separator: "\n").utf8).hexadecimal
  }
}

/// The last row of the chain as a file beside the database knows it: rows cut off at the end are missed.
struct AuditHead {
  let path: String

  /// Number and seal of the last row that was acknowledged; `nil` where the file is missing or is something else.
  func read() -> (number: Int, hash: String)? {
    guard let bytes = FlushedFile.read(path) else { return nil }
    let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    guard parts.count == 2, let number = Int(parts[0]), parts[1].utf8.count == 64 else { return nil }
    return (number, String(parts[1]))
  }

  func write(_ row: AuditRow) throws(ArchiveError) {
    try FlushedFile.write(Array("\(row.number) \(row.hash)".utf8), to: path)
  }
}
