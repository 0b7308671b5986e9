import DICOM
import Foundation
import Studies
import Testing

/// Studies on media: zip archives and DICOMDIR.
@Suite struct MediaTests {
  @Test("The series of a zip archive are those of the folder")
  func archive() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-m", "zipfile", "-c", study.folder.path + "/disc.zip", study.spect]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let packed = try StudyIndex.scan(folder: study.folder.path + "/disc.zip")
    let plain = try StudyIndex.scan(folder: study.spect)
    #expect(packed.series.map(\.uid) == plain.series.map(\.uid))
    #expect(packed.series.first?.files.map(\.sopInstanceUID) == plain.series.first?.files.map(\.sopInstanceUID))
    let series = try QuantitativeSeries(try #require(packed.series.first))
    #expect(series.image.values == (try study.read()).image.values)
  }

  /// A DICOMDIR that lists files by their parts.
  private func directory(_ files: [[String]]) -> [UInt8] {
    func explicit(_ group: UInt16, _ element: UInt16, _ vr: String, _ value: String) -> [UInt8] {
      attribute(Tag(group, element), vr, Array((value.utf8.count % 2 == 0 ? value : value + " ").utf8))
    }
    func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) } }
    let items = files.flatMap { parts in
      let item = explicit(0x0004, 0x1500, "CS", parts.joined(separator: "\\"))
      return [0xFE, 0xFF, 0x00, 0xE0] + number(item.count) + item
    }
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
      + explicit(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1\0") + [0x04, 0x00, 0x20, 0x12] + Array("SQ".utf8) + [0, 0]
      + number(items.count) + items
  }

  @Test("A DICOMDIR leads to its files; missing ones are told")
  func directory() throws {
    let study = try SyntheticStudy()
    let written = try study.write()
    let path = study.folder.path + "/DICOMDIR"
    let names = written.paths.map { ["spect", URL(filePath: $0).lastPathComponent] }
    try Data(directory(names + [["SPECT", "NONE"]])).write(to: URL(filePath: path))
    let index = try StudyIndex.scan(folder: path)
    #expect(index.series.first?.files.count == 6)
    #expect(index.findings.map(\.code) == ["missing-files"])
  }

  @Test("A DICOMDIR that lists files outside its folder is refused", arguments: [["..", "x"], ["/etc", "passwd"]])
  func outside(_ parts: [String]) throws {
    let folder = try TemporaryFolder()
    try Data(directory([parts])).write(to: URL(filePath: folder.path + "/DICOMDIR"))
    let error = #expect(throws: StudyError.self) { try StudyIndex.scan(folder: folder.path + "/DICOMDIR") }
    #expect(error?.code == "unsafe-directory")
  }
}
