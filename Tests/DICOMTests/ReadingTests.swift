import DICOM
import Testing

@Suite struct ReadingTests {
  @Test("Strings are split at backslashes and lose their padding")
  func strings() throws {
    var file = ByteFile()
    file.explicit(0x0008, 0x0008, "CS", text("ORIGINAL \\PRIMARY\\ "))
    file.explicit(0x0010, 0x0020, "LO", [0x5A, 0x6F, 0xEB])
    file.explicit(0x0020, 0x0010, "SH", text("Zoë"))
    let dataSet = try DICOMFile(bytes: file.bytes).dataSet
    #expect(try dataSet.strings(.imageType) == ["ORIGINAL", "PRIMARY", ""])
    #expect(try dataSet.string(.patientID) == "Zoë")
    #expect(try dataSet.string(.studyID) == "Zoë")
    #expect(try dataSet.string(.modality) == nil)
  }

  @Test("Numbers are read from text and from binary")
  func numbers() throws {
    var file = ByteFile()
    file.explicit(0x0020, 0x0013, "IS", text(" -12 "))
    file.explicit(0x0020, 0x0032, "DS", text("-249.023\\1.5e2\\ +3 "))
    file.explicit(0x0028, 0x0010, "US", le(UInt16(513)))
    file.explicit(0x0028, 0x1053, "FD", le((0.25).bitPattern))
    let dataSet = try DICOMFile(bytes: file.bytes).dataSet
    #expect(try dataSet.integer(.instanceNumber) == -12)
    #expect(try dataSet.decimals(.imagePosition) == [-249.023, 150, 3])
    #expect(try dataSet.unsigned16(.rows) == 513)
    #expect(try dataSet.decimal(.rescaleSlope) == 0.25)
  }

  @Test(
    "What is no finite decimal number is refused", arguments: ["nan", "inf", "1e999", "70,5", "0x10", "1\\", "ten"])
  func badDecimals(_ value: String) throws {
    var file = ByteFile()
    file.explicit(0x0028, 0x1053, "DS", text(value))
    let dataSet = try DICOMFile(bytes: file.bytes).dataSet
    let error = #expect(throws: DICOMError.self) { try dataSet.decimals(.rescaleSlope) }
    #expect(error?.code == "malformed-value")
  }

  @Test("Dates and times are read with fraction and zone")
  func moments() throws {
    var file = ByteFile()
    file.explicit(0x0008, 0x0021, "DA", text("20181115"))
    file.explicit(0x0008, 0x002A, "DT", text("20181115130628.148000-0530"))
    file.explicit(0x0008, 0x0031, "TM", text("130628.148000"))
    file.explicit(0x0008, 0x0032, "TM", text("13:06:28.5"))
    file.explicit(0x0008, 0x0033, "TM", text("1306"))
    file.explicit(0x0008, 0x0201, "SH", text("+0100"))
    let dataSet = try DICOMFile(bytes: file.bytes).dataSet
    let date = CalendarDate(year: 2018, month: 11, day: 15)
    let time = ClockTime(hour: 13, minute: 6, second: 28.148)
    #expect(try dataSet.date(.seriesDate) == date)
    #expect(try dataSet.time(.seriesTime) == time)
    #expect(try dataSet.dateTime(.acquisitionDateTime) == DateAndTime(date: date, time: time, utcOffset: -19800))
    #expect(try dataSet.time(.acquisitionTime) == ClockTime(hour: 13, minute: 6, second: 28.5))
    #expect(try dataSet.time(.contentTime) == ClockTime(hour: 13, minute: 6, second: 0))
    #expect(try dataSet.utcOffset(.timezoneOffsetFromUTC) == 3600)
  }

  @Test(
    "What is no time is refused",
    arguments: ["2460", "25", "130628.", "130628.1234567", "1306281", "13:6:28", ".5", "130628.1.2", "13.5"])
  func badTimes(_ value: String) throws {
    var file = ByteFile()
    file.explicit(0x0008, 0x0031, "TM", text(value))
    let dataSet = try DICOMFile(bytes: file.bytes).dataSet
    #expect(throws: DICOMError.self) { try dataSet.time(.seriesTime) }
  }

  @Test(
    "What is no date with a time is refused",
    arguments: ["20181115", "15-03-2024 12:00:00", "201811151306+01", "20181315130628", "20181115130628+1500"])
  func badDateTimes(_ value: String) throws {
    var file = ByteFile()
    file.explicit(0x0008, 0x002A, "DT", text(value))
    let dataSet = try DICOMFile(bytes: file.bytes).dataSet
    #expect(throws: DICOMError.self) { try dataSet.dateTime(.acquisitionDateTime) }
  }

  @Test(
    "What is no UID is refused", arguments: ["../../etc", "1..2", "1.2.a", String(repeating: "1.", count: 32) + "1"])
  func badUIDs(_ value: String) throws {
    var file = ByteFile()
    file.explicit(0x0020, 0x000D, "UI", text(value))
    let dataSet = try DICOMFile(bytes: file.bytes).dataSet
    #expect(throws: DICOMError.self) { try dataSet.uid(.studyInstanceUID) }
  }

