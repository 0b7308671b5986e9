import Foundation
public import JSON
public import Provenance

/// What a new case asks a person, and what was answered: values of its file with the question beside them.
///
/// The question stays beside its answer as a comment, so that an answer can be changed. Where an element of a list was
/// asked for, all elements of that list are answers, and one more can be given.
public struct CaseQuestions: Sendable {
  /// One value with its question.
  public struct Question: Sendable {
    /// Where the value stands, such as `administrations[0].start`.
    public let path: JSONPath
    public let line: Int
    public let text: String
    /// `null` as long as nobody has answered.
    public let value: JSONValue
    /// A place behind the last element of a list, which may stay empty.
    public let isFurther: Bool

    /// Whether the case cannot be planned before it is answered.
    public var isOpen: Bool { value.isNull && !isFurther }
  }

  /// In the order of the file.
  public let all: [Question]
  /// Of the file.
  public let digest: Digest

  /// Those that nobody has answered.
  public var open: [Question] { all.filter(\.isOpen) }

  /// - Parameter bytes: of a case's file.
  public init(_ bytes: [UInt8]) throws { self.init(try JSONDocument(bytes), bytes) }

  /// Reads the file of a case's folder.
  public init(folder: String) throws { try self.init(readFile(folder + "/case.json")) }

  init(_ document: JSONDocument, _ bytes: [UInt8]) {
    digest = Digest(of: bytes)
    var found: [Question] = []
    func text(beside node: JSONNode) -> String? {
      let rest = bytes[node.bytes.upperBound...].drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
      guard rest.starts(with: "/* ? ".utf8), let end = rest.firstRange(of: Array(" */".utf8)) else { return nil }
      return String(decoding: rest[..<end.lowerBound].dropFirst(5), as: UTF8.self)
    }
    func visit(_ node: JSONNode) {
      let elements = node.elements
      if let asked = elements.lazy.compactMap(text).first {
        found += elements.map {
          Question(path: $0.path, line: $0.line, text: text(beside: $0) ?? asked, value: $0.value, isFurther: false)
        }
        if let last = elements.last, elements.allSatisfy({ !$0.value.isNull }) {
          found.append(
            Question(
              path: node.path.appending(elements.count), line: last.line, text: asked, value: .null, isFurther: true))
        }
        return
      }
      for child in elements + node.members.map(\.node) {
        if let asked = text(beside: child) {
          found.append(
            Question(path: child.path, line: child.line, text: asked, value: child.value, isFurther: false))
        } else {
          visit(child)
        }
      }
    }
    visit(document.root)
    all = found
  }

  /// Refuses a case of which something is open.
  func requireAnswers() throws {
    let open = open
    guard let first = open.first else { return }
    let count = open.count == 1 ? "1 question of the case is" : "\(open.count) questions of the case are"
    throw CaseError(
      "questions-open", "\(count) open, the first in line \(first.line): \(first.path).",
      remedy: "Answer them on the case's page in the app, or write the values in place of null.")
  }

  /// The change that puts a value in the place of a question, and what it is in words.
  ///
  /// - Parameter field: the path of the question as text.
  /// - Throws: ``CaseError`` when the case does not ask this, or there is no value.
  public func answer(_ field: String, _ value: JSONValue) throws -> (edit: JSONEdit, what: String) {
    guard let question = all.first(where: { $0.path.description == field }) else {
      throw CaseError("no-such-question", "The case does not ask for this.", remedy: "Load the page again.")
    }
    guard !value.isNull else {
      throw CaseError("answer-missing", "There is no answer.", remedy: "Give a value, or undo the one that was given.")
    }
    return (JSONEdit(question.path, value), "\(field): \(try value.text(indented: false).prefix(300))")
  }

  /// `{"digest", "open": how many}`.
  public var state: JSONValue { ["digest": JSONValue(digest.hexadecimal), "open": JSONValue(open.count)] }

  /// `{"digest", "open": how many, "questions": [{"field", "line", "question", "value", "isFurther", "schema"}]}`; the
  /// schema of a value stands for itself, without references.
  public func document() throws -> JSONValue {
    let schema = try Schema.case.document()
    return [
      "digest": JSONValue(digest.hexadecimal), "open": JSONValue(open.count),
      "questions": .array(
        all.map { one in
          [
            "field": JSONValue(one.path.description), "line": JSONValue(one.line), "question": JSONValue(one.text),
            "value": one.value, "isFurther": JSONValue(one.isFurther), "schema": schema.part(at: one.path) ?? .null,
          ]
        }),
    ]
  }
}

extension CaseFile {
  /// Whether the planar scans have a drawing; `nil` where there are none.
  public func isDrawn(in folder: String) -> Bool? {
    planar.map {
      FileManager.default.fileExists(
        atPath: $0.regionFile.hasPrefix("/") ? $0.regionFile : folder + "/" + $0.regionFile)
    }
  }

  /// Refuses what is neither a case nor one of which nothing but its questions is open.
  static func checkWithQuestions(_ bytes: [UInt8]) throws {
    let document = try JSONDocument(bytes)
    let open = CaseQuestions(document, bytes).open
    guard !open.isEmpty else { return _ = try CaseFile(bytes) }
    try Schema.case.read().check(document, besides: Set(open.map(\.path)))
  }
}
