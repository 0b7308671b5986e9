import Glibc
public import Statistics

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

/// Droplets of a digital PCR: how many shone among how many.
public struct DropletCount: Hashable, Sendable {
  public let positive: Int
  public let total: Int

  /// - Throws: ``TherapyError`` unless 0 ≤ positive < total: when all shine there is no concentration.
  public init(positive: Int, total: Int) throws {
    guard positive >= 0, positive < total else {
      throw TherapyError(
        "droplets-invalid", "\(positive) of \(total) droplets are positive.",
        remedy: "Give fewer positive droplets than droplets; dilute a sample that fills them all.")
    }
    self.positive = positive
    self.total = total
  }

  /// Copies per droplet by Poisson's law: λ = −ln(1 − k/n).
  public var copiesPerDroplet: Double { -log(1 - Double(positive) / Double(total)) }

  /// The exact 95 % interval: the binomial one of Clopper and Pearson through the same law.
  public func interval() throws -> Interval {
    let share = try Proportion(positive, of: total).clopperPearson
    return Interval(-log(1 - share.lower), -log(1 - share.upper))
  }
}
