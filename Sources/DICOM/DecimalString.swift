import Glibc

/// A number as text of at most 16 characters (PS3.5 6.2, DS): the shortest that reads back as the same number, or
/// else the one with the most digits that fit.
public func decimalString(_ number: Double) -> String {
  let shortest = number.magnitude < 1e15 && number == number.rounded() ? "\(Int(number))" : "\(number)"
  guard shortest.utf8.count > 16, number.isFinite else { return shortest }
  for digits in stride(from: 15, through: 1, by: -1) {
    let text = significant(number, digits)
    if text.utf8.count <= 16 { return text }
  }
  return significant(number, 1)
}

/// A finite number that is not zero rounded to so many significant digits.
private func significant(_ number: Double, _ digits: Int) -> String {
  var text = [CChar](repeating: 0, count: 40)
  withVaList([Int32(digits), number]) { _ = vsnprintf(&text, text.count, "%.*g", $0) }
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
