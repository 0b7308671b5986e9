public import Archive
import Foundation
public import JSON
import Laboratory
import Provenance
public import Quantities

/// The changes of a file of a case that were made in the app: each is in the file at once, in the audit trail, and can
/// be undone and done again.
///
/// The trail holds the digest of the file before and after; both texts are kept in the archive. A file that was edited
/// elsewhere in between has no change to undo. A file that is not there is as an empty one.
public struct CaseHistory {
  /// What is changed.
  public enum Document: Sendable {
    case caseFile
    /// The gates that a person drew.
    case gates

    var file: String {
      switch self {
      case .caseFile: "case.json"
      case .gates: GatingPage.file
      }
    }

    fileprivate var actions: (change: String, undo: String, redo: String) {
      switch self {
      case .caseFile: ("change", "undo", "redo")
      case .gates: ("gates-change", "gates-undo", "gates-redo")
      }
    }

    fileprivate func check(_ bytes: [UInt8]) throws {
      switch self {
      case .caseFile: try CaseFile.checkWithQuestions(bytes)
      case .gates: if !bytes.isEmpty { _ = try GateSet(gatingML: bytes) }
      }
    }
  }

  private let archive: Archive
  private let root: String
  private let path: String
  private let kind: Document

  /// - Parameters:
  ///   - root: the folder of the archive.
  ///   - path: the case's folder below it.
  public init(_ archive: Archive, root: String, path: String, _ kind: Document = .caseFile) {
    self.archive = archive
    self.root = root
    self.path = path
    self.kind = kind
  }

  private var file: String { root + "/" + path + "/" + kind.file }

  private struct Step {
    let before: String
    let after: String
    let what: String
  }

  /// While one changes the file no other does, from the look at what is there to what comes in its place.
  private func alone<Result>(_ act: () throws -> Result) throws -> Result {
    let folder = open(root + "/" + path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(folder) }
    guard folder >= 0, flock(folder, LOCK_EX) == 0 else {
      throw CaseError(
        "case-locked", "The folder of the case cannot be locked.", remedy: "Check its permissions.",
        category: .inputOutput)
    }
    return try act()
  }

  /// The changes that can be undone and done again, oldest first.
  private func steps(_ digest: String) throws -> (undo: [Step], redo: [Step]) {
    var undo: [Step] = []
    var redo: [Step] = []
    let actions = kind.actions
    for row in try archive.auditTrail()
    where row.subject == path && [actions.change, actions.undo, actions.redo].contains(row.action) {
      guard let detail = try? JSONDocument(row.detail).value, let before = detail["before"]?.string,
        let after = detail["after"]?.string
      else { continue }
      switch row.action {
      case actions.undo: if let step = undo.popLast() { redo.append(step) }
      case actions.redo: if let step = redo.popLast() { undo.append(step) }
      default:
        if undo.last.map({ $0.after != before }) ?? false { undo = [] }
        undo.append(Step(before: before, after: after, what: detail["what"]?.string ?? ""))
        redo = []
      }
    }
    return (undo.last?.after == digest ? undo : [], redo.last?.before == digest ? redo : [])
  }

  /// `{"undo": what the last change was, "redo": what was undone last}`, null where there is none.
  public func document(digest: String) throws -> JSONValue {
    let (undo, redo) = try steps(digest)
    return ["undo": JSONValue(undo.last?.what), "redo": JSONValue(redo.last?.what)]
  }

  /// Changes the case file.
  ///
  /// - Parameters:
  ///   - digest: of the case file that the person saw; another one is refused.
  ///   - what: the change in words.
  /// - Throws: a refusal of the edit, or of the case file that would come of it; nothing is changed then.
  public func change(_ edits: [JSONEdit], seen digest: String, what: String, actor: String, at moment: Timestamp) throws
  {
    try alone {
      let before = try current(seen: digest)
      var bytes = before
      for edit in edits { bytes = try edit.applied(to: bytes) }
      guard bytes != before else { return }
      try replace(before, by: bytes, action: kind.actions.change, what: what, actor: actor, at: moment)
    }
  }

  /// Puts another text in the place of the file's.
  public func replace(with bytes: [UInt8], seen digest: String, what: String, actor: String, at moment: Timestamp)
    throws
  {
    try alone {
      let before = try current(seen: digest)
      guard bytes != before else { return }
      try replace(before, by: bytes, action: kind.actions.change, what: what, actor: actor, at: moment)
    }
  }

  /// Answers a question that the case asks, as ``CaseQuestions/answer(_:_:)`` says.
  public func answer(_ field: String, _ value: JSONValue?, seen digest: String, actor: String, at moment: Timestamp)
    throws
  {
    let (edit, what) = try CaseQuestions(try current(seen: digest)).answer(field, value)
    try change([edit], seen: digest, what: what, actor: actor, at: moment)
  }

  /// Takes back the last change, or does it again.
  public func step(back: Bool, seen digest: String, actor: String, at moment: Timestamp) throws {
    try alone {
      let before = try current(seen: digest)
      let (undo, redo) = try steps(digest)
      guard let step = back ? undo.last : redo.last else {
        throw CaseError(
          "nothing-to-undo", back ? "There is no change to undo." : "There is no change to do again.",
          remedy: "Changes made outside the app are not undone here.")
      }
      guard let bytes = archive.result(back ? step.before : step.after) else {
        throw CaseError(
          "object-damaged", "The archive no longer has the case as it was.", remedy: "Change the case by hand.")
      }
      try replace(
        before, by: bytes, action: back ? kind.actions.undo : kind.actions.redo, what: step.what, actor: actor,
        at: moment
      )
    }
  }

