import Foundation
import JSON
import Quantities
import Testing
import Workbench

@Suite("The archive of a department's folder")
struct ArchiveIndexingTests {
  private let moment = Timestamp(secondsSince1970: 1_793_000_000, utcOffset: 3600)

  private func write(_ text: String, to path: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  @Test("Every case folder is listed with its stage, one that cannot be read with its finding, and an edit is found")
  func indexing() throws {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write("{}", to: folder + "/ward/selected/pet.json")
    try write("{", to: folder + "/broken/case.json")
    try write("{}", to: folder + "/prescribed/case.json")
    try write(
      #"{"prescription": {"activity": 1}, "organs": [{}], "regions": [{"name": "Spleen"}]}"#,
      to: folder + "/prescribed/results/results.json")
    try write("no case", to: folder + "/notes/readme.txt")

    let first = try ArchiveIndexing(folder: folder, actor: "physicist", at: moment).document
    #expect(first["changed"]?.array?.compactMap(\.string) == ["broken", "prescribed", "ward/selected"])
    let cases = try #require(first["cases"]?.array)
    #expect(cases.compactMap { $0["stage"]?.string } == ["open", "prescribed", "selected"])
    #expect(cases[0]["findings"]?.array?.first?.string?.hasPrefix("unexpected") == true)
    #expect(cases[1]["results"]?.array?.count == 1)

    try FileManager.default.removeItem(atPath: folder + "/broken")
    let second = try ArchiveIndexing(folder: folder, actor: "physicist", at: moment).document
    #expect(second["changed"]?.array?.isEmpty == true)
    #expect(second["forgotten"]?.array?.compactMap(\.string) == ["broken"])
    let audit = try ArchiveAudit(folder: folder)
    #expect(audit.refusal == nil)
    #expect(audit.document["rows"]?.int == 4)

    let objects = folder + "/.endora/objects"
    let object = try #require(
      try FileManager.default.subpathsOfDirectory(atPath: objects).first { $0.contains("/") })
    try write("changed", to: objects + "/" + object)
    #expect(try ArchiveAudit(folder: folder).refusal?.code == "object-damaged")
  }

  @Test("A case whose prescription was refused is not listed as prescribed")
  func refused() throws {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write("{}", to: folder + "/p/case.json")
    try write(
      #"{"prescription": {"refused": {"code": "extrapolation"}}, "organs": [{}]}"#,
      to: folder + "/p/results/results.json")
    let cases = try ArchiveIndexing(folder: folder, actor: "physicist", at: moment).document["cases"]
    #expect(cases?[0]?["stage"] == "dosed")
  }
}
