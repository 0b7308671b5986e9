/// A sentence with holes in English, and the same in another language with its holes numbered.
struct Phrase: Sendable {
  private enum Part: Sendable {
    case text(String)
    case hole(Int)
  }

  /// What stands in a hole: its text, and whether it is kept as it is, being a key or a word to type.
  struct Filling {
    let text: String
    let isKept: Bool
  }

  /// The English text between the holes, one more than there are holes.
  let pieces: [[UInt8]]
  /// How much of the English is said, in bytes: of two phrases that fit, the one that says more is meant.
  let weight: Int
  private let parts: [Part]
  /// The holes that are not looked up: `{=1}`, and those between single quotes.
  private let kept: Set<Int>

  /// - Parameters:
  ///   - english: `The dose of {} has a standard uncertainty of {} %.`
  ///   - other: `Die Dosis ({1}) hat eine Standardunsicherheit von {2} %.` What fills `{=1}` is not looked up.
  init(_ english: String, _ other: String) {
    let quote = UInt8(ascii: "'")
    var pieces: [[UInt8]] = [[]]
    var bytes = Array(english.utf8)[...]
    while let byte = bytes.popFirst() {
      if byte == UInt8(ascii: "{"), bytes.first == UInt8(ascii: "}") {
        bytes.removeFirst()
        pieces.append([])
      } else {
        pieces[pieces.count - 1].append(byte)
      }
    }
    self.pieces = pieces
    weight = pieces.reduce(0) { $0 + $1.count }
    var kept = Set(
      zip(pieces, pieces.dropFirst()).enumerated().filter { $1.0.last == quote && $1.1.first == quote }.map(\.offset))
    var parts: [Part] = []
    var rest = other[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else { break }
      parts.append(.text(String(rest[..<open])))
      let inside = rest[rest.index(after: open)..<close]
      let number = Int(inside.drop { $0 == "=" }).map { $0 - 1 }
      if let number, inside.first == "=" { kept.insert(number) }
      parts.append(number.map { .hole($0) } ?? .text("{\(inside)}"))
      rest = rest[rest.index(after: close)...]
    }
    self.parts = parts + [.text(String(rest))]
    self.kept = kept
  }

  /// What stands in the holes of a text that has this form; `nil` where it has not.
  func holes(in text: [UInt8]) -> [Filling]? {
    slices(of: text)?.enumerated().map {
      Filling(text: String(decoding: $1, as: UTF8.self), isKept: kept.contains($0))
    }
  }

  private func slices(of text: [UInt8]) -> [ArraySlice<UInt8>]? {
    guard text.count >= weight, text.starts(with: pieces[0]) else { return nil }
    guard pieces.count > 1 else { return text.count == weight ? [] : nil }
    let last = pieces[pieces.count - 1]
    let end = text.count - last.count
    guard text[end...].elementsEqual(last) else { return nil }
    var from = pieces[0].count
    var holes: [ArraySlice<UInt8>] = []
    for piece in pieces.dropFirst().dropLast() {
      guard let found = Self.first(piece, in: text, from, end) else { return nil }
      holes.append(text[from..<found])
      from = found + piece.count
    }
    return from <= end ? holes + [text[from..<end]] : nil
  }

  private static func first(_ piece: [UInt8], in text: [UInt8], _ start: Int, _ end: Int) -> Int? {
    guard end - start >= piece.count else { return nil }
    return (start...(end - piece.count)).first { text[$0..<($0 + piece.count)].elementsEqual(piece) }
  }

  /// The phrase with its holes filled.
  func filled(_ holes: [String]) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .hole(let n): holes.indices.contains(n) ? holes[n] : ""
      }
    }.joined()
  }
}
