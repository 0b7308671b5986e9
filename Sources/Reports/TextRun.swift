/// A piece of text at one level.
struct TextRun: Hashable {
  enum Level { case base, raised, lowered }

  /// The size of raised and lowered text, as a fraction of the text around it.
  static let raisedSize = 0.72

  var text: String
  var level: Level

  private static let raisedDigits: [Character: Character] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "−",
    "⁺": "+", "ᵐ": "m",
  ]

  private static let units: Set<Substring> = [
    "%", "Gy", "GBq", "MBq", "kBq", "Bq", "h", "d", "g", "kg", "mL", "min", "keV", "MeV", "Gy/GBq",
  ]

  /// The text with a no-break space between a number and its unit.
  static func bindingUnits(_ text: String) -> String {
    guard text.contains(" ") else { return text }
    var words = text.split(separator: " ", omittingEmptySubsequences: false)
    var bound = String(words.removeFirst())
    for word in words {
      let unit = word.prefix { !",.;:)".contains($0) }
      bound +=
        bound.last?.isNumber == true && (units.contains(unit) || unit == "±") || bound.last == "±" ? "\u{00A0}" : " "
      bound += word
    }
    return bound
  }

  /// Text cut where its level changes: raised digits become digits to raise, `_{eff}` becomes text to lower.
  ///
  /// Few faces have all raised digits in one size; set this way they match.
  static func runs(of text: String) -> [TextRun] {
    var runs: [TextRun] = []
    func append(_ character: Character, _ level: Level) {
      if runs.last?.level == level {
        runs[runs.count - 1].text.append(character)
      } else {
        runs.append(TextRun(text: String(character), level: level))
      }
    }
    let bound = bindingUnits(text)
    var rest = bound[...]
    while let character = rest.popFirst() {
      if character == "_", rest.first == "{", let end = rest.firstIndex(of: "}") {
        for lowered in rest[..<end].dropFirst() { append(lowered, .lowered) }
        rest = rest[rest.index(after: end)...]
      } else if let digit = raisedDigits[character] {
        append(digit, .raised)
      } else {
        append(character, .base)
      }
    }
    return runs
  }
}
