import Glibc
public import Provenance

/// Why the archive was not opened, read or changed.
public struct ArchiveError: Refusal {
  public let code: String
  public let reason: String
  public let remedy: String
  public let category: RefusalCategory

  public init(_ code: String, _ reason: String, remedy: String, category: RefusalCategory = .input) {
    self.code = code
    self.reason = reason
    self.remedy = remedy
    self.category = category
  }

  /// A failure of the file system.
  static func failed(to what: String, _ number: Int32) -> ArchiveError {
    ArchiveError(
      "archive-not-written", "Endora could not \(what): \(String(cString: strerror(number))).",
      remedy: "Free space or check the permissions of the folder; what was acknowledged before is kept.",
      category: .inputOutput)
  }
}
