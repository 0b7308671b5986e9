import CDCMTK
import Glibc

extension DataSetDraft {
  /// Writes a DICOM file, explicit little endian, under a temporary name and then renames it.
  ///
  /// The bytes depend on the data set alone. Refuses values that their representation does not allow.
  public func write(to path: String) throws(DICOMError) {
    let file = try made()
    defer { cdcmtk_destroy(file) }
    var message = [CChar](repeating: 0, count: 256)
    let partial = path + ".partial"
    guard cdcmtk_save(file, partial, &message, message.count) else {
      unlink(partial)
      throw unwritable(text(message))
    }
    guard rename(partial, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(partial)
      throw unwritable(reason)
    }
  }

  /// The file in DCMTK's form; the caller destroys it.
  func made() throws(DICOMError) -> OpaquePointer {
    var message = [CChar](repeating: 0, count: 256)
    guard let file = cdcmtk_create(&message, message.count) else {
      throw DICOMError(
        "no-dictionary", "DICOM files cannot be written: \(text(message)).",
        remedy: "Install DCMTK's run-time files (Debian package libdcmtk17).", category: .internalFault)
    }
    do {
      try put(into: cdcmtk_root(file))
    } catch {
      cdcmtk_destroy(file)
      throw error
    }
    return file
  }

  private func put(into item: OpaquePointer?) throws(DICOMError) {
    for (tag, content) in elements.sorted(by: { $0.key < $1.key }) {
      var message = [CChar](repeating: 0, count: 256)
      let isPut: Bool
      switch content {
      case .text(let values):
        guard !values.contains(where: { $0.contains("\\") }) else { throw refused(tag, "it holds a backslash") }
        let value = values.joined(separator: "\\")
        isPut = cdcmtk_put_text(item, tag.group, tag.element, value, &message, message.count)
      case .unsigned16(let number):
        isPut = cdcmtk_put_words(item, tag.group, tag.element, [number], 1, &message, message.count)
      case .words(let words):
        isPut = cdcmtk_put_words(item, tag.group, tag.element, words, words.count, &message, message.count)
      case .bytes(let bytes):
        isPut = cdcmtk_put_bytes(item, tag.group, tag.element, bytes, bytes.count, &message, message.count)
      case .floats(let numbers):
        isPut = cdcmtk_put_floats(item, tag.group, tag.element, numbers, numbers.count, &message, message.count)
      case .items(let drafts):
        isPut = cdcmtk_put_sequence(item, tag.group, tag.element, &message, message.count)
        if isPut {
          for draft in drafts {
            guard let added = cdcmtk_add_item(item, tag.group, tag.element, &message, message.count) else {
              throw refused(tag, text(message))
            }
            try draft.put(into: added)
          }
        }
      }
      guard isPut else { throw refused(tag, text(message)) }
    }
  }

  private func refused(_ tag: Tag, _ why: String) -> DICOMError {
    DICOMError(
      "unwritable-value", "Attribute \(tag) cannot hold the value it is given: \(why).",
      remedy: "Shorten the text, or leave out characters that DICOM does not allow there.")
  }

  private func unwritable(_ why: String) -> DICOMError {
    DICOMError(
      "unwritable-file", "A DICOM file cannot be written: \(why).",
      remedy: "Check that the folder exists, may be written and has room.", category: .inputOutput)
  }
}
