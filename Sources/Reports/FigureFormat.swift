/// What a single picture can be written as.
public enum FigureFormat: String, CaseIterable, Sendable { case svg, pdf, png }

extension Figure {
  /// The picture as a file of its own: SVG follows the theme of the viewer, PDF and PNG are on white ground, PNG with 3
  /// pixels a px.
  ///
  /// - Throws: ``ReportError`` when the drawing library fails.
  public func file(_ format: FigureFormat, title: String) throws(ReportError) -> [UInt8] {
    let margin = 8.0
    switch format {
    case .svg: return Array(standaloneSVG().utf8)
    case .pdf:
      let canvas = try PDFCanvas(title: title, width: width, height: height, margin: margin)
      canvas.draw(self, 0, 0)
      return try canvas.finish()
    case .png:
      let canvas = try PDFCanvas(width: width, height: height, margin: margin, pixels: 3)
      canvas.draw(self, 0, 0)
      return try canvas.png()
    }
  }
}
