import Foundation
import Reports

extension PlotAxis {
  /// An axis that holds all values with a margin, from 0 where none is below and `fromZero` asks for it.
  static func covering(_ values: [Double], title: String, fromZero: Bool = true, marks: [Mark]? = nil) -> PlotAxis {
    let finite = values.filter(\.isFinite)
    let (least, most) = (finite.min() ?? 0, finite.max() ?? 1)
    let low = fromZero ? min(0, least) : least
    let margin = 0.06 * (most > low ? most - low : 1)
    return PlotAxis(
      title: title, low: fromZero && least >= 0 ? 0 : low - margin, high: most + margin, marks: marks)
  }

  /// The place of a concentration on a logarithmic axis that ``concentrations(_:title:)`` makes; 0 lies at its low end.
  static func place(_ value: Double, among values: [Double]) -> Double {
    value > 0 ? log10(value) : Double(decades(values).lowerBound) - 0.5
  }

  /// A logarithmic axis of concentrations with marks at powers of ten, and at 0 where one is 0.
  static func concentrations(_ values: [Double], title: String) -> PlotAxis {
    let decades = decades(values)
    let raised: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
    ]
    let marks = decades.map { power in
      Mark(
        Double(power),
        (0...2).contains(power)
          ? "\(Int(pow(10, Double(power))))" : "10" + "\(power)".map { String(raised[$0] ?? $0) }.joined())
    }
    let hasZero = values.contains(0)
    return PlotAxis(
      title: title, low: Double(decades.lowerBound) - (hasZero ? 0.7 : 0.15), high: Double(decades.upperBound) + 0.15,
      marks: (hasZero ? [Mark(Double(decades.lowerBound) - 0.5, "0")] : []) + marks)
  }

  private static func decades(_ values: [Double]) -> ClosedRange<Int> {
    let positive = values.filter { $0 > 0 && $0.isFinite }
    let low = Int(log10(positive.min() ?? 1).rounded(.down))
    return low...max(low + 1, Int(log10(positive.max() ?? 10).rounded(.up)))
  }
}

/// A figure under the name of its file.
typealias NamedFigure = (name: String, figure: Figure)

/// Bars in figures of at most 32.
func barFigures(_ stem: String, _ plot: BarPlot) -> [NamedFigure] {
  let parts = stride(from: 0, to: plot.bars.count, by: 32).map { Array(plot.bars[$0..<min($0 + 32, plot.bars.count)]) }
  return parts.enumerated().map { index, bars in
    (
      parts.count > 1 ? "\(stem)-\(index + 1)" : stem,
      .bars(BarPlot(title: plot.title, quantity: plot.quantity, bars: bars, note: plot.note))
    )
  }
}
