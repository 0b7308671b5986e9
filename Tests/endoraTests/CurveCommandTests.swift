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

  @Test(
    "tac fit --uncertainty adds an interval that holds the value",
    arguments: ["linear", "profile", "bootstrap", "mcmc"])
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

  @Test("tac fit --points takes the points at those times, and lists each against the fit without it")
  func points() throws {
    let region = try #require(try document(["fit", curves, "--points", "27.7,103,124"])["regions"]?[0])
    let points = try #require(region["points"]?.array)
    #expect(points.count == 3 && points.allSatisfy { $0["predictionError"]?.double != nil })
    let refused = try endora(["tac", "fit", curves, "--nuclide", "Lu-177", "--points", "27.7,99"])
    #expect(refused.code == 64 && refused.errors.contains("99 h"))
  }

  @Test("A half-life without a published spread is no prior until one is stated")
  func priors() throws {
    let refused = try endora(["tac", "fit", curves, "--nuclide", "Lu-177", "--prior", "liver"])
    #expect(refused.code == 64 && refused.errors.contains("without a spread"))
    let stated = try document(["fit", curves, "--prior", "liver", "--prior-spread", "0.3", "--points", "103"])
    #expect(try #require(stated["regions"]?[2]?["effectiveHalfLife"]?["value"]?.double) > 100)
    let near = try endora(["tac", "fit", curves, "--nuclide", "Lu-177", "--prior", "kidny"])
    #expect(near.code == 64 && near.errors.contains("Did you mean kidney?"))
  }

  @Test("Shared and fixed parameters need a model by name and give the total with its correlation")
  func tied() throws {
    let result = try document(["fit", curves, "--model", "F3u", "--share", "lambda1"])
    let rates = try #require(result["regions"]?.array).compactMap { $0["parameters"]?["lambda1"]?["value"]?.double }
    #expect(rates.count == 6 && Set(rates).count == 1)
    #expect(result["total"]?["standardUncertainty"]?.double != nil)
    let refused = try endora(["tac", "fit", curves, "--nuclide", "Lu-177", "--fix", "lambda1=0.01"])
    #expect(refused.code == 64)
  }

  @Test("A simulated cohort becomes a prior that a patient's single point uses")
  func cohort() throws {
    let folder = NSTemporaryDirectory() + "endora-cohort-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder + "/tables", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for patient in 0..<10 {
      // Half-lives of 30 to 52 h, uptakes of 4 to 6 h.
      let (half, up) = (30.0 + 2.4 * Double(patient), 4.0 + 0.2 * Double((7 * patient) % 10))
      let lines = [1.0, 4, 24, 48, 168].map { "Kidneys,\($0),\(9 * (exp2(-$0 / half) - exp2(-$0 / up)))" }
      try ("region,time_h,activity_MBq\n" + lines.joined(separator: "\n") + "\n")
        .write(toFile: folder + "/tables/\(patient).csv", atomically: true, encoding: .utf8)
    }
    let fitted = try document(["population", folder + "/tables", "-o", folder + "/priors.json"])
    let region = try #require(fitted["regions"]?[0])
    #expect(abs(try #require(region["effectiveHalfLife"]?["median"]?.double) - 40) < 3)
    #expect(abs(try #require(region["uptakeHalfLife"]?["median"]?.double) - 4.9) < 0.4)
    try "region,time_h,activity_MBq\nKidneys,48,3.5\n".write(
      toFile: folder + "/one.csv", atomically: true, encoding: .utf8)
    let one = try document(["fit", folder + "/one.csv", "--prior", folder + "/priors.json"])
    #expect(one["regions"]?[0]?["model"]?.string == "F3u")
    let other = try document(["fit", curves, "--prior", folder + "/priors.json"])
    #expect(other["regions"]?[0]?["refused"]?["code"]?.string == "prior-lacks-region")
  }

  @Test("tac simulate keeps the mass, answers what-ifs and writes curves that fit reads")
  func simulate() throws {
    let folder = NSTemporaryDirectory() + "endora-simulate-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try """
    { nuclide: "Lu-177", administered_MBq: 200, peptide_nmol: 25, times_h: [1, 4, 24, 48, 168],
      tumourSink: [10], aminoAcids: 0.64 }
    """.write(toFile: folder + "/patient.json", atomically: true, encoding: .utf8)
    let run = try endora(["tac", "simulate", folder + "/patient.json", "-o", folder + "/curves.csv", "--json"])
    #expect(run.code == 0 && run.errors.isEmpty)
    let result = try JSONDocument(run.output, dialect: .strict).value
    #expect(try #require(result["massImbalance"]?.double) < 1e-6)
    let regions = try #require(result["whatIf"]?["aminoAcids"]?["regions"]?.array)
    let kidneys = try #require(regions.first { $0["name"]?.string == "kidneys" })
    #expect(abs(try #require(kidneys["ratio"]?.double) - 0.64) < 1e-3)
    let fit = try document(["fit", folder + "/curves.csv"])
    #expect(try #require(fit["regions"]?.array).contains { $0["name"]?.string == "tumour" && $0["tia"] != nil })
    try "{ nuclide: \"Lu-177\", peptid_nmol: 3 }".write(
      toFile: folder + "/wrong.json", atomically: true, encoding: .utf8)
    let refused = try endora(["tac", "simulate", folder + "/wrong.json"])
    #expect(refused.code == 65 && refused.errors.contains("peptid_nmol"))
  }
}
