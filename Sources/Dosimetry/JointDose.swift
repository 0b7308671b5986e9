import Foundation
import Kinetics
import Numerics
public import Quantities

/// Joint truths about several organs, drawn from all their uncertainties, fits and common factors alike.
///
/// Relative uncertainties act as log-normal factors with median 1; shared components have one factor a draw for all
/// organs. The same seed gives the same draws, and the first draws do not depend on how many are asked for.
public struct JointDoses: Sendable {
  /// The draws of one organ, flat: draw n has the terms `starts[n]..<starts[n + 1]`, with amplitudes in Gy/s per
  /// administered Bq, without the drawn factor.
  private struct Course: Sendable {
    var amplitudes: [Double] = []
    var rates: [Double] = []
    var starts: [Int] = [0]
    /// The product of the drawn log-normal factors.
    var factors: [Double] = []
  }

  /// How many truths were drawn.
  public let count: Int
  private let organs: [Course]

  /// Draws `count` joint truths about organs.
  public init(_ organs: [OrganDose], count: Int, seed: UInt64) {
    let names = Set(organs.flatMap(\.components).filter(\.isShared).map(\.name)).sorted()
    var stream = RandomStream(seed: seed, stream: "joint dose")
    let samplers = organs.map { $0.curves.map { $0.sampler() } }
    // Sources of cross-dose that are no organs of the case; those that are share the organ's draw.
    let index = Dictionary(organs.enumerated().map { ($1.region.name, $0) }, uniquingKeysWith: { first, _ in first })
    var further: [String: [CurveEstimate.Sampler]] = [:]
    for cross in organs.flatMap(\.cross) where index[cross.source] == nil && further[cross.source] == nil {
      further[cross.source] = cross.curves.map { $0.sampler() }
    }
    let furtherNames = further.keys.sorted()
    var courses = organs.map { _ in Course() }
    let parts = organs.map { organ in
      organ.components.map { component in
        (
          sigma: log(1 + component.relative * component.relative).squareRoot(),
          shared: component.isShared ? names.firstIndex(of: component.name) : nil
        )
      }
    }
    var common = [Double](repeating: 0, count: names.count)
    var drawn = organs.map { _ in [ExponentialSum.Term]() }
    var drawnFurther: [String: [ExponentialSum.Term]] = [:]
    for _ in 0..<count {
      for index in common.indices { common[index] = stream.normal() }
      for index in organs.indices {
        var logFactor = 0.0
        for part in parts[index] { logFactor += (part.shared.map { common[$0] } ?? stream.normal()) * part.sigma }
        drawn[index] = samplers[index].flatMap { $0.next(&stream).terms }
        courses[index].factors.append(exp(logFactor))
      }
      for name in furtherNames { drawnFurther[name] = further[name]!.flatMap { $0.next(&stream).terms } }
      for (place, organ) in organs.enumerated() {
        func add(_ terms: [ExponentialSum.Term], _ factor: Double) {
          for term in terms {
            courses[place].amplitudes.append(term.amplitude.base * factor)
            courses[place].rates.append(organ.translated(term.rate).base)
          }
        }
        add(drawn[place], organ.sValue.total.base * organ.scale / organ.administered.becquerels)
        for cross in organ.cross {
          add(
            index[cross.source].map { drawn[$0] } ?? drawnFurther[cross.source] ?? [],
            cross.sValue.total.base * cross.scale / organ.administered.becquerels)
        }
        courses[place].starts.append(courses[place].rates.count)
      }
    }
    self.count = count
    self.organs = courses
  }

  /// For every draw, the dose per administered activity of an organ that is delivered after a time, in Gy/Bq.
  ///
  /// - Parameter fitOnly: leaves the drawn factors out, so that the curves' fits alone spread.
  public func graysPerBecquerel(_ organ: Int, after t: Time, fitOnly: Bool = false) -> [Double] {
    let course = organs[organ]
    let seconds = t.seconds
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      course.amplitudes.withUnsafeBufferPointer { amplitudes in
        course.rates.withUnsafeBufferPointer { rates in
          for draw in 0..<count {
            var sum = 0.0
            for k in course.starts[draw]..<course.starts[draw + 1] {
              sum += amplitudes[k] / rates[k] * (seconds == 0 ? 1 : exp(-rates[k] * seconds))
            }
            buffer[draw] = sum * (fitOnly ? 1 : course.factors[draw])
          }
        }
      }
      initialized = count
    }
  }

  /// The dose per administered activity of an organ that is delivered after a time, in one draw.
  public func perActivity(_ organ: Int, draw: Int, after t: Time) -> AbsorbedDosePerActivity {
    let course = organs[organ]
    let sum = (course.starts[draw]..<course.starts[draw + 1]).reduce(0.0) {
      $0 + course.amplitudes[$1] / course.rates[$1] * exp(-course.rates[$1] * t.seconds)
    }
    return .graysPerBecquerel(sum * course.factors[draw])
  }

  /// For every draw, the Lea-Catcheside factor of an organ's dose rate, which no common factor changes.
  public func leaCatchesideFactors(_ organ: Int, _ effect: BiologicalEffect) -> [Double] {
    let course = organs[organ]
    return (0..<count).map { draw in
      let terms = (course.starts[draw]..<course.starts[draw + 1]).map {
        ExponentialSum.Term(
          amplitude: .becquerels(course.amplitudes[$0]), rate: RateConstant(base: course.rates[$0]))
      }
      return effect.leaCatchesideFactor(of: ExponentialSum(terms))
    }
  }
}
