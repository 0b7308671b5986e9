import Foundation
import Kinetics
import Numerics
public import Quantities

/// One possible truth about an organ: how its dose per administered activity builds up.
public struct DoseDraw: Sendable {
  private let course: ExponentialSum
  private let graysPerDecay: Double

  init(course: ExponentialSum, graysPerDecay: Double) {
    self.course = course
    self.graysPerDecay = graysPerDecay
  }

  /// The dose per administered activity delivered after a time.
  public func perActivity(after t: Time) -> AbsorbedDosePerActivity {
    .graysPerBecquerel(course.integral(from: t).becquerelSeconds * graysPerDecay)
  }
}

/// Draws joint truths about several organs from all their uncertainties, fits and common factors alike.
///
/// Relative uncertainties act as log-normal factors with median 1; shared components have one factor a draw for all
/// organs. The same seed gives the same draws.
public struct JointDoseSampler: Sendable {
  private let organs: [(dose: OrganDose, curves: [CurveEstimate.Sampler])]
  private let sharedNames: [String]
  private var stream: RandomStream

  public init(_ organs: [OrganDose], seed: UInt64) {
    self.organs = organs.map { ($0, $0.curves.map { $0.sampler() }) }
    sharedNames = Set(organs.flatMap(\.components).filter(\.isShared).map(\.name)).sorted()
    stream = RandomStream(seed: seed, stream: "joint dose")
  }

  /// The next draw, one value an organ in the order given.
  public mutating func next() -> [DoseDraw] {
    var shared: [String: Double] = [:]
    for name in sharedNames { shared[name] = stream.normal() }
    return organs.map { organ in
      var logFactor = 0.0
      for component in organ.dose.components {
        let z = component.isShared ? shared[component.name]! : stream.normal()
        logFactor += z * log(1 + component.relative * component.relative).squareRoot()
      }
      let course = organ.curves.reduce(ExponentialSum([])) { $0 + $1.next(&stream) }
      let perDecay = organ.dose.sValue.total.base * organ.dose.scale / organ.dose.administered.becquerels
      return DoseDraw(course: course, graysPerDecay: perDecay * exp(logFactor))
    }
  }
}
