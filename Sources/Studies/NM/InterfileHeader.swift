import DICOM

/// The text before the data of an Interfile image: lines of a key and a value (Interfile 3.3, Todd-Pokropek et al.,
/// Nucl Med Commun 1992;13:673).
///
/// Keys are compared without letter case, spaces and the mark `!`; what follows `;` is a comment.
struct InterfileHeader: Sendable {
  private let values: [String: String]

  /// Whether bytes begin like an Interfile header.
  static func begins(_ bytes: some Collection<UInt8>) -> Bool {
    let text = String(decoding: bytes.prefix(64), as: UTF8.self).lowercased()
    return text.drop { $0 == " " || $0 == "!" || $0.isNewline }.hasPrefix("interfile")
  }

  init(_ bytes: [UInt8]) throws(StudyError) {
    guard Self.begins(bytes), bytes.count <= 1 << 20 else {
      throw StudyError(
        "not-interfile", "The file is no Interfile header.", remedy: "Name the header (.hs, .hdr), not the data.")
    }
    var values: [String: String] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      guard let mark = line.range(of: ":="), line.first != ";" else { continue }
      let key = Self.key(line[..<mark.lowerBound])
      let value = line[mark.upperBound...].prefix { $0 != ";" }.trimmed
      guard !key.isEmpty, !value.isEmpty else { continue }
      guard values[key] == nil || values[key] == value else {
        throw Self.malformed("gives two values of \u{201C}\(key.prefix(60))\u{201D}")
      }
      values[key] = value
    }
    self.values = values
  }

  private static func key(_ text: Substring) -> String {
    text.lowercased().filter { !$0.isWhitespace && $0 != "!" }
  }

  /// The text of the first of several spellings that is there.
  func text(_ keys: String...) -> String? { keys.lazy.compactMap { values[Self.key($0[...])] }.first }

  /// A finite number; refuses text that is none.
  func number(_ keys: String...) throws(StudyError) -> Double? {
    guard let (key, text) = keys.lazy.compactMap({ key in values[Self.key(key[...])].map { (key, $0) } }).first else {
      return nil
    }
    guard let number = Double(text), number.isFinite else { throw Self.malformed("has no number for \(key)") }
    return number
  }

  /// A whole number of a range; refuses what is missing or outside it.
  func count(_ key: String, in range: ClosedRange<Int>, default standard: Int? = nil) throws(StudyError) -> Int {
    guard let number = try number(key) else {
      guard let standard else { throw Self.malformed("does not give \(key)") }
      return standard
    }
    guard let whole = Int(exactly: number), range.contains(whole) else {
      throw Self.malformed("gives \(number) for \(key)")
    }
    return whole
  }

  static func malformed(_ what: String) -> StudyError {
    StudyError("malformed-interfile", "The Interfile header \(what).", remedy: "Export the projections again.")
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
