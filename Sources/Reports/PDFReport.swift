import CCairo
import Provenance

/// A case as an A4 document, drawn without a browser in the light theme.
public enum PDFReport {
  /// The document's bytes; the same case and the same fonts give the same bytes.
  ///
  /// Blocks flow onto as many pages as they need; none is cut.
  /// - Throws: ``ReportError`` when the PDF library fails.
  public static func render(_ report: CaseReport) throws(ReportError) -> [UInt8] {
    let canvas = try PDFCanvas(title: said(report.title) + " - " + said("Endora report"))
    let composer = PDFComposer(canvas: canvas, report: report)
    let flow = PDFFlow(composer.blocks(), pageHeight: PDFCanvas.height)
    for (index, page) in flow.pages.enumerated() {
      if index > 0 { canvas.nextPage() }
      for placed in page { placed.draw(canvas, placed.y) }
      composer.drawFoot(page: index + 1, of: flow.pages.count)
    }
    return try canvas.finish()
  }
}

/// Turns the parts of a case into blocks.
struct PDFComposer {
  let canvas: PDFCanvas
  let report: CaseReport
  let width = PDFCanvas.width

  func blocks() -> [PDFBlock] {
    [heading()] + headline() + doses() + curves() + graftAndFindings() + deciding() + budget() + irradiation()
      + labels()
      + settings() + provenance() + annex()
  }

  func drawFoot(page: Int, of count: Int) {
    let y = PDFCanvas.height + 14
    canvas.draw(canvas.text(Ink("Endora. " + said(Release.disclaimer), 10, .ink3)), 0, y)
    let middle = canvas.text(
      Ink(
        TextWidth.fitted(report.title, into: 200, size: 10, bold: false)
          + "   \(said("results")) \(report.resultsDigest)", 10, .ink3))
    canvas.draw(middle, (width - middle.width) / 2 + 30, y)
    let number = canvas.text(Ink("\(page) / \(count)", 10, .ink3))
    canvas.draw(number, width - number.width, y)
  }

  // MARK: Parts

  /// A section's heading with its hairline; a note stands quietly at the right.
  func sectionHead(_ title: String, note: String = "", width: Double? = nil) -> (
    height: Double, draw: (Double, Double) -> Void
  ) {
    let canvas = canvas
    let width = width ?? self.width
    let heading = canvas.text(Ink(title, 15, bold: true))
    let small = canvas.text(Ink(note, 11, .ink3), width: max(80, width - heading.width - 16), alignment: .right)
    let height = max(heading.height, small.height) + 4
    return (
      height + 8,
      { x, y in
        canvas.draw(heading, x, y + height - 4 - heading.height)
        if !note.isEmpty {
          canvas.draw(small, x + heading.width + 16, y + height - 5 - small.height)
        }
        canvas.line(x, y + height, x + width, y + height, .line2)
      }
    )
  }

  func headBlock(_ title: String, note: String = "") -> PDFBlock {
    let head = sectionHead(title, note: note)
    return PDFBlock(space: 18, height: head.height, keepsWithNext: true) { _, y in head.draw(0, y) }
  }

  func caption(_ text: String) -> PDFBlock {
    let set = canvas.text(Ink(text, 11, .ink3), width: width)
    return PDFBlock(space: 5, height: set.height) { canvas, y in canvas.draw(set, 0, y) }
  }

  /// A column of a table: where it begins and ends, and how its text stands.
  struct Column {
    var title: String
    var left: Double
    var right: Double
    var isNumber = false
  }

  func tableHead(_ columns: [Column]) -> PDFHead {
    let canvas = canvas
    let cells = columns.map { column in
      canvas.text(
        Ink(column.title, 11, .ink3), width: column.right - column.left, alignment: column.isNumber ? .right : .left)
    }
    let height = (cells.map(\.height).max() ?? 0) + 7
    let width = width
    return PDFHead(height: height) { canvas, y in
      for (cell, column) in zip(cells, columns) { canvas.draw(cell, column.left, y + height - 4 - cell.height) }
      canvas.line(0, y + height, width, y + height, .line2)
    }
  }

  /// A row of texts with a hairline below.
  func tableRow(_ cells: [Ink], _ columns: [Column], head: PDFHead, marked: Int? = nil) -> PDFBlock {
    let set = zip(cells, columns).map { cell, column in
      canvas.text(cell, width: column.right - column.left, alignment: column.isNumber ? .right : .left)
    }
    let height = (set.map(\.height).max() ?? 0) + 9
    let baseline = set.map(\.baseline).max() ?? 0
    let width = width
    return PDFBlock(height: height, head: head) { canvas, y in
      for (cell, column) in zip(set, columns) { canvas.draw(cell, column.left, y + 4.5 + baseline - cell.baseline) }
      if let marked {
        canvas.markUnverified(x: columns[marked].left, y: y + 4.5 + baseline - set[marked].baseline, set[marked])
      }
      canvas.line(0, y + height, width, y + height, .line)
    }
  }

  /// The heads and rows of a table; the heads stay with the first three rows.
  func table(_ head: PDFHead, _ rows: [PDFBlock]) -> [PDFBlock] {
    guard !rows.isEmpty else { return [] }
    let together = rows.enumerated().map { index, row in
      var row = row
      row.keepsWithNext = index < 2 && index < rows.count - 1
      return row
    }
    return [PDFBlock(height: head.height, keepsWithNext: true, draw: head.draw)] + together
  }
}

extension PDFCanvas {
  /// The dotted line and small diamond of a value that is not verified, for text at a place.
  func markUnverified(x: Double, y: Double, _ text: TextBlock) {
    guard text.lines == 1, let line = pango_layout_get_line_readonly(text.layout, 0) else { return }
    var extents = PangoRectangle()
    pango_layout_line_get_extents(line, nil, &extents)
    markUnverified(from: x, to: x + Double(extents.width) / Double(PANGO_SCALE), baseline: y + text.baseline)
  }

  /// The dotted line below a value and the diamond behind it; 8 px are needed behind the value.
  func markUnverified(from left: Double, to right: Double, baseline: Double) {
    line(left, baseline + 3.5, right + 8, baseline + 3.5, .caution, dash: [1, 1.6])
    let (x, y) = (right + 5, baseline - 4)
    cairo_new_path(cairo)
    cairo_move_to(cairo, x, y - 2.8)
    cairo_line_to(cairo, x + 2.8, y)
    cairo_line_to(cairo, x, y + 2.8)
    cairo_line_to(cairo, x - 2.8, y)
    cairo_close_path(cairo)
    stroke(.caution, width: 0.8)
  }
}
