import DICOM
import Testing

/// Names in the character sets of DICOM; the Asian ones are the examples of PS3.5 annexes H, I and J.
@Suite struct CharacterSetTests {
  struct Example: CustomTestStringConvertible {
    let terms: String
    let bytes: [UInt8]
    let name: String
    var testDescription: String { terms }
  }

  static let examples = [
    Example(terms: "ISO_IR 100", bytes: text("Buc^J") + [0xE9] + text("r") + [0xF4] + text("me"), name: "Buc^Jérôme"),
    Example(terms: "ISO_IR 144", bytes: [0xBB, 0xEE, 0xDA], name: "Люк"),
    Example(terms: "ISO_IR 126", bytes: [0xC4, 0xE9, 0xEF, 0xED], name: "Διον"),
    Example(terms: "ISO_IR 192", bytes: text("Wang^小東"), name: "Wang^小東"),
    // The second byte of a character is that of a backslash.
    Example(terms: "GB18030", bytes: [0x81, 0x5C, 0x5E, 0xD0, 0xA1], name: "乗^小"),
    Example(
      terms: "\\ISO 2022 IR 87",
      bytes: text("Yamada^Tarou=") + [0x1B] + text("$B;3ED") + [0x1B] + text("(B^") + [0x1B] + text("$BB@O:")
        + [0x1B] + text("(B=") + [0x1B] + text("$B$d$^$@") + [0x1B] + text("(B^") + [0x1B] + text("$B$?$m$&")
        + [0x1B] + text("(B"), name: "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    Example(
      terms: "ISO 2022 IR 13\\ISO 2022 IR 87",
      bytes: [0xD4, 0xCF, 0xC0, 0xDE] + text("^") + [0xC0, 0xDB, 0xB3] + text("=") + [0x1B] + text("$B;3ED") + [0x1B]
        + text("(J^") + [0x1B] + text("$BB@O:") + [0x1B] + text("(J"), name: "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎"),
    Example(
      terms: "\\ISO 2022 IR 149",
      bytes: text("Hong^Gildong=") + [0x1B] + text("$)C") + [0xFB, 0xF3] + text("^") + [0x1B] + text("$)C")
        + [0xD1, 0xCE, 0xD4, 0xD7], name: "Hong^Gildong=洪^吉洞"),
    Example(
      terms: "\\ISO 2022 IR 58",
      bytes: text("Zhang=") + [0x1B] + text("$)A") + [0xD5, 0xC5], name: "Zhang=张"),
  ]

  @Test("Names are read in the character set that the file declares", arguments: examples)
  func names(_ example: Example) throws {
    var file = ByteFile()
    file.explicit(0x0008, 0x0005, "CS", text(example.terms))
    file.explicit(0x0010, 0x0010, "PN", example.bytes)
    #expect(try DICOMFile(bytes: file.bytes).dataSet.string(.patientName) == example.name)
  }

  @Test("Items take the character set around them unless they have their own")
  func items() throws {
    var file = ByteFile()
    file.explicit(0x0008, 0x0005, "CS", text("ISO_IR 144"))
    file.open(0x0008, 0x1115, "SQ")
    file.open(0xFFFE, 0xE000)
    file.explicit(0x0008, 0x103E, "LO", [0xBB, 0xEE, 0xDA])
    file.close(0xE00D)
    file.open(0xFFFE, 0xE000)
    file.explicit(0x0008, 0x0005, "CS", text("ISO_IR 100"))
    file.explicit(0x0008, 0x103E, "LO", [0xE9])
    file.close(0xE00D)
    file.close(0xE0DD)
    file.explicit(0x0010, 0x0020, "LO", [0xBB])
    let dataSet = try DICOMFile(bytes: file.bytes).dataSet
    let items = try dataSet.items(Tag(0x0008, 0x1115))
    #expect(try items.map { try $0.string(.seriesDescription) } == ["Люк", "é"])
    #expect(try dataSet.string(.patientID) == "Л")
  }

  @Test("Bytes that are none of the declared set do no harm")
  func damaged() throws {
    var file = ByteFile()
    file.explicit(0x0008, 0x0005, "CS", text("ISO 2022 IR 87\\ISO 2022 IR 149"))
    file.explicit(0x0010, 0x0010, "PN", [0x1B, 0x24, 0x42, 0x21, 0x1B, 0xFF, 0x1B])
    #expect(try DICOMFile(bytes: file.bytes).dataSet.string(.patientName)?.isEmpty == false)
  }
}
