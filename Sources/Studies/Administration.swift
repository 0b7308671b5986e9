import DICOM
public import Provenance
public import Quantities

/// What a series' header tells of the radiopharmaceutical and its administration.
struct Administration: Hashable, Sendable {
  let nuclide: String?
  let halfLife: Double?
  let activity: Double?
  /// With its date.
  let dateTime: DateAndTime?
  /// Without its date.
  let time: ClockTime?

  init?(_ dataSet: DataSet) throws {
    let items = try dataSet.items(.radiopharmaceuticalInformation)
    guard items.count <= 1 else {
      throw StudyError(
        "several-radiopharmaceuticals", "The series names \(items.count) radiopharmaceuticals.",
        remedy: "Export a series of one radiopharmaceutical.")
    }
    guard let item = items.first else { return nil }
    nuclide = try Self.nuclide(item.item(.radionuclideCode))
    halfLife = try item.decimal(.radionuclideHalfLife)
    activity = try item.decimal(.radionuclideTotalDose)
    dateTime = try item.dateTime(.radiopharmaceuticalStartDateTime)
    time = try item.time(.radiopharmaceuticalStartTime)
  }

  private static func nuclide(_ code: DataSet?) throws -> String? {
    guard let code else { return nil }
    if let meaning = try code.string(.codeMeaning), let name = RadionuclideName(meaning: meaning) { return name.name }
    guard let value = try code.string(.codeValue), let scheme = try code.string(.codingSchemeDesignator) else {
      return nil
    }
    return RadionuclideName(code: value, scheme: scheme)?.name
  }
}

/// A patient's weight and an administration after their plausibility was looked at.
public struct CheckedAdministration: Sendable {
  /// The nuclide, such as `Lu-177`.
  public private(set) var nuclide: String?
  private(set) var halfLife: Time?
  /// The administered activity.
  public private(set) var activity: Activity?
  /// The administration by the clock of the image.
  public private(set) var injection: LocalTime?
  /// Seconds east of Greenwich of that clock, where the header tells it.
  public let utcOffset: Int?
  /// The patient's weight.
  public private(set) var weight: Mass?
  /// What was not used or had to be assumed.
  public private(set) var findings: [Finding] = []

  /// Whether the header tells the time of the administration without its date.
  public var isDateInferred: Bool { findings.contains { $0.code == Administration.inferredDate } }

  /// What the header of one image tells.
  ///
  /// Refuses a file that does not tell when it was acquired, several radiopharmaceuticals and an administration after
  /// the acquisition.
  public init(_ file: IndexedFile) throws {
    guard let dataSet = try DICOMHeader(path: file.path)?.dataSet,
      let start = try file.acquisition ?? QuantitativeSlice.moment(dataSet, .seriesDate, .seriesTime)
    else { throw StudyError.missingAcquisitionTime }
    try self.init(
      try Administration(dataSet), weight: try dataSet.decimal(.patientWeight), start: start,
      utcOffset: try dataSet.utcOffset(.timezoneOffsetFromUTC))
  }

  init(_ administration: Administration?, weight kilograms: Double?, start: LocalTime, utcOffset: Int?) throws {
    self.utcOffset = utcOffset
    if let kilograms {
      if (1...400).contains(kilograms) {
        weight = .kilograms(kilograms)
      } else {
        note("implausible-weight", "No weight", "The header gives a weight of \(kilograms) kg; it is not used.")
      }
    }
    guard let administration else {
      note(
        "missing-administration", "No administration in the header",
        "The header tells neither radionuclide nor administered activity nor the time of administration.")
      return
    }
    nuclide = administration.nuclide
    if let seconds = administration.halfLife {
      if seconds > 0 {
        halfLife = .seconds(seconds)
      } else {
        note("implausible-half-life", "No half-life", "The header gives a half-life of \(seconds) s; it is not used.")
      }
    }
    if let becquerels = administration.activity {
      if (1e5...1e12).contains(becquerels) {
        activity = .becquerels(becquerels)
      } else {
        note(
          "implausible-activity", "No administered activity",
          "The header gives an administered activity of \(becquerels) Bq, perhaps in another unit; it is not used.",
          .serious)
      }
    }
    let moment = try administration.moment(before: start, utcOffset: utcOffset)
    injection = moment?.time
    findings += moment?.findings ?? []
  }

  private mutating func note(
    _ code: String, _ title: String, _ text: String, _ severity: Finding.Severity = .caution
  ) {
    findings.append(Finding(severity, code: code, title: title, text, origin: "Studies"))
  }
}

extension Administration {
  fileprivate static let inferredDate = "inferred-administration-date"

  /// When the administration was, by the clock of the series, and what had to be assumed; `nil` when it is not told.
  ///
  /// A time without its date is the last one before `start`. Refuses a moment after `start`.
  func moment(before start: LocalTime, utcOffset: Int?) throws -> (time: LocalTime, findings: [Finding])? {
    let injection: LocalTime
    var findings: [Finding] = []
    if let dateTime {
      let shown = try LocalTime(dateTime.date, dateTime.time)
      if let offset = dateTime.utcOffset, let utcOffset {
        injection = shown.at(utcOffset: offset).shown(utcOffset: utcOffset)
      } else {
        injection = shown
      }
    } else if let time {
      let seconds = Double(time.hour * 3600 + time.minute * 60) + time.second
      let midnight = (start.secondsSince1970 / 86400).rounded(.down) * 86400
      let sameDay = LocalTime(secondsSince1970: midnight + seconds)
      injection = sameDay > start ? LocalTime(secondsSince1970: sameDay.secondsSince1970 - 86400) : sameDay
      findings.append(
        Finding(
          .caution, code: Self.inferredDate, title: "Date of administration inferred.",
          "The header gives a time of administration without its date; \(injection.date) is the last one before the "
            + "acquisition.", origin: "Studies"))
    } else {
      return nil
    }
    guard injection <= start else {
      throw StudyError(
        "administration-after-acquisition",
        "The administration at \(injection) is after the start of the acquisition at \(start).",
        remedy: "Check the clocks, the date and the time zone.")
    }
    return (injection, findings)
  }
}

extension StudyError {
  static let impossibleDate = "impossible-date"
  static let missingAcquisitionTime = StudyError(
    "missing-acquisition-time", "The series does not tell when it was acquired.",
    remedy: "Export the series again with its acquisition date and time.")
}

extension LocalTime {
  /// Refuses a date that is not in the calendar.
  init(_ date: CalendarDate, _ time: ClockTime) throws {
    guard
      let moment = LocalTime(
        year: date.year, month: date.month, day: date.day, hour: time.hour, minute: time.minute, second: time.second)
    else {
      throw StudyError(
        StudyError.impossibleDate, "The header holds a date that is not in the calendar.",
        remedy: "Export the study again.")
    }
    self = moment
  }
}

extension Timestamp {
  /// What a clock with another offset showed at that moment.
  func shown(utcOffset: Int) -> LocalTime {
    Timestamp(secondsSince1970: secondsSince1970, utcOffset: utcOffset).local
  }
}
