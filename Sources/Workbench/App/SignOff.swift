import Foundation
public import JSON
import Glibc
public import Provenance
public import Quantities

/// A person's signature under a prescription: the choice, and the digests of everything it rests on.
///
/// It lies in the case's folder as `sign-off.json`. What it rests on may change afterwards; then it no longer holds, and
/// says so.
public struct SignOff: Sendable {
  static let format = "endora-sign-off-1"
  /// Its name in the case's folder.
  public static let fileName = "sign-off.json"

  /// The whole of it.
  public let document: JSONValue

  /// Who signed.
  public var actor: String { document["signedBy"]?.string ?? "" }

  /// Reads the sign-off of a case's folder; `nil` where there is none.
  ///
  /// - Throws: a refusal when the file is something else.
  public static func read(in folder: String) throws -> SignOff? {
    let path = folder + "/" + fileName
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let document = try JSONDocument(readFile(path), dialect: .strict)
    guard document.value["format"]?.string == format, document.value["inputs"]?.array != nil else {
      throw CaseError(
        "sign-off-unreadable", "\(fileName) is no sign-off of this release.",
        remedy: "Withdraw it, look at what it was, and sign again.")
    }
    return SignOff(document: document.value)
  }

  /// The digests of a case's inputs as they lie on disk, by path; of a case that cannot be read those of the files that
  /// were signed.
  public func digestsNow(in folder: String) -> [String: String] {
    let names = (document["inputs"]?.array ?? []).compactMap { $0["path"]?.string }
    let listed = (try? CaseFile.read(folder)).map { CaseInputs(of: $0.file, in: folder).entries.map(\.path) } ?? names
    let found = listed.compactMap { path -> (String, String)? in
      guard let bytes = try? readFile(path.hasPrefix("/") ? path : folder + "/" + path) else { return nil }
      return (path, Digest(of: bytes).hexadecimal)
    }
    return Dictionary(found, uniquingKeysWith: { first, _ in first })
  }

  /// What has changed since: the paths of inputs that were edited, have come or are gone, `results.json` and the program.
  ///
  /// - Parameters:
  ///   - digests: of the inputs now, by path.
  ///   - results: the digest of `results.json` now.
  public func changes(digests: [String: String], results: String?) -> [String] {
    let signed = Dictionary(
      (document["inputs"]?.array ?? []).compactMap { entry in
        entry["path"]?.string.flatMap { path in entry["sha256"]?.string.map { (path, $0) } }
      }, uniquingKeysWith: { first, _ in first })
    var changes = Set(signed.keys).union(digests.keys).filter { signed[$0] != digests[$0] }.sorted()
    if document["results"]?.string != results { changes.append("results/results.json") }
    if document["endora"]?.string != Release.version { changes.append("Endora \(Release.version)") }
    return changes
  }
}

extension CaseSession {
  /// What a person states who signs.
  public struct Statement: Sendable {
    public let choice: Choice
    /// Codes of the findings that were read.
    public let read: Set<String>
    /// Why, where the risk is above the accepted one.
    public let reason: String

    public init(choice: Choice, read: Set<String>, reason: String) {
      self.choice = choice
      self.read = read
      self.reason = reason
    }
  }

