import Foundation

/// A mark on an axis with its text.
struct Tick: Hashable {
  let value: Double
  let text: String

  /// `count` × 10^`power`, written exactly.
  init(_ count: Int, power: Int) {
    value = Double("\(count)e\(power)") ?? 0
    if count == 0 {
      text = "0"
    } else if power < -6 || power > 5 {
      text = "\(count)·10\(NumberFormat.superscript(power))"
    } else {
      text = NumberFormat.fixed(value, decimals: max(0, -power), .nearest)
    }
  }
}

/// A linear or logarithmic map from values to px.
struct Axis {
  let low: Double
  let high: Double
  let start: Double
  let end: Double
  var isLogarithmic = false

  /// The place of a value; values beyond the ends are drawn at the ends.
  func place(_ value: Double) -> Double {
    let t =
      isLogarithmic
      ? (log10(max(value, .leastNormalMagnitude)) - log10(low)) / (log10(high) - log10(low))
      : (value - low) / (high - low)
    return start + min(max(t, 0), 1) * (end - start)
  }

  /// Ticks from zero in three equal steps, the last at or above the largest value.
  static func threeSteps(to largest: Double) -> [Tick] {
    let target = largest.isFinite && largest > 0 ? largest / 3 : 1.0 / 3
    let power = Int(log10(max(target, 1e-300)).rounded(.down))
    let unit = pow(10, Double(power))
    let step = [1, 2, 3, 4, 5, 6, 8].first { Double($0) * unit * (1 + 1e-9) >= target }
    return (0...3).map { Tick($0 * (step ?? 1), power: step == nil ? power + 1 : power) }
  }

  /// Round ticks inside an interval, at most as many as asked for.
  static func ticks(from low: Double, to high: Double, atMost count: Int) -> [Tick] {
    guard low.isFinite, high.isFinite, high > low, count > 1 else { return [] }
    let target = (high - low) / Double(count)
    let power = Int(log10(target).rounded(.down))
    for extra in 0...1 {
      for factor in [1, 2, 5] {
        let tick = Tick(factor, power: power + extra)
        let first = (low / tick.value - 1e-9).rounded(.up)
        let last = (high / tick.value + 1e-9).rounded(.down)
        guard last - first + 1 <= Double(count), last.magnitude < 1e9, first.magnitude < 1e9, first <= last
        else { continue }
        return (Int(first)...Int(last)).map { Tick($0 * factor, power: power + extra) }
      }
    }
    return []
  }

  /// Ticks of hours from zero: quarters of hours, hours, days, weeks.
  static func hours(to end: Double, atMost count: Int) -> [Tick] {
    let steps = [1, 2, 4, 6, 12, 24, 48, 72, 96, 168, 336, 672]
    guard end >= 2, let step = steps.first(where: { end / Double($0) < Double(count) }) else {
      return ticks(from: 0, to: end, atMost: count)
    }
    return stride(from: 0, through: Int(end + 1e-6), by: step).map { Tick($0, power: 0) }
  }

  /// The powers of ten of a logarithmic axis: at most four decades below the largest value, more only where `anchor`,
  /// which is always on the axis, lies lower.
  static func decades(of values: [Double], with anchor: Double) -> [Tick] {
    let usable = (values + [anchor]).filter { $0.isFinite && $0 > 0 }
    guard let smallest = usable.min(), let largest = usable.max() else { return [] }
    let top = Int((log10(largest) - 1e-9).rounded(.up))
    func floor(_ value: Double) -> Int { Int((log10(value) + 1e-9).rounded(.down)) }
    var bottom = max(min(floor(smallest), top - 1), top - 4)
    if usable.contains(anchor) { bottom = min(bottom, floor(anchor)) }
    return (bottom...top).map { Tick(1, power: $0) }
  }
}
