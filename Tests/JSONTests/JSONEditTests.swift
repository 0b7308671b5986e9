import JSON
import Testing

@Suite("Changes of a document's text")
struct JSONEditTests {
  private let text = """
    {
      // Who.
      name: "A", // kept
      regions: [
        { name: "Kidney", organ: "kidneys" },
        { name: "Liver", model: "F2", /* why */ organ: "liver", },
      ],
      empty: {},
    }
    """

  private func edited(_ path: JSONPath, _ value: JSONValue?) throws -> String {
    String(decoding: try JSONEdit(path, value).applied(to: Array(text.utf8)), as: UTF8.self)
  }

  private let liver = JSONPath().appending("regions").appending(1)

  @Test("A value is replaced and everything else stays, comments too")
  func replaces() throws {
    #expect(try edited(liver.appending("model"), "F3u") == text.replacing("\"F2\"", with: "\"F3u\""))
    #expect(try edited(JSONPath().appending("name"), 3) == text.replacing("\"A\"", with: "3"))
  }

  @Test("A member that is missing is added, with the objects on the way")
  func inserts() throws {
    let kidney = JSONPath().appending("regions").appending(0)
    #expect(
      try edited(kidney.appending("model"), "F2").contains(#"organ: "kidneys", "model": "F2" }"#))
    let deep = try edited(JSONPath().appending("empty").appending("a").appending("b"), [1, 2])
    #expect(deep.contains(#"empty: { "a": {"b":[1, 2]} }"#) || deep.contains(#"empty: { "a": {"b":[1,2]} }"#))
    #expect(try JSONDocument(deep).value["empty"]?["a"]?["b"]?[1] == 2)
    #expect(try JSONDocument(edited(liver.appending("x"), true)).value["regions"]?[1]?["x"] == true)
  }

  @Test(
    "A member is taken out, first, between and last; one that is not there changes nothing",
    arguments: [
      "name", "model", "organ",
    ])
  func removes(_ key: String) throws {
    let before = try #require(JSONDocument(text).value["regions"]?[1]?.object)
    let after = try #require(JSONDocument(edited(liver.appending(key), nil)).value["regions"]?[1]?.object)
    #expect(after.keys == before.keys.filter { $0 != key })
    #expect(try edited(liver.appending("none"), nil) == text)
    #expect(try edited(JSONPath().appending("regions"), nil).contains("// Who."))
  }

  @Test("An element more stands behind the last one and what is said beside that, laid out alike")
  func adds() throws {
    let regions = JSONPath().appending("regions")
    let added = try edited(regions.appending(2), ["name": "Spleen"])
    #expect(added.contains("organ: \"liver\", },\n    {\"name\":\"Spleen\"},\n  ],\n"))
    for (list, told) in [
      ("[1]", "[1, 2]"), ("[1, ]", "[1, 2, ]"), ("[\n  1 /* ? a */,\n]", "[\n  1 /* ? a */,\n  2,\n]"),
      ("[\n  1, // one\n]", "[\n  1, // one\n  2,\n]"), ("[\n  1 // one\n]", "[\n  1, // one\n  2\n]"),
    ] {
      let bytes = try JSONEdit(JSONPath().appending(1), 2).applied(to: Array(list.utf8))
      #expect(String(decoding: bytes, as: UTF8.self) == told)
      #expect(try JSONDocument(bytes).value == [1, 2])
    }
    #expect(throws: JSONError.self) { try edited(regions.appending(3), 1) }
  }

  @Test("An element is taken out of a list with what is said beside it, and the others stay")
  func leavesOut() throws {
    let regions = JSONPath().appending("regions")
    #expect(
      try edited(regions.appending(0), nil).contains(
        "regions: [\n    { name: \"Liver\", model: \"F2\", /* why */ organ"))
    #expect(try JSONDocument(edited(regions.appending(1), nil)).value["regions"]?.array?.count == 1)
    for (index, told) in [(0, "[2, 3]"), (1, "[1, 3]"), (2, "[1, 2]")] {
      let bytes = try JSONEdit(JSONPath().appending(index), nil).applied(to: Array("[1, 2, 3]".utf8))
      #expect(String(decoding: bytes, as: UTF8.self) == told)
    }
    #expect(throws: JSONError.self) { try edited(regions.appending(2), nil) }
  }

  @Test("A way through a value that is no object is refused")
  func refuses() {
    #expect(throws: JSONError.self) { try edited(JSONPath().appending("name").appending("x"), 1) }
    #expect(throws: JSONError.self) { try edited(JSONPath().appending("regions").appending(7).appending("x"), 1) }
    #expect(throws: JSONError.self) { try JSONEdit(JSONPath().appending("a"), 1).applied(to: Array("{".utf8)) }
  }
}
