import CCairo

/// A picture of pixels, row after row from the top.
public struct Raster: Sendable {
  /// Pixels of a row.
  public let columns: Int
  /// Rows.
  public let rows: Int
  /// `0xRRGGBB`, one for every pixel.
  public let pixels: [UInt32]

  public init(columns: Int, rows: Int, pixels: [UInt32]) {
    precondition(columns > 0 && rows > 0 && pixels.count == columns * rows, "a raster has one colour a pixel")
    (self.columns, self.rows, self.pixels) = (columns, rows, pixels)
  }

  /// The picture as a PNG file.
  func png() -> [UInt8] {
    let sink = PDFCanvas.Sink()
    withSurface {
      cairo_surface_write_to_png_stream($0, PDFCanvas.Sink.write, Unmanaged.passUnretained(sink).toOpaque())
    }
    return sink.bytes
  }

  /// Runs `body` with a surface that holds the pixels.
  @discardableResult
  func withSurface<Result>(_ body: (OpaquePointer?) -> Result) -> Result {
    // Pixels of 32 bits have rows without padding.
    var copy = pixels
    return copy.withUnsafeMutableBytes { bytes in
      let surface = cairo_image_surface_create_for_data(
        bytes.bindMemory(to: UInt8.self).baseAddress, CAIRO_FORMAT_RGB24, Int32(columns), Int32(rows),
        Int32(columns * 4))
      defer { cairo_surface_destroy(surface) }
      return body(surface)
    }
  }
}
