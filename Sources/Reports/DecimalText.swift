import Wording

/// A number as decimal digits, so that rounding never meets a binary fraction.
///
/// The digits are those of the shortest text that reads back as the same number, rounded to thirteen significant
/// digits: noise of the last binary places does not push 13.77 below itself.
struct DecimalText {
  enum Rounding { case nearest, down, up }

  private(set) var isNegative: Bool
  /// Most significant first, no leading zero; empty for zero.
  private var digits: [Int]
  /// The power of ten of the last digit.
  private var exponent: Int

  /// `nil` when the number is infinite or NaN.
  init?(_ number: Double) {
    guard number.isFinite else { return nil }
    isNegative = number < 0
    let parts = number.magnitude.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    digits = (mantissa[0] + fraction).compactMap(\.wholeNumberValue)
    exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) - fraction.count
    digits = Array(digits.drop { $0 == 0 })
    if let first = firstPlace { round(toPlace: first - 12, .nearest) }
  }

  /// The power of ten of the first digit; `nil` for zero.
  var firstPlace: Int? { digits.isEmpty ? nil : exponent + digits.count - 1 }

  /// Rounds the magnitude, so that nothing stands behind a power of ten.
  mutating func round(toPlace place: Int, _ rounding: Rounding) {
    guard place > exponent else { return }
    let kept = digits.count - (place - exponent)
    let carries =
      switch rounding {
      case .down: false
      case .up: digits[max(kept, 0)...].contains { $0 != 0 }
      case .nearest: kept >= 0 && digits[kept] >= 5
      }
    digits = kept > 0 ? Array(digits[..<kept]) : []
    exponent = place
    if carries { increment() }
    if digits.isEmpty { isNegative = false }
  }

  private mutating func increment() {
    for index in digits.indices.reversed() {
      if digits[index] < 9 {
        digits[index] += 1
        return
      }
      digits[index] = 0
    }
    digits.insert(1, at: 0)
  }

  /// The text with a true minus, thin spaces between thousands and a fixed number of decimals.
  func text(decimals: Int) -> String {
    let places = max(decimals, 0)
    var all = digits + Array(repeating: 0, count: max(0, exponent + places))
    if exponent + places < 0 { all.removeLast(min(all.count, -(exponent + places))) }
    all = Array(repeating: 0, count: max(0, places + 1 - all.count)) + all
    let whole = all.dropLast(places).map(String.init)
    var grouped = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { grouped += NumberFormat.thinSpace }
      grouped += digit
    }
    let fraction = all.suffix(places).map(String.init).joined()
    return (isNegative ? NumberFormat.minus : "") + grouped
      + (places > 0 ? Language.current.decimalMark + fraction : "")
  }

  /// The text without zeros at its end.
  func shortestText() -> String {
    if digits.isEmpty { return "0" }
    let trailing = digits.reversed().prefix { $0 == 0 }.count
    return text(decimals: max(0, -(exponent + trailing)))
  }
}
