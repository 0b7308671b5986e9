/// How numbers of JSON and JSON5 become `Double` and back.
enum JSONNumber {
  /// 2⁵³: whole numbers up to it are exact.
  static let largestExactInteger = 9_007_199_254_740_992.0

  /// The value of a number literal, without its sign, that follows the grammar; `nil` when `Double` cannot hold it:
  /// overflow, a value that is not zero and would become zero, a whole number beyond 2⁵³.
  static func value(decimal text: String) -> Double? {
    let mantissa = text.prefix { $0 != "e" && $0 != "E" }
    let isWhole = text.utf8.allSatisfy(\.isDigit)
    let padded = (text.hasPrefix(".") ? "0" : "") + text
    guard let value = Double(padded.replacingTrailingPoint()), value.isFinite,
      value != 0 || mantissa.allSatisfy({ $0 == "0" || $0 == "." }),
      !isWhole || value < largestExactInteger || text == "9007199254740992"
    else { return nil }
    return value
  }

  /// The shortest text that reads back as the same value; whole numbers without a point.
  static func text(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension String {
  /// `5.` and `5.e3`, which JSON5 allows, as `5.0` and `5.0e3`.
  fileprivate func replacingTrailingPoint() -> String {
    guard let point = firstIndex(of: ".") else { return self }
    let next = index(after: point)
    if next < endIndex, self[next].isNumber { return self }
    return self[..<next] + "0" + self[next...]
  }
}
