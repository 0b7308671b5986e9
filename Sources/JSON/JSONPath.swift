/// The way from the root of a document to a value: `administrations[0].assay.value_MBq`.
public struct JSONPath: Hashable, Sendable, CustomStringConvertible {
  /// One step down.
  public enum Step: Hashable, Sendable {
    case key(String)
    case index(Int)
  }

  /// The steps from the root.
  public let steps: [Step]

  public init(_ steps: [Step] = []) { self.steps = steps }

  /// The path one member deeper.
  public func appending(_ key: String) -> JSONPath { JSONPath(steps + [.key(key)]) }

  /// The path one element deeper.
  public func appending(_ index: Int) -> JSONPath { JSONPath(steps + [.index(index)]) }

  /// The path in the notation of JavaScript; `the document` for the root.
  public var description: String {
    if steps.isEmpty { return "the document" }
    return steps.reduce(into: "") { text, step in
      switch step {
      case .index(let index): text += "[\(index)]"
      case .key(let key):
        let plain = key.utf8.allSatisfy { $0.isIdentifierPart } && !key.isEmpty
        text += plain ? (text.isEmpty ? key.shown : ".\(key.shown)") : "[\"\(key.shown)\"]"
      }
    }
  }
}

extension String {
  /// The text for a message: at most 60 characters, without control characters.
  var shown: String {
    let scalars = unicodeScalars.prefix(60).map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
    return String(String.UnicodeScalarView(scalars)) + (scalars.count < unicodeScalars.count ? "…" : "")
  }
}

extension UInt8 {
  /// Whether it may begin a key without quotes (the ASCII part of an ECMAScript name).
  var isIdentifierStart: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "_"), UInt8(ascii: "$"): true
    default: false
    }
  }

  /// Whether it may go on a key without quotes.
  var isIdentifierPart: Bool { isIdentifierStart || isDigit }

  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  /// The value of a hexadecimal digit.
  var hexadecimalDigit: UInt32? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
