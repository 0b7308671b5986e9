/// A moment with the offset of its time zone.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
  public let secondsSince1970: Double
  /// Seconds east of Greenwich of the clock that showed it.
  public let utcOffset: Int

  public init(secondsSince1970: Double, utcOffset: Int) {
    self.secondsSince1970 = secondsSince1970
    self.utcOffset = utcOffset
  }

  /// Reads `2026-11-02T09:03:00+01:00`, seconds and their fraction optional, `Z` for Greenwich.
  ///
  /// The offset is required: a clinical time without its zone is ambiguous. `nil` when the text is anything else.
  public init?(iso8601 text: String) {
    guard let zone = text.lastIndex(where: { $0 == "Z" || $0 == "+" || $0 == "-" }),
      let local = LocalTime(iso8601: String(text[..<zone]))
    else { return nil }
    let suffix = text[zone...]
    if suffix == "Z" {
      self = local.at(utcOffset: 0)
      return
    }
    let parts = suffix.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isASCIIDigit) }),
      let hours = Int(parts[0]), let minutes = Int(parts[1]), minutes < 60, hours * 60 + minutes <= 14 * 60
    else { return nil }
    self = local.at(utcOffset: (suffix.first == "-" ? -1 : 1) * (hours * 3600 + minutes * 60))
  }

  /// The time from another moment to this one.
  public static func - (a: Timestamp, b: Timestamp) -> Time { .seconds(a.secondsSince1970 - b.secondsSince1970) }

  /// The moment a time later, shown by the same clock.
  public static func + (a: Timestamp, t: Time) -> Timestamp {
    Timestamp(secondsSince1970: a.secondsSince1970 + t.seconds, utcOffset: a.utcOffset)
  }

  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.secondsSince1970 < b.secondsSince1970 }

  /// What the clock on the wall showed.
  public var local: LocalTime { LocalTime(secondsSince1970: secondsSince1970 + Double(utcOffset)) }

  /// ISO 8601 with offset, to the second: `2026-11-02T09:03:00+01:00`.
  public var description: String {
    let magnitude = utcOffset.magnitude
    let sign = utcOffset < 0 ? "-" : "+"
    return "\(local)\(sign)\(twoDigits(Int(magnitude / 3600))):\(twoDigits(Int(magnitude / 60 % 60)))"
  }
}

/// A date and time of day on some clock whose zone is not known, as most DICOM files hold it.
public struct LocalTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Seconds since 1970-01-01T00:00:00 on the same clock.
  public let secondsSince1970: Double

  public init(secondsSince1970: Double) { self.secondsSince1970 = secondsSince1970 }

  /// A calendar date and time; `nil` when there is no such moment in the Gregorian calendar from 1900 to 2200.
  public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Double = 0) {
    guard (1900...2200).contains(year), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year),
      (0..<24).contains(hour), (0..<60).contains(minute), second >= 0, second < 61
    else { return nil }
    let days = Self.daysSince1970(year, month, day)
    self.init(secondsSince1970: Double(days) * 86400 + Double(hour * 3600 + minute * 60) + second)
  }

  /// Reads `2026-11-02T09:03:00.5`, seconds optional.
  public init?(iso8601 text: String) {
    let halves = text.split(separator: "T", omittingEmptySubsequences: false)
    guard halves.count == 2 else { return nil }
    let date = halves[0].split(separator: "-", omittingEmptySubsequences: false)
    let clock = halves[1].split(separator: ":", omittingEmptySubsequences: false)
    guard date.count == 3, date.map(\.count) == [4, 2, 2], clock.count == 2 || clock.count == 3,
      clock[0].count == 2, clock[1].count == 2,
      (date + clock.prefix(2)).allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }),
      let year = Int(date[0]), let month = Int(date[1]), let day = Int(date[2]),
      let hour = Int(clock[0]), let minute = Int(clock[1])
    else { return nil }
    var second = 0.0
    if clock.count == 3 {
      let parts = clock[2].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts[0].count == 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }),
        let value = Double(clock[2])
      else { return nil }
      second = value
    }
    self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
  }

  /// The moment at which a clock with this offset showed it.
  public func at(utcOffset: Int) -> Timestamp {
    Timestamp(secondsSince1970: secondsSince1970 - Double(utcOffset), utcOffset: utcOffset)
  }

  public static func < (a: LocalTime, b: LocalTime) -> Bool { a.secondsSince1970 < b.secondsSince1970 }

  /// Year, month, day, hour, minute and whole second. A moment outside the years 1900 to 2200 shows the nearest within.
  public var components: (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    let nearest = secondsSince1970 > Self.first ? min(secondsSince1970, Self.last) : Self.first
    let whole = Int(nearest.rounded(.down))
    let days = (whole - ((whole % 86400) + 86400) % 86400) / 86400
    let rest = whole - days * 86400
    let (year, month, day) = Self.date(daysSince1970: days)
    return (year, month, day, rest / 3600, rest / 60 % 60, rest % 60)
  }

  /// The date as `2026-11-02`.
  public var date: String {
    let c = components
    return "\(c.year)-\(twoDigits(c.month))-\(twoDigits(c.day))"
  }

  /// ISO 8601 without a zone, to the second.
  public var description: String {
    let c = components
    return "\(date)T\(twoDigits(c.hour)):\(twoDigits(c.minute)):\(twoDigits(c.second))"
  }

  private static let first = Double(daysSince1970(1900, 1, 1)) * 86400
  private static let last = Double(daysSince1970(2201, 1, 1)) * 86400 - 1

  static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days of the proleptic Gregorian calendar, counted in years that begin in March.
  static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return y * 365 + y / 4 - y / 100 + y / 400 + dayOfYear - 719_468
  }

  static func date(daysSince1970 days: Int) -> (Int, Int, Int) {
    var year = 1970 + days / 366
    while daysSince1970(year + 1, 1, 1) <= days { year += 1 }
    while daysSince1970(year, 1, 1) > days { year -= 1 }
    var month = 12
    while daysSince1970(year, month, 1) > days { month -= 1 }
    return (year, month, days - daysSince1970(year, month, 1) + 1)
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}

private func twoDigits(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
