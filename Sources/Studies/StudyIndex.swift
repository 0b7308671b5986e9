import Numerics
import DICOM
public import Provenance
import Synchronization

/// Told of how many files of all were scanned.
public typealias ScanProgress = @Sendable (_ done: Int, _ of: Int) -> Void

/// The DICOM files below a folder, by series.
public struct StudyIndex: Sendable {
  /// The series, in the order of their UIDs.
  public let series: [IndexedSeries]
  /// The files that begin like DICOM and cannot be used.
  public let refused: [RefusedFile]
  /// How many files are something else.
  public let ignored: Int
  /// What is worth knowing about the medium: the archive or the directory.
  public let findings: [Finding]

  /// Reads all DICOM files below a folder, of a zip archive, that a DICOMDIR lists, or one file.
  ///
  /// Links in folders are followed, each file is taken once. An archive is refused whole when it is not safe (see
  /// ``ZipArchive``) and a DICOMDIR when a name in it leads out of its folder.
  /// - Parameter progress: told of how many files of all are done, at most a hundred times, from any thread.
  public static func scan(folder path: String, progress: ScanProgress? = nil) throws -> StudyIndex {
    func contents(_ count: Int, _ content: @Sendable (Int) throws -> Content) throws -> [Content] {
      guard let progress else { return try inParallel(count, content) }
      let done = Atomic(0)
      let step = max(1, (count + 99) / 100)
      return try inParallel(count) { n in
        let content = try content(n)
        let number = done.add(1, ordering: .relaxed).newValue
        if number.isMultiple(of: step) || number == count { progress(number, count) }
        return content
      }
    }
    guard let file = Folder(path: path).regularFile() else {
      let paths = try Folder(path: path).files()
      return StudyIndex(try contents(paths.count) { Content(path: paths[$0]) }, findings: [])
    }
    if ZipArchive.begins(path: file) {
      let archive = try ZipArchive(path: file)
      return StudyIndex(
        try contents(archive.entries.count) { try Content(archive.entries[$0], of: archive) },
        findings: archive.findings)
    }
    if let directory = try MediaDirectory(path: file) {
      return StudyIndex(
        try contents(directory.files.count) { Content(path: directory.files[$0]) }, findings: directory.findings)
    }
    return StudyIndex([Content(path: file)], findings: [])
  }

  /// The Patient ID of the images, if they name one; refuses images of several patients.
  @discardableResult public func onePatient() throws(StudyError) -> String? {
    let patients = Set(
      series.filter(\.kind.isMeasured).flatMap { $0.files.compactMap(\.patient) }.filter { !$0.isEmpty })
    guard patients.count < 2 else {
      throw StudyError(
        "several-patients", "The folder holds images of \(patients.count) patients.",
        remedy: "Keep the files of each patient in a folder of their own.")
    }
    return patients.first
  }

  private init(_ contents: [Content], findings: [Finding]) {
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
    series = bySeries.sorted { $0.key < $1.key }.map { IndexedSeries(uid: $0.key, files: $0.value) }
    self.refused = refused
    self.ignored = ignored
    self.findings = findings
  }

  private enum Content: Sendable {
    case ignored
    case refused(RefusedFile)
    case indexed(IndexedFile)

    init(path: String) {
      self.init(path: path, packed: nil) { () throws(DICOMError) in try DICOMHeader(path: path) }
    }

    /// Throws what makes the archive as a whole unsafe.
    init(_ entry: ZipArchive.Entry, of archive: ZipArchive) throws(DICOMError) {
      let bytes = try archive.bytes(of: entry)
      self.init(path: "\(archive.path)/\(entry.name)", packed: (archive, entry)) { () throws(DICOMError) in
        try DICOMHeader(bytes: bytes, stamp: archive.stamp)
      }
    }

    private init(
      path: String, packed: (archive: ZipArchive, entry: ZipArchive.Entry)?,
      header: () throws(DICOMError) -> DICOMHeader?
    ) {
      do {
        guard let header = try header(), !header.dataSet.contains(.directoryRecords) else {
          self = .ignored
          return
        }
        self = .indexed(try IndexedFile(header, path: path, packed: packed))
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
