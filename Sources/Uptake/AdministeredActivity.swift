import Glibc
public import Quantities

/// What was administered, from the activity in the syringe before and after.
public struct AdministeredActivity: Hashable, Sendable {
  /// At the moment of the administration.
  public let atAdministration: Activity
  /// The half-life by which it decays.
  public let halfLife: Time

  /// A₀ = A_assay · 2^(−Δt/T) − A_residual, the residual at the administration.
  ///
  /// - Parameter assayBefore: how long before the administration the syringe was measured.
  /// - Throws: ``UptakeError`` when nothing is left or a quantity is not finite.
  public init(
    assay: Activity, assayBefore: Time = .zero, residual: Activity = .zero, halfLife: Time
  ) throws(UptakeError) {
    guard halfLife.isFinite, halfLife > .zero else {
      throw UptakeError(
        "half-life", "The half-life is \(halfLife.seconds) s.", remedy: "State the nuclide, or correct the header.")
    }
    let administered = assay * exp2(-(assayBefore / halfLife)) - residual
    guard administered.isFinite, residual >= .zero, administered > .zero else {
      throw UptakeError(
        "administered-activity",
        "Nothing was administered: \(assay.megabecquerels) MBq less \(residual.megabecquerels) MBq left over.",
        remedy: "Check the administered activity and the residual.")
    }
    atAdministration = administered
    self.halfLife = halfLife
  }

  /// A₀ · 2^(−Δt/T).
  public func remaining(after time: Time) -> Activity { atAdministration * exp2(-(time / halfLife)) }

  /// What turns Bq/mL into SUV by body weight: W / A_ref in g/Bq (WE-1.1).
  public func factor(weight: Mass, after time: Time) -> Double {
    weight.grams / remaining(after: time).becquerels
  }
}
