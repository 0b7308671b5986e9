import Glibc
public import Quantities

/// The decay during and before a frame that was not corrected for it.
public struct FrameDecay: Hashable, Sendable {
  /// λ.
  public let decayConstant: RateConstant
  /// T_f.
  public let duration: Time

  /// - Throws: ``UptakeError`` unless both are positive and finite.
  public init(decayConstant: RateConstant, duration: Time) throws(UptakeError) {
    guard decayConstant.isFinite, decayConstant > .zero, duration.isFinite, duration > .zero else {
      throw UptakeError(
        "frame-decay", "A frame of \(duration) with a decay constant of \(decayConstant) cannot be.",
        remedy: "Check nuclide and frame duration.")
    }
    self.decayConstant = decayConstant
    self.duration = duration
  }

  private var x: Double { decayConstant.perSecond * duration.seconds }

  /// λT_f / (1 − e^(−λT_f)): the activity at the start of the frame over its mean (WE-1.3).
  public var factorToStart: Double { x / -expm1(-x) }

  /// ln(λT_f / (1 − e^(−λT_f))) / λ: when during the frame the activity equals its mean (WE-1.3).
  public var meanActivityTime: Time { .seconds(log(factorToStart) / decayConstant.perSecond) }

  /// What turns the mean of a frame that starts a time after the reference into the activity at the reference.
  public func factorToReference(startAfterReference delay: Time) -> Double {
    factorToStart * exp(decayConstant.perSecond * delay.seconds)
  }
}
