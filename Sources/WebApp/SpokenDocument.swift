import JSON
import Wording

extension JSONValue {
  /// The document with the texts that a reader meets in a language; names, ids, paths and numbers stay as they are.
  func said(in language: Language) -> JSONValue {
    guard language != .english else { return self }
    switch self {
    case .object(let object):
      var said = JSONObject()
      for (key, value) in object {
        said[key] =
          Self.kept.contains(key)
          ? value
          : Self.spoken.contains(key) ? value.spoken(in: language) : value.said(in: language)
      }
      return .object(said)
    case .array(let values): return .array(values.map { $0.said(in: language) })
    default: return self
    }
  }

  /// A text, or a list of texts, as it is said; what else stands there is a document.
  private func spoken(in language: Language) -> JSONValue {
    switch self {
    case .string(let text): JSONValue(language.said(text))
    case .array(let values): .array(values.map { $0.spoken(in: language) })
    default: said(in: language)
    }
  }

  /// The fields of documents that hold what people wrote, which comes back to be kept, and what forms are made of: they
  /// have words of their own.
  private static let kept: Set<String> = ["content", "value", "schema", "regionSchema", "questions"]

  /// The fields of documents that hold words for a reader.
  private static let spoken: Set<String> = [
    "title", "text", "subject", "origin", "criterion", "reason", "remedy", "bound", "question", "here", "others",
    "caption", "note", "notes", "why", "doubt", "missing", "clause", "openQuestion", "rule", "meaning", "undo", "redo",
    "rows", "summaries", "label", "unit",
  ]
}
