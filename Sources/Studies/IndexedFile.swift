public import DICOM
public import Files
import Provenance
public import Quantities

/// A DICOM file in an index: what its header says that tells series apart and slices in order.
public struct IndexedFile: Sendable {
  /// Where it lies; for a file of an archive the archive's path with the name in it.
  public let path: String
  /// The state of the file when it was indexed.
  public let stamp: FileStamp
  /// The UID of the transfer syntax.
  public let transferSyntaxUID: String
  /// What the bytes before the mark of DICOM look like.
  public let preamble: DICOMHeader.Preamble
  /// The SOP Class UID.
  public let sopClassUID: String
  /// The SOP Instance UID.
  public let sopInstanceUID: String
  /// The Study Instance UID.
  public let studyUID: String
  /// The Series Instance UID.
  public let seriesUID: String
  /// The modality, such as `PT`, `CT` or `RTSTRUCT`.
  public let modality: String?
  /// The Series Description.
  public let seriesDescription: String?
  /// The Frame of Reference UID.
  public let frameOfReferenceUID: String?
  /// The values of Image Type.
  public let imageType: [String]
  /// The units of the pixel values, where the header names them.
  public let units: String?
  /// Rows, columns and frames; `nil` where the file is no image.
  public let size: (rows: Int, columns: Int, frames: Int)?
  /// The distance of neighbouring pixels in mm, down a column and along a row.
  public let pixelSpacing: [Double]
  /// The moment at which the acquisition began, by the clock of the scanner.
  public let acquisition: LocalTime?
  /// The Acquisition Number.
  public let acquisitionNumber: Int?
  /// The administered nuclide, such as `Lu-177`.
  public let nuclide: String?
  /// How many slices the header says that the series has.
  let declaredSlices: Int?
  /// The reasons of values that are malformed; readers of the series refuse them.
  let malformed: [String]
  let plane: SlicePlane?
  /// The volume of the frames of a reconstructed tomography in one file.
  let reconstruction: ReconstructedFrames?
  /// Whether functional groups tell what belongs to its frames.
  let isEnhanced: Bool
  /// The volume of the frames of an enhanced CT, MR or PET; what is wrong with it where there is none.
  let enhanced: Result<EnhancedFrames, StudyError>?
  /// The Patient ID.
  public let patient: String?
  /// Whether the file itself tells to what study and series it belongs.
  let hasSeriesUID: Bool
  /// The archive that holds it, with its entry.
  let packed: (archive: ZipArchive, entry: ZipArchive.Entry)?

