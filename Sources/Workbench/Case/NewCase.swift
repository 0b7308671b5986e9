import Foundation
public import JSON
import Studies

/// A case file made from the images of a folder, with a question where only a person knows: `endora new`.
public struct NewCase: Sendable {
  /// What a person has to fill in, by the path of the field.
  public let questions: [(path: String, question: String)]
  /// The case in JSON5. Every question is a value that the schema refuses, so that nothing is planned before.
  public let text: String
  private let file: String

  /// Reads the SPECT, the planar scans and the structure set below a folder and writes `case.json` into it.
  ///
  /// - Throws: a refusal when there already is a case, or neither a SPECT nor planar scans.
  public static func write(in folder: String, named name: String? = nil) throws -> NewCase {
    let file = folder + "/case.json"
    guard !FileManager.default.fileExists(atPath: file) else {
      throw CaseError(
        "case-exists", "The folder already holds a case.json.", remedy: "Change that one, or name another folder.")
    }
    let new = try NewCase(folder: folder, file: file, named: name)
    do { try Data(new.text.utf8).write(to: URL(filePath: file), options: .atomic) } catch {
      throw CaseError(
        "case-not-written", "The case cannot be written.", remedy: "Check that the folder may be written.",
        category: .inputOutput)
    }
    return new
  }

  private init(folder: String, file: String, named name: String?) throws {
    let index = try StudyIndex.scan(folder: folder)
    try index.onePatient()
    let images = try CaseSources(index)
    var draft = CaseDraft()
    draft.subject(images)
    draft.administration(images)
    draft.measurements(images, below: folder)
    draft.regions(images)
    text = draft.text(named: name, images)
    questions = draft.questions
    self.file = file
  }

  /// `{"file", "questions": [{"path", "question"}]}`.
  public var document: JSONValue {
    [
      "file": JSONValue(file),
      "questions": .array(questions.map { ["path": JSONValue($0.path), "question": JSONValue($0.question)] }),
    ]
  }

  /// Where the case is, and what is to be filled in.
  public var summary: String {
    (["\(file)"] + questions.map { "\($0.path): \($0.question)" }).joined(separator: "\n") + "\n"
  }
}
