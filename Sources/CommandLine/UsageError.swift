public import Provenance

/// Why a command line was refused. The exit code is 64.
public struct UsageError: Refusal {
  public let code: String
  public let reason: String
  public let remedy: String
  public let category: RefusalCategory

  public init(_ code: String, _ reason: String, remedy: String, category: RefusalCategory = .usage) {
    self.code = code
    self.reason = reason
    self.remedy = remedy
    self.category = category
  }
}
