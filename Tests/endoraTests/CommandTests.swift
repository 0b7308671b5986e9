import Foundation
import JSON
import Testing

/// What a run of the program left.
struct Run {
  let code: Int32
  let output: String
  let errors: String
}

/// Runs the program that was built beside the tests.
func endora(_ words: [String], before: String = "", in folder: String = "/tmp") throws -> Run {
  let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("endora").path
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/sh")
  process.arguments = ["-c", before + "exec \"$0\" \"$@\"", program] + words
  process.currentDirectoryURL = URL(fileURLWithPath: folder)
  let base = NSTemporaryDirectory() + "endora-run-\(UUID().uuidString)"
  defer { for end in [".out", ".err"] { try? FileManager.default.removeItem(atPath: base + end) } }
  for end in [".out", ".err"] { _ = FileManager.default.createFile(atPath: base + end, contents: nil) }
  process.standardOutput = FileHandle(forWritingAtPath: base + ".out")
  process.standardError = FileHandle(forWritingAtPath: base + ".err")
  try process.run()
  process.waitUntilExit()
  func text(_ end: String) -> String {
    String(decoding: FileManager.default.contents(atPath: base + end) ?? Data(), as: UTF8.self)
  }
  return Run(code: process.terminationStatus, output: text(".out"), errors: text(".err"))
}

@Suite("The command line")
struct CommandTests {
  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  let curves = repository + "/Examples/snmmi-patient-a/tables/time-activity.csv"

  @Test("tac fit prints one JSON document that keeps the contract")
  func curveFit() throws {
    let run = try endora([
      "tac", "fit", curves, "--nuclide", "Lu-177", "--administered", "7210.4 MBq", "--model", "F3u", "--weights",
      "equal",
      "--json",
    ])
    #expect(run.code == 0 && run.errors.isEmpty)
    let regions = try #require(try JSONDocument(run.output, dialect: .strict).value["regions"]?.array)
    #expect(regions.count == 6)
    for region in regions {
      #expect(region["name"]?.string != nil && region["model"]?.string == "F3u")
      #expect(region["parameters"]?["A1"]?["unit"]?.string == "MBq")
      #expect(region["parameters"]?["lambda2"]?["unit"]?.string == "1/h")
      #expect(region["tia"]?["unit"]?.string == "MBq h" && region["tia"]?["standardUncertainty"]?.double != nil)
      #expect(region["tiac"]?["unit"]?.string == "h")
      #expect(region["extrapolatedFraction"]?.double != nil && region["findings"]?.array != nil)
    }
  }

