import Glibc
public import Quantities

/// How a camera loses counts at high rates.
public struct DeadTime: Hashable, Sendable {
  /// What a photon does that comes while the camera is busy.
  public enum Model: String, CaseIterable, Hashable, Sendable {
    /// It makes the camera busy anew: m = n·e^(−nτ). The default for ¹⁷⁷Lu (Frezza et al., EJNMMI Phys 2020;7:10,
    /// abstract).
    case paralysable
    /// It is not seen: m = n/(1 + nτ).
    case nonParalysable = "non-paralysable"
  }

  /// The greatest loss that is corrected; the threshold is unverified.
  public static let greatestLoss = 0.2

  /// What a photon does that comes while the camera is busy.
  public let model: Model
  /// τ, measured with two sources or a decaying one.
  public let time: Time

  /// - Throws: ``ScintigraphyError`` when the dead time is negative or above 1 ms.
  public init(_ model: Model = .paralysable, time: Time) throws(ScintigraphyError) {
    guard time >= .zero, time <= .seconds(1e-3) else {
      throw ScintigraphyError(
        "dead-time-out-of-range", "A dead time of \(time) is not that of a gamma camera.",
        remedy: "Give it in microseconds, such as 1.")
    }
    self.model = model
    self.time = time
  }

  /// The rate without loss from the observed rate of the whole detector.
  ///
  /// Non-paralysable n = m/(1 − mτ); paralysable the smaller solution of m = n·e^(−nτ), which is −W₀(−mτ)/τ.
  /// - Throws: ``ScintigraphyError`` for a negative rate and where more than ``greatestLoss`` is lost, which is always
  ///   so above the greatest rate 1/(eτ) that a paralysable camera can show.
  public func trueRate(observed: CountRate) throws(ScintigraphyError) -> CountRate {
    guard observed >= .zero, observed.isFinite else {
      throw ScintigraphyError(
        "rate-out-of-range", "A camera cannot count \(observed).", remedy: "Check counts and duration of the frame.")
    }
    let m = observed.countsPerSecond * time.seconds
    let load: Double
    switch model {
    case .nonParalysable: load = m < 1 ? m / (1 - m) : .infinity
    case .paralysable:
      guard m < exp(-1) else {
        load = .infinity
        break
      }
      // f(x) = x·e^(−x) is concave and rising below 1: Newton's steps from below never pass the solution.
      var x = m
      for _ in 0..<100 {
        let step = (m * exp(x) - x) / (1 - x)
        x += step
        if step.magnitude < 1e-16 * x { break }
      }
      load = x
    }
    let loss = load == 0 ? 0 : 1 - m / load
    guard loss <= Self.greatestLoss else {
      throw ScintigraphyError(
        "dead-time-loss",
        "At \(observed.countsPerSecond.rounded()) counts per second the camera loses "
          + (load.isFinite ? percent(loss) : "nearly all") + " of its counts.",
        remedy: "Leave this scan out; from 20 % loss on no correction is reliable.")
    }
    return time > .zero ? .countsPerSecond(load / time.seconds) : observed
  }
}
