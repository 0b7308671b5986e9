import JSON
import Testing

@Suite("Schemas")
struct SchemaTests {
  static let caseSchema = """
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', additionalProperties: false,
      required: ['injectionStart'],
      properties: {
        injectionStart: {type: 'string', format: 'date-time'},
        injectionEnd: {type: 'string', format: 'date-time'},
        born: {type: 'string', format: 'date'},
        mass_kg: {type: 'number', exclusiveMinimum: 0, maximum: 500},
        cycles: {type: 'integer', minimum: 1},
        nuclide: {enum: ['Lu-177', 'Y-90']},
        name: {type: 'string', minLength: 1, pattern: '^[A-Z]\\\\d+$'},
        tags: {type: ['array', 'null'], items: {type: 'string'}, minItems: 1, maxItems: 2, uniqueItems: true},
        dose: {oneOf: [{$ref: '#/$defs/measured'}, {$ref: '#/$defs/derived'}, {type: 'null'}]},
        either: {anyOf: [{type: 'number'}, {type: 'string'}]},
        map: {type: 'object', additionalProperties: {type: 'number'}},
        tree: {$ref: '#/$defs/tree'},
      },
      $defs: {
        measured: {type: 'object', additionalProperties: false, required: ['kind', 'value_MBq'],
          properties: {kind: {const: 'measured'}, value_MBq: {type: 'number', exclusiveMinimum: 0}}},
        derived: {type: 'object', additionalProperties: false, required: ['kind', 'from'],
          properties: {kind: {const: 'derived'}, from: {type: 'string'}}},
        tree: {type: 'object', properties: {child: {$ref: '#/$defs/tree'}}, additionalProperties: false},
      },
    }
    """

  static let good = "injectionStart: '2026-11-02T09:03:00+01:00'"

  static func violations(_ text: String) throws -> [String] {
    let schema = try JSONSchema(try JSONDocument(caseSchema))
    return schema.violations(in: try JSONDocument(text)).map(\.description)
  }

  @Test(
    "A valid document has no violation",
    arguments: [
      "", "mass_kg: 70.5", "mass_kg: 500", "cycles: 2", "nuclide: 'Y-90'", "name: 'A12'", "tags: null", "tags: ['a']",
      "dose: {kind: 'measured', value_MBq: 1}", "dose: {kind: 'derived', from: 'x'}", "dose: null", "either: 1",
      "either: 'x'", "map: {a: 1, b: 2}", "tree: {child: {child: {}}}", "injectionEnd: '2024-02-29T23:59:59.25Z'",
      "injectionEnd: '2026-11-02T09:03-10:30'", "born: '2000-02-29'",
    ])
  func valid(member: String) throws {
    #expect(try Self.violations("{\(Self.good),\(member)}") == [])
  }

  @Test(
    "A violation names line, path, what was found and what to do",
    arguments: [
      ("mass_kg: 0", "Line 2, mass_kg: found 0. Expected a number above 0 and at most 500."),
      ("mass_kg: 501", "Line 2, mass_kg: found 501. Expected a number above 0 and at most 500."),
      ("mass_kg: '70'", "Line 2, mass_kg: found a text. Expected a number."),
      ("cycles: 1.5", "Line 2, cycles: found a number that is not whole. Expected a whole number."),
      ("cycles: 0", "Line 2, cycles: found 0. Expected a number at least 1."),
      ("nuclide: 'Lu177'", "Line 2, nuclide: found 'Lu177'. Did you mean 'Lu-177'?"),
      ("nuclide: 3", "Line 2, nuclide: found 3. Expected 'Lu-177' or 'Y-90'."),
      ("name: ''", "Line 2, name: found an empty text. Expected at least 1 character."),
      ("name: 'a1'", "Line 2, name: found a text of another form. Expected a text of the form ^[A-Z]\\d+$."),
      ("name: 'A١'", "Line 2, name: found a text of another form. Expected a text of the form ^[A-Z]\\d+$."),
      ("tags: []", "Line 2, tags: found 0 items. Expected at least 1 and at most 2 items."),
      ("tags: ['a', 'a']", "Line 2, tags: an item comes twice. Expected items that differ."),
      ("tags: [\n1]", "Line 3, tags[0]: found a number. Expected a text."),
      ("map: {a: 'x'}", "Line 2, map.a: found a text. Expected a number."),
      ("either: null", "Line 2, either: found null. Expected a number or a text."),
      (
        "injectionEdn: 'x'",
        "Line 2, injectionEdn: the key 'injectionEdn' is not known here. Did you mean 'injectionEnd'?"
      ),
      (
        "tree: {child: {child: {x: 1}}}",
        "Line 2, tree.child.child.x: the key 'x' is not known here. Expected one of child."
      ),
      ("dose: {kind: 'measured', value_MBq: -1}", "Line 2, dose.value_MBq: found -1. Expected a number above 0."),
      ("dose: {kind: 'derived'}", "Line 2, dose: 'from' is missing. Expected 'from'."),
      ("dose: {kind: 'derivd', from: 'x'}", "Line 2, dose.kind: found 'derivd'. Did you mean 'derived'?"),
      ("dose: {kind: 7}", "Line 2, dose.kind: found 7. Expected 'measured' or 'derived'."),
      ("dose: 5", "Line 2, dose: found a number. Expected an object or null."),
      (
        "injectionEnd: '2026-11-02T09:03:00'",
        "Line 2, injectionEnd: found a text of another form. Expected a time with its offset from UTC, like 2026-11-02T09:03:00+01:00."
      ),
    ])
  func invalid(member: String, message: String) throws {
    #expect(try Self.violations("{\(Self.good),\n\(member)}") == [message])
  }

