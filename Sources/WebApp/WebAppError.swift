public import Provenance

/// Why the app did not give what was asked for.
public struct WebAppError: Refusal {
  public let code: String
  public let reason: String
  public let remedy: String
  public let category: RefusalCategory

  public init(_ code: String, _ reason: String, remedy: String, category: RefusalCategory = .missing) {
    self.code = code
    self.reason = reason
    self.remedy = remedy
    self.category = category
  }
}
