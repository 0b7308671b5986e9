/// The keywords of a TEXT segment, found without regard to case.
public struct FCSKeywords: Sendable {
  /// Keyword and value as written, in the order of the file.
  public private(set) var pairs: [(key: String, value: String)] = []
  private var places: [String: Int] = [:]
  /// Keywords that occur again with another value; the first value counts.
  private(set) var contradictions: [String] = []
  /// Keywords whose value is empty.
  private(set) var empty: [String] = []
  /// Bytes after the last value that are no keyword with a value.
  private(set) var hasSurplus = false
  /// Whether the last value lacks its closing delimiter.
  private(set) var isUnclosed = false

  /// The value of a keyword.
  public subscript(key: String) -> String? { places[key.uppercased()].map { pairs[$0].value } }

  /// The value without white space around it; `nil` when that leaves nothing.
  func trimmed(_ key: String) -> String? {
    guard let value = self[key] else { return nil }
    let text = value.trimming
    return text.isEmpty ? nil : text
  }

  /// The whole number of a keyword.
  func integer(_ key: String) -> Int? { trimmed(key).flatMap { Int($0) } }

  init() {}

  /// Reads keywords and values from a segment that begins with its delimiter.
  ///
  /// A doubled delimiter inside a value stands for one. After a keyword, where the standard allows none, it is the empty
  /// value that many instruments write.
  mutating func append(_ segment: UnsafeRawBufferPointer) {
    guard let delimiter = segment.first else { return }
    var index = 1
    func token(isValue: Bool) -> (bytes: [UInt8], isClosed: Bool) {
      var bytes: [UInt8] = []
      while index < segment.count {
        let byte = segment[index]
        index += 1
        guard byte == delimiter else {
          bytes.append(byte)
          continue
        }
        let isDoubled = index < segment.count && segment[index] == delimiter
        guard isValue, isDoubled, !bytes.isEmpty, index + 1 < segment.count else { return (bytes, true) }
        bytes.append(delimiter)
        index += 1
      }
      return (bytes, false)
    }
    while index < segment.count {
      let key = token(isValue: false)
      guard key.isClosed else {
        if key.bytes.contains(where: { $0 != 0 && $0 != 32 && $0 != 13 && $0 != 10 }) { hasSurplus = true }
        return
      }
      let name = Self.text(key.bytes).trimming
      guard !name.isEmpty else { continue }
      let value = token(isValue: true)
      if !value.isClosed { isUnclosed = true }
      add(name, Self.text(value.bytes))
    }
  }

  private mutating func add(_ key: String, _ value: String) {
    if value.trimming.isEmpty { empty.append(key) }
    if let place = places[key.uppercased()] {
      if pairs[place].value.trimming != value.trimming { contradictions.append(key) }
      return
    }
    places[key.uppercased()] = pairs.count
    pairs.append((key, value))
  }

  /// UTF-8 or, where the bytes are not, Latin-1.
  private static func text(_ bytes: [UInt8]) -> String {
    String(validating: bytes, as: UTF8.self)
      ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }
}

extension StringProtocol {
  /// Without white space and control characters at either end.
  var trimming: String {
    func isBlank(_ c: Character) -> Bool { c.isWhitespace || c == "\0" }
    guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
      return ""
    }
    return String(self[first...last])
  }
}
