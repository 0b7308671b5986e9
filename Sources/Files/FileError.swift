public import Provenance

/// Why a file could not be read.
public struct FileError: Refusal {
  public let code: String
  public let reason: String
  public let remedy: String
  public let category: RefusalCategory

  public init(_ code: String, _ reason: String, remedy: String, category: RefusalCategory = .inputOutput) {
    self.code = code
    self.reason = reason
    self.remedy = remedy
    self.category = category
  }
}
