import Dosimetry
import JSON
import Transport

extension JSONNode {
  /// The value as one of a list of words; another word is refused with those there are.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ type: Choice.Type = Choice.self
  ) throws -> Choice where Choice.RawValue == String {
    try choice(Choice.allCases.map { ($0.rawValue, $0) })
  }

  /// The value as one of some words.
  func choice<Choice>(_ words: [(word: String, meaning: Choice)]) throws -> Choice {
    let text = try string()
    guard let found = words.first(where: { $0.word == text }) else {
      throw refusal(
        "unknown-word", found: "'\(text.prefix(40))' is no word for it",
        remedy: "Choose from \(words.map(\.word).joined(separator: ", ")).")
    }
    return found.meaning
  }

  /// The value as a mass convention, `bloodFree` or `bloodIncluded`.
  func massConvention() throws -> MassConvention { try choice(MassConvention.allCases.map { ($0.word, $0) }) }
}
