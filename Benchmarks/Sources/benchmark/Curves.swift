import Foundation
import Kinetics
import Quantities
import Statistics

/// How long the fit of one organ and of a series of volumes takes.
enum Curves {
  static func measure(_ thresholds: Thresholds) throws -> [Figure] {
    let decay = RateConstant(halfLife: .hours(159.528))
    let times = [1.0, 4, 24, 48, 168]
    let organ = try TimeActivityCurve(
      region: "kidney",
      points: zip(times, [1.3, 3.3, 8.6, 6.1, 0.8]).map { .init(time: .hours($0), activity: .megabecquerels($1)) },
      physicalDecay: decay)
    let single = try (0..<9).map { _ in
      try seconds { for _ in 0..<100 { _ = try organ.analysed(with: .init(weighting: .relative(0.1))) } } / 100
    }

    let count = 128 * 128 * 128
    var state: UInt64 = 1
    func uniform() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) * 0x1p-24
    }
    var volumes = times.map { _ in [Float](repeating: 0, count: count) }
    for voxel in 0..<count {
      let (amplitude, rate) = (100 + 1000 * uniform(), 0.006 + 0.06 * uniform())
      for (j, t) in times.enumerated() {
        volumes[j][voxel] = amplitude * exp(-rate * Float(t)) * (0.9 + 0.2 * uniform())
      }
    }
    let fit = try VoxelFit(
      times: times.map { .hours($0) }, physicalDecay: decay, relativeUncertainty: 0.1, threshold: 0)
    var fitted = 0
    let voxels = try (0..<9).map { _ in
      try seconds { fitted = try fit.maps(of: volumes).state.reduce(0) { $0 + ($1 == 0 ? 0 : 1) } }
    }
    let (one, all) = (try Sample(single).median, try Sample(voxels).median)
    return [
      Figure(
        name: "one organ with model choice, ms", value: one * 1e3, bounds: 0...(try thresholds["organFitMilliseconds"]),
        note: "five points, four models"),
      Figure(
        name: "2.1 million voxels x 5 times, s", value: all, bounds: 0...(try thresholds["voxelFitSeconds"]),
        note: String(format: "%d fitted, %.0f ns a voxel", fitted, all / Double(count) * 1e9)),
    ]
  }

  private static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure(work)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
