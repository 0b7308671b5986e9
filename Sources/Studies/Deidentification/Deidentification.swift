public import DICOM
public import Provenance
import Numerics
import Quantities

/// Takes from files what tells who the patient is, so that measurements stay what they were.
///
/// Basic Application Level Confidentiality Profile of PS3.15 with the options Retain Patient Characteristics, Retain
/// Longitudinal Temporal Information Modified Dates and Retain Safe Private. All dates of a patient move by the same
/// whole days, UIDs and the Patient ID become others, the same ones wherever they stand. What a secret of the caller
/// gives cannot be undone without it.
public struct Deidentification: Sendable {
  /// What was done to files.
  public struct Report: Sendable {
    /// Files that were written.
    public fileprivate(set) var written = 0
    /// Files that were left out, each with the reason: those whose content itself may name the patient.
    public fileprivate(set) var skipped: [RefusedFile] = []
    /// How often each attribute was removed, emptied or given another value.
    public fileprivate(set) var changes: [Change: Int] = [:]
    /// How many different UIDs became others.
    public fileprivate(set) var uids = 0
    /// How many patients there were.
    public fileprivate(set) var patients = 0
    /// What is worth knowing, such as writing in the pixels.
    public fileprivate(set) var findings: [Finding] = []
  }

  /// One kind of change of one attribute.
  public struct Change: Hashable, Sendable {
    /// The attribute; all private ones count under their group.
    public let tag: Tag
    /// `removed`, `emptied`, `replaced`, `uid` or `date`.
    public let kind: String
  }

  private let secret: Digest
  /// What the user of a gamma camera calls an image; the table of the profile does not know it.
  private static let imageID = Tag(0x0054, 0x0400)

  /// - Parameter secret: without it nobody can tell which UIDs and dates belong together; the same one gives the same
  ///   names in another run.
  public init(secret: Digest) { self.secret = secret }

  /// Writes the files of an index into a folder, by study and series; of files with one UID the first.
  public func write(_ index: StudyIndex, to folder: String) throws -> Report {
    var report = Report()
    var taken: Set<String> = []
    var chosen: [(file: IndexedFile, kind: SeriesKind)] = []
    for series in index.series {
      for file in series.files {
        if taken.insert("\(file.studyUID)/\(series.uid)/\(file.sopInstanceUID)").inserted {
          chosen.append((file, series.kind))
        } else {
          report.skipped.append(
            RefusedFile(
              path: file.path, code: "duplicate-instance", reason: "Another file of the series carries the same UID."))
        }
      }
    }
    let files = chosen
    let outcomes = try inParallel(files.count) { n in try outcome(of: files[n].file, files[n].kind, to: folder) }
    var (uids, patients): (Set<String>, Set<String>) = ([], [])
    var marked: [WritingInPixels: Int] = [:]
    for outcome in outcomes {
      switch outcome {
      case .skipped(let file): report.skipped.append(file)
      case .written(let changes):
        report.written += 1
        report.changes.merge(changes.counts, uniquingKeysWith: +)
        uids.formUnion(changes.uids)
        patients.insert(changes.patient)
        if let writing = changes.writing { marked[writing, default: 0] += 1 }
      }
    }
    report.skipped += index.refused
    (report.uids, report.patients) = (uids.count, patients.count)
    report.findings += marked.sorted { $0.key < $1.key }.map { $0.key.finding(files: $0.value) }
    return report
  }

  private enum Outcome: Sendable {
    case skipped(RefusedFile)
    case written(Changes)
  }

  private struct Changes: Sendable {
    var counts: [Change: Int] = [:]
    var uids: Set<String> = []
    var patient = ""
    var writing: WritingInPixels?
  }

  private func outcome(of file: IndexedFile, _ kind: SeriesKind, to folder: String) throws -> Outcome {
    func skipped(_ code: String, _ reason: String) -> Outcome {
      .skipped(RefusedFile(path: file.path, code: code, reason: reason))
    }
    switch kind {
    case .report, .document, .picture, .presentation:
      return skipped("names-in-content", "A \(kind.rawValue) may name the patient in its content and is left out.")
    default: break
    }
    let read: DICOMFile
    do { read = try file.read() } catch let error as DICOMError {
      return skipped(error.code, error.reason)
    }
    let (bytes, changes) = try deidentified(read)
    let path =
      "\(folder)/\(uid(file.studyUID))/\(uid(file.seriesUID))"
    try Folder(path: path).make()
    try writeWhole(bytes, to: "\(path)/\(uid(file.sopInstanceUID)).dcm")
    return .written(changes)
  }

  private func deidentified(_ file: DICOMFile) throws -> (bytes: [UInt8], changes: Changes) {
    var changes = Changes()
    let dataSet = file.dataSet
    let patient = try dataSet.string(.patientID) ?? dataSet.string(.patientName) ?? "unknown"
    let pseudonym = "P" + name("patient", patient).prefix(8).uppercased()
    changes.patient = pseudonym
    changes.writing = try WritingInPixels(dataSet)
    // One to ten years back.
    let days = 366 + Int((UInt64(name("days", patient).prefix(15), radix: 16) ?? 0) % 3287)
    let bytes = try file.rewritten(adding: [
      (.patientIdentityRemoved, "CS", "YES"), (.deidentificationMethod, "LO", ConfidentialityProfile.method),
      (.longitudinalTemporalInformation, "CS", "MODIFIED"),
    ]) { (place) throws(DICOMError) in
      let (rewrite, kind) = rewrite(place, pseudonym: pseudonym, days: days)
      if let kind {
        let tag = place.isPrivate ? Tag(place.tag.group, 0) : place.tag
        changes.counts[Change(tag: tag, kind: kind), default: 0] += 1
        if kind == "uid" { changes.uids.formUnion(place.strings()) }
      }
      return rewrite
    }
    return (bytes, changes)
  }

