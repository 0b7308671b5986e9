import Glibc
public import Quantities

/// How much of the background seen beside an organ also lies before and behind it.
public enum BackgroundScaling: Hashable, Sendable {
  /// All of it (k = 1): the background region sees none of what the organ displaces, such as one outside the body.
  case area
  /// k = 1 − x/T: the organ of thickness x displaces its part of a body of thickness T.
  case thickness(organ: Length, body: Length)
  /// As ``thickness(organ:body:)``, each slab weighted by what of it reaches the camera, the organ's middle at `depth`
  /// below the front.
  case attenuated(organ: Length, depth: Length, body: Length, coefficient: AttenuationCoefficient)
  /// k from the front and from the back as a CT tells them, see ``RegionTransmission``.
  case stated(front: Double, back: Double)

  /// k from the front and from the back.
  ///
  /// - Throws: ``ScintigraphyError`` when the organ is not inside the body.
  public func factors() throws(ScintigraphyError) -> (front: Double, back: Double) {
    switch self {
    case .area: return (1, 1)
    case .stated(let front, let back):
      guard (0...2).contains(front), (0...2).contains(back) else {
        throw ScintigraphyError(
          "background-scaling", "Background shares of \(front) and \(back) are not between 0 and 2.",
          remedy: "Check the CT and the region on it.")
      }
      return (front, back)
    case .thickness(let organ, let body):
      try Self.check(organ, organ / 2, body)
      return (1 - organ / body, 1 - organ / body)
    case .attenuated(let organ, let depth, let body, let mu):
      try Self.check(organ, depth, body)
      guard mu > .zero else { return try Self.thickness(organ: organ, body: body).factors() }
      func share(_ depth: Length) -> Double {
        exp(-(mu * depth)) * 2 * sinh(mu * organ / 2) / (1 - exp(-(mu * body)))
      }
      return (max(0, 1 - share(depth)), max(0, 1 - share(body - depth)))
    }
  }

  private static func check(_ organ: Length, _ depth: Length, _ body: Length) throws(ScintigraphyError) {
    guard organ > .zero, organ.isFinite, body.isFinite, depth - organ / 2 >= .millimetres(-0.001),
      depth + organ / 2 <= body + .millimetres(0.001)
    else {
      throw ScintigraphyError(
        "organ-outside-body",
        "An organ of \(organ) at a depth of \(depth) does not lie in a body of \(body).",
        remedy: "Check the thicknesses and the depth, in cm.")
    }
  }
}

/// Net = C − (C_bg/N_bg)·N·k with the variance of both regions (SCIENCE 2.3).
///
/// Below zero where the background is greater than what the region holds.
public func backgroundSubtracted(
  _ region: Counted, pixels: Double, background: Counted, backgroundPixels: Double, k: Double
) -> Counted { region - background * (pixels / backgroundPixels * k) }

/// What the body between source and detectors takes away of the geometric mean of two opposite views.
public enum Attenuation: Hashable, Sendable {
  /// Not corrected.
  case none
  /// e^(μT/2) for a body of thickness T.
  case thickness(coefficient: AttenuationCoefficient, body: Length)
  /// What of the photons reaches the front and the back: √(front·back) is the transmission of half of the body, with
  /// the source's own attenuation.
  case transmission(front: Double, back: Double)

  /// The factor that undoes it, at least 1.
  ///
  /// - Throws: ``ScintigraphyError`` for a negative coefficient or thickness and a transmission that is not above 0 and at most 1.
  public func factor() throws(ScintigraphyError) -> Double {
    switch self {
    case .none: return 1
    case .thickness(let mu, let body):
      guard mu >= .zero, body >= .zero, mu * body < 20 else {
        throw ScintigraphyError(
          "attenuation-out-of-range", "A body of \(body) with a coefficient of \(mu) cannot be corrected for.",
          remedy: "Give the thickness in cm and the coefficient in 1/cm, such as 0.135 for 208 keV in water.")
      }
      return exp(mu * body / 2)
    case .transmission(let front, let back):
      guard front > 0, front <= 1, back > 0, back <= 1 else {
        throw ScintigraphyError(
          "transmission-out-of-range", "Transmissions of \(front) and \(back) are not above 0 and at most 1.",
          remedy: "Check the CT and the region on it.")
      }
      return 1 / (front * back).squareRoot()
    }
  }
}

/// MIRD Pamphlet 16: the activity from two opposite views.
public enum ConjugateView {
  /// The source's own attenuation, f = (μx/2)/sinh(μx/2); exact for a uniform slab at any depth.
  public static func selfAttenuation(_ mu: AttenuationCoefficient, thickness: Length) -> Double {
    let half = mu * thickness / 2
    return half < 1e-6 ? 1 : half / sinh(half)
  }

  /// A = √(I_A·I_P)·attenuation·f/C.
  public static func activity(
    anterior: CountRate, posterior: CountRate, attenuation: Double, selfAttenuation f: Double, sensitivity: Sensitivity
  ) -> Activity {
    CountRate(base: (anterior.base * posterior.base).squareRoot() * attenuation * f) / sensitivity
  }

  /// The counts before attenuation from two views whose transmissions are known, by weighted least squares.
  ///
  /// Each view alone gives n/T; the mean with weights T²/u²(n) is N = Σ(n·T/u²)/Σ(T²/u²), u(N) = 1/√Σ(T²/u²). For a
  /// source deep in the body the geometric mean gives half of the weight to the view that hardly sees it; this mean
  /// gives it next to none, and a view may fall below its background. It rests on the depth that the transmissions know,
  /// on which the geometric mean depends little.
  /// - Returns: `nil` when no more was counted than background.
  static func weighted(_ views: [(counts: Counted, transmission: Double)]) -> Counted? {
    var (sum, information) = (0.0, 0.0)
    for (counts, transmission) in views where counts.variance > 0 {
      sum += counts.counts * transmission / counts.variance
      information += transmission * transmission / counts.variance
    }
    guard information > 0, sum > 0 else { return nil }
    return Counted(counts: sum / information, variance: 1 / information)
  }
}
