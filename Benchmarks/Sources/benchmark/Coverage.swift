import Foundation
import Quantities
import Statistics
import Workbench

/// Whether the stated intervals hold the truth as often as they say, over many synthetic patients.
enum Coverage {
  static func measure(seeds: Range<Int>, _ thresholds: Thresholds) throws -> [Figure] {
    try Demonstration.Kinetics.allCases.flatMap { try measure(seeds: seeds, $0, thresholds) }
  }

  private static func measure(
    seeds: Range<Int>, _ kinetics: Demonstration.Kinetics, _ thresholds: Thresholds
  ) throws -> [Figure] {
    let suffix = kinetics == .published ? "" : ", \(kinetics.rawValue)"
    var covered: [String: Int] = [:]
    var ratios: [String: [Double]] = [:]
    var stated: [String: [Double]] = [:]
    var organs: [String] = []
    for seed in seeds {
      for row in try Demonstration.inMemory(seed: seed, kinetics: kinetics).comparisons {
        if ratios[row.organ] == nil { organs.append(row.organ) }
        covered[row.organ, default: 0] += row.isCovered ? 1 : 0
        ratios[row.organ, default: []].append(row.estimate.value / row.truth)
        stated[row.organ, default: []].append(row.estimate.relativeUncertainty ?? .nan)
      }
    }
    let bounds = try thresholds["coverageLeast"]...thresholds["coverageMost"]
    var figures: [Figure] = []
    for organ in organs {
      let sample = try Sample(ratios[organ]!)
      let note = String(
        format: "n %d, mean ratio %.4f, scatter %.3f, stated %.3f", sample.count, sample.mean,
        sample.sampleDeviation ?? .nan, try Sample(stated[organ]!).mean)
      print("     \(organ)\(suffix): \(covered[organ]!) of \(sample.count); \(note)")
      figures.append(
        Figure(
          name: "bias of \(organ)\(suffix)", value: sample.mean - 1,
          bounds: -(try thresholds["biasMost"])...(try thresholds["biasMost"]), note: ""))
    }
    let total = ratios.values.reduce(0) { $0 + $1.count }
    figures.append(
      Figure(
        name: "coverage of 95 % intervals\(suffix)", value: Double(covered.values.reduce(0, +)) / Double(total),
        bounds: bounds,
        note: "\(covered.values.reduce(0, +)) of \(total) organ doses"))
    return figures
  }
}
