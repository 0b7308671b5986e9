import Dosimetry
import Foundation
import Provenance

/// A folder with the absorbed fractions of ICRP Publication 133 as a user keeps them.
struct FractionFolder {
  private let path: String
  private let files: [String]

  /// - Parameter path: the folder, or one of its files.
  /// - Returns: `nil` for what is neither a folder nor a file of fractions.
  init?(_ path: String) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
    guard isFolder.boolValue || path.lowercased().hasSuffix(".saf") else { return nil }
    let parent = (path as NSString).deletingLastPathComponent
    self.path = isFolder.boolValue ? path : parent.isEmpty ? "." : parent
    files = ((try? FileManager.default.contentsOfDirectory(atPath: self.path)) ?? []).sorted()
  }

  /// The S values of a phantom, `adult-male` or `AM`.
  ///
  /// - Throws: a refusal for an unknown phantom, for files that are missing or come twice, and for broken ones.
  func sValues(phantom: String) throws -> FractionSValues {
    let known = ["am": "adult-male", "af": "adult-female"]
    let wanted = known[phantom.lowercased()] ?? phantom
    guard known.values.contains(wanted) else {
      throw CaseError(
        "unknown-phantom", "There are no absorbed fractions of '\(phantom.prefix(20))'.",
        remedy: "Choose adult-male or adult-female.", category: .usage)
    }
    let fractions = try chosen(".saf").compactMap { bytes -> SpecificFractions? in
      guard let subject = SpecificFractions.subject(bytes), subject.phantom == wanted, subject.radiation != .neutron
      else {
        return nil
      }
      return try SpecificFractions(bytes)
    }
    let tissues = try chosen(".ndx").first { TissueMasses.isList($0) }.map { try TissueMasses($0) }
    let name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
    return try FractionSValues(fractions, tissues: tissues, name: name)
  }

  private func chosen(_ ending: String) throws -> [[UInt8]] {
    let names = files.filter { $0.lowercased().hasSuffix(ending) }
    guard names.count <= 32 else {
      throw CaseError(
        "too-many-files", "The folder has \(names.count) files that end in \(ending).",
        remedy: "Keep one edition of the publication's files in it.")
    }
    return try names.map { try readFile(path + "/" + $0) }
  }
}
