/// The name of a radionuclide, such as `Lu-177` or `Tc-99m`, from the many ways in which scanners write it.
struct RadionuclideName {
  let name: String

  /// Understands `^177^Lutetium`, `177 Lutetium`, `Lu-177`, `Lu177`, `^99m^Technetium`.
  init?(meaning: String) {
    let parts = Self.parts(of: meaning.lowercased())
    guard let mass = parts.first(where: { $0.first?.isNumber == true }),
      let element = parts.lazy.compactMap({ Self.symbol(of: $0) }).first
    else { return nil }
    let isMetastable = parts.contains("m") && element.lowercased() != "m"
    name = "\(element)-\(mass)\(isMetastable ? "m" : "")"
  }

  /// Understands the codes of radionuclides in use for theranostics.
  init?(code: String, scheme: String) {
    let codes =
      switch scheme {
      case "SCT": Self.snomed
      case "SRT", "SNM3", "99SDM": Self.snomedRT
      default: [String: String]()
      }
    guard let name = codes[code] else { return nil }
    self.name = name
  }

  /// The code of a radionuclide; one of this project's own when no standard code is in the table.
  static func code(of name: String) -> (value: String, scheme: String) {
    if let code = snomed.first(where: { $0.value == name }) { return (code.key, "SCT") }
    return (name, "99ENDORA")
  }

  private static let snomed = ["447553000": "Lu-177", "14691008": "Y-90", "1368003": "I-131"]
  private static let snomedRT = ["C-131A3": "Ga-68"]

  /// Runs of digits and runs of letters.
  private static func parts(of text: String) -> [String] {
    var parts: [String] = []
    var previous: Character?
    for character in text {
      defer { previous = character }
      guard character.isASCII, character.isLetter || character.isNumber else { continue }
      if let previous, previous.isASCII, previous.isLetter == character.isLetter,
        previous.isNumber == character.isNumber
      {
        parts[parts.count - 1].append(character)
      } else {
        parts.append(String(character))
      }
    }
    return parts
  }

  private static func symbol(of word: String) -> String? {
    elements.first { $0.symbol.lowercased() == word || $0.name == word }?.symbol
  }

  private static let elements: [(symbol: String, name: String)] = [
    ("Ac", "actinium"), ("At", "astatine"), ("Bi", "bismuth"), ("C", "carbon"), ("Cu", "copper"),
    ("F", "fluorine"), ("Ga", "gallium"), ("Ho", "holmium"), ("I", "iodine"), ("In", "indium"),
    ("Lu", "lutetium"), ("Pb", "lead"), ("Ra", "radium"), ("Re", "rhenium"), ("Sc", "scandium"),
    ("Sm", "samarium"), ("Tb", "terbium"), ("Tc", "technetium"), ("Y", "yttrium"), ("Zr", "zirconium"),
  ]
}
