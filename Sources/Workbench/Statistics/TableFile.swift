public import Statistics

extension DataTable {
  /// Reads a CSV table from a file.
  ///
  /// - Throws: ``CaseError`` when the file cannot be read, and as ``DataTable/init(_:file:)``.
  public static func read(_ path: String) throws -> DataTable { try DataTable(readFile(path), file: fileName(path)) }

  /// Reads the export of an instrument from a file.
  static func export(_ path: String, isHeader: ([String]) -> Bool = { _ in true }) throws -> DataTable {
    try DataTable(export: readFile(path), file: fileName(path), isHeader: isHeader)
  }
}
