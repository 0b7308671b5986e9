import Numerics
import DICOM
public import Provenance

/// The DICOM files below a folder, by series.
public struct StudyIndex: Sendable {
  /// The series, in the order of their UIDs.
  public let series: [IndexedSeries]
  /// The files that begin like DICOM and cannot be used.
  public let refused: [RefusedFile]
  /// How many files are something else.
  public let ignored: Int

  /// Reads all DICOM files below a folder; links are followed, each file is taken once.
  public static func scan(folder: String) throws -> StudyIndex {
    let paths = try Folder(path: folder).files()
    let contents = try inParallel(paths.count) { Content(path: paths[$0]) }
    var bySeries: [String: [IndexedFile]] = [:]
    var refused: [RefusedFile] = []
    var ignored = 0
    for content in contents {
      switch content {
      case .ignored: ignored += 1
      case .refused(let file): refused.append(file)
      case .indexed(let file): bySeries[file.seriesUID, default: []].append(file)
      }
    }
    let series = bySeries.sorted { $0.key < $1.key }.map { IndexedSeries(uid: $0.key, files: $0.value) }
    return StudyIndex(series: series, refused: refused, ignored: ignored)
  }

  private enum Content: Sendable {
    case ignored
    case refused(RefusedFile)
    case indexed(IndexedFile)

    init(path: String) {
      guard DICOMFile.beginsLikeDICOM(path: path) else {
        self = .ignored
        return
      }
      do {
        let file = try DICOMFile(path: path)
        self = file.dataSet.contains(.directoryRecords) ? .ignored : .indexed(try IndexedFile(file, path: path))
      } catch {
        self = .refused(RefusedFile(path: path, code: error.code, reason: error.reason))
      }
    }
  }
}

/// A file that begins like DICOM and cannot be used.
public struct RefusedFile: Sendable {
  /// Where it lies.
  public let path: String
  /// The code of the refusal, such as `truncated`.
  public let code: String
  /// One sentence: what was found.
  public let reason: String
}

/// A DICOM file in an index.
public struct IndexedFile: Sendable {
  /// Where it lies.
  public let path: String
  /// The digest of the file.
  public let digest: Digest
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

  init(_ file: DICOMFile, path: String) throws(DICOMError) {
    let dataSet = file.dataSet
    self.path = path
    digest = file.digest
    sopClassUID = try dataSet.requiredUID(.sopClassUID)
    sopInstanceUID = try dataSet.requiredUID(.sopInstanceUID)
    studyUID = try dataSet.requiredUID(.studyInstanceUID)
    seriesUID = try dataSet.requiredUID(.seriesInstanceUID)
    modality = try dataSet.string(.modality)
    seriesDescription = try dataSet.string(.seriesDescription)
    frameOfReferenceUID = try dataSet.uid(.frameOfReferenceUID)
  }
}

/// The files of one series.
public struct IndexedSeries: Sendable {
  /// The Series Instance UID.
  public let uid: String
  /// The files, in the order of their paths; at least one.
  public let files: [IndexedFile]
  /// The digest of all files, whatever their order and names.
  public let digest: Digest

  init(uid: String, files: [IndexedFile]) {
    self.uid = uid
    self.files = files
    digest = .combining(files.map(\.digest))
  }

  /// The Study Instance UID.
  public var studyUID: String? { files.first?.studyUID }
  /// The modality, such as `PT`, `CT` or `RTSTRUCT`.
  public var modality: String? { files.first?.modality }
  /// The SOP Class UID.
  public var sopClassUID: String? { files.first?.sopClassUID }
  /// The Series Description.
  public var description: String? { files.first?.seriesDescription }
  /// The Frame of Reference UID.
  public var frameOfReferenceUID: String? { files.first?.frameOfReferenceUID }
}

extension IndexedFile {
  /// Reads the file again; refuses it when it is no longer what was indexed.
  func read() throws -> DICOMFile {
    let file = try DICOMFile(path: path)
    guard file.digest == digest else {
      throw StudyError(
        "changed-file", "A file has changed since the folder was scanned.", remedy: "Scan the folder again.")
    }
    return file
  }
}

extension DataSet {
  func requiredUID(_ tag: Tag) throws(DICOMError) -> String {
    guard let uid = try uid(tag) else {
      throw DICOMError("missing-uid", "The file has no \(tag).", remedy: "Export the study again.")
    }
    return uid
  }
}

extension Tag {
  fileprivate static let directoryRecords = Tag(0x0004, 0x1220)
}
