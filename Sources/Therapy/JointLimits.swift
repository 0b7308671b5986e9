import Foundation
import Dosimetry
import Quantities

/// Limits beside joint truths about their organs: for every truth, the activity that meets a limit.
struct JointLimits: Sendable {
  let limits: [DoseLimit]
  private let doses: JointDoses
  /// For every draw of a biological limit, the absorbed dose that is left; of another limit what is left in any draw.
  private let left: [[Double]]

  init(_ limits: [DoseLimit], count: Int, seed: UInt64) {
    self.limits = limits
    let doses = JointDoses(limits.map(\.organ), count: count, seed: seed)
    self.doses = doses
    left = limits.indices.map { index in
      guard let biological = limits[index].biological else { return [limits[index].available.grays] }
      let available = biological.limit - biological.counted
      return doses.leaCatchesideFactors(index, biological.effect).map {
        biological.effect.dose(for: available, factor: $0).grays
      }
    }
  }

  var count: Int { doses.count }

  /// For every draw, the activity in Bq that meets a limit.
  ///
  /// - Parameter conversionFactor: in place of the limit's own.
  func allowed(_ index: Int, graft: Time, conversionFactor: Double? = nil, fitOnly: Bool = false) -> [Double] {
    let factor = conversionFactor ?? limits[index].conversionFactor
    var result = limits[index].reading.combined(
      graft: graft, after: { doses.graysPerBecquerel(index, after: $0, fitOnly: fitOnly) },
      subtract: { first, second in zip(first, second).map { $0 - $1 } })
    let left = left[index]
    if left.count == 1 {
      for draw in result.indices { result[draw] = left[0] / (result[draw] * factor) }
    } else {
      for draw in result.indices { result[draw] = left[draw] / (result[draw] * factor) }
    }
    return result
  }
}

/// How several limits are read together (register A7-2, reading I5).
public enum LimitCombination: String, CaseIterable, Hashable, Sendable {
  /// All hold together: the accepted risk is that of exceeding any.
  case all = "both"
  /// The governing one alone: the accepted risk is that of exceeding the one that comes first.
  case governing
}
