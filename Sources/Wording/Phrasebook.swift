import Foundation
import JSON

/// English phrases and what they are in another language.
///
/// A text is looked up whole, then as a phrase whose holes are filled, then sentence by sentence, then as a list; what
/// stands in holes is looked up in turn. `Scripts/phrases` tells which texts of the rooms have no entry.
struct Phrasebook: Sendable {
  static let german = Phrasebook(
    folder: "de", decimalMark: ",",
    separators: [("; ", "; "), (" · ", " · "), (", ", ", "), (" and ", " und "), (" or ", " oder ")])

  private let whole: [String: String]
  private let phrases: [Phrase]
  /// Phrases by their first bytes; those that begin with a hole stand apart.
  private let byStart: [ArraySlice<UInt8>: [Int]]
  private let open: [Int]
  private let decimalMark: String
  /// What stands between the members of a list, in English and in the other language.
  private let separators: [(String, String)]

  private static let startLength = 4
  /// How deep what fills a hole is looked up in turn.
  private static let deepest = 7
  /// The most sentences that one entry says.
  private static let mostSentences = 8
  /// The bytes from which on a phrase is known by what it says, whatever stands in its holes.
  private static let leastWeight = 12

  init(_ entries: [String: String], decimalMark: String, separators: [(String, String)]) {
    whole = entries.filter { !$0.key.contains("{}") }
    let phrases = entries.filter { $0.key.contains("{}") }.sorted { $0.key < $1.key }.map { Phrase($0.key, $0.value) }
      .sorted { $0.weight > $1.weight }
    byStart = Dictionary(
      grouping: phrases.indices.filter { phrases[$0].pieces[0].count >= Self.startLength },
      by: { phrases[$0].pieces[0].prefix(Self.startLength) })
    open = phrases.indices.filter { phrases[$0].pieces[0].count < Self.startLength }
    self.phrases = phrases
    (self.decimalMark, self.separators) = (decimalMark, separators)
  }

  /// The entries of all files in a folder of the room; a folder that is not installed has none.
  private init(folder: String, decimalMark: String, separators: [(String, String)]) {
    var entries: [String: String] = [:]
    for url in Bundle.module.urls(forResourcesWithExtension: "json", subdirectory: "Resources/\(folder)") ?? [] {
      let document = (try? Data(contentsOf: url as URL)).flatMap { try? JSONDocument(Array($0)).value }
      for (english, other) in document?.object ?? [:] { entries[english] = other.string }
    }
    self.init(entries, decimalMark: decimalMark, separators: separators)
  }

  /// A text in the other language, as far as it is known.
  func said(_ text: String) -> String { said(text, depth: 0) }

  private func said(_ text: String, depth: Int) -> String {
    guard text.utf8.count <= 4096, depth <= Self.deepest, text.contains(where: \.isLetter) else { return numbers(text) }
    let core = text.drop { $0 == " " }
    guard let end = core.lastIndex(where: { $0 != " " }) else { return text }
    let kernel = String(core[...end])
    return text[..<core.startIndex] + translated(kernel, depth: depth) + core[core.index(after: end)...]
  }

  private func translated(_ text: String, depth: Int) -> String {
    if let known = known(text, depth: depth) ?? sentences(text, depth: depth) { return known }
    if let known = known(text, spanning: true, depth: depth) ?? list(text) { return known }
    // The last of several sentences that fill a hole has lost its full stop to the phrase around it.
    if let known = known(text + ".", depth: depth), known.hasSuffix(".") { return String(known.dropLast()) }
    guard let end = ends(text).first else { return numbers(text) }
    return numbers(text[...end]) + said(String(text[text.index(after: end)...]), depth: depth)
  }

  /// A text that has an entry as it stands.
  ///
  /// - Parameter spanning: whether what fills a hole may be more than one sentence.
  private func known(_ text: String, spanning: Bool = false, depth: Int) -> String? {
    if let entry = whole[text] { return entry }
    let bytes = Array(text.utf8)
    let candidates = ((byStart[bytes.prefix(Self.startLength)] ?? []) + open).sorted()
    for phrase in candidates.lazy.map({ phrases[$0] }) {
      guard let holes = phrase.holes(in: bytes),
        holes.allSatisfy({ fits($0, phrase, spanning: spanning, depth: depth) })
      else { continue }
      return phrase.filled(holes.map { $0.isKept ? $0.text : said($0.text, depth: depth + 1) })
    }
    return nil
  }