  @Test("A rising curve is refused inside the document, with code, reason, remedy and bound")
  func risingCurve() throws {
    let path = NSTemporaryDirectory() + "endora-rising-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("region,time_h,activity_MBq\nlesion,4,10\nlesion,24,20\n".utf8).write(to: URL(fileURLWithPath: path))
    let run = try endora(["tac", "fit", path, "--nuclide", "Lu-177", "--model", "F2", "--json"])
    #expect(run.code == 0)
    let refused = try #require(
      try JSONDocument(run.output, dialect: .strict).value["regions"]?[0]?["refused"])
    #expect(refused["code"]?.string == "still-rising")
    #expect(refused["reason"]?.string != nil && refused["remedy"]?.string != nil)
    let bound = try #require(refused["bound"]?["value"]?.double)
    #expect(abs(bound / (20 + 300 + 20 * 159.528 / 0.6931471805599453) - 1) < 1e-9)
  }

  @Test(
    "Refusals are two lines on standard error, nothing on standard output, and the code of sysexits",
    arguments: [
      (["tac", "fit", "CURVES", "--nuclide", "Lu-178"], 65, "Lu-17"),
      (["tac", "fit", "/nowhere.csv", "--nuclide", "Lu-177"], 66, "nowhere.csv"),
      (["tac", "fit", "CURVES"], 64, "nuclide"),
      (["tac", "fitt", "CURVES"], 64, "fit"),
      (["tac", "fit", "CURVES", "--nuclide", "Lu-177", "--modle", "F2"], 64, "--model"),
      (["tac", "fit", "CURVES", "--nuclide", "Lu-177", "--administered", "7 Ci"], 64, "MBq"),
      (["tac", "fit", "CURVES", "--nuclide", "Lu-177", "--weights", "given"], 65, "u_MBq"),
      (["plan", "/nowhere"], 66, "/nowhere"),
      (["therapy", "prescribe", "CURVES"], 65, ""),
      (["data", "nuclides", "Xx-1"], 65, ""),
    ])
  func refusals(words: [String], code: Int32, mention: String) throws {
    let run = try endora(words.map { $0 == "CURVES" ? curves : $0 })
    #expect(run.code == code, "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(run.errors.split(separator: "\n").count == 2, "\(run.errors)")
    #expect(mention.isEmpty || run.errors.contains(mention), "\(run.errors)")
  }

  @Test(
    "A full disk stops the plan with exit code 74 and leaves earlier results as they were",
    .disabled(
      if: ProcessInfo.processInfo.environment["ENDORA_SANITIZER"] == "thread",
      "ThreadSanitizer's own files do not fit under the limit that stands in for a full disk"))
  func fullDisk() throws {
    let folder = NSTemporaryDirectory() + "endora-full-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.copyItem(atPath: Self.repository + "/Examples/snmmi-patient-a", toPath: folder)
    try? FileManager.default.removeItem(atPath: folder + "/results")
    let first = try endora(["plan", folder])
    #expect(first.code == 0, "\(first.errors)")
    let earlier = FileManager.default.contents(atPath: folder + "/results/results.json")
    #expect(earlier != nil)
    // A limit of 16 blocks of 512 bytes a file stands in for a disk that is full.
    let run = try endora(["plan", folder], before: "trap '' XFSZ; ulimit -f 16; ")
    #expect(run.code == 74, "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 2)
    #expect(FileManager.default.contents(atPath: folder + "/results/results.json") == earlier)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("results") } == ["results"])
  }

  @Test("prescribe reproduces Table 2, and says what the paper prints wrong")
  func prescribe() throws {
    let path = Self.repository + "/Examples/braitsch-2025/table-2.json"
    let run = try endora(["therapy", "prescribe", path, "--json"])
    let document = try JSONDocument(run.output, dialect: .strict).value
    let activities = try #require(document["patients"]?.array).compactMap { $0["byKidneys"]?["value"]?.double }
    for (activity, expected) in zip(activities, [14.47, 15.97, 13.29, 19.49, 31.51, 17.69, 7.74]) {
      #expect((activity * 100).rounded() / 100 == expected)
    }
    #expect(activities.count == 7)
    #expect(try endora(["therapy", "prescribe", path]).output.contains("The printed SD disagrees with both."))
  }

  @Test("nuclides states half-life, energies and source")
  func nuclides() throws {
    let run = try endora(["data", "nuclides", "177Lu", "--json"])
    let nuclide = try #require(try JSONDocument(run.output, dialect: .strict).value["nuclides"]?[0])
    #expect(abs(try #require(nuclide["halfLife"]?["value"]?.double) - 159.528) < 1e-6)
    #expect(abs(try #require(nuclide["meanEnergyPerDecay"]?["electrons"]?["value"]?.double) - 0.147924) < 2e-6)
    #expect(nuclide["source"]?.string?.contains("107") == true)
  }

  @Test(
    "Every command explains itself with an example",
    arguments: [["plan"], ["demo"], ["tac", "fit"], ["therapy", "prescribe"], ["data", "nuclides"]])
  func help(words: [String]) throws {
    let run = try endora(words + ["--help"])
    #expect(run.code == 0 && run.output.contains("endora " + words.joined(separator: " ")))
  }
}
