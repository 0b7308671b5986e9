import Foundation
import JSON
import Testing

@Suite("The commands of time-activity curves")
struct CurveCommandTests {
  let curves = CommandTests.repository + "/Examples/snmmi-patient-a/tables/time-activity.csv"

  private func document(_ words: [String]) throws -> JSONValue {
    let run = try endora(["tac"] + words + ["--nuclide", "Lu-177", "--json"])
    #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
    return try JSONDocument(run.output, dialect: .strict).value
  }

  @Test("tac fit --uncertainty adds an interval that holds the value", arguments: ["linear", "profile", "bootstrap"])
  func intervals(method: String) throws {
    let regions = try #require(try document(["fit", curves, "--uncertainty", method])["regions"]?.array)
    #expect(regions.count == 6)
    for region in regions {
      let value = try #require(region["tia"]?["value"]?.double)
      let interval = try #require(region["interval95"])
      #expect(interval["method"]?.string == method && interval["unit"]?.string == "MBq h")
      #expect(try #require(interval["lower"]?.double) < value && value < (try #require(interval["upper"]?.double)))
    }
    #expect(try document(["fit", curves])["regions"]?[0]?["interval95"] == nil)
  }

  @Test("tac fit takes the late phase alone by name")
  func latePhase() throws {
    let region = try #require(try document(["fit", curves, "--model", "F2m"])["regions"]?[0])
    #expect(region["model"]?.string == "F2m" && region["tia"]?["standardUncertainty"]?.double != nil)
    let refused = try endora(["tac", "translate", curves, "--nuclide", "Lu-177", "--to", "Y-90", "--model", "F2m"])
    #expect(refused.code == 64 && refused.output.isEmpty)
  }

  @Test("tac translate to yttrium shortens every half-life and lowers every integral")
  func translate() throws {
    let regions = try #require(try document(["translate", curves, "--to", "Y-90"])["regions"]?.array)
    #expect(regions.count == 6)
    for region in regions {
      #expect(try #require(region["effectiveHalfLife"]?["value"]?.double) < 64.2)
      #expect(try #require(region["ratio"]?.double) < 1)
    }
  }

  @Test("tac schedule says what each later scan would be worth")
  func schedule() throws {
    let region = try #require(
      try document(["schedule", curves, "--scans", "2", "--step", "12", "--until", "240"])["regions"]?[0])
    let candidates = try #require(region["candidates"]?.array)
    #expect(candidates.count == 10 && candidates.allSatisfy { ($0["reduction"]?.double ?? 0) > 0 })
    #expect(region["nextScans"]?["times_h"]?.array?.count == 2)
    let next = try #require(region["nextScans"]?["relativeUncertainty"]?.double)
    #expect(next < (try #require(region["relativeUncertainty"]?.double)))
    #expect(try endora(["tac", "schedule", curves, "--nuclide", "Lu-177", "--scans", "0"]).code == 64)
  }

  @Test("tac single gives Hänscheid's, Madsen's and the population's value for every point")
  func single() throws {
    let points = try #require(try document(["single", curves, "--prior", "kidney"])["points"]?.array)
    #expect(points.count == 24)
    for point in points {
      #expect(point["haenscheid"]?["tia"]?["value"]?.double != nil && point["madsen"]?["tia"]?["value"]?.double != nil)
      let interval = try #require(point["population"]?["interval95"])
      let value = try #require(point["population"]?["tia"]?["value"]?.double)
      #expect(try #require(interval["lower"]?.double) < value && value < (try #require(interval["upper"]?.double)))
    }
  }
}
