import Foundation
import Studies
import Testing

@Suite struct ReceptionTests {
  private func arrive(_ paths: some Sequence<String>, at reception: Reception) throws {
    for (n, path) in paths.enumerated() {
      let arriving = "\(reception.arriving)/\(n).arriving"
      try FileManager.default.copyItem(atPath: path, toPath: arriving)
      #expect(reception.take(arriving))
    }
  }

  @Test("A study stands in its place only when its sender is done, and a broken one is made whole by the next")
  func whole() throws {
    let study = try SyntheticStudy()
    let written = try study.write()
    let folder = study.folder.path + "/in"
    let place = folder + "/" + study.writer.studyUID
    let first = try Reception(folder: folder)
    try arrive(written.paths.prefix(3), at: first)
    first.leave()
    #expect(try first.complete().isEmpty)
    #expect(!FileManager.default.fileExists(atPath: place))
    #expect(first.holds(written.instanceUIDs[2], of: study.writer.studyUID))
    #expect(!first.holds(written.instanceUIDs[3], of: study.writer.studyUID))

    try Data([1, 2]).write(to: URL(filePath: first.arriving + "/9.arriving"))
    let second = try Reception(folder: folder)
    #expect(!FileManager.default.fileExists(atPath: first.arriving + "/9.arriving"))
    try arrive(written.paths.suffix(3), at: second)
    #expect(try second.complete().map(\.files) == [6])
    #expect(try FileManager.default.contentsOfDirectory(atPath: place).count == 6)
    #expect(try FileManager.default.contentsOfDirectory(atPath: second.arriving).isEmpty)
  }

  @Test("What is no sound object is not kept")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let reception = try Reception(folder: folder.path)
    let path = reception.arriving + "/0.arriving"
    try Data("not DICOM".utf8).write(to: URL(filePath: path))
    #expect(!reception.take(path))
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
