import DICOM
public import JSON
import Provenance

/// What `endora dicom check` tells of one file: that every value in it reads, and its pixels.
public struct FileCheckDocument: Sendable {
  private let name: String
  private let attributes: Int
  private let transferSyntax: String
  private let pixels: Result<(rows: Int, columns: Int, frames: Int), DICOMError>?

  /// Reads a file whole. Pixels that cannot be used are told, anything else that is malformed is refused.
  public init(path: String) throws {
    name = fileName(path)
    let file = try DICOMFile(path: path)
    attributes = try file.readAllValues()
    transferSyntax = file.transferSyntaxUID
    pixels = Self.pixels(file)
  }

  private static func pixels(_ file: DICOMFile) -> Result<(rows: Int, columns: Int, frames: Int), DICOMError>? {
    let isImage = [Tag.pixelData, .floatPixelData, .doubleFloatPixelData].contains(where: file.dataSet.contains)
    guard isImage else { return nil }
    return Result { () throws(DICOMError) in
      guard try file.dataSet.unsigned16(.bitsAllocated) != 1 else {
        let bits = try file.bitFrames()
        return (bits.rows, bits.columns, bits.frames)
      }
      let format = try file.pixelFormat()
      _ = try file.samples(allowingLoss: true)
      return (format.rows, format.columns, format.frames)
    }
  }

  /// `{"file", "transferSyntax", "attributes", "pixels"}`.
  public var document: JSONValue {
    [
      "file": JSONValue(name), "transferSyntax": JSONValue(transferSyntax), "attributes": JSONValue(attributes),
      "pixels": pixels.map { pixels -> JSONValue in
        switch pixels {
        case .success(let size):
          ["rows": JSONValue(size.rows), "columns": JSONValue(size.columns), "frames": JSONValue(size.frames)]
        case .failure(let refusal): ["refused": AnyRefusal(refusal).document]
        }
      } ?? .null,
    ]
  }

  /// One line.
  public var summary: String {
    let text =
      switch pixels {
      case nil: "no pixels"
      case .success(let size)?: "\(size.columns) × \(size.rows) × \(size.frames)"
      case .failure(let refusal)?: "pixels refused: \(refusal.reason)"
      }
    return "\(printable(name)): \(attributes) attributes, \(text)\n"
  }
}
