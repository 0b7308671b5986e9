import Foundation
import Quantities
import Statistics
import Workbench

/// Activities by planar scintigraphy, SPECT and their hybrid against the truth, over many synthetic patients.
enum Planar {
  static func measure(seeds: Range<Int>, _ thresholds: Thresholds) throws -> [Figure] {
    var ratios: [String: [Double]] = [:]
    var (estimates, truths): ([String: Double], [String: Double]) = ([:], [:])
    var covered: [String: Int] = [:]
    var stated: [String: [Double]] = [:]
    var order: [String] = []
    for seed in seeds {
      for row in try PlanarComparison.inMemory(seed: seed).rows {
        for key in ["\(row.method.rawValue) of \(row.region)", "all by \(row.method.rawValue)"] {
          if ratios[key] == nil { order.append(key) }
          ratios[key, default: []].append(row.estimate.value / row.truth)
          estimates[key, default: 0] += row.estimate.value.megabecquerels
          truths[key, default: 0] += row.truth.megabecquerels
          covered[key, default: 0] += row.isCovered ? 1 : 0
          stated[key, default: []].append(row.estimate.relativeUncertainty ?? .nan)
        }
      }
    }
    var figures: [Figure] = []
    for key in order {
      let sample = try Sample(ratios[key]!)
      let method = PlanarComparison.Method.allCases.first { key.contains($0.rawValue) }!
      let most = try thresholds[method.rawValue + "BiasMost"]
      let note = String(
        format: "n %d, scatter %.3f, stated %.3f, covered %.3f", sample.count, sample.sampleDeviation ?? .nan,
        try Sample(stated[key]!).mean, Double(covered[key]!) / Double(sample.count))
      if key.hasPrefix("all by") {
        figures.append(
          Figure(
            name: "coverage of 95 % intervals, \(key)", value: Double(covered[key]!) / Double(sample.count),
            bounds: (try thresholds["activityCoverageLeast"])...1, note: note))
      } else {
        figures.append(
          Figure(name: "bias, \(key)", value: estimates[key]! / truths[key]! - 1, bounds: -most...most, note: note))
      }
    }
    return figures
  }
}
