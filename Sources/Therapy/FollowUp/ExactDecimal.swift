import Foundation

/// A decimal number as it was written, so that 1.2 is exactly 1.5 × 0.8 and bounds decide as on paper.
public struct ExactDecimal: Hashable, Comparable, Sendable, CustomStringConvertible {
  private let value: Decimal

  /// Reads digits with an optional sign and decimal point, at most 15 digits; `nil` for anything else.
  public init?(_ text: String) {
    guard text.wholeMatch(of: /-?[0-9]+(\.[0-9]+)?/) != nil, text.count(where: \.isNumber) <= 15,
      let value = Decimal(string: text, locale: Locale(identifier: "en_US_POSIX"))
    else { return nil }
    self.value = value
  }

  /// The shortest decimal that a number prints as; `nil` when it is not finite or needs an exponent.
  public init?(_ number: Double) {
    let text = number.description
    self.init(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
  }

  private init(_ value: Decimal) { self.value = value }

  public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
  public static func * (a: Self, b: Self) -> Self { Self(a.value * b.value) }
  public static func + (a: Self, b: Self) -> Self { Self(a.value + b.value) }
  public static func - (a: Self, b: Self) -> Self { Self(a.value - b.value) }
  public var description: String { value.description }
  /// The nearest binary number, for display and files.
  public var double: Double { NSDecimalNumber(decimal: value).doubleValue }
}

extension ExactDecimal: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self.init(Decimal(value)) }

  /// So many hundredths: bounds of rules in exact form.
  static func hundredths(_ value: Int) -> Self { Self(Decimal(value) / 100) }
}
