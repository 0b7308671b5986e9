import Foundation
import Testing

@Suite("The list of expectations")
struct ExpectationListTests {
  @Test("Every test that the list names exists, and every line names one")
  func named() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let list = try String(contentsOf: root.appending(path: "Documentation/Expectations.md"), encoding: .utf8)
    var sources = ""
    for name in try FileManager.default.subpathsOfDirectory(atPath: root.path + "/Tests") where name.hasSuffix(".swift")
    {
      sources += try String(contentsOf: root.appending(path: "Tests/" + name), encoding: .utf8)
    }
    let lines = list.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
    #expect(lines.count >= 21)
    for line in lines {
      let title = try #require(line.split(separator: "`").dropFirst().first)
      #expect(sources.contains("@Test(\"\(title)\""), "\(title)")
    }
  }
}
