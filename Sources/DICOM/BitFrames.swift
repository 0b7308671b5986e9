/// Frames of one bit a pixel, packed without a gap between rows and frames, the first pixel in the lowest bit
/// (PS3.5 8.1.1): segmentations.
public struct BitFrames: Sendable {
  /// Rows of a frame.
  public let rows: Int
  /// Pixels of a row.
  public let columns: Int
  /// How many frames.
  public let frames: Int
  private let bytes: [UInt8]
  private let start: Int

  fileprivate init(rows: Int, columns: Int, frames: Int, bytes: [UInt8], start: Int) {
    (self.rows, self.columns, self.frames, self.bytes, self.start) = (rows, columns, frames, bytes, start)
  }

  /// The pixels of a frame, row after row.
  public func frame(_ number: Int) -> [Bool] {
    precondition((0..<frames).contains(number), "a frame is one of those of the file")
    let size = rows * columns
    return bytes.withUnsafeBufferPointer { bytes in
      (number * size..<(number + 1) * size).map { bytes[start + $0 >> 3] >> ($0 & 7) & 1 == 1 }
    }
  }
}

extension DICOMFile {
  /// The frames of a file with one bit a pixel.
  ///
  /// Refuses big endian files, those with another depth, with fewer pixels than declared, or compressed.
  public func bitFrames() throws(DICOMError) -> BitFrames {
    guard transferSyntax.order == .little, try dataSet.unsigned16(.bitsAllocated) == 1,
      let rows = try dataSet.unsigned16(.rows),
      let columns = try dataSet.unsigned16(.columns), rows > 0, columns > 0
    else {
      throw DICOMError(
        "pixel-layout", "The file has no pixels of one bit in little endian.", remedy: "Export the segmentation again.")
    }
    let frames = try dataSet.integer(.numberOfFrames) ?? 1
    guard (1...1_000_000).contains(frames), case .bytes(let range)? = dataSet[.pixelData]?.content else {
      throw DICOMError(
        "pixel-layout", "The segmentation is compressed, or does not say how many frames it has.",
        remedy: "Export it uncompressed.")
    }
    let needed = (rows * columns * frames + 7) / 8
    guard range.count >= needed else {
      throw DICOMError(
        "short-pixel-data", "The pixel data have \(range.count) bytes where \(needed) are declared.",
        remedy: "Copy or export the file again.")
    }
    return BitFrames(rows: rows, columns: columns, frames: frames, bytes: bytes, start: range.lowerBound)
  }
}
