import Foundation
import Glibc
public import Provenance

/// The files that a case's results depend on, as they lie on disk.
public struct CaseInputs: Hashable, Sendable {
  /// One file: its path below the case's folder (or whole, when it lies elsewhere), its size and when it was changed.
  public struct Entry: Hashable, Sendable {
    public let path: String
    let size: Int
    let changed: Int
  }

  /// The case's folder.
  public let folder: String
  /// In the order of their paths.
  public let entries: [Entry]

  /// Lists the case file, its images, drawings and tables.
  public init(of file: CaseFile, in folder: String) {
    self.folder = folder
    let named =
      ["case.json"]
      + [file.spect?.folder, file.curves?.file, file.planar?.folder, file.planar?.regionFile].compactMap(\.self)
    var found: [String: Entry] = [:]
    for name in named {
      let whole = name.hasPrefix("/") ? name : folder + "/" + name
      var isFolder: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: whole, isDirectory: &isFolder)
      let below =
        isThere && isFolder.boolValue
        ? ((try? FileManager.default.subpathsOfDirectory(atPath: whole)) ?? []).map { name + "/" + $0 } : [name]
      for path in below {
        if let entry = Self.entry(path, in: folder) { found[path] = entry }
      }
    }
    entries = found.values.sorted { $0.path < $1.path }
  }

  /// All but the case file itself.
  var withoutCase: [Entry] { entries.filter { $0.path != "case.json" } }

  private static func entry(_ path: String, in folder: String) -> Entry? {
    var status = stat()
    guard stat(path.hasPrefix("/") ? path : folder + "/" + path, &status) == 0, status.st_mode & S_IFMT == S_IFREG
    else { return nil }
    return Entry(
      path: path, size: Int(status.st_size), changed: status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec)
  }

  /// Whether no file has been touched, come or gone since.
  public func isCurrent(for file: CaseFile) -> Bool { CaseInputs(of: file, in: folder) == self }

  /// SHA-256 of every file, by path.
  ///
  /// - Parameter known: digests found before, by entry; a file that was not touched is not read again.
  public func digests(known: [Entry: Digest] = [:]) throws -> [Entry: Digest] {
    var digests: [Entry: Digest] = [:]
    for entry in entries {
      digests[entry] =
        try known[entry]
        ?? Digest(of: readFile(entry.path.hasPrefix("/") ? entry.path : folder + "/" + entry.path))
    }
    return digests
  }
}