  @Test("Implicit, undefined-length and unknown sequences are read; private attributes are passed over")
  func sequences() throws {
    var implicit: [UInt8] = []
    var inner = ByteFile()
    let start = inner.bytes.count
    inner.implicit(0x0008, 0x0100, text("A1"))
    implicit = Array(inner.bytes[start...])

    var file = ByteFile()
    file.open(0x0008, 0x1032, "SQ")
    file.open(0xFFFE, 0xE000)
    file.explicit(0x0008, 0x0100, "SH", text("B2"))
    file.close(0xE00D)
    file.close(0xE0DD)
    file.explicit(0x0009, 0x1001, "UN", [1, 2, 3, 4])
    file.open(0x0054, 0x0016, "UN")
    file.raw(le(UInt16(0xFFFE)) + le(UInt16(0xE000)) + le(UInt32(implicit.count)) + implicit)
    file.close(0xE0DD)
    file.explicit(0x0054, 0x1001, "CS", text("BQML"))
    let dataSet = try DICOMFile(bytes: file.bytes).dataSet
    #expect(try dataSet.item(Tag(0x0008, 0x1032))?.string(.codeValue) == "B2")
    #expect(try dataSet.item(.radiopharmaceuticalInformation)?.string(.codeValue) == "A1")
    #expect(try dataSet.string(.units) == "BQML")

    var plain = ByteFile(transferSyntax: "1.2.840.10008.1.2")
    plain.implicit(0x0008, 0x0060, text("PT"))
    plain.implicit(
      0x0054, 0x0016, le(UInt16(0xFFFE)) + le(UInt16(0xE000)) + le(UInt32(implicit.count)) + implicit)
    let other = try DICOMFile(bytes: plain.bytes).dataSet
    #expect(try other.string(.modality) == "PT")
    #expect(try other.item(.radiopharmaceuticalInformation)?.string(.codeValue) == "A1")
  }

  @Test("Sequences nest 64 deep and no deeper", arguments: [(64, true), (65, false), (3000, false)])
  func nesting(_ depth: Int, _ isRead: Bool) throws {
    var file = ByteFile()
    for _ in 0..<depth {
      file.open(0x0040, 0x0275, "SQ")
      file.open(0xFFFE, 0xE000)
    }
    for _ in 0..<depth {
      file.close(0xE00D)
      file.close(0xE0DD)
    }
    let bytes = file.bytes
    if isRead {
      #expect(try DICOMFile(bytes: bytes).dataSet.items(Tag(0x0040, 0x0275)).count == 1)
    } else {
      #expect(throws: DICOMError.self) { try DICOMFile(bytes: bytes) }
    }
  }

  @Test("Lengths of defined sequences nested in an implicit file are bounded too")
  func implicitNesting() throws {
    var value: [UInt8] = []
    for _ in 0..<70 {
      let item = le(UInt16(0xFFFE)) + le(UInt16(0xE000)) + le(UInt32(value.count)) + value
      value = le(UInt16(0x0040)) + le(UInt16(0x0275)) + le(UInt32(item.count)) + item
    }
    var file = ByteFile(transferSyntax: "1.2.840.10008.1.2")
    file.raw(value)
    var dataSet: DataSet? = try DICOMFile(bytes: file.bytes).dataSet
    var depth = 0
    let error = #expect(throws: DICOMError.self) {
      while let next = dataSet {
        dataSet = try next.item(Tag(0x0040, 0x0275))
        depth += 1
      }
    }
    #expect(error?.code == "nested-too-deeply")
    #expect(depth == 64)
  }

  @Test("A length beyond the end is refused with the place where the file ends")
  func truncated() throws {
    var file = ByteFile()
    file.raw(le(UInt16(0x0040)) + le(UInt16(0xA160)) + text("UT") + [0, 0] + le(UInt32(0x7FFF_FFFF)) + text("few"))
    let bytes = file.bytes
    let error = #expect(throws: DICOMError.self) { try DICOMFile(bytes: bytes) }
    #expect(error?.code == "truncated")
    #expect(error?.reason == "The file ends at byte \(bytes.count), inside attribute (0040,A160).")
  }

  @Test("Attributes out of order or twice are refused")
  func order() throws {
    var file = ByteFile()
    file.explicit(0x0010, 0x0020, "LO", text("A"))
    file.explicit(0x0010, 0x0020, "LO", text("B"))
    let bytes = file.bytes
    let error = #expect(throws: DICOMError.self) { try DICOMFile(bytes: bytes) }
    #expect(error?.code == "malformed-structure")
  }

  @Test("A file that is not there, a folder and a text are refused")
  func noFile() throws {
    let folder = try TemporaryFolder()
    #expect(throws: DICOMError.self) { try DICOMFile(path: folder.path) }
    let error = #expect(throws: DICOMError.self) { try DICOMFile(path: folder.path + "/none") }
    #expect(error?.category == .missing)
    #expect(throws: DICOMError.self) { try DICOMFile(bytes: Array("hello".utf8)) }
  }
}
