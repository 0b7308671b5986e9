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
    var falling = times.map { _ in [Float](repeating: 0, count: count) }
    var rising = falling
    for voxel in 0..<count {
      let (amplitude, rate, uptake) = (100 + 1000 * uniform(), 0.006 + 0.06 * uniform(), 0.1 + uniform())
      for (j, t) in times.enumerated() {
        falling[j][voxel] = amplitude * exp(-rate * Float(t)) * (0.9 + 0.2 * uniform())
        rising[j][voxel] = falling[j][voxel] * -expm1(-uptake * Float(t))
      }
    }
    let before = peakBytes()
    let (one, oneCount) = try voxels(.F2, falling, times, decay)
    let (two, twoCount) = try voxels(.F3u, rising, times, decay)
    // State, integral, half-life, uncertainty and χ² of every voxel.
    let maps = count * 17
    let extra = Double(max(0, peakBytes() - before - maps)) / 1e6
    var figures = [
      Figure(
        name: "one organ with model choice, ms", value: try Sample(single).median * 1e3,
        bounds: 0...(try thresholds["organFitMilliseconds"]), note: "five points, four models"),
      Figure(
        name: "2.1 million voxels x 5 times, s", value: one, bounds: 0...(try thresholds["voxelFitSeconds"]),
        note: String(format: "%d fitted, %.0f ns a voxel", oneCount, one / Double(count) * 1e9)),
      Figure(
        name: "the same with uptake, s", value: two, bounds: 0...(try thresholds["voxelUptakeSeconds"]),
        note: String(format: "%d fitted, %.0f ns a voxel", twoCount, two / Double(count) * 1e9)),
      Figure(
        name: "memory beyond images and maps, MB", value: extra, bounds: 0...(try thresholds["voxelMemoryMegabytes"]),
        note: ""),
    ]
    if let peer = peer(voxels: 2000) {
      for (name, own, microseconds) in [("one exponential", one, peer.0), ("uptake", two, peer.1)] {
        figures.append(
          Figure(
            name: "SciPy over Endora, \(name), a voxel", value: microseconds * 1e-6 * Double(count) / own,
            bounds: (try thresholds["voxelOverSciPy"])...1e9,
            note: String(
              format: "SciPy %.0f us a voxel, %.0f s in all", microseconds, microseconds * 1e-6 * Double(count))))
      }
    } else {
      print("     SciPy: skipped, python3 with scipy is not there")
    }
    return figures
  }

  private static func voxels(
    _ model: VoxelFit.Model, _ volumes: [[Float]], _ times: [Double], _ decay: RateConstant
  ) throws -> (seconds: Double, fitted: Int) {
    let fit = try VoxelFit(
      model, times: times.map { .hours($0) }, physicalDecay: decay, relativeUncertainty: 0.1, threshold: 0)
    var fitted = 0
    let runs = try (0..<7).map { _ in
      try seconds { fitted = try fit.maps(of: volumes).state.reduce(0) { $0 + ($1 == 0 ? 0 : 1) } }
    }
    return (try Sample(runs).median, fitted)
  }

  private static func peakBytes() -> Int {
    var usage = rusage()
    let own: __rusage_who_t = 0
    getrusage(own, &usage)
    return usage.ru_maxrss * 1024
  }

  /// Microseconds a voxel of SciPy's curve_fit for both models, run beside this; `nil` where it is not there.
  private static func peer(voxels: Int) -> (Double, Double)? {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("scipy-peer.py").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script, String(voxels)]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let numbers = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    return process.terminationStatus == 0 && numbers.count == 2 ? (numbers[0], numbers[1]) : nil
  }

  private static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure(work)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
