import DICOM
import Foundation
public import JSON
import Provenance
import Studies

/// A study on its way into a new case folder: files in a staging folder under names of our own.
///
/// No name that a sender gives becomes a path. Files that are no DICOM are dropped, archives are unpacked by the rules
/// of ``ZipArchive``, and the case appears whole or not at all.
public struct StudyImport: Sendable {
  /// More files are refused.
  public static let mostFiles = 20_000
  /// More bytes of all files together are refused.
  public static let mostBytes = 8 << 30

  private let root: String
  /// Where its files wait.
  public let staging: String

  /// A new import into a folder of cases.
  ///
  /// - Parameter name: what no other import has; letters and digits alone.
  public init(into root: String, name: String) throws {
    self.root = root
    staging = root + "/.endora/incoming/" + name
    guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
      throw CaseError.internalFault("An import has no sound name.")
    }
    try Self.make(staging)
  }

  /// Removes what imports have left that were never ended.
  public static func removeAbandoned(in root: String) {
    try? FileManager.default.removeItem(atPath: root + "/.endora/incoming")
  }

  /// Adds bytes to the end of a file.
  public func append(_ bytes: [UInt8], toFile number: Int) throws {
    guard (0..<Self.mostFiles).contains(number) else {
      throw CaseError(
        "too-many-files", "An import takes \(Self.mostFiles) files.", remedy: "Import fewer, or one zip archive.")
    }
    let path = "\(staging)/\(number).part"
    let isThere = FileManager.default.fileExists(atPath: path)
    guard isThere || FileManager.default.createFile(atPath: path, contents: nil) else { throw Self.unwritable }
    do {
      let file = try FileHandle(forWritingTo: URL(filePath: path))
      defer { try? file.close() }
      try file.seekToEnd()
      try file.write(contentsOf: bytes)
    } catch { throw Self.unwritable }
  }

  /// Forgets all of it.
  public func cancel() { try? FileManager.default.removeItem(atPath: staging) }

  /// How many objects of a study have come over the network.
  public var arrived: Int {
    ((try? FileManager.default.subpathsOfDirectory(atPath: staging)) ?? []).count { $0.hasSuffix(".dcm") }
  }

  /// A name that a new case can have: 1 to 64 letters, digits, spaces, `.`, `_` and `-`, and not that of another.
  public static func checked(_ name: String, in root: String) throws -> String {
    let allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-")
    guard (1...64).contains(name.count), name.unicodeScalars.allSatisfy(allowed.contains),
      name.first.map({ $0.isLetter || $0.isNumber }) == true, name.last != " ", name.last != "."
    else {
      throw CaseError(
        "case-name", "A case cannot have this name.",
        remedy: "Use 1 to 64 letters, digits, spaces, dots and hyphens, beginning with a letter or digit.")
    }
    guard !FileManager.default.fileExists(atPath: root + "/" + name) else { throw taken(name) }
    return name
  }

  /// Makes the case.
  ///
  /// - Parameter name: the name of the new folder, as ``checked(_:in:)``.
  /// - Returns: `{"case", "files", "ignored", "series", "verdicts", "questions", "findings"}`.
  public func finish(name: String) throws -> JSONValue {
    let target = root + "/" + (try Self.checked(name, in: root))
    var findings: [Finding] = []
    try unpack(&findings)
    let index = try StudyIndex.scan(folder: staging)
    try Self.requireOnePatient(index)
    let verdicts = index.series.map { SeriesVerdict($0).document }
    let home = staging + "-case"
    try? FileManager.default.removeItem(atPath: home)
    defer { try? FileManager.default.removeItem(atPath: home) }
    try place(index, in: home + "/imaging")
    let questions = try Self.describe(index, home, name)
    guard rename(home, target) == 0 else {
      throw errno == EEXIST || errno == ENOTEMPTY ? Self.taken(name) : Self.unwritable
    }
    cancel()
    findings +=
      index.findings
      + index.refused.prefix(20).map { file in
        Finding(.caution, code: file.code, title: "A file was left out.", file.reason, origin: "Studies · index")
      }
    return [
      "case": .string(name), "files": JSONValue(index.series.reduce(0) { $0 + $1.files.count }),
      "ignored": JSONValue(index.ignored + index.refused.count), "series": JSONValue(index.series.count),
      "verdicts": .array(verdicts),
      "questions": .array(questions.map { ["path": .string($0.path), "question": .string($0.question)] }),
      "findings": .array(findings.worstFirst().map(\.document)),
    ]
  }

  /// Puts the files of archives in the place of the archives.
  private func unpack(_ findings: inout [Finding]) throws {
    for path in try Self.files(below: staging) where ZipArchive.begins(path: path) {
      let archive = try ZipArchive(path: path)
      findings += archive.findings
      for (n, entry) in archive.entries.enumerated() {
        let bytes = try archive.bytes(of: entry)
        guard (try? DICOMHeader(bytes: bytes, stamp: archive.stamp)) ?? nil != nil else { continue }
        guard FileManager.default.createFile(atPath: "\(path).\(n)", contents: Data(bytes)) else {
          throw Self.unwritable
        }
      }
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  private static func files(below folder: String) throws -> [String] {
    ((try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []).sorted().map { folder + "/" + $0 }
      .filter { (try? FileManager.default.attributesOfItem(atPath: $0)[.type]) as? FileAttributeType == .typeRegular }
  }

  /// A case is of one patient: a dose from another patient's images would harm.
  private static func requireOnePatient(_ index: StudyIndex) throws {
    guard !index.series.isEmpty else {
      throw CaseError("no-dicom", "There is no DICOM image among the files.", remedy: "Choose the folder of a study.")
    }
    let patients = Set(index.series.flatMap(\.files).map { $0.patient ?? "" })
    guard patients.count == 1 else {
      throw CaseError(
        "several-patients", "The files are of \(patients.count) patients.", remedy: "Import each patient as a case.")
    }
  }

  private func place(_ index: StudyIndex, in folder: String) throws {
    for (n, series) in index.series.enumerated() {
      let modality = (series.modality ?? "other").lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
      let home = "\(folder)/\(n + 1)-\(modality)"
      try Self.make(home)
      for (m, file) in series.files.enumerated() {
        guard rename(file.path, "\(home)/\(n + 1)-\(m + 1).dcm") == 0 else { throw Self.unwritable }
      }
    }
  }

  /// Writes the case's file: `case.json` with its questions for SPECT and planar scans, `pet.json` for a PET.
  private static func describe(
    _ index: StudyIndex, _ home: String, _ name: String
  ) throws -> [(path: String, question: String)] {
    let kinds = Set(index.series.map(\.kind))
    let isCase = kinds.contains(.pet) ? kinds.contains(.quantitativeSPECT) : !kinds.isDisjoint(with: CaseSources.kinds)
    if isCase { return try NewCase.write(in: home, named: name).questions }
    guard kinds.contains(.pet) else {
      throw CaseError(
        "nothing-to-measure", "The files hold neither a PET nor a SPECT nor planar scans.",
        remedy: "Import the reconstructed SPECT, the planar scans or the PET.")
    }
    let content: JSONValue = [
      "name": .string(name), "pet": ["folder": "imaging"], "template": "herhaus-2016", "sites": .object(JSONObject()),
    ]
    guard FileManager.default.createFile(atPath: home + "/pet.json", contents: Data((try content.text() + "\n").utf8))
    else { throw unwritable }
    return []
  }

  private static func make(_ folder: String) throws {
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      throw unwritable
    }
  }

  private static func taken(_ name: String) -> CaseError {
    CaseError("case-exists", "There already is a case “\(name)”.", remedy: "Choose another name.")
  }

  private static var unwritable: CaseError {
    CaseError(
      "import-not-written", "What came cannot be written.",
      remedy: "Check the permissions of the folder and the space.",
      category: .inputOutput)
  }
}
