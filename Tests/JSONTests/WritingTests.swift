import JSON
import Testing

@Suite("Writing")
struct WritingTests {
  @Test("A document has the golden text")
  func golden() throws {
    let value: JSONValue = [
      "z": 1, "a": [], "o": [:], "curve": [1, 2.5, 1e-7], "mixed": [nil, "x"], "t": "a\"\\\n\t\u{01}\u{2028}é/",
      "big": 9_007_199_254_740_992, "huge": 1e21,
    ]
    #expect(
      try value.text() == """
        {
          "z": 1,
          "a": [],
          "o": {},
          "curve": [1, 2.5, 1e-07],
          "mixed": [
            null,
            "x"
          ],
          "t": "a\\"\\\\\\n\\t\\u0001\\u2028é/",
          "big": 9007199254740992,
          "huge": 1e+21
        }
        """)
    #expect(try (["a": [1, true], "b": nil] as JSONValue).text(indented: false) == #"{"a":[1,true],"b":null}"#)
  }

  @Test("A number reads back as the same bits")
  func numbers() throws {
    var random = SplitMix(state: 3)
    var values = [
      0, -0.0, 0.1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .leastNormalMagnitude, 1 / 3, 2e53, -1e22,
    ]
    while values.count < 5000 {
      let value = Double(bitPattern: random.next())
      if value.isFinite { values.append(value) }
    }
    for value in values {
      let text = try JSONValue.number(value).text()
      #expect(try JSONDocument(text, dialect: .strict).value.double?.bitPattern == value.bitPattern, "\(text)")
    }
  }

  @Test("A value that is not finite is refused with its path", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(value: Double) {
    let error = #expect(throws: JSONError.self) { try (["a": [0, .number(value)]] as JSONValue).text() }
    #expect(error?.code == "not-finite")
    #expect(error?.reason.contains("a[1]") == true)
  }

  @Test("More levels than can be read are not written")
  func depth() {
    var value: JSONValue = 0
    for _ in 0..<65 { value = [value] }
    #expect(throws: JSONError.self) { try value.text() }
  }

  @Test("An object keeps the order of its members and compares without it")
  func order() {
    var object: JSONObject = ["b": 1, "a": 2]
    object["c"] = 3
    object["b"] = 4
    #expect(object.keys == ["b", "a", "c"])
    #expect(object == ["a": 2, "c": 3, "b": 4])
    object["a"] = nil
    #expect(object.map(\.key) == ["b", "c"])
  }
}
