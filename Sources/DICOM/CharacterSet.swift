import Glibc

/// How the bytes of text become characters: the terms of Specific Character Set (PS3.3 C.12.1.1.2).
struct CharacterSet: Sendable {
  private enum Form: Sendable {
    /// Nothing is declared: UTF-8 where it is valid, else Latin-1.
    case undeclared
    /// One encoding, as iconv names it, whose bytes are not switched.
    case whole(String)
    /// Single bytes whose upper half is an encoding, with escape sequences to others (ISO 2022).
    case switched(upper: String?)
  }

  private let form: Form

  static let undeclared = CharacterSet(form: .undeclared)

  private init(form: Form) { self.form = form }

  /// The set that the values of Specific Character Set name; terms are taken however they are spelled.
  init(terms: [String]) {
    let names = terms.map { $0.uppercased() }
    if names.contains("GB18030") {
      form = .whole("GB18030")
    } else if names.contains("GBK") {
      form = .whole("GBK")
    } else if names.contains(where: { Self.number(in: $0) == 192 }) {
      form = .whole("UTF-8")
    } else if names.allSatisfy({ $0.isEmpty || Self.number(in: $0) == 6 }), names.count <= 1 {
      form = .undeclared
    } else {
      form = .switched(upper: Self.number(in: names[0]).flatMap { Self.uppers[$0] })
    }
  }

  /// The text of bytes, which hold no escape sequence that is left.
  func text(_ bytes: ArraySlice<UInt8>) -> String {
    guard bytes.contains(where: { $0 >= 0x80 || $0 == Self.escape }) else {
      return String(decoding: bytes, as: UTF8.self)
    }
    switch form {
    case .undeclared: return Self.guessed(bytes)
    case .whole(let encoding): return Self.converted(bytes, from: encoding) ?? Self.guessed(bytes)
    case .switched(let upper): return Self.switched(bytes, upper)
    }
  }

  /// The digits at the end of `ISO_IR 100` and `ISO 2022 IR 100`.
  private static func number(in term: String) -> Int? {
    Int(String(term.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()))
  }

  private static let escape: UInt8 = 0x1B

  /// The encodings of the upper half by the number of the term.
  private static let uppers: [Int: String] = [
    100: "ISO-8859-1", 101: "ISO-8859-2", 109: "ISO-8859-3", 110: "ISO-8859-4", 144: "ISO-8859-5",
    127: "ISO-8859-6", 126: "ISO-8859-7", 138: "ISO-8859-8", 148: "ISO-8859-9", 203: "ISO-8859-15",
    13: "SHIFT_JIS", 166: "TIS-620", 149: "EUC-KR", 58: "GB2312",
  ]

  /// What an escape sequence switches to (PS3.3 tables C.12-3 and C.12-4).
  private enum Switch {
    /// The lower half has single bytes again.
    case single
    /// The lower half has pairs of bytes, which EUC-JP writes with their highest bits set, after a prefix.
    case pairs(prefix: [UInt8])
    /// The upper half has another encoding.
    case upper(String)
  }

  private static let switches: [(sequence: [UInt8], to: Switch)] =
    ([
      ("(B", .single), ("(J", .single), ("$B", .pairs(prefix: [])), ("$@", .pairs(prefix: [])),
      ("$(D", .pairs(prefix: [0x8F])), (")I", .upper("SHIFT_JIS")), ("$)C", .upper("EUC-KR")),
      ("$)A", .upper("GB2312")),
      ("-A", .upper("ISO-8859-1")), ("-B", .upper("ISO-8859-2")), ("-C", .upper("ISO-8859-3")),
      ("-D", .upper("ISO-8859-4")), ("-L", .upper("ISO-8859-5")), ("-G", .upper("ISO-8859-6")),
      ("-F", .upper("ISO-8859-7")), ("-H", .upper("ISO-8859-8")), ("-M", .upper("ISO-8859-9")),
      ("-b", .upper("ISO-8859-15")), ("-T", .upper("TIS-620")),
    ] as [(String, Switch)]).map { (Array($0.0.utf8), $0.1) }

  /// Text with escape sequences. At the end of a value, a name's part or a line the first set holds again
  /// (PS3.5 6.1.2.5.3).
  private static func switched(_ bytes: ArraySlice<UInt8>, _ first: String?) -> String {
    var text = ""
    var upper = first
    var pairs: [UInt8]?
    var run: [UInt8] = []
    var encoding: String?
    func finish() {
      guard !run.isEmpty else { return }
      text += encoding.flatMap { converted(run[...], from: $0) } ?? guessed(run[...])
      run = []
    }
    func take(_ more: [UInt8], in name: String?) {
      if name != encoding { finish() }
      encoding = name
      run += more
    }
    var position = bytes.startIndex
    while position < bytes.endIndex {
      let byte = bytes[position]
      let rest = bytes[(position + 1)...]
      if byte == escape, let found = switches.first(where: { rest.starts(with: $0.sequence) }) {
        switch found.to {
        case .single: pairs = nil
        case .pairs(let prefix): pairs = prefix
        case .upper(let name): upper = name
        }
        position += 1 + found.sequence.count
      } else if let prefix = pairs, (0x21...0x7E).contains(byte), let next = rest.first, (0x21...0x7E).contains(next) {
        take(prefix + [byte | 0x80, next | 0x80], in: "EUC-JP")
        position += 2
      } else if byte < 0x80 {
        take([byte], in: "ASCII")
        if [0x5C, 0x5E, 0x3D, 0x0A, 0x0D, 0x0C, 0x09].contains(byte) { (upper, pairs) = (first, nil) }
        position += 1
      } else {
        take([byte], in: upper)
        position += 1
      }
    }
    finish()
    return text
  }

  private static func guessed(_ bytes: ArraySlice<UInt8>) -> String {
    String(validating: bytes, as: UTF8.self) ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  /// The text by the C library's converter; `nil` when bytes are none of the encoding.
  private static func converted(_ bytes: ArraySlice<UInt8>, from encoding: String) -> String? {
    guard encoding != "UTF-8" else { return String(validating: bytes, as: UTF8.self) }
    guard let converter = iconv_open("UTF-8", encoding), Int(bitPattern: converter) != -1 else { return nil }
    defer { iconv_close(converter) }
    var input = bytes.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: 4 * input.count + 4)
    let (inputCount, capacity) = (input.count, output.count)
    let written: Int? = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        var (from, to) = (input.baseAddress, output.baseAddress)
        var (left, room) = (inputCount, capacity)
        guard iconv(converter, &from, &left, &to, &room) != -1, left == 0 else { return nil }
        return capacity - room
      }
    }
    return written.map { String(decoding: output[..<$0].lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
  }
}
