import Files

/// A file as an instrument wrote it.
enum InstrumentFile {
  /// What `body` makes of the bytes of a file, all of which it reads.
  ///
  /// - Throws: ``LaboratoryError`` that names the file when it cannot be read; what `body` throws.
  static func read<Result>(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    do {
      return try MappedFile(path: path, isReadWhole: true).withBytes(body)
    } catch let error as FileError {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      throw LaboratoryError(error.code, "\(name): \(error.reason)", remedy: error.remedy, category: error.category)
    }
  }
}
