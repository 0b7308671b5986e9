import Foundation

/// The last component of a path: messages name files, not folders, which may hold names of people.
func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

/// The bytes of a file.
///
/// - Throws: ``CaseError``, exit code 66 when it is not there and 74 when it cannot be read or is larger than 256 MB.
func readFile(_ path: String) throws -> [UInt8] {
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
    throw CaseError(
      "file-missing", "\(fileName(path)) is \(isFolder.boolValue ? "a folder, not a file" : "not there").",
      remedy: "Check the path \(path).", category: .missing)
  }
  let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  guard size <= 256 << 20, let data = FileManager.default.contents(atPath: path) else {
    throw CaseError(
      "file-unreadable", "The file \(fileName(path)) cannot be read.",
      remedy: "Check its permissions and size (at most 256 MB).", category: .inputOutput)
  }
  return [UInt8](data)
}

/// Text of a header or a file as it may stand in a terminal: without control characters, at most 64 characters.
func printable(_ text: String) -> String {
  let scalars = text.unicodeScalars.prefix(64).map { scalar in
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.properties.isBidiControl ? "·" : scalar
  }
  return String(String.UnicodeScalarView(scalars))
}
