public import Provenance

/// Why the server did not start.
public struct HTTPError: Refusal {
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
