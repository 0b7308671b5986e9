import DICOM
public import JSON
import Provenance

/// What `endora dicom check` tells of one file: that every value in it reads, and its pixels.
public struct FileCheckDocument: Sendable {
  private let name: String
  private let attributes: Int
  private let transferSyntax: String
  private let findings: [Finding]
  private let pixels: Result<(rows: Int, columns: Int, frames: Int), DICOMError>?

  /// Reads a file whole. Pixels that cannot be used are told, anything else that is malformed is refused.
  public init(path: String) throws {
    name = fileName(path)
    let file = try DICOMFile(path: path)
    attributes = try file.readAllValues()
    transferSyntax = file.transferSyntaxUID
    pixels = Self.pixels(file)
    findings = try DICOMHeader(path: path).map(Self.findings) ?? []
    // Asking for the layout refuses an image without pixels.
    if pixels == nil, try Self.isImage(file.dataSet) { _ = try file.pixelFormat() }
  }

  /// Whether the file is of a class that has pixels, by its SOP class or its rows.
  private static func isImage(_ dataSet: DataSet) throws -> Bool {
    let root = "1.2.840.10008.5.1.4.1.1."
    let images: Set = ["2", "2.1", "4", "4.1", "7", "20", "30", "66.4", "66.7", "128", "128.1", "130", "481.2"]
    guard let uid = try dataSet.uid(.sopClassUID), uid.hasPrefix(root) else { return dataSet.contains(.rows) }
    return images.contains(String(uid.dropFirst(root.count)))
  }

  private static func findings(_ header: DICOMHeader) -> [Finding] {
    guard header.preamble != .ordinary else { return [] }
    let what = header.preamble == .executable ? "program" : "page of the web"
    return [
      Finding(
        .caution, code: "preamble-\(header.preamble.rawValue)", title: "Begins like a \(what)",
        "The file begins like a \(what); Endora never runs or serves those bytes.", origin: "DICOM")
    ]
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

  /// `{"file", "transferSyntax", "attributes", "pixels", "findings"}`.
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
      "findings": .array(findings.map(\.document)),
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
    let lines =
      ["\(printable(name)): \(attributes) attributes, \(text)"] + findings.map { "\($0.severity.rawValue): \($0.text)" }
    return lines.joined(separator: "\n") + "\n"
  }
}
