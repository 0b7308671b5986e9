/// The share of donor cells.
public enum Chimerism: String, Hashable, Sendable {
  case full = "full donor"
  case mixed
  case lost = "graft loss/recipient"

  /// Whether 95 % itself is full (setting A10-3).
  public enum FullBound: String, CaseIterable, Sendable {
    case atLeast95 = ">=95"
    case above95 = ">95"
  }

  /// Full from 95 %, mixed from 5 %, lost below.
  ///
  /// - Throws: ``TherapyError`` for a share outside 0…100 %.
  public static func of(donorPercent: ExactDecimal, full: FullBound = .atLeast95) throws -> Verdict<Chimerism> {
    guard donorPercent >= 0, donorPercent <= 100 else {
      throw TherapyError(
        "chimerism-invalid", "The donor share is \(donorPercent) %.", remedy: "Give a share from 0 to 100 %.")
    }
    if donorPercent > 95 || (donorPercent == 95 && full == .atLeast95) {
      return Verdict(.full, "donor \(full.rawValue) %")
    }
    return donorPercent >= 5 ? Verdict(.mixed, "donor 5 to 95 %") : Verdict(.lost, "donor below 5 %")
  }
}
