public import Kinetics
public import Provenance
public import Quantities

/// The linear-quadratic model of a tissue with one repair half-time (SCIENCE 6.3).
public struct BiologicalEffect: Hashable, Sendable {
  /// α/β in Gy.
  public let alphaBeta: AbsorbedDose
  /// The half-time of repair.
  public let repairHalfTime: Time
  /// Where the two come from.
  public let source: Source

  public init(alphaBeta: AbsorbedDose, repairHalfTime: Time, source: Source) {
    self.alphaBeta = alphaBeta
    self.repairHalfTime = repairHalfTime
    self.source = source
  }

  /// Kidneys: α/β 2.5 Gy, repair 2.8 h.
  public static let kidneys = BiologicalEffect(
    alphaBeta: .grays(2.5), repairHalfTime: .hours(2.8),
    source: Source("Kidneys α/β 2.5 Gy, repair half-time 2.8 h (primary source of 2.8 h not read)", .unverified))

  /// The Lea-Catcheside factor G of a dose rate with the time course of a sum of exponentials:
  /// G = 2/D² Σᵢⱼ AᵢAⱼ / ((Lⱼ + μ)(Lᵢ + Lⱼ)), D = Σ Aᵢ/Lᵢ, μ = ln 2 / T_rep.
  public func leaCatchesideFactor(of course: ExponentialSum) -> Double {
    let mu = RateConstant(halfLife: repairHalfTime).base
    let dose = course.terms.reduce(0) { $0 + $1.amplitude.base / $1.rate.base }
    var sum = 0.0
    for i in course.terms {
      for j in course.terms {
        sum += i.amplitude.base * j.amplitude.base / ((j.rate.base + mu) * (i.rate.base + j.rate.base))
      }
    }
    return 2 * sum / (dose * dose)
  }

  /// BED = D (1 + G D/(α/β)).
  public func biologicallyEffectiveDose(of dose: AbsorbedDose, factor g: Double) -> BiologicallyEffectiveDose {
    .grays(dose.grays * (1 + g * dose.grays / alphaBeta.grays))
  }

  /// BED of equal fractions, each delivered at once: n d (1 + d/(α/β)).
  public func biologicallyEffectiveDose(fractions: Int, of dose: AbsorbedDose) -> BiologicallyEffectiveDose {
    .grays(Double(fractions) * dose.grays * (1 + dose / alphaBeta))
  }

  /// EQD2 = BED/(1 + 2 Gy/(α/β)).
  public func equieffectiveDose(of bed: BiologicallyEffectiveDose) -> EquieffectiveDose {
    .grays(bed.grays / (1 + 2 / alphaBeta.grays))
  }

  /// The absorbed dose with a given BED, the positive root of G D²/(α/β) + D = BED; zero for a BED that is not positive.
  public func dose(for bed: BiologicallyEffectiveDose, factor g: Double) -> AbsorbedDose {
    guard bed.grays > 0 else { return .zero }
    let a = g / alphaBeta.grays
    guard a > 0 else { return .grays(bed.grays) }
    return .grays(2 * bed.grays / (1 + (1 + 4 * a * bed.grays).squareRoot()))
  }
}
