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
    /// The region of which it asks, by its name.
    public let subject: String?
    /// A place behind the last element of a list, which may stay empty.
    public let isFurther: Bool
    /// The element of a list that can be left out instead.
    public let removable: JSONPath?

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
    func visit(_ node: JSONNode, isOneOfSeveral: Bool) {
      let elements = node.elements
      if let asked = elements.lazy.compactMap(text).first {
        for element in elements {
          let own = text(beside: element)
          // Without the element that has the question beside it the list would be none that is asked for.
          found.append(
            Question(
              path: element.path, line: element.line, text: own ?? asked, value: element.value, subject: nil,
              isFurther: false, removable: own == nil ? element.path : nil))
        }
        if let last = elements.last, elements.allSatisfy({ !$0.value.isNull }) {
          found.append(
            Question(
              path: node.path.appending(elements.count), line: last.line, text: asked, value: .null, subject: nil,
              isFurther: true, removable: nil))
        }
        return
      }
      for child in elements { visit(child, isOneOfSeveral: elements.count > 1) }
      for (_, child) in node.members {
        guard let asked = text(beside: child) else {
          visit(child, isOneOfSeveral: false)
          continue
        }
        found.append(
          Question(
            path: child.path, line: child.line, text: asked, value: child.value,
            subject: isOneOfSeveral || node.value["organ"] != nil ? node.value["name"]?.string : nil, isFurther: false,
            removable: isOneOfSeveral ? node.path : nil))
      }
    }
    visit(document.root, isOneOfSeveral: false)
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
  /// - Parameters:
  ///   - field: the path of the question as text.
  ///   - value: `nil` leaves the element of the list out of which the question asks.
  /// - Throws: ``CaseError`` when the case does not ask this, or there is no value.
  public func answer(_ field: String, _ value: JSONValue?) throws -> (edit: JSONEdit, what: String) {
    guard let question = all.first(where: { $0.path.description == field }) else {
      throw CaseError("no-such-question", "The case does not ask for this.", remedy: "Load the page again.")
    }
    guard let value else {
      guard let path = question.removable else {
        throw CaseError("not-removable", "This cannot be left out of the case.", remedy: "Give a value instead.")
      }
      let name = question.subject ?? question.value["name"]?.string
      return (JSONEdit(path, nil), "\(path) left out" + (name.map { ": \($0)" } ?? ""))
    }
    guard !value.isNull else {
      throw CaseError("answer-missing", "There is no answer.", remedy: "Give a value, or undo the one that was given.")
    }
    return (JSONEdit(question.path, value), "\(field): \(try value.text(indented: false).prefix(300))")
  }

  /// `{"digest", "open": how many}`.
  public var state: JSONValue { ["digest": JSONValue(digest.hexadecimal), "open": JSONValue(open.count)] }

  /// `{"digest", "open": how many, "questions": [{"field", "line", "question", "value", "subject", "isFurther",
  /// "isRemovable", "schema"}]}`; the schema of a value stands for itself, without references.
  public func document() throws -> JSONValue {
    let schema = try Schema.case.document()
    return [
      "digest": JSONValue(digest.hexadecimal), "open": JSONValue(open.count),
      "questions": .array(
        all.map { one in
          [
            "field": JSONValue(one.path.description), "line": JSONValue(one.line), "question": JSONValue(one.text),
            "value": one.value, "subject": JSONValue(one.subject), "isFurther": JSONValue(one.isFurther),
            "isRemovable": JSONValue(one.removable != nil), "schema": schema.part(at: one.path) ?? .null,
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
