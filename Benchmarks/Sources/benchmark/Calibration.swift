import Foundation
import Kinetics
import Numerics
import Provenance
import Quantities

/// What a simulated region is drawn from: ln T of clearance and uptake normal, the clearance cut off at physical decay.
struct SimulatedRegion: Sendable {
  let name: String
  /// The median effective half-life in hours and the deviation of its logarithm.
  let clearance: (median: Double, deviation: Double)
  let uptake: (median: Double, deviation: Double)

  /// Half-lives of clearance as published (kidney and tumour with their spread, the others with 20 %); the uptake of the kidney
  /// as WE-5.1 has it, the others assumed: fast where the organ is full of blood.
  static let all = [
    SimulatedRegion(name: "kidney", clearance: (39.83, 0.2404), uptake: (5.3, 0.3)),
    SimulatedRegion(name: "liver", clearance: (109, 0.2), uptake: (0.5, 0.5)),
    SimulatedRegion(name: "spleen", clearance: (86, 0.2), uptake: (1, 0.5)),
    SimulatedRegion(name: "marrow", clearance: (92, 0.2), uptake: (3, 0.5)),
    SimulatedRegion(name: "tumour", clearance: (118, 0.2579), uptake: (6, 0.5)),
  ]

  static let physical = RateConstant(halfLife: .hours(159.528))
  static let noise = 0.05

  /// A patient's curve and its true time-integrated activity in MBq h.
  func curve(at times: [Double], seed: UInt64) throws -> (TimeActivityCurve, truth: Double) {
    var stream = RandomStream(seed: seed, stream: "calibration")
    var half = Double.infinity
    while half > 159.5 { half = clearance.median * exp(clearance.deviation * stream.normal()) }
    var up = Double.infinity
    while up >= half { up = uptake.median * exp(uptake.deviation * stream.normal()) }
    let amplitude = 20 * exp(0.4 * stream.normal())
    let points = times.map { t in
      let y = amplitude * (exp2(-t / half) - exp2(-t / up)) * exp(Self.noise * stream.normal())
      return TimeActivityCurve.Point(time: .hours(t), activity: .megabecquerels(y))
    }
    let curve = try TimeActivityCurve(region: name, points: points, physicalDecay: Self.physical)
    return (curve, amplitude * (half - up) / log(2))
  }
}

/// Bias and coverage over simulated patients, one scan left out after the other.
enum Calibration {
  static let protocols: [[Double]] = [[1, 4, 24, 48, 168], [1, 24, 48, 168], [24, 48, 168], [24, 168], [48]]
  static let patients = 1000

  private struct Outcome: Sendable {
    let ratio: Double
    let stated: Double
    let holds: [Bool]
  }

  static func measure(_ thresholds: Thresholds) throws -> [Figure] {
    var figures: [Figure] = []
    let methods: [UncertaintyMethod] = [.linear, .profile]
    for times in protocols {
      let list = times.map { String(Int($0)) }.joined(separator: ", ")
      for usesPrior in times.count >= 4 ? [false] : times.count == 1 ? [true] : [false, true] {
        print("\(times.count) points at \(list) h\(usesPrior ? ", with the prior of 100 other patients" : "")")
        for region in SimulatedRegion.all {
          let prior = usesPrior ? try prior(of: region) : nil
          let outcomes = try inParallel(patients) { patient in
            try outcome(region, times, prior, methods, seed: UInt64(patient))
          }
          let taken = outcomes.compactMap { $0 }
          guard taken.count > patients / 20 else {
            print("     \(region.name): \(patients - taken.count) of \(patients) refused")
            continue
          }
          let n = Double(taken.count)
          let bias = taken.reduce(0) { $0 + $1.ratio } / n - 1
          let scatter = (taken.reduce(0) { $0 + pow($1.ratio - 1 - bias, 2) } / n).squareRoot()
          let stated = taken.reduce(0) { $0 + $1.stated } / n
          let coverage = methods.indices.map { k in Double(taken.count { $0.holds[k] }) / n }
          print(
            String(
              format:
                "     %@: bias %+.2f %%, scatter %.1f %%, stated %.1f %%, 95 %% intervals hold %.1f %% (linear), %.1f %% (profile), refused %d",
              region.name, 100 * bias, 100 * scatter, 100 * stated, 100 * coverage[0], 100 * coverage[1],
              patients - taken.count))
          guard times.count >= 4 else { continue }
          let limit = try thresholds["calibrationBias"]
          let bounds = try thresholds["calibrationLeast"]...thresholds["calibrationMost"]
          figures.append(
            Figure(name: "bias, \(region.name), \(times.count) points", value: bias, bounds: -limit...limit, note: ""))
          for (method, value) in zip(methods, coverage) {
            figures.append(
              Figure(
                name: "coverage, \(region.name), \(times.count) points, \(method)", value: value, bounds: bounds,
                note: ""))
          }
        }
      }
    }
    return figures
  }

  /// The population of a cohort of other patients, fitted as `tac population` does.
  private static func prior(of region: SimulatedRegion) throws -> PopulationPrior {
    let cohort = try (0..<100).map { try region.curve(at: protocols[0], seed: 1_000_000 + UInt64($0)).0 }
    return try PopulationFit(cohort, model: .F3u).prior(source: Source("simulated cohort"))
  }

  private static func outcome(
    _ region: SimulatedRegion, _ times: [Double], _ prior: PopulationPrior?, _ methods: [UncertaintyMethod],
    seed: UInt64
  ) throws -> Outcome? {
    let (curve, truth) = try region.curve(at: times, seed: seed)
    do {
      let estimate = try curve.analysed(with: .init(weighting: .relative(SimulatedRegion.noise), prior: prior))
      let tia = estimate.timeIntegratedActivity
      let holds = try methods.map { method in
        let interval = try estimate.interval(method)
        return interval.lower.megabecquerelHours <= truth && truth <= interval.upper.megabecquerelHours
      }
      return Outcome(
        ratio: tia.value.megabecquerelHours / truth, stated: tia.relativeUncertainty ?? .nan, holds: holds)
    } catch is KineticsError {
      return nil
    }
  }
}
