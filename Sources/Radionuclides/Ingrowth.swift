import Glibc
public import Quantities

extension NuclideTable {
  /// The activities of a chain a time after its parent was pure, per initial activity of the parent (Bateman 1910).
  ///
  /// Along each way to a member, Aₙ/A₁(0) = (Π bᵢ) (Π λᵢ, i from 2) Σᵢ exp(−λᵢ t)/Π(λⱼ − λᵢ), summed over the ways.
  /// - Parameters:
  ///   - branching: fractions that replace those of the table.
  ///   - retained: the fraction of atoms of a daughter, 0 to 1, that stay where they arise; what leaves decays elsewhere
  ///     with all that follows from it. A daughter that is not named stays.
  /// - Returns: the activity in place of each member, in the order of ``chain(of:branching:retained:longest:)``.
  /// - Throws: ``RadionuclideError`` for a time that is negative or not finite, a fraction outside 0 to 1 of a nuclide of
  ///   the chain or of another nuclide, and what ``chain(of:branching:retained:longest:)`` refuses.
  public func activities(
    after time: Time, of parent: String, branching: [DecayChain.Branch] = [], retained: [String: Double] = [:]
  ) throws(RadionuclideError) -> [(nuclide: Nuclide, relative: Double)] {
    guard time.isFinite, time >= .zero else {
      throw RadionuclideError("time-range", "The time is \(time).", remedy: "Give a time from zero on.")
    }
    let chain = try chain(of: parent, branching: branching, retained: retained, longest: nil)
    var activities: [String: Double] = [:]
    for way in chain.ways {
      let rates = way.nuclides.map(\.decayConstant.perSecond)
      activities[way.nuclides[rates.count - 1].name, default: 0] += way.fraction * Self.bateman(rates, time.seconds)
    }
    return chain.members.map { ($0.nuclide, activities[$0.nuclide.name] ?? 0) }
  }

  /// Aₙ(t)/A₁(0) at the end of a way of unlike decay constants; rounding is kept below 1e-12 of the parent's activity.
  private static func bateman(_ rates: [Double], _ t: Double) -> Double {
    let sum = rates.indices.reduce(0.0) { sum, i in
      // λᵢ of the numerator goes with λⱼ − λᵢ of the denominator, so that no product overflows.
      var term = exp(-rates[i] * t)
      for j in rates.indices where j != i { term *= rates[j] / (rates[j] - rates[i]) }
      return sum + term * rates[i]
    }
    return max(0, sum / rates[0])
  }
}
