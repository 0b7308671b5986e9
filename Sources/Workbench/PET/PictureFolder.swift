import Foundation
import Reports

/// In what figures are written.
public enum PictureFormat: String, CaseIterable, Sendable {
  case all, svg, png, pdf

  /// Every figure as a file of its own in every format that is meant.
  func files(_ figures: [(name: String, figure: Figure)]) throws -> [(name: String, bytes: [UInt8])] {
    let formats = FigureFormat.allCases.filter { self == .all || $0.rawValue == rawValue }
    return try figures.flatMap { name, figure in
      try formats.map { ("\(name).\($0.rawValue)", try figure.file($0, title: figure.label)) }
    }
  }
}

/// A folder into which figures and tables are written.
struct PictureFolder: Sendable {
  let path: String

  /// Writes files, making the folder; earlier files of the same names are replaced.
  ///
  /// - Throws: ``CaseError`` when a file cannot be written.
  func write(_ files: [(name: String, bytes: [UInt8])]) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for file in files {
        try Data(file.bytes).write(to: URL(filePath: path + "/" + file.name), options: .atomic)
      }
    } catch {
      throw CaseError(
        "pictures-not-written", "The folder \(printable(fileName(path))) cannot be written.",
        remedy: "Check the path, its permissions and the space.", category: .inputOutput)
    }
  }
}
