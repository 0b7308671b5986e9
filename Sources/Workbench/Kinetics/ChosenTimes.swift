import Foundation
import Quantities

/// The times of a table's points that are to take part: `1,24,168`.
struct ChosenTimes: Sendable {
  private let hours: [Double]

  /// - Throws: ``CaseError`` when the text is no list of times, or the table has no point at one of them.
  init(_ text: String, of table: CurveTable) throws {
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
    let hours = words.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard hours.count == words.count, hours.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw CaseError(
        "points-invalid", "“\(text.prefix(40))” is no list of times.",
        remedy: "Write hours with commas, such as 1,24,168.",
        category: .usage)
    }
    self.hours = hours
    let there = Set(table.regions.flatMap { $0.points.map(\.time.hours) }).sorted()
    if let missing = hours.first(where: { time in !there.contains { Self.isSame(time, $0) } }) {
      throw CaseError(
        "points-missing", "The table has no point at \(shortNumber(missing)) h.",
        remedy: "It has points at \(there.map(shortNumber).joined(separator: ", ")) h.", category: .usage)
    }
  }

  /// Within a hundredth, as people write times shorter than tables do.
  private static func isSame(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 0.01 * max(1, b) }

  func contains(_ time: Time) -> Bool { hours.contains { Self.isSame($0, time.hours) } }
}