  /// What becomes of an attribute, and what that is called.
  private func rewrite(_ place: AttributeInPlace, pseudonym: String, days: Int) -> (Rewrite, String?) {
    let tag = place.tag
    if place.isPrivate { return privateRewrite(place, days) }
    if tag == Self.imageID { return (.empty, "emptied") }
    if tag == .patientID || tag == .patientName { return (.text(pseudonym), "replaced") }
    // The codes of an earlier time say what no longer holds.
    if tag == .deidentificationMethodCodes { return (.remove, nil) }
    if ConfidentialityProfile.birth.contains(tag) { return (.empty, "emptied") }
    if ConfidentialityProfile.kept.contains(tag) { return (.keep, nil) }
    // Curves and the text and data of overlays (PS3.15 table E.1-1).
    if (0x5000...0x50FF).contains(tag.group)
      || (0x6000...0x60FF).contains(tag.group) && (tag.element == 0x3000 || tag.element == 0x4000)
    {
      return (.remove, "removed")
    }
    switch place.representation {
    case nil: return (.remove, "removed")
    case "UI":
      let values = place.strings()
      guard values.contains(where: { !Self.isStandard($0) }) else { return (.keep, nil) }
      return (.text(values.map { Self.isStandard($0) ? $0 : uid($0) }.joined(separator: "\\")), "uid")
    case "DA", "DT":
      let moved = place.strings().map { Self.moved($0, by: days) }
      guard !moved.contains(nil) else { return (.empty, "emptied") }
      return (.text(moved.compactMap { $0 }.joined(separator: "\\")), "date")
    case "TM": return (.keep, nil)
    default: break
    }
    // A region needs a name: the profile allows a dummy where it asks for none.
    switch tag == .roiName ? .dummy : ConfidentialityProfile.actions[tag] {
    case nil, .uid: return (.keep, nil)
    case .remove: return (.remove, "removed")
    case .empty: return (.empty, "emptied")
    case .dummy:
      let isName = ["LO", "SH", "PN", "ST", "LT", "UT", "UC"].contains(place.representation)
      guard isName, let value = place.strings().first, !value.isEmpty else { return (.empty, "emptied") }
      // Another text for each, so that regions with names of their own stay apart.
      return (.text("N" + name("text", value).prefix(8).uppercased()), "replaced")
    }
  }

  /// Private attributes go, but for those that say how pixels become SUV, with the name of their creator.
  private func privateRewrite(_ place: AttributeInPlace, _ days: Int) -> (Rewrite, String?) {
    let (group, element) = (place.tag.group, place.tag.element)
    let block = element < 0x100 ? element : element >> 8
    let creator = try? place.dataSet.string(Tag(group, block))
    guard place.isOutermost,
      let safe = ConfidentialityProfile.safe.first(where: { $0.creator == creator && $0.group == group })
    else { return (.remove, "removed") }
    guard element >= 0x100 else { return (.keep, nil) }
    guard safe.elements.contains(UInt8(element & 0xFF)) else { return (.remove, "removed") }
    guard safe.creator == GEScan.creator else { return (.keep, nil) }
    guard let moved = place.strings().first.flatMap({ Self.moved($0, by: days) }) else { return (.remove, "removed") }
    return (.text(moved), "date")
  }

  /// A date, or a moment that begins with one, so many days earlier; nothing stays nothing.
  static func moved(_ text: String, by days: Int) -> String? {
    guard !text.isEmpty else { return "" }
    let digits = text.split(separator: ".").map(String.init)
    let isOld = text.utf8.count == 10 && digits.count == 3
    let plain = isOld ? digits.joined() : text
    guard plain.utf8.count >= 8, plain.utf8.prefix(8).allSatisfy({ (48...57).contains($0) }),
      let year = Int(plain.prefix(4)), let month = Int(plain.dropFirst(4).prefix(2)),
      let day = Int(plain.dropFirst(6).prefix(2)),
      let moment = LocalTime(year: year, month: month, day: day)
    else { return nil }
    let moved = LocalTime(secondsSince1970: moment.secondsSince1970 - Double(days) * 86400).components
    func padded(_ number: Int, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
    }
    return padded(moved.year, 4) + padded(moved.month, 2) + padded(moved.day, 2) + plain.dropFirst(8)
  }

  private func name(_ kind: String, _ value: String) -> String {
    Digest(of: "\(secret.hexadecimal)\u{1F}\(kind)\u{1F}\(value)".utf8).hexadecimal
  }

  /// The UID that stands for another one.
  func uid(_ original: String) -> String { UIDSeed(secret).uid("deidentified\u{1F}" + original) }

  /// Whether the standard itself defines a UID.
  private static func isStandard(_ uid: String) -> Bool { uid.isEmpty || uid.hasPrefix("1.2.840.10008.") }
}