  /// Signs a prescription: checks that it may be signed, and writes it with the digests of all inputs.
  ///
  /// - Parameters:
  ///   - results: the bytes of the case's `results.json`.
  ///   - digests: of the inputs, by entry.
  /// - Throws: ``CaseError`` when the results are not those of the case as it is, the choice differs from what was
  ///   planned, cautions were not read, or the risk is above the accepted one without a reason.
  public func sign(
    _ statement: Statement, _ prepared: PreparedChoice, results: [UInt8]?, digests: [CaseInputs.Entry: Digest],
    actor: String, at moment: Timestamp
  ) throws -> SignOff {
    guard try SignOff.read(in: inputs.folder) == nil else {
      throw CaseError(
        "signed-already", "The prescription is signed.", remedy: "Withdraw the signature first; that is kept on record."
      )
    }
    guard let results, let planned = try? JSONDocument(results).value,
      planned["case"]?["digest"]?.string == file.digest.hexadecimal,
      planned["endora"]?.string == Release.version
    else {
      throw CaseError(
        "results-stale", "The results are not those of the case as it is now.", remedy: "Plan the case, then sign.")
    }
    var choice = statement.choice
    for (name, chosen, kept) in [
      ("day of the graft", choice.day, file.therapy.graft.days),
      ("accepted risk", choice.risk, file.therapy.acceptedRisk ?? Self.usualRisk),
      ("factor", choice.factor, file.settings.conversionFactor),
    ] {
      guard chosen.map({ ($0 - kept).magnitude < 1e-9 }) ?? true else { throw Self.notPlanned(name) }
    }
    guard choice.key.reading.map({ $0 == file.settings.marrowLimit.rawValue }) ?? true else {
      throw Self.notPlanned("reading of the marrow's limit")
    }
    guard choice.kidneysOnly.map({ $0 != file.settings.limitsMarrow }) ?? true else {
      throw Self.notPlanned("set of limits")
    }
    choice.kidneysOnly = nil
    let found = try whatIf(choice, prepared)
    let needed = Set(plan.findings.filter { $0.severity != .info }.map(\.code))
    guard needed.isSubset(of: statement.read) else {
      throw CaseError(
        "findings-unread", "\(needed.subtracting(statement.read).count) cautions were not confirmed as read.",
        remedy: "Read them and tick them.")
    }
    if let serious = plan.findings.first(where: { $0.severity == .serious }), Self.isBlank(statement.reason) {
      throw CaseError(
        "reason-missing", "There is a serious finding: \(serious.title)",
        remedy: "Give the reason why it is signed all the same.")
    }
    if found["isAboveRisk"]?.bool == true, Self.isBlank(statement.reason) {
      throw CaseError(
        "reason-missing", "The activity exceeds a limit with more than the accepted risk.",
        remedy: "Give a reason, or take the activity back.")
    }
    let signOff = SignOff(
      document: [
        "format": JSONValue(SignOff.format), "endora": JSONValue(Release.version),
        "disclaimer": JSONValue(Release.disclaimer), "case": JSONValue(file.name),
        "signedBy": JSONValue(actor), "signedAt": JSONValue(moment.description),
        "agent": JSONValue(file.agent), "label": found["label"] ?? .null, "activity": found["activity"] ?? .null,
        "largest": found["largest"] ?? .null, "graftDay": found["graftDay"] ?? .null,
        "acceptedRisk": found["acceptedRisk"] ?? .null, "factor": found["factor"] ?? .null,
        "governing": found["governing"] ?? .null,
        "probabilityOfExceedingAny": found["probabilityOfExceedingAny"] ?? .null, "limits": found["limits"] ?? .null,
        "earliestGraft": found["earliestGraft"] ?? .null, "reason": JSONValue(statement.reason),
        "findingsRead": .array(statement.read.sorted().map { JSONValue($0) }),
        "settings": planned["settings"] ?? [],
        "results": JSONValue(Digest(of: results).hexadecimal),
        "inputs": JSONValue(
          inputs.entries.map { ["path": JSONValue($0.path), "sha256": JSONValue(digests[$0]?.hexadecimal)] }),
      ])
    try writeAtomically(Array(try signOff.document.text().utf8), to: inputs.folder + "/" + SignOff.fileName)
    return signOff
  }

  private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

  private static func notPlanned(_ what: String) -> CaseError {
    CaseError(
      "choice-not-planned", "The \(what) differs from what was planned.",
      remedy: "Keep the choice in the case and plan it, then sign.")
  }
}

/// Writes a file beside its place, flushes it and puts it there in one step.
///
/// - Throws: ``CaseError``, exit code 74; what was there stays.
public func writeAtomically(_ bytes: [UInt8], to path: String) throws {
  let partial = "\(path).new-\(getpid())-\(UInt32.random(in: 0 ... .max))"
  func failed() -> CaseError {
    CaseError(
      "file-not-written", "\(fileName(path)) could not be written: \(String(cString: strerror(errno))).",
      remedy: "Free space or check the permissions of the folder; what was there is kept.", category: .inputOutput)
  }
  let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { throw failed() }
  var offset = 0
  while offset < bytes.count {
    let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 || errno == EINTR else { break }
    offset += max(0, count)
  }
  let isWhole = offset == bytes.count && fsync(descriptor) == 0
  close(descriptor)
  guard isWhole, rename(partial, path) == 0 else {
    let error = failed()
    unlink(partial)
    throw error
  }
  let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  if folder >= 0 {
    fsync(folder)
    close(folder)
  }
}
