public import Quantities

/// How numbers are written on every page: the same on every machine, in no locale.
///
/// Missing and not finite values are an en dash, never zero.
public enum NumberFormat {
  static let minus = "\u{2212}"
  static let thinSpace = "\u{2009}"
  static let space = "\u{00A0}"
  /// Stands for a value that there is not.
  public static let missing = "–"

  /// A value and, apart so that it can be set more quietly, its uncertainty.
  public struct Pair: Hashable, Sendable {
    /// `1.44`
    public let value: String
    /// `± 0.13`, empty when the uncertainty is not known.
    public let uncertainty: String
    /// Both, a no-break space between.
    public var joined: String { uncertainty.isEmpty ? value : value + space + uncertainty }
  }

  // MARK: Doses

  /// Three significant digits without a unit: `19.8`, `0.460`.
  public static func dose(_ dose: AbsorbedDose) -> String { significant(dose.grays) }

  /// Three significant digits; the uncertainty has the decimals of the value: `19.8`, `± 1.8`. In Gy.
  public static func dose(_ dose: Uncertain<AbsorbedDose>) -> Pair {
    pair(dose.value.grays, dose.standardUncertainty?.grays)
  }

  /// As ``dose(_:)-(Uncertain<AbsorbedDose>)``. In Gy/GBq.
  public static func dosePerActivity(_ dose: Uncertain<AbsorbedDosePerActivity>) -> Pair {
    pair(dose.value.graysPerGigabecquerel, dose.standardUncertainty?.graysPerGigabecquerel)
  }

  /// Three significant digits, in Gy/GBq.
  public static func dosePerActivity(_ dose: AbsorbedDosePerActivity) -> String {
    significant(dose.graysPerGigabecquerel)
  }

  /// A limit with its unit, at most four significant digits and never rounded up: `23 Gy`.
  public static func limit(_ limit: AbsorbedDose) -> String {
    guard var decimal = DecimalText(limit.grays) else { return missing }
    if let first = decimal.firstPlace { decimal.round(toPlace: first - 3, .down) }
    return decimal.shortestText() + space + "Gy"
  }

  /// A dose with its unit: `0.46 Gy`, at most three significant digits, zeros at the end kept.
  public static func grays(_ value: AbsorbedDose) -> String { dose(value) + space + "Gy" }

  // MARK: Activities and times

  /// An activity that may be given, in GBq without the unit, cut off after 0.01 GBq: 13.7785 is `13.77`.
  public static func prescribable(_ activity: Activity) -> String {
    fixed(activity.gigabecquerels, decimals: 2, .down)
  }

  /// A time-integrated activity coefficient in h: three significant digits.
  public static func coefficient(_ value: Uncertain<TimeIntegratedActivityCoefficient>) -> Pair {
    pair(value.value.hours, value.standardUncertainty?.hours)
  }

  /// A half-life or a time after administration in h with its unit: one decimal below 10 h, none above.
  public static func hours(_ time: Time) -> String {
    let hours = time.hours
    guard hours.isFinite else { return missing }
    return fixed(hours, decimals: hours.magnitude < 9.95 ? 1 : 0, .nearest) + space + "h"
  }

  /// The earliest allowed day with one decimal, never rounded down: 9.61 d is `9.7`.
  public static func earliestDay(_ time: Time) -> String { fixed(time.days, decimals: 1, .up) }

  /// The first whole day on which something is allowed: 9.703 d is `10`.
  public static func earliestWholeDay(_ time: Time) -> String { fixed(time.days, decimals: 0, .up) }

  /// Days with one decimal, dropped when it is zero: `14`, `9.5`.
  public static func days(_ time: Time) -> String {
    guard var decimal = DecimalText(time.days) else { return missing }
    decimal.round(toPlace: -1, .nearest)
    return decimal.shortestText()
  }

  // MARK: Shares

  /// A probability from 0 to 1 as `4.9 %`; extremes are bounds: `< 0.1 %`, `> 99.9 %`.
  public static func probability(_ p: Double) -> String {
    guard p.isFinite, (0...1).contains(p) else { return missing }
    if p < 0.001 { return "<" + space + fixed(0.1, decimals: 1, .nearest) + space + "%" }
    if p > 0.999 { return ">" + space + fixed(99.9, decimals: 1, .nearest) + space + "%" }
    return fixed(p * 100, decimals: 1, .nearest) + space + "%"
  }

  /// A share from 0 to 1 in whole percent: `36 %`; below half a percent `< 1 %`.
  public static func share(_ fraction: Double) -> String {
    guard fraction.isFinite else { return missing }
    if fraction > 0, fraction < 0.005 { return "<" + space + "1" + space + "%" }
    return fixed(fraction * 100, decimals: 0, .nearest) + space + "%"
  }

  // MARK: Parts

  /// A pure number with a fixed number of decimals.
  static func fixed(_ number: Double, decimals: Int, _ rounding: DecimalText.Rounding) -> String {
    guard var decimal = DecimalText(number) else { return missing }
    decimal.round(toPlace: -decimals, rounding)
    return decimal.text(decimals: decimals)
  }

  /// Three significant digits of a pure number; below 0.0001 and from a million on with a power of ten.
  static func significant(_ number: Double) -> String { pair(number, nil).value }

  static func pair(_ number: Double, _ uncertainty: Double?) -> Pair {
    guard var value = DecimalText(number) else { return Pair(value: missing, uncertainty: "") }
    guard let first = value.firstPlace else {
      return Pair(value: "0", uncertainty: uncertainty.map { "±" + space + significant($0) } ?? "")
    }
    value.round(toPlace: first - 2, .nearest)
    let place = (value.firstPlace ?? first) - 2
    if place < -6 || place > 3 {
      let power = place + 2
      let scaled = pair(scale(number, -power), uncertainty.map { scale($0, -power) })
      return Pair(
        value: "\(scaled.value)\(space)×\(space)10\(superscript(power))",
        uncertainty: uncertainty == nil
          ? "" : "\(scaled.uncertainty)\(space)×\(space)10\(superscript(power))")
    }
    return Pair(value: value.text(decimals: -place), uncertainty: uncertainty.map { quiet($0, place: place) } ?? "")
  }

  /// An uncertainty with the decimals of its value; one that would read as zero is a bound.
  private static func quiet(_ uncertainty: Double, place: Int) -> String {
    guard var decimal = DecimalText(uncertainty) else { return "" }
    let isZero = decimal.firstPlace == nil
    decimal.round(toPlace: place, .nearest)
    if decimal.firstPlace == nil, !isZero {
      let one = DecimalText(scale(1, place))?.text(decimals: -place) ?? missing
      return "±\(space)<\(space)\(one)"
    }
    return "±\(space)\(decimal.text(decimals: -place))"
  }

  /// The number times a power of ten, exact in decimal digits as far as a `Double` can hold it.
  private static func scale(_ number: Double, _ power: Int) -> Double {
    let text = number.description
    let parts = text.split(separator: "e")
    return Double("\(parts[0])e\((parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + power)") ?? number
  }

  static func superscript(_ power: Int) -> String {
    let digits = "⁰¹²³⁴⁵⁶⁷⁸⁹".map(String.init)
    return (power < 0 ? "⁻" : "")
      + String(power.magnitude).compactMap { $0.wholeNumberValue.map { digits[$0] } }.joined()
  }
}
