import Foundation
import JSON
import Kinetics
import Provenance
import Quantities
import Radionuclides
import TestFolders
import Testing

@testable import Workbench

let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path

func isClose(_ a: Double, _ b: Double, _ relative: Double) -> Bool { abs(a - b) <= relative * abs(b) }

@Suite("The examples")
struct ExampleTests {
  static let published = [
    "Kidney left": 7593.752576, "Kidney right": 6797.106045, "Liver": 56425.334755, "Spleen": 9600.898903,
    "Remainder of body": 37550.016394, "Whole body": 116435.091343,
  ]

  @Test("SNMMI patient A: F3u, unweighted, gives the published time-integrated activities within 0.1 %")
  func challenge() throws {
    let results = try CurveRequest(
      table: repository + "/Examples/snmmi-patient-a/tables/time-activity.csv", nuclide: "Lu-177",
      administered: "7210.4 MBq", model: .F3u, weights: .equal, relativeUncertainty: 0.05, prior: nil
    ).fit()
    let regions = try #require(results.document["regions"]?.array)
    #expect(regions.count == 6)
    for region in regions {
      let name = try #require(region["name"]?.string)
      let expected = try #require(Self.published[name])
      #expect(isClose(try #require(region["tia"]?["value"]?.double), expected, 1e-3), "\(name)")
      #expect(isClose(try #require(region["tiac"]?["value"]?.double), expected / 7210.4, 1e-3))
      #expect(region["model"]?.string == "F3u")
    }
  }

