/// A nuclide's name in its parts, read from any of the usual spellings.
struct NuclideName: Hashable {
  let element: String
  let massNumber: String
  let state: String

  /// Reads `Lu-177`, `177Lu`, `lu177`, `¹⁷⁷Lu`, `Tc99m`, `99mTc`, `[177Lu]`, `Lu 177`; `nil` for anything else.
  init?(_ text: String) {
    guard text.utf8.count <= 40 else { return nil }
    let plain = text.lowercased().map { Self.plain[$0] ?? $0 }.filter { !"-–‐^[]() _".contains($0) }
    let digits = plain.filter(Self.isDigit)
    guard (1...3).contains(digits.count), plain.allSatisfy({ $0.isASCII && ($0.isLetter || Self.isDigit($0)) }) else {
      return nil
    }
    let before = plain.prefix { !Self.isDigit($0) }
    let after = plain.dropFirst(before.count + digits.count)
    guard plain.dropFirst(before.count).prefix(digits.count).allSatisfy(Self.isDigit) else { return nil }
    var state = ""
    var letters = before.isEmpty ? after[...] : before[...]
    if before.isEmpty {
      // `m` before the symbol is the state, unless it is the first letter of a two-letter symbol: 99mTc, 54Mn.
      if letters.count == 3, letters.first == "m" { (state, letters) = ("m", letters.dropFirst()) }
      if letters.count == 2, letters.first == "m", !Self.symbolsInM.contains(String(letters)) {
        (state, letters) = ("m", letters.dropFirst())
      }
    } else {
      guard after.isEmpty || after == ["m"] else { return nil }
      state = String(after)
    }
    guard (1...2).contains(letters.count) else { return nil }
    element = String(letters).capitalizedFirst
    massNumber = String(digits)
    self.state = state
  }

  /// `Lu-177m`.
  var name: String { "\(element)-\(massNumber)\(state)" }

  /// `¹⁷⁷ᵐLu`.
  var symbol: String {
    massNumber.reduce(into: "") { $0.append(Self.raised[$1] ?? $1) } + (state == "m" ? "ᵐ" : "") + element
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  private static let symbolsInM: Set<String> = ["mc", "md", "mg", "mn", "mo", "mt"]
  private static let raised: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
  ]
  private static let plain: [Character: Character] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "ᵐ": "m",
  ]
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
