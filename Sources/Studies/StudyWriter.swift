public import DICOM
public import Quantities

/// Writes the series of one study of a synthetic patient; the same input gives the same bytes.
public struct StudyWriter: Sendable {
  /// Names the study among those of the same seed; its UID depends on it.
  public let study: String
  /// The patient's name as DICOM writes it.
  public let patientName: String
  /// The Patient ID.
  public let patientID: String
  /// The patient's weight.
  public let patientWeight: Mass?
  /// The start of the study.
  public let started: Timestamp
  /// What all UIDs come from. Studies of one seed share their frames of reference.
  public let seed: UIDSeed

  public init(
    study: String, patientName: String, patientID: String, patientWeight: Mass?, started: Timestamp, seed: UIDSeed
  ) {
    self.study = study
    self.patientName = patientName
    self.patientID = patientID
    self.patientWeight = patientWeight
    self.started = started
    self.seed = seed
  }

  /// The Study Instance UID.
  public var studyUID: String { uid("study", study) }

  /// The UID of a frame of reference, by its name.
  public func frameOfReferenceUID(_ name: String) -> String { uid("frame of reference", name) }

  /// The attributes that all instances of a series share; the number tells the series of a study apart.
  func header(
    sopClassUID: String, modality: String, series: String, number: Int, acquired: Timestamp, frameOfReferenceUID: String
  ) -> DataSetDraft {
    var draft = DataSetDraft()
    draft.put(.specificCharacterSet, "ISO_IR 192")
    draft.put(.sopClassUID, sopClassUID)
    draft.put(.studyDate, date: started.on(acquired).calendarDate)
    draft.put(.studyTime, time: started.on(acquired).clockTime)
    draft.put(.seriesDate, date: acquired.calendarDate)
    draft.put(.seriesTime, time: acquired.clockTime)
    draft.put(.timezoneOffsetFromUTC, utcOffset: acquired.utcOffset)
    draft.put(.accessionNumber)
    draft.put(.modality, modality)
    draft.put(.manufacturer, "Endora")
    draft.put(.manufacturerModelName, "Synthetic patient")
    draft.put(.referringPhysicianName)
    draft.put(.studyDescription, study)
    draft.put(.seriesDescription, series)
    draft.put(.patientName, patientName)
    draft.put(.patientID, patientID)
    draft.put(.patientBirthDate)
    draft.put(.patientSex)
    if let patientWeight { draft.put(.patientWeight, decimal: patientWeight.kilograms) }
    draft.put(.studyInstanceUID, studyUID)
    draft.put(.seriesInstanceUID, seriesUID(number))
    draft.put(.studyID)
    draft.put(.seriesNumber, integer: number)
    draft.put(.frameOfReferenceUID, frameOfReferenceUID)
    draft.put(.positionReferenceIndicator)
    return draft
  }

  func seriesUID(_ number: Int) -> String { uid("series", study, String(number)) }

  func instanceUID(_ number: Int, _ index: Int) -> String { uid("instance", study, String(number), String(index)) }

  /// The parts are kept apart by a character that no name holds.
  private func uid(_ parts: String...) -> String { seed.uid(parts.joined(separator: "\u{1F}")) }
}

/// A series that was written.
public struct WrittenSeries: Sendable {
  /// The Series Instance UID.
  public let uid: String
  /// The SOP Class UID.
  public let sopClassUID: String
  /// The Frame of Reference UID.
  public let frameOfReferenceUID: String
  /// The SOP Instance UIDs, in the order of the slices.
  public let instanceUIDs: [String]
  /// The files, in the same order.
  public let paths: [String]
}

extension Timestamp {
  /// The same moment by the clock that showed another one.
  func on(_ other: Timestamp) -> Timestamp {
    Timestamp(secondsSince1970: secondsSince1970, utcOffset: other.utcOffset)
  }

  var calendarDate: CalendarDate {
    let c = local.components
    return CalendarDate(year: c.year, month: c.month, day: c.day)
  }

  var clockTime: ClockTime {
    let c = local.components
    let seconds = local.secondsSince1970
    return ClockTime(hour: c.hour, minute: c.minute, second: Double(c.second) + seconds - seconds.rounded(.down))
  }

  var dateAndTime: DateAndTime { DateAndTime(date: calendarDate, time: clockTime, utcOffset: utcOffset) }
}
