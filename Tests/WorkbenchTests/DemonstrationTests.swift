import Foundation
import JSON
import Provenance
import Quantities
import Testing

@testable import Workbench

/// A folder that vanishes after use.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "endora-\(UUID().uuidString)"
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

@Suite("The demonstration", .serialized)
struct DemonstrationTests {
  @Test("The truth lies in every interval of the default patient, through DICOM and in memory alike")
  func truth() throws {
    try withFolder { folder in
      let demonstration = try Demonstration.run(in: folder, seed: 0)
      #expect(demonstration.comparisons.count == 5)
      for row in demonstration.comparisons { #expect(row.isCovered, "\(row.organ)") }
      let inMemory = try Demonstration.inMemory(seed: 0)
      for (a, b) in zip(demonstration.comparisons, inMemory.comparisons) {
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
  }

  @Test("The same case and inputs give the same bytes")
  func determinism() throws {
    try withFolder { folder in
      let names = ["results.json", "report.html", "report.pdf", "curves.csv"]
      _ = try Demonstration.run(in: folder, seed: 3)
      let first = try names.map { try bytes(folder + "/results/" + $0) }
      _ = try Plan.write(folder)
      // The demonstration's report has a column of truths more than a plan's.
      #expect(try bytes(folder + "/results/results.json") == first[0])
      #expect(try bytes(folder + "/results/curves.csv") == first[3])
      _ = try Demonstration.run(in: folder, seed: 3)
      #expect(try names.map { try bytes(folder + "/results/" + $0) } == first)
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
    try withFolder { folder in
      _ = try Demonstration.run(in: folder, seed: 0)
      let earlier = try bytes(folder + "/results/results.json")
      let imaging = folder + "/imaging"
      let manager = FileManager.default
      func refusal() -> (any Refusal)? {
        do {
          _ = try Plan.write(folder)
          return nil
        } catch { return error as? any Refusal }
      }
      let slices = try manager.contentsOfDirectory(atPath: imaging + "/spect-3").sorted()
      let slice = imaging + "/spect-3/" + slices[60]

      try manager.moveItem(atPath: slice, toPath: folder + "/kept")
      let missing = try #require(refusal())
      #expect(missing.code == "missing-slice" && missing.category == .input)

      let whole = try bytes(folder + "/kept")
      try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: slice))
      let truncated = try #require(refusal())
      #expect(truncated.category == .input && !truncated.reason.contains("\n"))
      try whole.write(to: URL(fileURLWithPath: slice))

      try withFolder { other in
        _ = try Demonstration.run(in: other, seed: 9)
        try manager.removeItem(atPath: imaging + "/structures.dcm")
        try manager.copyItem(atPath: other + "/imaging/structures.dcm", toPath: imaging + "/structures.dcm")
      }
      #expect(try #require(refusal()).code == "other-frame-of-reference")

      try manager.removeItem(atPath: imaging + "/structures.dcm")
      #expect(try #require(refusal()).code == "structure-sets")
      try manager.removeItem(atPath: imaging)
      let gone = try #require(refusal())
      #expect(gone.category == .missing)
      #expect(try bytes(folder + "/results/results.json") == earlier)
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
