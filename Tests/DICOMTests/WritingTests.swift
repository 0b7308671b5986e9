import DICOM
import Foundation
import Provenance
import Testing

@Suite struct WritingTests {
  private static func draft() -> DataSetDraft {
    var code = DataSetDraft()
    code.put(.codeMeaning, "Lu-177")
    var draft = DataSetDraft()
    draft.put(.specificCharacterSet, "ISO_IR 192")
    draft.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1.128")
    draft.put(.sopInstanceUID, UIDSeed(1, 2).uid("instance"))
    draft.put(.imageType, "ORIGINAL", "PRIMARY")
    draft.put(.seriesDescription, "Größe")
    draft.put(.patientName, "Zoë^Test")
    draft.put(.patientBirthDate)
    draft.put(.seriesDate, date: CalendarDate(year: 2026, month: 3, day: 4))
    draft.put(.seriesTime, time: ClockTime(hour: 5, minute: 6, second: 7.25))
    draft.put(.timezoneOffsetFromUTC, utcOffset: -19800)
    draft.put(.imagePosition, decimals: [-1.0 / 3, 2, 1e-7 / 3])
    draft.put(.radionuclideCode, items: [code, code])
    draft.put(pixels: [Int16(-1), 2, 3, -32768, 5, 6], rows: 2, columns: 3)
    return draft
  }

  @Test("What is written is read again")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.dcm"
    try Self.draft().write(to: path)
    let file = try DICOMFile(path: path)
    let dataSet = file.dataSet
    #expect(file.transferSyntaxUID == "1.2.840.10008.1.2.1")
    #expect(try dataSet.strings(.imageType) == ["ORIGINAL", "PRIMARY"])
    #expect(try dataSet.string(.patientName) == "Zoë^Test")
    #expect(try dataSet.string(.seriesDescription) == "Größe")
    #expect(dataSet.contains(.patientBirthDate))
    #expect(try dataSet.string(.patientBirthDate) == nil)
    #expect(try dataSet.date(.seriesDate) == CalendarDate(year: 2026, month: 3, day: 4))
    #expect(try dataSet.time(.seriesTime) == ClockTime(hour: 5, minute: 6, second: 7.25))
    #expect(try dataSet.utcOffset(.timezoneOffsetFromUTC) == -19800)
    #expect(try dataSet.items(.radionuclideCode).map { try $0.string(.codeMeaning) } == ["Lu-177", "Lu-177"])
    let position = try dataSet.decimals(.imagePosition)
    #expect(abs(position[0] * -3 - 1) < 1e-12)
    #expect(position[1] == 2)
    #expect(abs(position[2] * 3e7 - 1) < 1e-9)
    guard case .signed16(let samples) = try file.samples() else {
      Issue.record("samples of another kind")
      return
    }
    #expect(samples == [-1, 2, 3, -32768, 5, 6])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.dcm"])
  }

  @Test("The same data set gives the same bytes")
  func deterministic() throws {
    let folder = try TemporaryFolder()
    let paths = (0..<2).map { folder.path + "/\($0).dcm" }
    for path in paths { try Self.draft().write(to: path) }
    #expect(try DICOMFile(path: paths[0]).digest == DICOMFile(path: paths[1]).digest)
  }

  @Test("A file cut anywhere is refused or has lost whole attributes, and never crashes")
  func everyTruncation() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.dcm"
    try Self.draft().write(to: path)
    let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
    #expect(whole.count > 400)
    for length in 0..<whole.count {
      let cut = Array(whole.prefix(length))
      #expect(throws: DICOMError.self, "cut at \(length)") { try DICOMFile(bytes: cut).samples() }
    }
  }

  @Test("A file with any one byte changed is read or refused, and never crashes")
  func everyFlip() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.dcm"
    try Self.draft().write(to: path)
    let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var refused = 0
    for place in 132..<whole.count {
      for change in [UInt8(0xFF), 0x80, 0x01] {
        var bytes = whole
        bytes[place] ^= change
        do {
          let file = try DICOMFile(bytes: bytes)
          for tag in file.dataSet.tags { _ = try? file.dataSet.decimals(tag) }
          _ = try file.samples()
        } catch { refused += 1 }
      }
    }
    #expect(refused > 100)
  }

  @Test("Values that cannot be held are refused and leave no file")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    var long = DataSetDraft()
    long.put(.studyID, String(repeating: "x", count: 17))
    var backslash = DataSetDraft()
    backslash.put(.seriesDescription, "a\\b")
    var infinite = DataSetDraft()
    infinite.put(.rescaleSlope, decimal: .infinity)
    for draft in [long, backslash, infinite] {
      let error = #expect(throws: DICOMError.self, "\(draft)") { try draft.write(to: folder.path + "/a.dcm") }
      #expect(error?.code == "unwritable-value")
    }
    let error = #expect(throws: DICOMError.self) { try Self.draft().write(to: folder.path + "/none/a.dcm") }
    #expect(error?.code == "unwritable-file")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test(
    "Decimal strings have at most 16 characters and the most digits",
    arguments: [
      (0.0, "0"), (100, "100"), (-0.1, "-0.1"), (1.0 / 3, "0.33333333333333"), (-1.0 / 3, "-0.3333333333333"),
      (7210425599.6395, "7210425599.6395"), (-1.23456789012345e-9, "-1.23456789e-09"),
    ])
  func decimals(_ number: Double, _ expected: String) {
    let text = decimalString(number)
    #expect(text.utf8.count <= 16)
    #expect(text == expected)
  }

  @Test("UIDs depend on seed and name alone and are UUIDs under 2.25")
  func uids() throws {
    let seed = UIDSeed(Digest(of: "seed".utf8))
    let uid = seed.uid("a")
    #expect(uid == UIDSeed(Digest(of: "seed".utf8)).uid("a"))
    #expect(
      Set([uid, seed.uid("b"), UIDSeed(1, 2).uid("a"), UIDSeed(2, 1).uid("a"), UIDSeed(12, 0).uid("a")]).count == 5)
    let number = try #require(UInt128(uid.dropFirst(5)))
    #expect(uid.hasPrefix("2.25."))
    #expect(uid.utf8.count <= 64)
    #expect(number >> 76 & 0xF == 8)
    #expect(number >> 62 & 0x3 == 2)
  }
}
