import Foundation
import Provenance
import Testing

@testable import Workbench

@Suite("A population's half-lives in a case")
struct PopulationPriorTests {
  /// One kidney of 35 h, and a population of 50 h that says nearly nothing else.
  private func write(_ folder: String, name: String = "Left", excluded: String = "") throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try """
    { format: "endora-case-1", name: "Synthetic", source: "synthetic", nuclide: "Lu-177", agent: "[177Lu]Pentixather",
      subject: { sex: "female", age_y: 46, weight_kg: 70 },
      administrations: [{ activity_MBq: 200, start: "2026-03-02T09:00:00+01:00" }],
      measurements: { curves: { file: "curves.csv", weights: "relative", calibrationUncertainty: 0.03 } },
      regions: [{ name: "Left", organ: "kidney-left", volume_mL: 140, massUncertainty: 0.05, \(excluded)
        prior: { file: "priors.json" } }],
      limits: { kidneys_Gy: 23 }, therapy: { acceptedRisk: 0.05 } }
    """.write(toFile: folder + "/case.json", atomically: true, encoding: .utf8)
    try """
    { "format": "endora-population-1", "regions": [{ "name": "\(name)", "patients": 12,
      "effectiveHalfLife": { "median": 50, "logDeviation": 0.001 },
      "uptakeHalfLife": { "median": 3, "logDeviation": 0.3 } }] }
    """.write(toFile: folder + "/priors.json", atomically: true, encoding: .utf8)
    let rows = [2.0, 8, 30, 70].map { t in
      "Left,\(t),\(9 * (exp(-log(2) / 35 * t) - exp(-log(2) / 3 * t)))"
    }
    try ("region,time_h,activity_MBq\n" + rows.joined(separator: "\n") + "\n")
      .write(toFile: folder + "/curves.csv", atomically: true, encoding: .utf8)
  }

  @Test("A file of populations draws the half-life to its own, and stands among the inputs and findings")
  func file() throws {
    for excluded in ["", "excluded: [{ time_h: 70, reason: \"moved\" }],"] {
      try withFolder { folder in
        try write(folder, excluded: excluded)
        let plan = try Plan.make(folder)
        let organ = try #require(plan.analysis.organs.first?.dose)
        #expect(isClose(organ.curves[0].lateHalfLife.hours, 50, 0.005))
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: folder + "/priors.json")))
        #expect(plan.measurement.inputs.contains { $0.input == "Population" && $0.digest == Digest(of: bytes) })
        #expect(plan.findings.contains { $0.code == "population-prior" && $0.text.contains("12 patients") })
      }
    }
  }

  @Test("A file that is not there or does not know the region is refused")
  func refused() throws {
    try withFolder { folder in
      try write(folder, name: "Right")
      #expect(#expect(throws: CaseError.self) { try Plan.make(folder) }?.code == "prior-lacks-region")
      try FileManager.default.removeItem(atPath: folder + "/priors.json")
      #expect(#expect(throws: CaseError.self) { try Plan.make(folder) }?.code == "file-missing")
    }
  }
}