  private func current(seen digest: String) throws -> [UInt8] {
    guard try SignOff.read(in: root + "/" + path) == nil else {
      throw CaseError(
        "signed", "The prescription is signed; its case is not changed.",
        remedy: "Withdraw the signature first; that is kept on record.")
    }
    let isAbsent = kind == .gates && !FileManager.default.fileExists(atPath: file)
    let bytes = isAbsent ? [] : try readFile(file)
    guard Digest(of: bytes).hexadecimal == digest else {
      throw CaseError(
        "case-changed", "The case was changed elsewhere since it was shown.", remedy: "Load the page again.")
    }
    return bytes
  }

  private func replace(
    _ before: [UInt8], by bytes: [UInt8], action: String, what: String, actor: String, at moment: Timestamp
  ) throws {
    try kind.check(bytes)
    let detail: JSONValue = [
      "what": JSONValue(what), "before": JSONValue(try archive.keep(before)),
      "after": JSONValue(try archive.keep(bytes)),
    ]
    try archive.note(
      action: action, subject: path, detail: detail.text(indented: false), actor: actor, at: moment.description)
    guard kind == .gates, bytes.isEmpty else { return try writeAtomically(bytes, to: file) }
    try FileManager.default.removeItem(atPath: file)
  }
}

/// A change that a page asks for.
public enum CaseChange: Sendable {
  case model(region: String, String?)
  case exclude(region: String, time: Double, reason: String)
  case include(region: String, time: Double)
  case choice(day: Double?, risk: Double?, factor: Double?, reading: String?, limits: String?)

  /// Reads `{"kind": "model", "region": "Liver", "model": "F2"}` and its like.
  public init(_ value: JSONValue) throws {
    func text(_ key: String) throws -> String {
      guard let text = value[key]?.string, !text.isEmpty, text.utf8.count <= 400 else {
        throw CaseError("change-invalid", "The change lacks \(key).", remedy: "Load the page again.")
      }
      return text
    }
    func number(_ key: String) throws -> Double {
      guard let number = value[key]?.double else {
        throw CaseError("change-invalid", "The change lacks \(key).", remedy: "Load the page again.")
      }
      return number
    }
    switch value["kind"]?.string {
    case "model":
      let model = try text("model")
      self = .model(region: try text("region"), model == "auto" ? nil : model)
    case "exclude":
      let reason = try text("reason")
      guard !reason.allSatisfy(\.isWhitespace) else {
        throw CaseError(
          "reason-missing", "A point is excluded without a reason.", remedy: "Say why it is not to be used.")
      }
      self = .exclude(region: try text("region"), time: try number("time"), reason: reason)
    case "include": self = .include(region: try text("region"), time: try number("time"))
    case "choice":
      self = .choice(
        day: value["day"]?.double, risk: value["risk"]?.double, factor: value["factor"]?.double,
        reading: value["reading"]?.string, limits: value["limits"]?.string)
    default:
      throw CaseError("change-invalid", "There is no such change.", remedy: "Load the page again.")
    }
  }

  /// In words, for the audit trail.
  public var what: String {
    switch self {
    case .model(let region, let model): "\(region): model \(model ?? "auto")"
    case .exclude(let region, let time, let reason): "\(region): point at \(shortNumber(time)) h excluded: \(reason)"
    case .include(let region, let time): "\(region): point at \(shortNumber(time)) h used again"
    case .choice(let day, let risk, let factor, let reading, let limits):
      [
        day.map { "graft day \(shortNumber($0))" }, risk.map { "risk \(shortNumber($0 * 100)) %" },
        factor.map { "factor \(shortNumber($0))" }, reading.map { "A7-1 \($0)" }, limits.map { "limits \($0)" },
      ].compactMap(\.self).joined(separator: ", ")
    }
  }

  /// The edits of the case file.
  public func edits(of file: CaseFile) throws -> [JSONEdit] {
    func region(_ name: String) throws -> (CaseFile.Region, JSONPath) {
      guard let index = file.regions.firstIndex(where: { $0.name == name }) else {
        throw CaseError("region-unknown", "The case has no such region.", remedy: "Load the page again.")
      }
      return (file.regions[index], JSONPath().appending("regions").appending(index))
    }
    func list(_ excluded: [(time: Double, reason: String)]) -> JSONValue? {
      excluded.isEmpty
        ? Optional<JSONValue>.none
        : JSONValue(excluded.map { ["time_h": .number($0.time), "reason": JSONValue($0.reason)] })
    }
    switch self {
    case .model(let name, let model):
      return [JSONEdit(try region(name).1.appending("model"), model.map { JSONValue($0) })]
    case .exclude(let name, let time, let reason):
      let (found, path) = try region(name)
      let others = found.excluded.map { (time: $0.time.hours, reason: $0.reason) }.filter { abs($0.time - time) > 0.01 }
      return [JSONEdit(path.appending("excluded"), list(others + [((time * 1e4).rounded() / 1e4, reason)]))]
    case .include(let name, let time):
      let (found, path) = try region(name)
      let others = found.excluded.map { (time: $0.time.hours, reason: $0.reason) }.filter { abs($0.time - time) > 0.01 }
      return [JSONEdit(path.appending("excluded"), list(others))]
    case .choice(let day, let risk, let factor, let reading, let limits):
      let therapy = JSONPath().appending("therapy")
      let settings = JSONPath().appending("settings")
      return [
        day.map { JSONEdit(therapy.appending("graftDay_d"), .number($0)) },
        risk.map { JSONEdit(therapy.appending("acceptedRisk"), .number($0)) },
        factor.map { JSONEdit(settings.appending("A7-3"), .number($0)) },
        reading.map { JSONEdit(settings.appending("A7-1"), JSONValue($0)) },
        limits.map { JSONEdit(settings.appending("A7-2"), JSONValue($0)) },
      ].compactMap(\.self)
    }
  }
}
