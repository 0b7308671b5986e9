import Foundation
import Provenance
import Statistics
import Workbench

/// How long the program takes as a whole process, against references timed in turn with it.
enum Speed {
  static func measure(_ thresholds: Thresholds) throws -> [Figure] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    let program = root + "/.build/release/endora"
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw CaseError(
        "not-built", "There is no release build of endora.", remedy: "Run ./endora --version first.", category: .missing
      )
    }
    let folder = NSTemporaryDirectory() + "endora-benchmark-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try Demonstration.run(in: folder, seed: 0)
    let images = try FileManager.default.subpathsOfDirectory(atPath: folder + "/imaging").sorted()
      .map { folder + "/imaging/" + $0 }.filter { $0.hasSuffix(".dcm") }
    let size = try images.reduce(0) { $0 + (try FileManager.default.attributesOfItem(atPath: $1)[.size] as? Int ?? 0) }
    let curves = root + "/Examples/snmmi-patient-a/tables/time-activity.csv"

    let plan = try paired(
      { try run(program, ["plan", folder]).seconds },
      {
        try seconds {
          for image in images { _ = Digest(of: try Data(contentsOf: URL(fileURLWithPath: image))) }
        }
      })
    let fit = try paired(
      { try run(program, ["tac", "fit", curves, "--nuclide", "Lu-177", "--json"]).seconds },
      { try run(program, ["--version"]).seconds })
    let memory = Double(try run(program, ["plan", folder]).peakBytes) / Double(size)
    // State, integral, half-life, uncertainty and χ² of 128³ voxels.
    let maps = 128 * 128 * 128 * 17
    defer { try? FileManager.default.removeItem(atPath: folder + "-maps") }
    let voxels = try ["F2", "F3u"].map {
      try run(program, ["tac", "voxel", folder + "/imaging", "--output", folder + "-maps", "--model", $0])
    }
    return [
      Figure(
        name: "memory of tac voxel beyond its maps, MB", value: Double(voxels.map(\.peakBytes).max()! - maps) / 1e6,
        bounds: 0...(try thresholds["voxelProcessMegabytes"]),
        note: String(
          format: "%.0f and %.0f MB in all, maps %.0f MB; %.2f and %.2f s", Double(voxels[0].peakBytes) / 1e6,
          Double(voxels[1].peakBytes) / 1e6, Double(maps) / 1e6, voxels[0].seconds, voxels[1].seconds)),
      Figure(
        name: "plan over hashing its images", value: plan.ratio, bounds: 0...(try thresholds["planOverHashing"]),
        note: String(format: "plan %.2f s, hashing %.3f s", plan.a, plan.b)),
      Figure(
        name: "plan's memory over its images", value: memory, bounds: 0...(try thresholds["planMemoryOverImages"]),
        note: String(format: "%.0f MB over %.0f MB", memory * Double(size) / 1e6, Double(size) / 1e6)),
      Figure(
        name: "tac fit over an empty start", value: fit.ratio, bounds: 0...(try thresholds["curveFitOverStart"]),
        note: String(format: "fit %.1f ms, start %.1f ms", fit.a * 1e3, fit.b * 1e3)),
    ]
  }

  /// The medians of two measurements taken in turn nine times, and of their ratios.
  private static func paired(
    _ a: () throws -> Double, _ b: () throws -> Double
  ) throws -> (a: Double, b: Double, ratio: Double) {
    _ = (try a(), try b())
    let pairs = try (0..<9).map { _ in (try a(), try b()) }
    return (
      try Sample(pairs.map(\.0)).median, try Sample(pairs.map(\.1)).median, try Sample(pairs.map { $0.0 / $0.1 }).median
    )
  }

  private static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let duration = try clock.measure(work)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  /// Runs a program to its end; its peak is what Linux says of it while it runs, since a child's usage begins with its parent's.
  private static func run(_ program: String, _ words: [String]) throws -> (seconds: Double, peakBytes: Int) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = words
    process.standardOutput = FileHandle.nullDevice
    var peak = 0
    let time = try seconds {
      try process.run()
      while process.isRunning {
        if let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8),
          let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        {
          peak = max(peak, (Int(line.split(whereSeparator: \.isWhitespace)[1]) ?? 0) * 1024)
        }
        usleep(500)
      }
      process.waitUntilExit()
    }
    guard process.terminationStatus == 0 else {
      throw CaseError(
        "run-failed", "endora \(words[0]) ended with \(process.terminationStatus).", remedy: "Run it by hand.",
        category: .internalFault)
    }
    return (time, peak)
  }
}
