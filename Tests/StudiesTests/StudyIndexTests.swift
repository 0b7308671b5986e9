import DICOM
import Foundation
import Provenance
import Studies
import Synchronization
import Testing

@Suite struct StudyIndexTests {
  @Test("Series are told apart, other files are counted, broken files are listed with their reason")
  func scan() throws {
    let study = try SyntheticStudy()
    let written = try study.write()
    let files = FileManager.default
    let root = study.folder.path
    try Data("notes".utf8).write(to: URL(filePath: root + "/notes.txt"))
    try Data(contentsOf: URL(filePath: written.paths[0])).prefix(700).write(to: URL(filePath: root + "/cut.dcm"))
    try files.createSymbolicLink(atPath: root + "/spect/loop", withDestinationPath: root)
    try files.createSymbolicLink(atPath: root + "/again.dcm", withDestinationPath: written.paths[1])
    try files.createSymbolicLink(atPath: root + "/nowhere", withDestinationPath: root + "/none")
    let index = try StudyIndex.scan(folder: root)
    #expect(index.series.map(\.uid) == [written.uid])
    let series = try #require(index.series.first)
    #expect(series.files.count == 6)
    #expect(series.modality == "PT")
    #expect(series.sopClassUID == written.sopClassUID)
    #expect(series.description == "SPECT 24 h")
    #expect(series.frameOfReferenceUID == written.frameOfReferenceUID)
    #expect(Set(series.files.map(\.sopInstanceUID)) == Set(written.instanceUIDs))
    #expect(index.ignored == 1)
    #expect(index.refused.map(\.path) == [root + "/cut.dcm"])
    #expect(index.refused.first?.code == "truncated")
    #expect(
      try series.digest() == .combining(try written.paths.map { Digest(of: try Data(contentsOf: URL(filePath: $0))) }))
  }

  @Test("A scan tells how far it has come, up to all files")
  func progress() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    let told = Mutex<[Int]>([])
    _ = try StudyIndex.scan(folder: study.folder.path) { done, count in
      told.withLock { $0.append(done * 100 + count) }
    }
    #expect(told.withLock { $0.sorted() } == (1...6).map { $0 * 100 + 6 })
  }

  @Test("A linked folder is followed")
  func link() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    let other = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: other.path + "/linked", withDestinationPath: study.folder.path)
    #expect(try StudyIndex.scan(folder: other.path).series.first?.files.count == 6)
  }

  @Test("A folder that is not there is refused")
  func missing() {
    let error = #expect(throws: StudyError.self) { try StudyIndex.scan(folder: "/nonexistent/folder") }
    #expect(error?.category == .missing)
  }
}
