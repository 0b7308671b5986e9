/// A calendar date (DA).
public struct CalendarDate: Hashable, Sendable {
  /// The year.
  public let year: Int
  /// The month, from 1.
  public let month: Int
  /// The day of the month, from 1.
  public let day: Int

  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// Reads `20261102`, or `2026.11.02` as ACR-NEMA wrote it.
  init?(dicom text: String) {
    let parts = text.split(separator: ".")
    let digits = parts.count == 3 && parts.map(\.count) == [4, 2, 2] ? parts.joined() : text
    guard digits.utf8.count == 8, let year = digits.number(0, 4), let month = digits.number(4, 2),
      let day = digits.number(6, 2), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  var dicom: String { padded(year, 4) + padded(month, 2) + padded(day, 2) }
}

/// A time of day (TM).
public struct ClockTime: Hashable, Sendable {
  /// The hour, 0 to 23.
  public let hour: Int
  /// The minute, 0 to 59.
  public let minute: Int
  /// Seconds with their fraction.
  public let second: Double

  public init(hour: Int, minute: Int, second: Double) {
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// Reads `130628.148`, parts from the right optional, or `13:06:28.148` as ACR-NEMA wrote it.
  init?(dicom text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 1 || parts.allSatisfy({ $0.prefix { $0 != "." }.count == 2 }) else { return nil }
    let halves = parts.joined().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let clock = halves[0]
    guard [2, 4, 6].contains(clock.utf8.count), let hour = clock.number(0, 2) else { return nil }
    guard let minute = clock.utf8.count > 2 ? clock.number(2, 2) : 0 else { return nil }
    guard let whole = clock.utf8.count > 4 ? clock.number(4, 2) : 0 else { return nil }
    var second = Double(whole)
    if halves.count == 2 {
      let digits = halves[1]
      guard clock.utf8.count == 6, (1...6).contains(digits.utf8.count), digits.number(0, digits.utf8.count) != nil,
        let value = Double("\(whole).\(digits)")
      else { return nil }
      second = value
    }
    guard hour < 24, minute < 60, second < 61 else { return nil }
    self.init(hour: hour, minute: minute, second: second)
  }

  /// The time to the microsecond below.
  var dicom: String {
    let micro = Int((second * 1e6).rounded())
    return padded(hour, 2) + padded(minute, 2) + padded(micro / 1_000_000, 2) + "." + padded(micro % 1_000_000, 6)
  }
}

/// A date with a time of day and, where it is known, the offset of its zone (DT).
public struct DateAndTime: Hashable, Sendable {
  /// The calendar date.
  public let date: CalendarDate
  /// The time of day.
  public let time: ClockTime
  /// Seconds east of Greenwich.
  public let utcOffset: Int?

  public init(date: CalendarDate, time: ClockTime, utcOffset: Int?) {
    self.date = date
    self.time = time
    self.utcOffset = utcOffset
  }

  /// Reads `20261102090300.000000+0100`; date and hour are required.
  init?(dicom text: String) {
    let zone = text.firstIndex { $0 == "+" || $0 == "-" } ?? text.endIndex
    let local = text[..<zone]
    guard let date = CalendarDate(dicom: String(local.prefix(8))),
      let time = ClockTime(dicom: String(local.dropFirst(8)))
    else { return nil }
    var offset: Int?
    if zone != text.endIndex {
      guard let value = UTCOffset(dicom: String(text[zone...])) else { return nil }
      offset = value.seconds
    }
    self.init(date: date, time: time, utcOffset: offset)
  }

  var dicom: String { date.dicom + time.dicom + (utcOffset.map { UTCOffset(seconds: $0).dicom } ?? "") }
}

/// The offset of a zone as DICOM writes it: `+0100`.
struct UTCOffset {
  let seconds: Int

  init(seconds: Int) { self.seconds = seconds }

  init?(dicom text: String) {
    guard text.utf8.count == 5, let sign = text.first, sign == "+" || sign == "-", let hours = text.number(1, 2),
      let minutes = text.number(3, 2), hours <= 14, minutes < 60
    else { return nil }
    seconds = (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
  }

  var dicom: String {
    let minutes = Int(seconds.magnitude / 60)
    return (seconds < 0 ? "-" : "+") + padded(minutes / 60, 2) + padded(minutes % 60, 2)
  }
}

extension DataSet {
  /// A date (DA).
  public func date(_ tag: Tag) throws(DICOMError) -> CalendarDate? {
    try moment(tag, "date", CalendarDate.init(dicom:))
  }

  /// A time of day (TM).
  public func time(_ tag: Tag) throws(DICOMError) -> ClockTime? { try moment(tag, "time", ClockTime.init(dicom:)) }

  /// A date with its time of day (DT).
  public func dateTime(_ tag: Tag) throws(DICOMError) -> DateAndTime? {
    try moment(tag, "date with a time", DateAndTime.init(dicom:))
  }

  /// Seconds east of Greenwich of an attribute such as Timezone Offset From UTC.
  public func utcOffset(_ tag: Tag) throws(DICOMError) -> Int? {
    try moment(tag, "time zone's offset", UTCOffset.init(dicom:))?.seconds
  }

  private func moment<M>(_ tag: Tag, _ kind: String, _ read: (String) -> M?) throws(DICOMError) -> M? {
    guard let text = try string(tag) else { return nil }
    guard let moment = read(text) else { throw malformed(tag, "is not a \(kind)") }
    return moment
  }
}

extension String {
  fileprivate func number(_ start: Int, _ count: Int) -> Int? {
    let digits = utf8.dropFirst(start).prefix(count)
    guard digits.count == count, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
  }
}

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