  /// Whether a text may fill a hole: no further sentence begins in it, and a phrase that says little is not found in
  /// lists, prose or names that it was not made for.
  private func fits(_ filling: Phrase.Filling, _ phrase: Phrase, spanning: Bool, depth: Int) -> Bool {
    let hole = filling.text
    if hole.contains(" · ") { return false }
    if !spanning, hole.last.map({ ":;".contains($0) }) ?? false || !ends(hole).isEmpty { return false }
    if phrase.weight >= Self.leastWeight || filling.isKept || whole[hole] != nil { return true }
    if hole.contains(", ") || hole.contains("; ") { return false }
    return hole.firstMatch(of: /[a-z]{4,}/) == nil || said(hole, depth: depth + 1) != hole
  }

  /// The ends of sentences that another follows.
  private func ends(_ text: String) -> [String.Index] {
    text.indices.dropLast().filter { i in
      ".?!:;".contains(text[i]) && text[text.index(after: i)] == " "
    }
  }

  /// Several sentences of which the first is known, as many of them as one entry says.
  private func sentences(_ text: String, depth: Int) -> String? {
    for end in ends(text).prefix(Self.mostSentences).reversed() {
      let head = String(text[...end])
      guard
        let said = known(head, depth: depth)
          ?? known(String(head.dropLast()), depth: depth).map({ $0 + String(text[end]) })
      else { continue }
      return said + self.said(String(text[text.index(after: end)...]), depth: depth)
    }
    return nil
  }

  /// A list of which at least one member is known; a member may hold the separator itself.
  private func list(_ text: String) -> String? {
    for (separator, other) in separators {
      var rest = text.components(separatedBy: separator)[...]
      guard rest.count > 1 else { continue }
      var said: [String] = []
      var isKnown = false
      while let first = rest.popFirst() {
        if let second = rest.first, let both = joined(first, separator, second) {
          said.append(both)
          rest.removeFirst()
        } else if let one = known(first, depth: Self.deepest - 1) ?? list(first) ?? bracketed(first) {
          said.append(one)
        } else {
          said.append(numbers(first))
          continue
        }
        isKnown = true
      }
      if isKnown { return said.joined(separator: other) }
    }
    return bracketed(text)
  }

  /// Two members that are one, such as `marrow, total`: an entry says so, or the second alone says nothing.
  private func joined(_ first: String, _ separator: String, _ second: String) -> String? {
    let text = first + separator + second
    if let entry = whole[text] { return entry }
    return known(second, depth: Self.deepest - 1) == nil ? known(text, depth: Self.deepest - 1) : nil
  }

  /// A known text with something in brackets behind it: `liver (A4-1)`.
  private func bracketed(_ text: String) -> String? {
    guard text.hasSuffix(")"), let open = text.range(of: " (", options: .backwards) else { return nil }
    let inside = String(text[open.upperBound...].dropLast())
    return known(String(text[..<open.lowerBound]), depth: Self.deepest - 1).map {
      "\($0) (\(known(inside, depth: Self.deepest - 1) ?? numbers(inside)))"
    }
  }

  /// Text with the decimal mark of the language; versions, sections and names of files keep their points.
  private func numbers(_ text: some StringProtocol) -> String {
    let text = String(text)
    guard text.contains(".") else { return text }
    return text.replacing(/(^|[^\w.])(\d+)\.(\d+)(?![\w.]*\w)/) { match in
      text[..<match.range.lowerBound].hasSuffix("SCIENCE")
        ? String(match.0) : "\(match.1)\(match.2)\(decimalMark)\(match.3)"
    }.replacing(/(\d,\d+), (?=[−+±-]?\d)/) { "\($0.1); " }
  }
}
