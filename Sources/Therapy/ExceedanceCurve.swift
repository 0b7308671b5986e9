public import Quantities

/// The probability of exceeding one limit against the activity.
public struct ExceedanceCurve: Hashable, Sendable {
  /// The limit's name.
  public let limit: String
  /// At each activity asked for.
  public let probabilities: [Double]
}

extension WhatIf {
  /// The probability of exceeding each limit that applies at `steps` + 1 activities from 0 to an end, evenly apart.
  ///
  /// P(A) is the share of the joint draws whose allowed activity lies below A.
  public func curves(_ choice: Choice, upTo end: Activity, steps: Int) -> [ExceedanceCurve] {
    let step = end.base / Double(steps)
    return joint.limits.indices.filter { !choice.leftOut.contains(joint.limits[$0].name) }.map { index in
      let name = joint.limits[index].name
      let allowed = joint.allowed(index, graft: choice.graft, conversionFactor: choice.conversionFactors[name])
      // bins[k] counts what lies in [(k − 1) Δ, k Δ): below k Δ and no lower activity.
      var bins = [Int](repeating: 0, count: steps + 2)
      for value in allowed {
        let place = value / step
        bins[place < Double(steps) ? max(0, Int(place)) + 1 : steps + 1] += 1
      }
      var sum = 0
      let probabilities = (0...steps).map { k -> Double in
        sum += bins[k]
        return Double(sum) / Double(allowed.count)
      }
      return ExceedanceCurve(limit: name, probabilities: probabilities)
    }
  }
}
