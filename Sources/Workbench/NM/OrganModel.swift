import Foundation
import Provenance
import Studies
import Volumes

/// An installed TotalSegmentator, which finds organs on a CT by names of its classes.
///
/// It is called as a program of its own and never shipped; its model files are licensed by their makers.
struct OrganModel: Sendable {
  let program: String

  /// - Parameter program: its path, or a name that is looked up in PATH.
  init(_ program: String) throws {
    let folders =
      program.contains("/")
      ? [""] : (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { $0 + "/" }
    guard let found = folders.map({ $0 + program }).first(where: FileManager.default.isExecutableFile(atPath:)) else {
      throw CaseError(
        "no-organ-model", "There is no program \(fileName(program)).",
        remedy: "Install TotalSegmentator (pip install TotalSegmentator), or name it with --totalsegmentator.",
        category: .missing)
    }
    self.program = found
  }

  /// The voxels of each class, by its name and not by its number, which other versions of the model use for other organs.
  ///
  /// - Returns: `nil` for a class of which the model found nothing.
  func masks(of classes: [String], on ct: AnatomicalSeries) throws -> [String: Mask?] {
    let folder = NSTemporaryDirectory() + "endora-organs-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let file = try NIfTIFile(grid: ct.grid, name: "HU", description: "CT in Hounsfield units")
    try Data(file.bytes(of: ct.values)).write(to: URL(fileURLWithPath: folder + "/ct.nii"))
    try run(["-i", folder + "/ct.nii", "-o", folder + "/organs", "-ta", "total", "-rs"] + classes)
    return try Dictionary(
      uniqueKeysWithValues: classes.map { name in
        let paths = [".nii.gz", ".nii"].map { folder + "/organs/" + name + $0 }
        guard let path = paths.first(where: FileManager.default.fileExists(atPath:)) else {
          throw CaseError(
            "organ-class-missing", "The model gave no file for its class “\(name)”.",
            remedy: "Name a class of the task total, as totalseg_info --classes lists them.")
        }
        return (name, try NIfTILabels(path: path).regions.first?.mask.resampled(on: ct.grid))
      })
  }

  private func run(_ words: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = words
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch {
      throw CaseError(
        "organ-model-failed", "\(fileName(program)) could not be started.", remedy: "Run it by hand.")
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw CaseError(
        "organ-model-failed", "\(fileName(program)) ended with code \(process.terminationStatus).",
        remedy: "Run it by hand to see why: its models may not be downloaded.")
    }
  }
}
