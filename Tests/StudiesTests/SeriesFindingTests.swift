import DICOM
import Foundation
import Studies
import Testing

@Suite("What the headers of a series show")
struct SeriesFindingTests {
  private func codes(_ study: SyntheticStudy) throws -> [String] {
    try #require(try StudyIndex.scan(folder: study.folder.path).series.first).findings.map(\.code)
  }

  @Test("A sound series has its kind, size and spacing and nothing to find")
  func sound() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    let series = try #require(try StudyIndex.scan(folder: study.folder.path).series.first)
    #expect(series.kind == .quantitativeSPECT)
    #expect(series.frames == 6)
    #expect(series.spacing.count == 3)
    #expect(series.findings.isEmpty)
  }

  @Test("A missing slice, a slice twice and an executable preamble are found")
  func findings() throws {
    let study = try SyntheticStudy()
    let written = try study.write()
    let third = URL(filePath: written.paths[2])
    let bytes = try Data(contentsOf: third)
    try FileManager.default.removeItem(at: third)
    #expect(try codes(study) == ["missing-slice", "incomplete-series"])
    try bytes.write(to: third)
    try bytes.write(to: URL(filePath: study.folder.path + "/again.dcm"))
    #expect(Set(try codes(study)) == ["duplicate-position", "duplicate-instance"])
    try FileManager.default.removeItem(atPath: study.folder.path + "/again.dcm")
    var program = bytes
    program.replaceSubrange(0..<4, with: [0x7F, 0x45, 0x4C, 0x46])
    try program.write(to: third)
    #expect(try codes(study) == ["preamble-executable"])
  }

  @Test("A last slice that is missing, mixed units, an impossible date and several frames in a file are found")
  func incomplete() throws {
    let study = try SyntheticStudy()
    let written = try study.write()
    try FileManager.default.removeItem(atPath: written.paths[5])
    #expect(try codes(study) == ["incomplete-series"])
    _ = try study.write()
    try study.change(
      slice: 2, attribute(.units, "CS", Array("BQML".utf8)), to: attribute(.units, "CS", Array("CNTS".utf8)))
    #expect(try codes(study) == ["mixed-units"])
    _ = try study.write()
    let date = attribute(.acquisitionDate, "DA", Array("20260305".utf8))
    try study.change(slice: 1, date, to: attribute(.acquisitionDate, "DA", Array("20260231".utf8)))
    #expect(try codes(study) == ["malformed-value"])
    _ = try study.write()
    var draft = DataSetDraft()
    draft.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1.128")
    draft.put(.sopInstanceUID, "1.2.3")
    draft.put(.studyInstanceUID, study.writer.studyUID)
    draft.put(.seriesInstanceUID, written.uid)
    draft.put(.modality, "PT")
    draft.put(.units, "BQML")
    draft.put(.patientID, "T1")
    draft.put(pixels: [UInt16](repeating: 1, count: 40), rows: 4, columns: 5, frames: 2)
    try draft.write(to: study.spect + "/frames.dcm")
    #expect(try codes(study) == ["multi-frame"])
  }

  @Test("A value that is malformed is found in the index and refused by the reader of the series")
  func malformed() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    try study.change(slice: 3, "4.8\\4", to: "4.8\\x")
    let series = try #require(try StudyIndex.scan(folder: study.folder.path).series.first)
    let found = try #require(series.findings.first { $0.code == "malformed-value" })
    #expect(found.severity == .serious)
    #expect(found.text.contains("1 of 6 files") && found.text.contains("(0028,0030)"))
    #expect(#expect(throws: DICOMError.self) { try QuantitativeSeries(series) }?.code == "malformed-value")
  }

  @Test("A file that changed since the scan is refused")
  func changed() throws {
    let study = try SyntheticStudy()
    let written = try study.write()
    let series = try #require(try StudyIndex.scan(folder: study.folder.path).series.first)
    var bytes = try Data(contentsOf: URL(filePath: written.paths[0]))
    bytes[0] = 1
    try bytes.write(to: URL(filePath: written.paths[0]))
    #expect(#expect(throws: StudyError.self) { try QuantitativeSeries(series) }?.code == "changed-file")
  }
}
