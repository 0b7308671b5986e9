import Foundation
import JSON
import Provenance
import Testing
import Therapy

@testable import Workbench

/// Writes a text below a folder that is made when it is missing.
private func write(_ text: String, _ path: String) throws {
  try FileManager.default.createDirectory(
    atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
  try text.write(toFile: path, atomically: true, encoding: .utf8)
}

/// A folder that vanishes after use.
private func withCohortFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = NSTemporaryDirectory() + "endora-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

@Suite("Cohorts of case folders")
struct CohortTests {
  /// Table 2 of Braitsch 2025: kidneys, liver, marrow before; the same after, where measured; GBq.
  static let published: [([Double], [Double]?, Double)] = [
    ([1.59, 0.29, 0.42], [0.87, 0.20, 0.14], 12.0), ([1.44, 0.40, 0.57], [1.21, 0.36, 0.41], 14.4),
    ([1.73, 0.47, 0.47], nil, 13.0), ([1.18, 0.66, 0.44], [0.68, 0.32, 0.30], 11.4), ([0.73, 0.16, 0.11], nil, 12.2),
    ([1.30, 0.38, 0.16], [0.68, 0.36, 0.10], 16.1), ([2.97, 0.92, 0.01], nil, 7.6),
  ]

  private static func results(_ doses: [Double]) -> String {
    let organs = zip(["Kidneys", "Liver", "Marrow, total"], doses).map {
      "{\"name\": \"\($0)\", \"dosePerActivity\": {\"value\": \($1), \"unit\": \"Gy/GBq\"}}"
    }
    return "{\"format\": \"endora-results-1\", \"organs\": [\(organs.joined(separator: ","))]}"
  }

  private static func makePublished(in folder: String) throws {
    for (index, row) in published.enumerated() {
      let home = "\(folder)/P\(index + 1)"
      try write(results(row.0), home + "/results/results.json")
      if let after = row.1 { try write(results(after), home + "/post-therapy/results/results.json") }
      try write(
        "{format: 'endora-schedule-1', name: 'P\(index + 1)', day0: '2025-04-02', donor: 'MUD', activity_GBq: \(row.2)}",
        home + "/schedule.json")
    }
  }

  @Test("Table 2 of Braitsch 2025 from case folders: rows, printed medians, recomputed mean and deviation")
  func publishedTable() throws {
    try withCohortFolder { folder in
      try Self.makePublished(in: folder)
      let document = try Cohort([folder]).document(.dosimetry)
      let table = try #require(document["tables"]?[0])
      let keys = try #require(table["columns"]?.array?.compactMap { $0["key"]?.string })
      func column(_ key: String) throws -> Int { try #require(keys.firstIndex(of: key)) }
      let rows = try #require(table["rows"]?.array)
      #expect(rows.count == 7)
      let (kidneys, after, given) = (
        try column("kidneys_before_Gy_per_GBq"), try column("kidneys_after_Gy_per_GBq"), try column("activity_GBq")
      )
      for (row, expected) in zip(rows, Self.published) {
        #expect(isClose(try #require(row[kidneys]?.double), expected.0[0], 1e-12))
        #expect(row[after]?.double == expected.1?[0])
        #expect(isClose(try #require(row[given]?.double), expected.2, 1e-12))
      }
      let summaries = try #require(table["summaries"]?.array)
      #expect(summaries[0][kidneys]?.string == "1.44 (0.73–2.97)")
      #expect(summaries[0][after]?.string == "0.78 (0.68–1.21)")
      #expect(summaries[1][given]?.string == "12.39 ± 2.65")
      #expect(summaries[2][after]?.string == "4" && summaries[2][kidneys]?.string == "7")
    }
  }

  @Test("The same table as CSV, LaTeX and a page: missing stays missing, words are escaped")
  func formats() throws {
    try withCohortFolder { folder in
      try Self.makePublished(in: folder)
      try write(
        "{format: 'endora-schedule-1', name: 'A&B_<1>, 100 %', day0: '2025-04-02', donor: 'MUD'}",
        folder + "/P8/schedule.json")
      let cohort = try Cohort([folder])
      let csv = try cohort.file(.dosimetry, as: .csv).components(separatedBy: "\r\n")
      #expect(csv.count == 10 && csv[0].hasPrefix("patient,kidneys_before_Gy_per_GBq,kidneys_after_Gy_per_GBq,"))
      #expect(csv[1].hasPrefix("P1,1.59,0.87,0.29,0.2,,,0.42,0.14,,12,"))
      #expect(csv[8] == "\"A&B_<1>, 100 %\"" + String(repeating: ",", count: 11))
      let latex = try cohort.file(.dosimetry, as: .latex)
      #expect(latex.contains("A\\&B\\_<1>, 100 \\% & -- &") && latex.contains("1.44 (0.73--2.97)"))
      #expect(latex.contains("12.39 $\\pm$ 2.65"))
      let html = try cohort.file(nil, as: .html)
      #expect(html.contains("A&amp;B_&lt;1&gt;, 100") && !html.contains("<1>") && !html.contains("<script"))
      #expect(html.components(separatedBy: "<table>").count == 5)
      #expect(throws: CaseError.self) { try cohort.file(nil, as: .csv) }
    }
  }

  static let example = repository + "/Examples/synthetic-cohort"

  @Test("The example's outcome: engraftment, grades with their change, response, relapse and survival")
  func outcome() throws {
    let table = try #require(try Cohort([Self.example]).document(.outcome)["tables"]?[0])
    let rows = try #require(table["rows"]?.array)
    #expect(rows.count == 8)
    let first = try #require(rows.first?.array)
    #expect(first[0].string == "S1" && first[1].double == 18 && first[2].double == 30 && first[3].string == "none")
    #expect(first[5].string == "CR" && first[6].string == "0 (0)" && first[7].string == "1 (+1)")
    #expect(first[10].double == 820 && first[11].string == "alive")
    let refractory = try #require(rows[4].array)
    #expect(refractory[1].isNull && refractory[3].string == "primary" && refractory[5].string == "refractory")
    #expect(refractory[9].double == 25 && refractory[11].string == "died")
  }

  @Test("The table for statistics goes into 'stats survival' as it is, causes and landmark groups included")
  func data() throws {
    try withCohortFolder { folder in
      let path = folder + "/data.csv"
      try write(try Cohort([Self.example]).file(.data, as: .csv), path)
      let competing = try SurvivalStatistics(path, time: "event_d", event: "event_cause", eventIs: nil)
        .survival(by: nil, scale: .logLog, at: [], landmark: nil)
      #expect(competing.document["method"]?.string == "competing-risks")
      #expect(competing.document["events"]?.int == 4 && competing.figures.count == 3)
      let landmark = try SurvivalStatistics(path, time: "survival_d", event: "died", eventIs: nil).survival(
        by: nil, scale: .logLog, at: [], landmark: 40, reached: "platelet_day")
      let groups = try #require(landmark.document["groups"]?.array)
      #expect(groups.map { $0["n"]?.int } == [5, 3] && groups.map { $0["events"]?.int } == [1, 3])
      #expect(throws: CaseError.self) {
        try SurvivalStatistics(path, time: "survival_d", event: "died", eventIs: nil).survival(
          by: "sex", scale: .logLog, at: [], landmark: 40, reached: "platelet_day")
      }
    }
  }

  @Test("Relations of eight patients carry intervals, no test, and say why; the same files give the same numbers")
  func relations() throws {
    let cohort = try Cohort([Self.example])
    let document = try cohort.relations().document
    let relations = try #require(document["relations"]?.array)
    #expect(relations.count >= 8 && relations.allSatisfy { $0["p"]?.isNull == true })
    #expect(relations.allSatisfy { $0["withheld"]?.string?.contains("fewer than 10") == true })
    let first = try #require(relations.first)
    #expect(first["quantity"]?.string == "mean SUVmax" && first["bootstrap"]?["exact"]?.bool == true)
    #expect(first["interval"]?[0]?.double != nil)
    #expect(try cohort.relations().document == document)
    #expect(document["findings"]?[0]?["code"]?.string == "exploratory")
  }

  @Test("The swimmer plot has a lane a patient, the longest first, and is written as SVG, PDF and PNG")
  func swimmer() throws {
    try withCohortFolder { folder in
      let figure = try Cohort([Self.example]).swimmer()
      #expect(figure.document["lanes"]?.array?.count == 8)
      for (name, start) in [("a.svg", "<?xml"), ("a.pdf", "%PDF"), ("a.png", "\u{89}PNG")] {
        try figure.write(to: folder + "/" + name)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: folder + "/" + name)))
        #expect(bytes.starts(with: start.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }), "\(name)")
      }
      let svg = try String(contentsOfFile: folder + "/a.svg", encoding: .utf8)
      let (longest, shortest) = (try #require(svg.range(of: ">S2<")), try #require(svg.range(of: ">S3<")))
      #expect(longest.lowerBound < shortest.lowerBound && svg.contains("refractory"))
      #expect(throws: CaseError.self) { try figure.write(to: folder + "/a.gif") }
    }
  }

  @Test("A folder without a case, two cases of one name and a broken case are refused, the case is named")
  func refused() throws {
    try withCohortFolder { folder in
      func code(_ paths: [String]) -> String? {
        do { _ = try Cohort(paths) } catch let error as any Refusal { return error.code } catch { return "other" }
        return nil
      }
      #expect(code([folder]) == "no-cases")
      let schedule = "{format: 'endora-schedule-1', name: 'P', day0: '2025-04-02', donor: 'MUD'}"
      try write(schedule, folder + "/a/schedule.json")
      #expect(code([folder]) == nil)
      try write(schedule, folder + "/b/schedule.json")
      #expect(code([folder]) == "name-twice")
      try write("{", folder + "/b/schedule.json")
      #expect(throws: CaseError.self) { try Cohort([folder]) }
    }
  }
}
