import Foundation
import JSON
import Quantities
import Testing

@testable import Workbench

extension DemonstrationTests {
  @Test("Images of a second cycle go through the same chain: half the activity with the same images is twice the dose")
  func secondCycle() throws {
    try withFolder { other in
      try FileManager.default.copyItem(atPath: folder, toPath: other)
      let path = URL(fileURLWithPath: other + "/case.json")
      let value = try JSONDocument(Array(try Data(contentsOf: path))).root.value
      var members = try #require(value.object)
      let start = try #require(value["administrations"]?[0]?["start"])
      let half = written.plan.administered.megabecquerels / 2
      members["verification"] = [
        "administrations": [["activity_MBq": JSONValue(half), "start": start]],
        "measurements": ["spect": try #require(value["measurements"]?["spect"])],
      ]
      try Data(try JSONValue.object(members).text().utf8).write(to: path)
      let document = try Verification.make(other, cohort: nil).document
      let rows = try #require(document["organs"]?.array)
      #expect(rows.compactMap { $0["name"]?.string } == written.comparisons.map(\.organ))
      for row in rows {
        let name = row["name"]?.string ?? ""
        #expect(isClose(try #require(row["ratio"]?.double), 2, 1e-9), "\(name)")
        // Predicted for the activity that was given.
        let predicted = try #require(row["predicted"]?["value"]?.double)
        let own = try #require(written.plan.analysis.organs.first { $0.name == name }).dose.perActivity.value
        #expect(isClose(predicted, (own * .megabecquerels(half)).grays, 1e-9), "\(name)")
        #expect(row["agrees"]?.bool == false, "\(name)")
      }
      #expect(isClose(try #require(document["administered"]?["value"]?.double), half / 1000, 1e-9))
    }
  }
}
