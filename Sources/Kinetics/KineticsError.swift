public import Provenance
public import Quantities

/// Why a time-activity curve was refused.
public struct KineticsError: Refusal {
  public let code: String
  public let reason: String
  public let remedy: String
  public let category: RefusalCategory
  /// What the time-integrated activity cannot exceed if nothing more is taken up after the last point.
  public let bound: TimeIntegratedActivity?

  public init(
    _ code: String, _ reason: String, remedy: String, category: RefusalCategory = .input,
    bound: TimeIntegratedActivity? = nil
  ) {
    self.code = code
    self.reason = reason
    self.remedy = remedy
    self.category = category
    self.bound = bound
  }
}
