import Foundation
import Laboratory
import Numerics
import Statistics

/// A million events of 20 channels: read, compensated, on logicle scales, gated; beside FlowKit on the same two files.
enum Cytometry {
  static func measure(_ thresholds: Thresholds) throws -> [Figure] {
    let folder = URL(fileURLWithPath: NSTemporaryDirectory()).appending(path: "endora-benchmark-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, gates) = (folder.appending(path: "events.fcs").path, folder.appending(path: "gates.xml").path)
    try Data(try events(1_000_000)).write(to: URL(fileURLWithPath: file))
    try Data(try strategy().gatingML().utf8).write(to: URL(fileURLWithPath: gates))

    let own = try needed(run([CommandLine.arguments[0], "cytometry-run", file, gates]), "the benchmark itself")
    var figures = [
      Figure(
        name: "1 M events x 20 channels, s", value: own[0], bounds: 0...(try thresholds["cytometrySeconds"]),
        note: String(format: "%.0f events in the last gate", own[3])),
      Figure(
        name: "reading them alone, ms", value: own[1] * 1e3,
        bounds: 0...(try thresholds["cytometryReadingMilliseconds"]), note: "median of 9"),
      Figure(
        name: "peak memory of the process, MB", value: own[2], bounds: 0...(try thresholds["cytometryMegabytes"]),
        note: ""
      ),
    ]
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "flowkit-peer.py").path
    if let peer = run(["/usr/bin/env", "python3", script, file, gates]) {
      figures.append(
        Figure(
          name: "FlowKit over Endora", value: peer[0] / own[0], bounds: (try thresholds["cytometryOverFlowKit"])...1e9,
          note: String(format: "FlowKit %.2f s, %.0f MB", peer[0], peer[1])))
      figures.append(
        Figure(
          name: "events of the last gate beyond FlowKit's", value: own[3] - peer[2], bounds: 0...0,
          note: String(format: "%.0f in both", peer[2])))
    } else {
      print("     FlowKit: skipped, python3 with flowkit is not there")
    }
    return figures
  }

  /// Prints seconds in all and of reading (medians of 9), peak megabytes, and the events in the last gate.
  static func runOnce(_ file: String, _ gates: String) throws {
    let set = try GateSet(gatingML: Array(Data(contentsOf: URL(fileURLWithPath: gates))))
    var count = 0
    var (all, reading): ([Double], [Double]) = ([], [])
    for _ in 0..<9 {
      let start = ContinuousClock.now
      let dataset = try FCSFile(path: file).datasets[0]
      reading.append(seconds(since: start))
      count = try set.apply(to: dataset).counts.last ?? 0
      all.append(seconds(since: start))
    }
    // ru_maxrss would hold that of the process that started this one.
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let peak = status.firstMatch(of: /VmHWM:\s*([0-9]+) kB/).flatMap { Double($0.1) } ?? .infinity
    print(try Sample(all).median, try Sample(reading).median, peak / 1024, count)
  }

  private static func seconds(since start: ContinuousClock.Instant) -> Double {
    let duration = ContinuousClock.now - start
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  private static func run(_ words: [String]) -> [Double]? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let numbers = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    return process.terminationStatus == 0 && numbers.count >= 3 ? numbers : nil
  }

  private static func needed<T>(_ value: T?, _ what: String) throws -> T {
    guard let value else { throw CocoaError(.featureUnsupported, userInfo: [NSLocalizedDescriptionKey: what]) }
    return value
  }

  private static let dyes = (1...18).map { "FL\($0)-A" }

  /// Three populations with spillover of 1 to 8 % into the next detectors, which the file states.
  private static func events(_ count: Int) throws -> [UInt8] {
    var stream = RandomStream(seed: 1, stream: "cytometry benchmark")
    var columns = [[Double]](repeating: [], count: 20)
    for column in columns.indices { columns[column].reserveCapacity(count) }
    for event in 0..<count {
      let kind = event % 3
      columns[0].append(Double(Float(90_000 + 15_000 * stream.normal())))
      columns[1].append(Double(Float(Double(30_000 * (kind + 1)) + 6_000 * stream.normal())))
      var bright = 0.0
      for dye in 0..<18 {
        let value = pow(10, 1.5 + Double((dye + kind) % 3) + 0.3 * stream.normal()) + 30 * stream.normal()
        columns[2 + dye].append(Double(Float(value + 0.05 * bright)))
        bright = value
      }
    }
    let names = ["FSC-A", "SSC-A"] + dyes
    let channels = names.enumerated().map {
      FCSChannel(
        index: $0, name: $1, label: nil, range: 262_144, storage: .float32, amplification: .linear(gain: 1))
    }
    return try FCSDataset(channels: channels, events: try EventTable(columns: columns)).written()
  }

  private static func strategy() throws -> GateSet {
    let matrix = try SpilloverMatrix(
      fluorochromes: dyes, detectors: dyes,
      rows: dyes.indices.map { row in
        dyes.indices.map { $0 == row ? 1 : $0 > row ? 0.05 / Double($0 - row) : 0.01 / Double(row - $0) }
      })
    let logicle = BoundedScale(.logicle(try Logicle(top: 262_144, width: 0.5, decades: 4.5, negative: 0)))
    let dimensions = dyes.map { GateDimension(.channel($0), compensation: .matrix(matrix), scale: logicle) }
    let (forward, side) = (
      GateDimension(.channel("FSC-A"), compensation: .none), GateDimension(.channel("SSC-A"), compensation: .none)
    )
    return try GateSet([
      Gate(
        "cells",
        .polygon(
          forward, side,
          [
            .init(50_000, 5_000), .init(140_000, 5_000), .init(150_000, 60_000), .init(130_000, 110_000),
            .init(60_000, 110_000),
          ])),
      Gate(
        "all_dyes", parent: "cells", .rectangle(dimensions.map { .init($0, minimum: 0.05, maximum: 0.9) })),
      Gate(
        "bright", parent: "all_dyes",
        .ellipsoid(
          [dimensions[2], dimensions[5]], mean: [0.55, 0.55], covariance: [[0.02, 0.005], [0.005, 0.02]],
          distanceSquare: 4)),
      Gate("dim", parent: "all_dyes", .rectangle([.init(dimensions[7], minimum: nil, maximum: 0.45)])),
      Gate("either", .combination(.or, [.init("bright"), .init("dim", isComplement: true)])),
      Gate(
        "last", parent: "bright",
        .polygon(
          dimensions[10], dimensions[14],
          [.init(0.1, 0.1), .init(0.8, 0.2), .init(0.85, 0.8), .init(0.3, 0.9)])),
    ])
  }
}
