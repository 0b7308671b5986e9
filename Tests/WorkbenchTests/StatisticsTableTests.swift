import Foundation
import JSON
import Provenance
import Statistics
import Testing

@testable import Workbench

/// A file that vanishes after use.
private func withTable<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
  let path = NSTemporaryDirectory() + "endora-\(UUID().uuidString).csv"
  try text.write(toFile: path, atomically: true, encoding: .utf8)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}

private func refusedCode(_ text: String, _ body: (String) throws -> Void) throws -> String? {
  try withTable(text) { path in
    do { try body(path) } catch let error as any Refusal { return error.code }
    return nil
  }
}

@Suite("Statistics of tables")
struct StatisticsTableTests {
  @Test("Quoted cells, comments within them, missing values and Windows line ends are read")
  func reading() throws {
    let table = try DataTable(
      Array("\u{FEFF}name,\"a \"\"b\"\"\",n\r\n\"x, y\",1.5,NA\r\nz, 2 ,\r\n".utf8), file: "t.csv")
    #expect(table.columns == ["name", "a \"b\"", "n"] && table.count == 2)
    #expect(try table.texts("name") == ["x, y", "z"])
    #expect(try table.numbers("a \"b\"") == [1.5, 2])
    #expect(try table.numbers("n") == [nil, nil])
  }

  @Test(
    "A table that cannot be read is refused with its reason",
    arguments: [
      ("", "table-header"), ("a,a\n1,2\n", "table-header"), ("a,b\n1\n", "table-line"), ("a,b\n", "table-empty"),
      ("a,b\n\"1,2\n", "quote-open"), ("a,b\n1,two\n", "number-invalid"), ("a,c\n1,2\n", "column-missing"),
    ])
  func refused(text: String, code: String) throws {
    let found = try refusedCode(text) { path in _ = try SampleStatistics(path).describe("b", by: nil) }
    #expect(found == code)
  }

  static let outcome = """
    days,died,response,cause
    6,1,yes,1
    7,1,yes,2
    10,0,yes,0
    15,1,yes,1
    19,0,yes,0
    25,1,yes,2
    1,1,no,1
    2,1,no,1
    3,1,no,2
    8,1,no,1
    11,0,no,0
    12,1,no,1
    ,1,no,1
    """

  @Test("WE-11.5 from a table: log-rank, medians, the row without a time left out and named")
  func survival() throws {
    try withTable(Self.outcome) { path in
      let result = try SurvivalStatistics(path, time: "days", event: "died", eventIs: nil, needs: ["response"])
        .survival(by: "response", scale: .logLog, at: [10, 30], landmark: nil)
      let document = result.document
      #expect(document["method"]?.string == "kaplan-meier" && document["n"]?.int == 12 && document["events"]?.int == 9)
      let test = try #require(document["tests"]?[0])
      #expect(isClose(try #require(test["chiSquared"]?.double), 3.135383854346037, 1e-9))
      #expect(isClose(try #require(test["p"]?.double), 0.07661035046089669, 1e-9))
      #expect(document["groups"]?[1]?["median"]?["time"]?.double == 15)
      // Nobody without response was observed at 30 days, and the last one died: survival is 0, not missing.
      #expect(document["groups"]?[0]?["at"]?[1]?["survival"]?.double == 0)
      let codes = document["findings"]?.array?.compactMap { $0["code"]?.string }
      #expect(codes?.contains("rows-left-out") == true && codes?.contains("few-events") == true)
    }
  }

  @Test("States 0, 1 and 2 are competing causes: incidences and Gray's tests appear")
  func competing() throws {
    try withTable(Self.outcome) { path in
      let document = try SurvivalStatistics(path, time: "days", event: "cause", eventIs: nil, needs: ["response"])
        .survival(by: "response", scale: .logLog, at: [], landmark: nil).document
      #expect(document["method"]?.string == "competing-risks")
      #expect(document["tests"]?.array?.compactMap { $0["test"]?.string } == ["log-rank", "gray", "gray"])
      #expect(document["groups"]?[0]?["incidence"]?.array?.count == 2)
    }
  }

  @Test("States that never are 0 are refused until the event is named")
  func codedOneTwo() throws {
    let text = "t,s\n1,1\n2,2\n3,1\n"
    let found = try refusedCode(text) { path in _ = try SurvivalStatistics(path, time: "t", event: "s", eventIs: nil) }
    #expect(found == "event-unclear")
    try withTable(text) { path in
      let document = try SurvivalStatistics(path, time: "t", event: "s", eventIs: "2")
        .survival(by: nil, scale: .plain, at: [], landmark: nil).document
      #expect(document["events"]?.int == 1)
    }
    let absent = try refusedCode(text) { path in _ = try SurvivalStatistics(path, time: "t", event: "s", eventIs: "3") }
    #expect(absent == "event-absent")
  }

  @Test("A test that no result could make significant says so")
  func tooFew() throws {
    try withTable("v,g\n1,a\n2,a\n3,a\n7,b\n8,b\n9,b\n") { path in
      let document = try SampleStatistics(path).mannWhitney("v", by: "g").document
      #expect(document["smallestAttainable"]?.double == 0.1 && document["p"]?.double == 0.1)
      #expect(document["findings"]?[0]?["code"]?.string == "test-cannot-reach")
    }
  }

  @Test("Numbers for people keep four significant digits")
  func digits() {
    #expect(short(0.0123456) == "0.01235" && short(123456) == "123456" && short(2) == "2" && short(0) == "0")
    #expect(short(-1.23456) == "-1.235" && short(1e-20) == "1e-20")
  }
}
