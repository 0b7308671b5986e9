import Foundation
import Numerics
import Quantities
import Statistics
import Workbench

/// Activities by planar scintigraphy, SPECT and their hybrid against the truth, over many synthetic patients.
enum Planar {
  /// What was found of one region by one method, patient after patient.
  private struct Series {
    var (estimates, truths) = (0.0, 0.0)
    var ratios: [Double] = []
    var stated: [Double] = []
    /// Of each patient the times at which the interval holds the truth, and all times.
    var patients: [(covered: Int, count: Int)] = []

    var coverage: Double {
      Double(patients.reduce(0) { $0 + $1.covered }) / Double(patients.reduce(0) { $0 + $1.count })
    }

    /// The standard error of the coverage with patients as the independent units: the times of one share calibration,
    /// outline and more.
    ///
    /// By the ratio estimator, u² = Σ (c − p·m)²/(Σ m)²·n/(n − 1).
    var standardError: Double {
      let (n, p) = (Double(patients.count), coverage)
      let squares = patients.reduce(0.0) { sum, one in
        let difference = Double(one.covered) - p * Double(one.count)
        return sum + difference * difference
      }
      return (squares * n / (n - 1)).squareRoot() / Double(patients.reduce(0) { $0 + $1.count })
    }

    mutating func add(_ rows: [PlanarComparison.Row]) {
      patients.append((rows.count { $0.isCovered }, rows.count))
      for row in rows {
        ratios.append(row.estimate.value / row.truth)
        estimates += row.estimate.value.megabecquerels
        truths += row.truth.megabecquerels
        stated.append(row.estimate.relativeUncertainty ?? .nan)
      }
    }
  }

  static func measure(seeds: Range<Int>, _ thresholds: Thresholds) throws -> [Figure] {
    var series: [String: Series] = [:]
    for found in try inParallel(seeds.count, { try PlanarComparison.inMemory(seed: seeds.lowerBound + $0).rows }) {
      for (key, rows) in Dictionary(grouping: found, by: { "\($0.method.rawValue) of \($0.region)" }) {
        series[key, default: Series()].add(rows)
      }
    }
    var figures: [Figure] = []
    for (key, one) in series.sorted(by: { $0.key < $1.key }) {
      let sample = try Sample(one.ratios)
      let method = PlanarComparison.Method.allCases.first { key.hasPrefix($0.rawValue) }!
      let most = try thresholds[method.rawValue + "BiasMost"]
      figures.append(
        Figure(
          name: "bias, \(key)", value: one.estimates / one.truths - 1, bounds: -most...most,
          note: String(
            format: "n %d, scatter %.3f, stated %.3f", sample.count, sample.sampleDeviation ?? .nan,
            try Sample(one.stated).mean)))
      let margin = try thresholds["coverageStandardErrors"] * one.standardError
      figures.append(
        Figure(
          name: "coverage of 95 % intervals, \(key)", value: one.coverage,
          bounds: min(0.95, 0.95 - margin)...(try thresholds["activityCoverageMost"]),
          note: String(format: "±%.3f, %d patients as units", one.standardError, one.patients.count)))
    }
    return figures
  }
}
