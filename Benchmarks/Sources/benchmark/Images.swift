import DICOM
import Foundation
import Provenance
import Quantities
import Statistics
import Studies
import Volumes

/// How fast 400 slices of CT are indexed and read, against dcmdump, and pydicom with NumPy, in the same run.
enum Images {
  private static let grid = Grid(
    columns: 512, rows: 512, slices: 400, origin: SIMD3(-250, -250, -600), columnStep: SIMD3(0.977, 0, 0),
    rowStep: SIMD3(0, 0.977, 0), sliceStep: SIMD3(0, 0, 3))

  static func measure(_ thresholds: Thresholds) throws -> [Figure] {
    let folder = NSTemporaryDirectory() + "endora-ct-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write(to: folder)
    let own = try numbers(of: "/proc/self/exe", ["images-child", folder])
    let (index, pixels, beyond, sum) = (own[0], own[1], own[2], own[3])
    var figures = [
      Figure(
        name: "index of 400 CT headers, ms", value: index * 1e3, bounds: 0...(try thresholds["ctIndexMilliseconds"]),
        note: "warm"),
      Figure(
        name: "pixels of 400 CT slices, ms", value: pixels * 1e3, bounds: 0...(try thresholds["ctPixelsMilliseconds"]),
        note: "warm, into one volume of single precision"),
      Figure(
        name: "peak memory beyond that volume, MB", value: beyond, bounds: 0...(try thresholds["ctMemoryMegabytes"]),
        note: "of the whole process"),
    ]
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).map { folder + "/" + $0 }
    if let dump = try? median({ _ = try output(of: "dcmdump", ["-q", "-M"] + files) }) {
      figures.append(
        Figure(
          name: "index over dcmdump", value: index / dump, bounds: 0...(try thresholds["ctIndexOverDcmdump"]),
          note: String(format: "dcmdump %.0f ms", dump * 1e3)))
    }
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("dicom-peer.py").path
    if let peer = try? numbers(of: "python3", [script, folder]) {
      figures.append(
        Figure(
          name: "pixels over pydicom with NumPy", value: pixels / peer[0],
          bounds: 0...(try thresholds["ctPixelsOverPydicom"]),
          note: String(format: "pydicom %.2f s, %@ sum", peer[0], peer[1] == sum ? "the same" : "ANOTHER")))
    }
    return figures
  }

  /// In a process of its own: prints the seconds of an index and of the pixels, the peak of memory beyond the volume in
  /// MB, and the sum of all voxels.
  static func child(_ folder: String) throws {
    func volume() throws -> [Float] {
      let index = try StudyIndex.scan(folder: folder)
      return try AnatomicalSeries(index.series[0]).values
    }
    let sum = try volume().reduce(0.0) { $0 + Double($1) }
    var usage = rusage()
    let own: __rusage_who_t = 0
    getrusage(own, &usage)
    let beyond = Double(usage.ru_maxrss) / 1000 * 1.024 - Double(grid.count) * 4e-6
    let series = try StudyIndex.scan(folder: folder).series[0]
    let index = try median { _ = try StudyIndex.scan(folder: folder) }
    let pixels = try median { _ = try AnatomicalSeries(series) }
    print(index, pixels, beyond, sum)
  }

  private static func write(to folder: String) throws {
    let start = Timestamp(secondsSince1970: 1_767_225_600, utcOffset: 0)
    let writer = StudyWriter(
      study: "Benchmark", patientName: "Synthetic", patientID: "S", patientWeight: nil, started: start,
      seed: UIDSeed(1, 2))
    var state: UInt32 = 1
    let values = (0..<grid.count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int16(truncatingIfNeeded: Int32(state >> 20) - 1024)
    }
    _ = try writer.writeCT(
      values, grid: grid, description: "CT", number: 1, frameOfReference: "body", acquired: start, to: folder)
  }

  private static func median(_ work: () throws -> Void) throws -> Double {
    let clock = ContinuousClock()
    return try Sample(
      try (0..<9).map { _ in
        let duration = try clock.measure(work)
        return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
      }
    ).median
  }

  private static func numbers(of program: String, _ words: [String]) throws -> [Double] {
    try output(of: program, words).split(whereSeparator: \.isWhitespace).map { text in
      guard let number = Double(text) else { throw CocoaError(.formatting) }
      return number
    }
  }

  private static func output(of program: String, _ words: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: program.hasPrefix("/") ? program : "/usr/bin/env")
    process.arguments = (program.hasPrefix("/") ? [] : [program]) + words
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    return String(decoding: data, as: UTF8.self)
  }
}