  @Test("A missing and a misspelt field are two violations, and the check throws the first with a count")
  func missing() throws {
    let text = "{\n injectonStart: '2026-11-02T09:03:00Z'}"
    #expect(
      try Self.violations(text) == [
        "Line 2, injectonStart: the key 'injectonStart' is not known here. Did you mean 'injectionStart'?",
        "Line 1, the document: 'injectionStart' is missing. Expected 'injectionStart'.",
      ])
    let schema = try JSONSchema(try JSONDocument(Self.caseSchema))
    let error = #expect(throws: JSONError.self) { try schema.check(try JSONDocument(text)) }
    #expect(error?.remedy == "Did you mean 'injectionStart'? There is 1 other.")
  }

  @Test(
    "A day that the calendar does not have is refused",
    arguments: ["2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-1-1", "2026-01-01 "])
  func impossibleDates(text: String) throws {
    #expect(try Self.violations("{\(Self.good), born: '\(text)'}").count == 1)
    #expect(try Self.violations("{\(Self.good), injectionEnd: '\(text)T10:00:00Z'}").count == 1)
  }

  @Test(
    "A schema that is not understood is refused",
    arguments: [
      ("{type: 'object', propertys: {}}", "schema-keyword"), ("{multipleOf: 2}", "schema-keyword"),
      ("{type: 'float'}", "schema"), ("{format: 'email'}", "schema"), ("{pattern: '('}", "schema"),
      ("{$ref: 'other.json'}", "schema"), ("{$ref: '#/$defs/a'}", "schema-reference"),
      ("{properties: {x: {$ref: '#/$defs/a'}}}", "schema-reference"),
      ("{$ref: '#/$defs/a', $defs: {a: {$ref: '#/$defs/a'}}}", "schema-cycle"),
      ("{$defs: {a: {oneOf: [{$ref: '#/$defs/b'}]}, b: {anyOf: [{$ref: '#/$defs/a'}]}}}", "schema-cycle"),
      ("{minimum: '3'}", "wrong-type"), ("{items: {minimums: 3}}", "schema-keyword"), ("[]", "schema"),
    ])
  func badSchemas(text: String, code: String) throws {
    let error = #expect(throws: JSONError.self) { try JSONSchema(try JSONDocument(text)) }
    #expect(error?.code == code)
  }

  @Test("A value that is valid in two ways is refused by oneOf")
  func ambiguous() throws {
    let schema = try JSONSchema(try JSONDocument("{oneOf: [{type: 'number'}, {type: 'integer'}]}"))
    #expect(schema.violations(in: try JSONDocument("1")).count == 1)
    #expect(schema.violations(in: try JSONDocument("1.5")).isEmpty)
  }

  @Test("A list with a million faults gives a list of faults that a person can read")
  func manyFaults() throws {
    let schema = try JSONSchema(try JSONDocument("{items: {type: 'string'}}"))
    let list = "[" + String(repeating: "1,", count: 1_000_000) + "]"
    #expect(schema.violations(in: try JSONDocument(list)).count == 100)
  }

  @Test("A key is shown short and without control characters")
  func hostileKeys() throws {
    let key = "\\u001b[31m" + String(repeating: "k", count: 1000)
    let message = try #require(try Self.violations("{\(Self.good), '\(key)': 1}").first)
    #expect(message.count < 400 && !message.unicodeScalars.contains("\u{1B}"))
  }

  @Test("No text of the document is quoted where no fixed word is expected")
  func privacy() throws {
    let messages = try Self.violations("{\(Self.good), name: 'Doe^Jane', born: '1980-1-1', mass_kg: 'Jane Doe'}")
    #expect(messages.count == 3)
    #expect(!messages.joined().contains("Doe") && !messages.joined().contains("1980"))
  }
}
