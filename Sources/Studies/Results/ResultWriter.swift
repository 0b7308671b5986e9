import DICOM
import Provenance
public import Quantities

/// Writes results as objects of the study that they come from: same patient, study and frame of reference.
///
/// UIDs follow from the source, the name of the result and the moment, so that the same input gives the same bytes.
public struct ResultWriter: Sendable {
  /// The series that was measured.
  let source: IndexedSeries
  /// The moment at which the result was made.
  public let created: Timestamp
  private let patientAndStudy: DataSetDraft
  private let seed: UIDSeed

  /// Takes patient and study from the first file of a series.
  public init(source: IndexedSeries, created: Timestamp) throws {
    self.source = source
    self.created = created
    seed = UIDSeed(Digest(of: "\(source.uid) \(created)".utf8))
    guard let first = source.files.first else {
      throw StudyError("too-few-slices", "The series has no files.", remedy: "Name a series with images.")
    }
    let dataSet = try first.read().dataSet
    var draft = DataSetDraft()
    for tag in Self.inherited {
      draft.put(tag, try dataSet.strings(tag).map { Self.fitting(Self.writable($0), tag) })
    }
    for tag in Self.inheritedWhereKnown {
      let values = try dataSet.strings(tag)
      if values.contains(where: { !$0.isEmpty }) { draft.put(tag, values.map(Self.writable)) }
    }
    patientAndStudy = draft
  }

  /// The attributes of patient, study, series and equipment, and of the instance.
  ///
  /// - Parameter name: tells this result from others of the same source.
  func header(
    sopClassUID: String, modality: String, name: String, number: Int, frameOfReferenceUID: String? = nil
  ) -> DataSetDraft {
    var draft = patientAndStudy
    draft.put(.specificCharacterSet, "ISO_IR 192")
    draft.put(.sopClassUID, sopClassUID)
    draft.put(.sopInstanceUID, uid("instance", name))
    draft.put(.seriesInstanceUID, uid("series", name))
    draft.put(.modality, modality)
    draft.put(.seriesNumber, integer: number)
    draft.put(.instanceNumber, integer: 1)
    draft.put(.seriesDescription, String(name.prefix(64)))
    // Images have a side, be it unknown; a segmentation has none.
    if modality != "SEG" { draft.put(.laterality) }
    for (date, time) in [(Tag.seriesDate, Tag.seriesTime), (.contentDate, .contentTime)] {
      draft.put(date, date: created.calendarDate)
      draft.put(time, time: created.clockTime)
    }
    draft.put(.timezoneOffsetFromUTC, utcOffset: created.utcOffset)
    draft.put(.manufacturer, "Endora")
    draft.put(.manufacturerModelName, "Endora")
    draft.put(.deviceSerialNumber, "none")
    draft.put(.softwareVersions, Release.version)
    if let frameOfReferenceUID {
      draft.put(.frameOfReferenceUID, frameOfReferenceUID)
      draft.put(.positionReferenceIndicator)
    }
    return draft
  }

  /// The UID of a part of a result.
  func uid(_ kind: String, _ name: String) -> String { seed.uid(kind + "\u{1F}" + name) }

  /// The images of the source, as Common Instance Reference lists them (PS3.3 C.12.2).
  var referencedSeries: DataSetDraft {
    var series = DataSetDraft()
    series.put(.seriesInstanceUID, source.uid)
    series.put(.referencedInstances, items: source.files.map(Self.reference))
    return series
  }

  /// From what and how the frames were made (PS3.3 C.7.6.16.2.6).
  func derivation(_ how: Code) -> DataSetDraft {
    var derivation = DataSetDraft()
    derivation.put(.derivationCode, items: [how.item])
    derivation.put(
      .sourceImage,
      items: source.files.map { file in
        var image = Self.reference(to: file)
        image.put(
          .purposeOfReference,
          items: [Code("121322", "DCM", "Source image for image processing operation").item])
        return image
      })
    return derivation
  }

  static func reference(to file: IndexedFile) -> DataSetDraft {
    var item = DataSetDraft()
    item.put(.referencedSOPClassUID, file.sopClassUID)
    item.put(.referencedSOPInstanceUID, file.sopInstanceUID)
    return item
  }

  /// Text of another program without what DICOM does not allow in it.
  private static func writable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0 != "\\" }))
  }

  /// Numbers of studies that are longer than DICOM allows (SH, 16 characters) stay empty: a part would name another.
  private static func fitting(_ text: String, _ tag: Tag) -> String {
    [.studyID, .accessionNumber].contains(tag) && text.unicodeScalars.count > 16 ? "" : text
  }

  private static let inherited: [Tag] = [
    .studyDate, .studyTime, .accessionNumber, .referringPhysicianName, .patientName, .patientID, .patientBirthDate,
    .patientSex, .studyInstanceUID, .studyID,
  ]
  private static let inheritedWhereKnown: [Tag] = [.studyDescription, .patientWeight, .patientSize, .patientAge]
}

/// A result that was written.
public struct WrittenResult: Hashable, Sendable {
  /// Where it lies.
  public let path: String
  /// What it is, such as `parametric map`.
  public let kind: String
  /// The SOP Class UID.
  public let sopClassUID: String
  /// The SOP Instance UID.
  public let sopInstanceUID: String
  /// The Series Instance UID.
  public let seriesUID: String
}

extension ResultWriter {
  /// Writes a result and says what was written.
  func write(_ draft: DataSetDraft, kind: String, name: String, sopClassUID: String, to path: String) throws
    -> WrittenResult
  {
    if let slash = path.lastIndex(of: "/") { try Folder(path: String(path[..<slash])).make() }
    try draft.write(to: path)
    return WrittenResult(
      path: path, kind: kind, sopClassUID: sopClassUID, sopInstanceUID: uid("instance", name),
      seriesUID: uid("series", name))
  }
}
