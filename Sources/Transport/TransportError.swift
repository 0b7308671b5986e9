public import Provenance

/// Why a transport of radiation was refused.
public struct TransportError: Refusal {
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
}
