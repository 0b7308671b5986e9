import DICOM

extension ResultWriter {
  /// Writes a PDF as an Encapsulated PDF.
  ///
  /// - Throws: ``StudyError`` when the bytes are no PDF.
  public func writeDocument(pdf: [UInt8], title: String, number: Int, to path: String) throws -> WrittenResult {
    guard pdf.starts(with: Array("%PDF-".utf8)) else {
      throw StudyError("not-a-pdf", "The document is no PDF.", remedy: "Give a PDF.", category: .internalFault)
    }
    let sopClassUID = "1.2.840.10008.5.1.4.1.1.104.1"
    var draft = header(sopClassUID: sopClassUID, modality: "DOC", name: title, number: number)
    draft.put(.conversionType, "WSD")
    draft.put(.acquisitionDateTime)
    draft.put(.burnedInAnnotation, "YES")
    draft.put(.documentTitle, String(title.prefix(1024)))
    draft.put(.conceptName, items: [Code("18748-4", "LN", "Diagnostic Imaging Report").item])
    draft.put(.mimeType, "application/pdf")
    draft.put(.encapsulatedDocument, bytes: pdf)
    draft.put(.encapsulatedDocumentLength, number: Double(pdf.count))
    return try write(draft, kind: "document", name: title, sopClassUID: sopClassUID, to: path)
  }

  /// Writes grey frames as a multi-frame Secondary Capture that plays by itself.
  ///
  /// - Parameter milliseconds: how long each frame shows.
  public func writePicture(
    frames: [[UInt8]], rows: Int, columns: Int, milliseconds: Double, name: String, number: Int, to path: String
  ) throws -> WrittenResult {
    guard !frames.isEmpty, frames.allSatisfy({ $0.count == rows * columns }) else {
      throw StudyError(
        "unwritable-picture", "A picture has no frames, or frames of another size.", remedy: "Draw it again.",
        category: .internalFault)
    }
    let sopClassUID = "1.2.840.10008.5.1.4.1.1.7.2"
    var draft = header(sopClassUID: sopClassUID, modality: "OT", name: name, number: number)
    draft.put(.conversionType, "WSD")
    draft.put(.imageType, "DERIVED", "SECONDARY")
    draft.put(.patientOrientation)
    draft.put(.burnedInAnnotation, "NO")
    draft.put(.presentationLUTShape, "IDENTITY")
    draft.put(.rescaleIntercept, decimal: 0)
    draft.put(.rescaleSlope, decimal: 1)
    draft.put(.rescaleType, "US")
    draft.put(.frameTime, decimal: milliseconds)
    draft.put(.frameIncrementPointer, tags: [.frameTime])
    draft.put(pixels8: frames.flatMap { $0 }, rows: rows, columns: columns, frames: frames.count)
    return try write(draft, kind: "picture", name: name, sopClassUID: sopClassUID, to: path)
  }
}
