import DICOM
import Foundation
import JSON
import Provenance
import Quantities
import Scintigraphy
import SyntheticPatient
import Testing
import Volumes

@testable import Workbench

/// A folder that vanishes after use.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "endora-\(UUID().uuidString)"
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

/// The default patient, written once as a case folder with results for all tests of a suite.
struct DemonstrationFolder: SuiteTrait, TestScoping {
  @TaskLocal static var current: Demonstration?

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let folder = NSTemporaryDirectory() + "endora-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await Self.$current.withValue(Demonstration.run(in: folder, seed: 0)) { try await function() }
  }
}

@Suite("The demonstration", .serialized, DemonstrationFolder())
struct DemonstrationTests {
  let written: Demonstration
  let folder: String

  init() throws {
    written = try #require(DemonstrationFolder.current)
    folder = try #require(written.folder)
  }

  @Test("The truth lies in every interval of the default patient, through DICOM and in memory alike")
  func truth() throws {
    #expect(written.comparisons.count == 5)
    for row in written.comparisons { #expect(row.isCovered, "\(row.organ)") }
    let inMemory = try Demonstration.inMemory(seed: 0)
    for (a, b) in zip(written.comparisons, inMemory.comparisons) {
      // 16-bit voxels and contours at 0.0001 mm.
      #expect(isClose(a.estimate.value / b.estimate.value, 1, 2e-3), "\(a.organ)")
    }
    for file in ["report.html", "report.pdf", "results.json", "curves.csv", "doses.csv", "plots/risk.svg"] {
      #expect(FileManager.default.fileExists(atPath: folder + "/results/" + file), "\(file)")
    }
    let results = try JSONDocument(try bytes(folder + "/results/results.json"), dialect: .strict).value
    #expect(results["inputs"]?.array?.count == 4)
    #expect(results["prescription"]?["activity"]?["unit"]?.string == "GBq")
  }

  @Test(
    "The report stands in German too: no small word of English is left, and its numbers are those of the English one")
  func german() throws {
    func texts(_ name: String) throws -> [String] {
      let page = String(decoding: try bytes(folder + "/results/" + name), as: UTF8.self)
      return page.replacing(/<style>[\s\S]*?<\/style>/, with: "").matches(of: />([^<>]+)</)
        .map { String($0.1) }
    }
    let (english, german) = (try texts("report.html"), try texts("report.de.html"))
    let words = /\b(the|of|and|is|are|with|from|by|not|for|days?|limit|kidneys?|marrow|graft)\b/.ignoresCase()
    #expect(english.contains { $0.contains(words) })
    #expect(german.filter { $0.contains(words) } == [])
    func numbers(_ texts: [String]) -> [String] {
      texts.joined(separator: " ").replacing(",", with: ".").matches(of: /\d+\.\d+/).map { String($0.0) }.sorted()
    }
    #expect(numbers(english) == numbers(german))
    #expect(try bytes(folder + "/results/report.de.pdf").starts(with: Data("%PDF-".utf8)))
  }

  @Test("A patient of the compartment model is planned like any other, and her doses are near the truth")
  func ligand() throws {
    let demonstration = try Demonstration.inMemory(seed: 0, kinetics: .ligand)
    #expect(demonstration.comparisons.count == 5)
    // Her curves are no sums of the models that are fitted, which the marrow's share in L2 to L4 would hide.
    for row in demonstration.comparisons where row.organ != "Marrow, total" {
      #expect(isClose(row.estimate.value / row.truth, 1, 0.12), "\(row.organ)")
    }
    #expect(demonstration.plan.findings.contains { $0.code == "last-resort" && $0.subject == "Liver" })
    #expect(zip(demonstration.comparisons, written.comparisons).allSatisfy { $0.truth != $1.truth })
  }

  @Test("The same patient gives the same bytes: images, case and results")
  func determinism() throws {
    try withFolder { other in
      _ = try Demonstration.run(in: other, seed: 0)
      let names = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
      #expect(try FileManager.default.subpathsOfDirectory(atPath: other).sorted() == names)
      #expect(names.count > 700)
      for name in names where name.hasSuffix(".dcm") || name.hasSuffix(".json") || name.hasPrefix("results/report") {
        #expect(try bytes(other + "/" + name) == bytes(folder + "/" + name), "\(name)")
      }
      // A plan of the written case comes to the same numbers.
      _ = try Plan.write(other)
      for name in ["results.json", "curves.csv"] {
        #expect(try bytes(other + "/results/" + name) == bytes(folder + "/results/" + name), "\(name)")
      }
    }
  }

  @Test("A folder with something else in it is not touched")
  func folderInUse() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data("mine".utf8).write(to: URL(fileURLWithPath: folder + "/thesis.txt"))
      let error = #expect(throws: CaseError.self) { try Demonstration.run(in: folder, seed: 0) }
      #expect(error?.code == "folder-in-use")
      #expect(try bytes(folder + "/thesis.txt") == Data("mine".utf8))
    }
  }

  @Test("Images that cannot be used stop the plan, and earlier results stay")
  func badImages() throws {
    try withFolder { copy in
      let manager = FileManager.default
      try manager.copyItem(atPath: folder, toPath: copy)
      let earlier = try bytes(copy + "/results/results.json")
      let imaging = copy + "/imaging"
      func refusal() -> (any Refusal)? {
        do {
          _ = try Plan.write(copy)
          return nil
        } catch { return error as? any Refusal }
      }
      let slices = try manager.contentsOfDirectory(atPath: imaging + "/spect-3").sorted()
      let slice = imaging + "/spect-3/" + slices[60]

      try manager.moveItem(atPath: slice, toPath: copy + "/kept")
      let missing = try #require(refusal())
      #expect(missing.code == "missing-slice" && missing.category == .input)

      let whole = try bytes(copy + "/kept")
      try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: slice))
      let truncated = try #require(refusal())
      #expect(truncated.category == .input && !truncated.reason.contains("\n"))
      try whole.write(to: URL(fileURLWithPath: slice))

      let outlines = imaging + "/structures.dcm"
      let frame = try #require(
        try DICOMFile(path: imaging + "/ct/" + manager.contentsOfDirectory(atPath: imaging + "/ct").sorted()[0])
          .dataSet.uid(.frameOfReferenceUID))
      var foreign = try bytes(outlines)
      let other = Data((frame.dropLast() + (frame.hasSuffix("1") ? "2" : "1")).utf8)
      while let place = foreign.range(of: Data(frame.utf8)) { foreign.replaceSubrange(place, with: other) }
      try foreign.write(to: URL(fileURLWithPath: outlines))
      #expect(try #require(refusal()).code == "other-frame-of-reference")

      try manager.removeItem(atPath: outlines)
      #expect(try #require(refusal()).code == "structure-sets")
      try manager.removeItem(atPath: imaging)
      let gone = try #require(refusal())
      #expect(gone.category == .missing)
      #expect(try bytes(copy + "/results/results.json") == earlier)
    }
  }

  @Test("The demonstration's planar, hybrid and SPECT activities, through DICOM, hold the truth")
  func demonstration() throws {
    let planar = try PlanarCaseResult(case: folder)
    let memory = try PlanarComparison.inMemory(seed: 0).rows
    #expect(planar.activities.regions.map(\.name).count == 5 && planar.hybrids.count >= 4)
    for region in planar.activities.regions {
      let rows = memory.filter { $0.region == region.name && $0.method == .planar }
      let points = region.measurements.filter { $0.activity != nil }
      #expect(rows.count == points.count && points.count >= (region.name == "Marrow L2-L4" ? 3 : 5))
      for (point, row) in zip(points, rows) {
        let activity = try #require(point.activity)
        #expect((activity.value / row.estimate.value - 1).magnitude < 0.01, "\(region.name)")
        #expect((point.time - row.time).seconds.magnitude < 1)
      }
    }
    // At 95 % a few of 75 may miss.
    #expect(memory.filter { !$0.isCovered }.count <= 7)
    let spect = try SpectCaseResult(case: folder).document
    let points = try #require(spect["regions"]?[0]?["points"]?.array)
    #expect(points.count == 5 && points[0]["budget"]?.array?.count == 4)
    #expect(spect["regions"]?[4]?["sampling"]?.string == "spheres inside")
    for point in points { #expect((point["centroidShiftMm"]?.double ?? 99) < 4.8) }
  }

  @Test("Transmissions, background shares and shares of overlap read from the CT are those that the drawing states")
  func tomography() throws {
    try withFolder { copy in
      try FileManager.default.copyItem(atPath: folder, toPath: copy)
      let stated = try PlanarCaseResult(case: copy)
      func rewrite(_ name: String, _ change: (String) -> String) throws {
        let url = URL(fileURLWithPath: copy + "/" + name)
        try Data(change(try String(contentsOf: url, encoding: .utf8)).utf8).write(to: url)
      }
      try rewrite("case.json") {
        $0.replacing("hybridSpect: [3],", with: #"ct: { folder: "imaging", originPixel: [127.5, 195.8333] },"#)
      }
      var structures = ["Left kidney", "Right kidney", "Liver", "Spleen", SyntheticPatient.vertebralBodies]
      try rewrite("planar-regions.json") { text in
        text.replacing(#/ *\{ into: [^}]*\},\n/#, with: "").replacing(
          #/scaling: \{ front: [^}]*\}/#, with: #"scaling: "ct""#
        )
        .replacing(#/front: [0-9.]+, back: [0-9.]+,/#) { _ in "structure: \"\(structures.removeFirst())\"," }
      }
      let found = try PlanarCaseResult(case: copy)
      #expect(structures.isEmpty)
      for (a, b) in zip(found.activities.regions, stated.activities.regions) {
        for (x, y) in zip(a.measurements, b.measurements) {
          #expect(isClose((x.activity?.value ?? .zero) / (y.activity?.value ?? .zero), 1, 2e-3), "\(a.name)")
        }
      }
      try rewrite("case.json") { $0.replacing(", originPixel: [127.5, 195.8333]", with: "") }
      #expect(#expect(throws: CaseError.self) { try PlanarCaseResult(case: copy) }?.code == "origin-missing")
    }
  }

  @Test("Regions found on SPECT and CT by rules come near the true volumes, and nm spect reads them")
  func segmentation() throws {
    try withFolder { copy in
      try FileManager.default.copyItem(atPath: folder, toPath: copy)
      // A stand-in for TotalSegmentator: it keeps what it was asked for and gives the masks that a test put beside it.
      let program = copy + "/stand-in"
      let script = """
        #!/bin/sh
        while [ $# -gt 0 ]; do
          case "$1" in -i) input="$2"; shift;; -o) output="$2"; shift;; -rs) shift; classes="$*"; break;; esac
          shift
        done
        [ -s "$input" ] || exit 3
        echo "$classes" > "\(copy)/asked"
        mkdir -p "$output"
        for class in $classes; do cp "\(copy)/model/$class.nii" "$output/$class.nii" || exit 4; done
        """
      try Data(script.utf8).write(to: URL(fileURLWithPath: program))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
      try FileManager.default.createDirectory(atPath: copy + "/model", withIntermediateDirectories: true)
      let ct = try CaseTomography(folder: copy + "/imaging", needsStructures: true)
      let spleen = try ct.mask(of: "Spleen")
      for (name, mask) in [("spleen", spleen), ("gallbladder", nil)] {
        var labels = [UInt8](repeating: 0, count: ct.series.grid.count)
        for index in mask?.gridIndices() ?? [] { labels[index] = 1 }
        try Data(NIfTIFile(grid: ct.series.grid, name: "mask", description: "mask").bytes(of: labels))
          .write(to: URL(fileURLWithPath: copy + "/model/\(name).nii"))
      }
      let rules = """
        { format: "endora-segmentation-1", image: 3, regions: [
          { name: "Left kidney", method: "adaptive", fwhm_mm: 8, sphere: { centreMm: [65, 55, 0], diameterMm: 140 } },
          { name: "Seed", method: "threshold", fraction: 0.3, sphere: { centreMm: [-65, 55, -12], diameterMm: 130 } },
          { name: "Right kidney", method: "ct-organ", of: "Seed", reach_mm: 12, least_HU: 26, most_HU: 40 },
          { name: "Lesion", method: "grow", seedMm: [80, -10, -121], least_Bq_per_mL: 15000,
            sphere: { centreMm: [80, -10, -121], diameterMm: 80 } },
          { name: "Body", method: "ct-body" },
          { name: "Bone", method: "ct-bone" },
          { name: "Spleen", method: "totalsegmentator", class: "spleen" },
        ] }
        """
      func segment(_ text: String) throws -> SegmentationDocument {
        try Data(text.utf8).write(to: URL(fileURLWithPath: copy + "/rules.json"))
        return try SegmentationDocument(
          folder: copy + "/imaging", rules: copy + "/rules.json", organModel: program)
      }
      let found = try segment(rules)
      #expect(try String(contentsOfFile: copy + "/asked", encoding: .utf8) == "spleen\n")
      func volume(_ name: String) throws -> Double {
        try #require(
          found.document["regions"]?.array?.first { $0["name"]?.string == name }?["volume"]?["value"]?.double)
      }
      let truth = Dictionary(
        uniqueKeysWithValues: try SyntheticPatient(seed: 0).organs.map { ($0.name, $0.volume.millilitres) })
      for (name, tolerance) in [("Left kidney", 0.1), ("Right kidney", 0.03), ("Lesion", 0.3), ("Spleen", 0.15)] {
        #expect(isClose(try volume(name), try #require(truth[name]), tolerance), "\(name)")
      }
      // The trunk is an ellipsoid of 185 × 120 × 290 mm; the bone the vertebral bodies.
      #expect(isClose(try volume("Body"), 4 / 3 * Double.pi * 185 * 120 * 290 / 1000, 0.02))
      #expect(isClose(try volume("Bone"), try #require(truth[SyntheticPatient.vertebralBodies]), 0.03))

      try found.write(to: copy + "/segments")
      let file = URL(fileURLWithPath: copy + "/case.json")
      let text = try String(contentsOf: file, encoding: .utf8)
        .replacing(#"folder: "imaging","#, with: #"folder: "imaging", regions: "segments","#)
      let from = try #require(text.range(of: "regions: [\n")), to = try #require(text.range(of: "limits:"))
      let regions = """
        regions: [{ name: "Kidney left", organ: "kidney-left", structure: "Left kidney" },
          { name: "Kidney right", organ: "kidney-right", structure: "Right kidney" },
          { name: "Spleen", organ: "spleen", structure: "Spleen" }],

        """
      try Data(text.replacingCharacters(in: from.lowerBound..<to.lowerBound, with: regions).utf8).write(to: file)
      let measured = try SpectCaseResult(case: copy).document
      let drawn = try SpectCaseResult(case: folder).document
      for n in 0..<3 {
        let name = measured["regions"]?[n]?["name"]?.string
        let other = drawn["regions"]?.array?.first { $0["name"]?.string == name }
        // From the second day on, when the organs stand out.
        for t in 2..<5 {
          let value = measured["regions"]?[n]?["points"]?[t]?["activity"]?["value"]?.double ?? 0
          #expect(isClose(value, other?["points"]?[t]?["activity"]?["value"]?.double ?? 1, 0.15), "\(name ?? "")")
        }
      }

      func refusal(_ change: (String) -> String) -> String? {
        do {
          _ = try segment(change(rules))
          return nil
        } catch { return (error as? any Refusal)?.code }
      }
      #expect(refusal { $0.replacing(#"class: "spleen""#, with: #"class: "gallbladder""#) } == "nothing-found")
      #expect(refusal { $0.replacing(#"class: "spleen""#, with: #"class: "heart""#) } == "organ-model-failed")
      #expect(refusal { $0.replacing(#"of: "Seed""#, with: #"of: "Nothing""#) } == "region-unknown")
      #expect(refusal { $0.replacing("Left kidney", with: "../kidney") } == "region-name")
      #expect(
        #expect(throws: CaseError.self) { try OrganModel(copy + "/no-such-program") }?.code == "no-organ-model")
    }
  }

  @Test("A region of a SPECT is parted by markers into all of itself")
  func watershed() throws {
    try withFolder { copy in
      try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
      let rules = """
        { format: "endora-segmentation-1", image: 3, regions: [
          { name: "Left kidney", method: "threshold", least_Bq_per_mL: 5000,
            box: { centreMm: [65, 55, 0], sizeMm: [70, 60, 120] } },
          { name: "Lower pole", method: "watershed", of: "Left kidney", sphere: { centreMm: [65, 55, -30], diameterMm: 16 } },
          { name: "Upper pole", method: "watershed", of: "Left kidney", sphere: { centreMm: [65, 55, 30], diameterMm: 16 } },
        ] }
        """
      try Data(rules.utf8).write(to: URL(fileURLWithPath: copy + "/rules.json"))
      let found = try SegmentationDocument(
        folder: folder + "/imaging", rules: copy + "/rules.json", organModel: "none"
      ).document
      func voxels(_ n: Int) -> Int { found["regions"]?[n]?["voxels"]?.double.map { Int($0) } ?? 0 }
      #expect(voxels(1) + voxels(2) <= voxels(0) && Double(voxels(1) + voxels(2)) > 0.99 * Double(voxels(0)))
      #expect(voxels(1) > 200 && voxels(2) > 200)
    }
  }
}

@Suite("Results")
struct ResultsFolderTests {
  @Test("New results replace old ones whole: a file that is no longer written is gone")
  func replacing() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let results = ResultsFolder(of: folder)
      try results.replace(with: [("a.txt", [1]), ("plots/b.svg", [2])])
      try results.replace(with: [("a.txt", [3])])
      #expect(try bytes(folder + "/results/a.txt") == Data([3]))
      #expect(!FileManager.default.fileExists(atPath: folder + "/results/plots"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["results"])
    }
  }

  @Test("What a killed run left beside the results is cleared, what a running one writes is not")
  func abandoned() throws {
    try withFolder { folder in
      let dead = folder + "/results.new-4194300"
      let alive = folder + "/results.new-1"
      for path in [dead, alive] {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      }
      try ResultsFolder(of: folder).replace(with: [("a.txt", [1])])
      #expect(!FileManager.default.fileExists(atPath: dead))
      #expect(FileManager.default.fileExists(atPath: alive))
    }
  }

  @Test("Results that cannot be written leave the old ones and nothing else")
  func failure() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let results = ResultsFolder(of: folder)
      try results.replace(with: [("a.txt", [1])])
      let tooLong = String(repeating: "x", count: 300)
      let error = #expect(throws: CaseError.self) { try results.replace(with: [("a.txt", [2]), (tooLong, [3])]) }
      #expect(error?.category == .inputOutput)
      #expect(try bytes(folder + "/results/a.txt") == Data([1]))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["results"])
    }
  }
}