  @Test("SNMMI patient A: the plan says where its own choice differs and why")
  func challengePlan() throws {
    let plan = try Plan.make(repository + "/Examples/snmmi-patient-a")
    for region in plan.analysis.regions {
      let name = region.measured.region.name
      let finding = try #require(plan.findings.first { $0.code == "published-result" && $0.subject == name })
      // Four points cannot show an uptake that is over before them, unless it reaches into the first one.
      let takesPart = region.estimate?.average.members.contains { $0.fit.model == .F3u } ?? false
      #expect(finding.text.contains("F3u needs 5 points") == !takesPart)
      if name.hasPrefix("Kidney") { #expect(region.estimate?.average.best.model == .F2) }
    }
    #expect(plan.analysis.prescription?.governing.limit.name == "Kidneys")
  }

  @Test("SNMMI patient A: kidney doses lie within 10 % of the published, which used other S values")
  func challengeDoses() throws {
    let plan = try Plan.make(repository + "/Examples/snmmi-patient-a")
    let kidneys = try #require(plan.analysis.organs.first { $0.name == "Kidneys" })
    let mean = (0.380201846 * 240.98 + 0.317442125 * 237.21) / (240.98 + 237.21)
    #expect(isClose(kidneys.dose.perActivity.value.graysPerGigabecquerel, mean, 0.10))
    let spleen = try #require(plan.analysis.organs.first { $0.name == "Spleen" })
    #expect(isClose(spleen.dose.perActivity.value.graysPerGigabecquerel, 0.418516430, 0.10))
  }

  @Test("Braitsch 2025, Table 2: seven activities, residual doses and days, and what the paper prints wrong")
  func tableTwo() throws {
    let result = try PublishedDoses.read(repository + "/Examples/braitsch-2025/table-2.json").prescribed()
    let expected: [(Double, Double, Double, Double, Double, Double)] = [
      // A_max by the kidneys, share injected, D_res d14 with 92 h and physical, earliest day with 92 h and physical.
      (
        14.465408805031446, 0.8295652173913044, 0.40088207643280027, 1.1705693462870064, 8.944790979279903,
        15.510267558071353
      ),
      (
        15.972222222222223, 0.9015652173913044, 0.6528650959048462, 1.9063557925245533, 11.64195113528904,
        20.187143268591196
      ),
      (
        13.294797687861271, 0.9778260869565217, 0.48598997758024, 1.4190830765503193, 10.009494123502018,
        17.3564628101525
      ),
      (19.491525423728813, 0.5848695652173914, 0.3990, 1.1650, 8.9, 15.5),
      (31.506849315068493, 0.3872173913043478, 0.1067, 0.3117, 1.6, 2.8),
      (17.692307692307693, 0.91, 0.2049, 0.5983, 5.2, 9.1),
      (7.744107744107744, 0.9814, 0.00604, 0.01765, 0, 0),
    ]
    #expect(result.rows.count == 7)
    for (row, wanted) in zip(result.rows, expected) {
      #expect(isClose(row.byKidneys.gigabecquerels, wanted.0, 1e-9))
      #expect(isClose(row.fraction!, wanted.1, 1e-3))
      #expect(isClose(row.residual!.effective!.grays, wanted.2, 2e-3))
      #expect(isClose(row.residual!.physical.grays, wanted.3, 2e-3))
      #expect(abs(row.earliest!.effective!.days - wanted.4) < 0.06)
      #expect(abs(row.earliest!.physical.days - wanted.5) < 0.06)
    }
    let table = result.summary
    for shown in ["14.46", "15.97", "13.29", "19.49", "31.50", "17.69", "7.74"] { #expect(table.contains(shown)) }
    let wrong = result.notes.filter { $0.contains("disagrees") }
    #expect(wrong.count == 1)
    #expect(wrong.first?.contains("marrow_Gy_per_GBq") == true)
    #expect(result.notes.filter { $0.contains("the sample's") }.count == 3)
    #expect(result.notes.filter { $0.contains("the population's") }.count == 3)
  }

  @Test("A marrow with a limit and no dose is prescribed nothing, and no half-life is longer than the physical one")
  func uncovered() throws {
    func doses(_ patient: String) throws -> PublishedPrescriptions {
      let text = """
        { format: "endora-prescription-1", title: "One", limits: { kidneys_Gy: 23, marrow_Gy: 1 },
          patients: [{ name: "1", kidneys_Gy_per_GBq: 1.44\(patient) }] }
        """
      return try PublishedDoses(Array(text.utf8)).prescribed()
    }
    let bare = try doses("")
    #expect(bare.rows[0].prescribable == nil && bare.document["patients"]?[0]?["prescribable"] == .null)
    #expect(bare.summary.contains("nothing is prescribed"))
    #expect(try doses(", marrow_Gy_per_GBq: 0.42").rows[0].prescribable != nil)
    #expect { try doses(", marrow_Gy_per_GBq: 0.42, marrowHalfLife_h: 162") } throws: {
      ($0 as? any Refusal)?.code == "half-life-above-physical"
    }
  }

  @Test("A stated uncertainty of the kidneys lowers what may be prescribed to the accepted risk (WE-7.3)")
  func published() throws {
    let text = """
      { format: "endora-prescription-1", title: "One", limits: { kidneys_Gy: 23 },
        patients: [{ name: "1", kidneys_Gy_per_GBq: 1.44, kidneysUncertainty: 0.2 }] }
      """
    let row = try #require(try PublishedDoses(Array(text.utf8)).prescribed().rows.first)
    #expect(isClose(row.byKidneys.gigabecquerels, 15.972222222222223, 1e-9))
    #expect(try isClose(#require(row.prescribable).gigabecquerels, 11.531710445373236, 1e-6))
  }

  @Test(
    "A real ¹⁷⁷Lu SPECT at one time: activities, Hänscheid's rule and the population's half-life",
    .enabled(
      if: TestData.path("spect-lu177-dotatate/SCAN_001") != nil,
      "the published SPECT is not on this machine"))
  func realSpect() throws {
    let file = try CaseFile(
      Array(
        String(
          decoding: Data(contentsOf: URL(fileURLWithPath: repository + "/Examples/spect-lu177-dotatate/case.json")),
          as: UTF8.self
        ).replacingOccurrences(of: "../../.build/test-data", with: try #require(TestData.folder)).utf8))
    let nuclide = try NuclideTable.icrp107().nuclide("Lu-177")
    let measurement = try file.measure(in: "/", nuclide: nuclide)
    let plan = try Plan(file, nuclide: nuclide, measurement: measurement)
    // Reference: pixel-centre masks, values decayed from the administration to the acquisition; the outline's volume
    // differs from the mask's by 0.1 and 2 %.
    for (name, activity, volume, tolerance) in [
      ("Lesion 1, liver right", 120.30411652222664, 106.93216688473363, 0.002),
      ("Lesion 2, liver left", 4.151247916731445, 2.804085610043139, 0.025),
    ] {
      let region = try #require(plan.analysis.regions.first { $0.measured.region.name == name })
      let point = region.measured.curve.points[0]
      #expect(isClose(point.time.hours, 3.741152222222222, 1e-6))
      #expect(isClose(point.activity.megabecquerels, activity, tolerance))
      #expect(isClose(try #require(region.measured.volume).value.millilitres, volume, 1e-3))
      let estimate = try #require(region.estimate)
      #expect(
        isClose(
          try #require(estimate.alternative).value.megabecquerelHours,
          point.activity.megabecquerels * 2 * 3.741152222222222 / log(2), 1e-6))
      #expect(estimate.modelName == "F2, prior")
      #expect(estimate.findings.contains { $0.code == "population-prior" })
      #expect(estimate.findings.contains { $0.code == "haenscheid-out-of-range" })
    }
    #expect(plan.analysis.prescription == nil)
    #expect(plan.analysis.refusal?.code == "organ-not-covered")
  }
}
