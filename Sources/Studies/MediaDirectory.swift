import DICOM
import Glibc
import Provenance

/// The files that a DICOMDIR lists (PS3.3 F.3), below the folder in which it lies.
struct MediaDirectory {
  /// Their paths, each once, in the order of the records; those that are missing are not among them.
  let files: [String]
  let findings: [Finding]

  /// Reads a DICOMDIR; `nil` is another DICOM file or none. Refuses names that lead out of the folder.
  init?(path: String) throws {
    guard DICOMFile.beginsLikeDICOM(path: path) else { return nil }
    let dataSet = try DICOMFile(path: path).dataSet
    guard dataSet.contains(.directoryRecords) else { return nil }
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    var (files, seen): ([String], Set<String>) = ([], [])
    var missing = 0
    for record in try dataSet.items(.directoryRecords) {
      let parts = try record.strings(.referencedFileID).filter { !$0.isEmpty }
      guard !parts.isEmpty else { continue }
      guard parts.count <= 8, parts.allSatisfy({ $0 != "." && $0 != ".." && !$0.contains("/") && !$0.contains("\0") })
      else {
        throw StudyError(
          "unsafe-directory", "The DICOMDIR lists a file outside its folder.",
          remedy: "Name the folder of the disc instead.")
      }
      guard seen.insert(parts.joined(separator: "/")).inserted else { continue }
      if let file = Self.present(parts, in: folder) { files.append(file) } else { missing += 1 }
    }
    self.files = files
    findings =
      missing == 0
      ? []
      : [
        Finding(
          .serious, code: "missing-files", title: "Files of the DICOMDIR are missing",
          "\(missing) of \(seen.count) files that the DICOMDIR lists are not there.", origin: "Studies")
      ]
  }

  /// The file as listed, or in lower case, as some systems show discs.
  private static func present(_ parts: [String], in folder: String) -> String? {
    let name = parts.joined(separator: "/")
    return [name, name.lowercased()].map { folder + "/" + $0 }.first { access($0, F_OK) == 0 }
  }
}