  init(
    _ header: DICOMHeader, path: String, packed: (archive: ZipArchive, entry: ZipArchive.Entry)? = nil
  ) throws(DICOMError) {
    let dataSet = header.dataSet
    self.path = path
    self.packed = packed
    stamp = header.stamp
    transferSyntaxUID = header.transferSyntaxUID
    preamble = header.preamble
    sopClassUID = try header.uid(.sopClassUID, orMeta: .mediaStorageSOPClassUID)
    sopInstanceUID = try header.uid(.sopInstanceUID, orMeta: .mediaStorageSOPInstanceUID)
    let uids = (study: try dataSet.uid(.studyInstanceUID), series: try dataSet.uid(.seriesInstanceUID))
    hasSeriesUID = uids.study != nil && uids.series != nil
    let made = try Self.seed(dataSet, path: path)
    studyUID = uids.study ?? made.uid("study")
    seriesUID = uids.series ?? made.uid("series")
    modality = try dataSet.string(.modality)
    seriesDescription = try dataSet.string(.seriesDescription)
    frameOfReferenceUID = try dataSet.uid(.frameOfReferenceUID)
    // What follows helps to sort. Readers of a series refuse what is malformed there.
    var malformed: [String] = []
    func value<T>(_ read: () throws -> T?) -> T? {
      do {
        return try read()
      } catch {
        let reason =
          (error as? DICOMError)?.reason
          ?? (error as? StudyError).flatMap { $0.code == StudyError.impossibleDate ? $0.reason : nil }
        if let reason, !malformed.contains(reason) { malformed.append(reason) }
        return nil
      }
    }
    imageType = value { try dataSet.strings(.imageType) } ?? []
    units = value {
      try dataSet.string(.units) ?? (dataSet.activityConcentrationMapping() == nil ? nil : "BQML")
    }
    patient = value { try dataSet.string(.patientID) }
    acquisitionNumber = value { try dataSet.integer(.acquisitionNumber) }
    let spacing = value { try dataSet.decimals(.pixelSpacing) } ?? []
    acquisition = value { try dataSet.acquisitionMoment() }
    nuclide = value { try Administration(dataSet) }?.nuclide
    declaredSlices = value { try dataSet.unsigned16(.numberOfSlices) }
    let (rows, columns) = (value { try dataSet.unsigned16(.rows) }, value { try dataSet.unsigned16(.columns) })
    let frames = value { try dataSet.integer(.numberOfFrames) }
    size = rows.flatMap { rows in columns.map { (rows, $0, frames ?? 1) } }
    if let size, size.frames > 1, modality == "NM", imageType.contains("RECON TOMO") {
      plane = nil
      reconstruction = value {
        try ReconstructedFrames(dataSet, rows: size.rows, columns: size.columns, frames: size.frames)
      }
    } else {
      plane = size.flatMap { size in value { try SlicePlane(dataSet, rows: size.rows, columns: size.columns) } }
      reconstruction = nil
    }
    isEnhanced = EnhancedFrames.storageClassUIDs.contains(sopClassUID)
    if let size, isEnhanced {
      var failure: StudyError?
      let frames = value {
        do {
          return try EnhancedFrames(dataSet, rows: size.rows, columns: size.columns)
        } catch let error as StudyError {
          failure = error
          return nil
        }
      }
      enhanced = frames.map { .success($0) } ?? failure.map { .failure($0) }
      pixelSpacing = frames?.pixelSpacing ?? []
    } else {
      enhanced = nil
      pixelSpacing = spacing
    }
    self.malformed = malformed
  }

  /// Files of one folder that agree in frame of reference, modality and series number count as one series where they
  /// name none.
  private static func seed(_ dataSet: DataSet, path: String) throws(DICOMError) -> UIDSeed {
    let folder = path.lastIndex(of: "/").map { path[..<$0] } ?? ""
    let frame = try dataSet.uid(.frameOfReferenceUID) ?? ""
    let modality = try dataSet.string(.modality) ?? ""
    let number = (try? dataSet.string(.seriesNumber)) ?? ""
    return UIDSeed(Digest(of: [String(folder), frame, modality, number].joined(separator: "\u{1F}").utf8))
  }

  /// Reads the whole file; refuses it when it is no longer what was indexed.
  func read() throws -> DICOMFile {
    if let (archive, entry) = packed { return try DICOMFile(bytes: archive.bytes(of: entry)) }
    let file = try DICOMFile(path: path)
    guard file.stamp == stamp else {
      throw StudyError(
        "changed-file", "A file has changed since the folder was scanned.", remedy: "Scan the folder again.")
    }
    return file
  }
}

extension DICOMHeader {
  /// A UID of the data set; software that rewrites headers may leave it in the meta information alone.
  fileprivate func uid(_ tag: Tag, orMeta other: Tag) throws(DICOMError) -> String {
    if let uid = try dataSet.uid(tag) { return uid }
    if let uid = try meta.uid(other) { return uid }
    return try dataSet.requiredUID(tag)
  }
}

extension DataSet {
  func requiredUID(_ tag: Tag) throws(DICOMError) -> String {
    guard let uid = try uid(tag) else {
      throw DICOMError("missing-uid", "The file has no \(tag).", remedy: "Export the study again.")
    }
    return uid
  }

  /// The start of the acquisition from its date and time, or from the attribute that holds both.
  func acquisitionMoment() throws -> LocalTime? {
    if let date = try date(.acquisitionDate), let time = try time(.acquisitionTime) { return try LocalTime(date, time) }
    guard let moment = try dateTime(.acquisitionDateTime) else { return nil }
    return try LocalTime(moment.date, moment.time)
  }
}
