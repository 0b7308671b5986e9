import Foundation
public import Quantities

extension Figure {
  /// A dose as a bar with its 95 % interval, the limit at the same place in every bar so that bars compare.
  ///
  /// The interval is that of the log-normal distribution with the dose's mean and relative uncertainty; it never
  /// reaches zero. Without a limit the bar is soft and `full`, the dose at the bar's end, sets its scale; a bar that
  /// runs off it is broken.
  public static func doseBar(
    _ dose: Uncertain<AbsorbedDose>, limit: AbsorbedDose?, full: AbsorbedDose, organ: Organ, name: String
  ) -> Figure {
    let (width, length, middle) = (210.0, 208.0, 10.0)
    let value = dose.value.grays
    let against = limit.map { "of \(NumberFormat.limit($0))" } ?? "no limit set"
    var figure = Figure(
      width: width, height: 20,
      label: "\(name): \(NumberFormat.grays(dose.value))\(limit == nil ? "," : "") \(against).")
    figure.add(Path([Spot(0, middle), Spot(length, middle)]), .grid)
    let end = (limit.map { $0.grays * limitedScale } ?? full.grays)
    guard value.isFinite, end.isFinite, end > 0 else { return figure }
    let px = { (dose: Double) in min(max(dose / end, 0), 1) * length }
    figure.addRectangle(
      0, middle - 4.5, width: px(value), height: 9, radius: 1, limit == nil ? .soft : .bar, organ.tone)
    if value > end {
      figure.add(Path([Spot(length - 14, middle + 7), Spot(length - 8, middle - 7)]), .gap)
      figure.add(Path([Spot(length - 9, middle + 7), Spot(length - 3, middle - 7)]), .gap)
    } else if let relative = dose.relativeUncertainty, relative.isFinite, relative > 0, value > 0 {
      let spread = 1.959964 * log(1 + relative * relative).squareRoot()
      let (a, b) = (px(value * exp(-spread)), px(value * exp(spread)))
      var whisker = Path()
      whisker.segment(a, middle, b, middle)
      whisker.segment(a, middle - 3, a, middle + 3)
      if value * exp(spread) <= end { whisker.segment(b, middle - 3, b, middle + 3) }
      figure.add(whisker, .whisker)
    }
    if limit != nil { figure.add(Path([Spot(length / limitedScale, 1), Spot(length / limitedScale, 19)]), .gauge) }
    return figure
  }

  /// The end of a bar as a multiple of its limit.
  private static var limitedScale: Double { 1.3 }
}

extension DoseTable {
  /// The dose at the end of bars without a limit: that of the largest limit's bar, else of the largest dose.
  var softScale: AbsorbedDose {
    let limit = rows.compactMap(\.limit).max()
    let largest = rows.compactMap { $0.dose?.value }.filter(\.isFinite).max() ?? .grays(1)
    return (limit ?? largest) * 1.3
  }

  /// The bar of a row; `nil` without a dose.
  func bar(of row: Row) -> Figure? {
    row.dose.map { Figure.doseBar($0, limit: row.limit, full: softScale, organ: row.organ, name: row.name) }
  }
}
