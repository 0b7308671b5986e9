import JSON
import Testing

@Suite("Reading")
struct ReadingTests {
  @Test(
    "JSON5 reads what people write",
    arguments: [
      ("// a comment\n{a: 1}", ["a": 1]),
      ("{/* * ** */ 'a': [1, 2,], }", ["a": [1, 2]]),
      ("{$_b9: .5, c: 5., d: 5.e1, e: +1e-2}", ["$_b9": 0.5, "c": 5, "d": 50, "e": 0.01]),
      ("[0x1F, -0xff, 0]", [31, -255, 0]),
      ("[null, true, false]", [nil, true, false]),
      (#"["\x41\u00e9\'\"\v", 'it"s', "\q"]"#, ["Aé'\"\u{0B}", "it\"s", "q"]),
      ("'one \\\n line'", "one  line"),
      ("\u{FEFF}\u{00A0}{}\u{2028}", [:]),
      (#""\ud83d\ude00""#, "😀"),
      (
        "[9007199254740991, -9007199254740992, 123456789012345678901.0]",
        [9_007_199_254_740_991, -9_007_199_254_740_992, 123_456_789_012_345_680_000.0]
      ),
    ] as [(String, JSONValue)])
  func json5(text: String, value: JSONValue) throws {
    #expect(try JSONDocument(text).value == value)
  }

  @Test(
    "Strict JSON refuses what only JSON5 allows",
    arguments: [
      "// c\n1", "{a: 1}", "{'a': 1}", "[1,]", "{\"a\":1,}", "+1", ".5", "5.", "0x10", "'a'", "\"\\x41\"", "\"a\\\nb\"",
      "\u{00A0}1", "\"\t\"",
    ])
  func strict(text: String) throws {
    #expect(throws: JSONError.self) { try JSONDocument(text, dialect: .strict) }
    #expect(throws: Never.self) { try JSONDocument(text, dialect: .json5) }
  }

  @Test(
    "A document that is broken is refused with its place",
    arguments: [
      ("", "unexpected", 1, 1), ("{", "unexpected", 1, 2), ("[1 2]", "unexpected", 1, 4),
      ("{a: 1,\n a: 2}", "duplicate-key", 2, 2), ("{\"é\": 1, \"e\u{301}\": 2}", "duplicate-key", 1, 10),
      ("NaN", "not-finite", 1, 1), ("[\n-Infinity]", "not-finite", 2, 1), ("{x: +NaN}", "not-finite", 1, 5),
      ("01", "number", 1, 1), ("1.2.3", "number", 1, 1), ("-", "number", 1, 1), ("1e", "number", 1, 1),
      ("0x", "number", 1, 1), ("1a", "number", 1, 1), (".", "number", 1, 1), ("--1", "number", 1, 1),
      ("1e999", "number-range", 1, 1), ("1e-999", "number-range", 1, 1), ("9007199254740993", "number-range", 1, 1),
      ("0xFFFFFFFFFFFFFFFFF", "number-range", 1, 1), ("\"ab\r\nc\"", "open-text", 1, 1),
      ("\"\\ud800\"", "lone-surrogate", 1, 2), ("\"\\ude00\\ud83d\"", "lone-surrogate", 1, 2),
      ("\"\\u0000\"", "nul", 1, 2), ("'\\0'", "escape", 1, 2), ("\"\\u12\"", "escape", 1, 2),
      ("/* open", "open-comment", 1, 1), ("1 2", "unexpected", 1, 3), ("\u{FEFF}x", "unexpected", 1, 1),
      ("\"ä\" ?", "unexpected", 1, 5), ("nul", "unexpected", 1, 1), ("{1: 2}", "unexpected", 1, 2),
      ("[1]]", "unexpected", 1, 4), ("\r\r\n\n  ?", "unexpected", 4, 3), ("\"\u{01}\"", "control-character", 1, 2),
      (String(repeating: "[", count: 65), "too-deep", 1, 65), ("a\0", "nul", 1, 2),
    ])
  func broken(text: String, code: String, line: Int, column: Int) {
    let error = #expect(throws: JSONError.self) { try JSONDocument(text) }
    #expect(error?.code == code)
    #expect(error?.reason.hasPrefix("Line \(line), column \(column): ") == true, "\(error?.reason ?? "")")
    #expect(error?.remedy.hasSuffix(".") == true)
  }

  @Test("Sixty-four levels are read, and bytes beyond the limit are refused")
  func limits() throws {
    let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(throws: Never.self) { try JSONDocument(deep) }
    let error = #expect(throws: JSONError.self) { try JSONDocument("[1,2,3]".utf8, limit: 6) }
    #expect(error?.code == "too-large")
  }

  @Test(
    "Bytes that are not UTF-8 are refused with their place",
    arguments: [
      ([0x0A, 0x22, 0xFF, 0x22], 2), ([0xC0, 0x80], 1), ([0xED, 0xA0, 0x80], 1), ([0x22, 0xE2, 0x82], 1),
    ] as [([UInt8], Int)])
  func invalidUTF8(bytes: [UInt8], line: Int) {
    let error = #expect(throws: JSONError.self) { try JSONDocument(bytes) }
    #expect(error?.code == "invalid-utf8")
    #expect(error?.reason.hasPrefix("Line \(line), ") == true)
  }

  @Test("Every node knows its line and path")
  func places() throws {
    let document = try JSONDocument("{\n  a: {b: [1,\n    2]},\n\n  'odd key': null\n}")
    let second = try #require(document.root["a"]?["b"]?[1])
    #expect(second.line == 3)
    #expect(second.path.description == "a.b[1]")
    #expect(document.line(of: second.path) == 3)
    #expect(document.root["odd key"]?.path.description == "[\"odd key\"]")
    #expect(document.root["odd key"]?.line == 5)
    #expect(document.root.members.map(\.key) == ["a", "odd key"])
    #expect(document.node(at: JSONPath([.key("a"), .index(0)])) == nil)
    let error = #expect(throws: JSONError.self) { try second.string() }
    #expect(error?.reason == "Line 3, a.b[1]: found a number, expected a text.")
    let missing = #expect(throws: JSONError.self) { try document.root.required("c") }
    #expect(missing?.code == "missing-field")
  }

  @Test("No bytes crash the reader, and what it accepts it writes and reads again")
  func mutations() throws {
    let seed = Array(#"{"a": [1, -2.5e-3, "x\u00e9\n", null, true], b: {c: 'd', /*k*/ "e": 0x1f,},} // end"#.utf8)
    let alphabet = Array(#"{}[]:,"'\/*+-.0123456789eExXuabntrNI "#.utf8) + [0, 0x0A, 0x0D, 0x80, 0xC3, 0xE2, 0xFF]
    var random = SplitMix(state: 7)
    var accepted = 0
    for _ in 0..<20_000 {
      var bytes = seed
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        case 1: bytes.remove(at: place)
        default: bytes.insert(alphabet[Int.random(in: 0..<alphabet.count, using: &random)], at: place)
        }
      }
      guard let document = try? JSONDocument(bytes) else { continue }
      accepted += 1
      #expect(try JSONDocument(document.value.text(), dialect: .strict).value == document.value)
    }
    #expect(accepted > 1000)
  }
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
