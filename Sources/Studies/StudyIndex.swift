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
      do {
        guard let header = try DICOMHeader(path: path), !header.dataSet.contains(.directoryRecords) else {
          self = .ignored
          return
        }
        self = .indexed(try IndexedFile(header, path: path))
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

/// The files of one series.
public struct IndexedSeries: Sendable {
  /// The Series Instance UID.
  public let uid: String
  /// The files, in the order of their paths; at least one.
  public let files: [IndexedFile]

  /// The digest of all files, whatever their order and names; reads them.
  public func digest() throws -> Digest { .combining(try inParallel(files.count) { try files[$0].read().digest }) }

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

extension Tag {
  fileprivate static let directoryRecords = Tag(0x0004, 0x1220)
}
