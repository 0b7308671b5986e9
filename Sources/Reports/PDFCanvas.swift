import CCairo
import Provenance

/// A PDF document or a picture in memory, drawn in px of the design from the corner of the margins.
final class PDFCanvas {
  /// The width between the margins in px.
  static let width = 698.0
  /// The height between the margins in px.
  static let height = (pageHeight - top - bottom) / scale

  private static let (pageWidth, pageHeight) = (595.276, 841.890)
  private static let (left, top, bottom) = (39.685, 36.850, 42.520)
  private static let scale = (pageWidth - 2 * left) / width
  private static let fonts = "Liberation Sans, DejaVu Sans, sans"
  static let mono = "Liberation Mono, DejaVu Sans Mono, monospace"

  private let sink: Sink
  private let origin: (x: Double, y: Double)
  private let unit: Double
  private let surface: OpaquePointer
  let cairo: OpaquePointer
  private let pango: OpaquePointer

  /// A document of A4 pages.
  convenience init(title: String) throws(ReportError) {
    try self.init(
      title: title, page: (Self.pageWidth, Self.pageHeight), origin: (Self.left, Self.top), unit: Self.scale)
  }

  /// A document with one A4 page, upright or across, on which a picture is as large as it can be.
  convenience init(title: String, fitting figure: Figure) throws(ReportError) {
    let sides = figure.width > figure.height ? (Self.pageHeight, Self.pageWidth) : (Self.pageWidth, Self.pageHeight)
    let margin = Self.top
    let unit = min((sides.0 - 2 * margin) / figure.width, (sides.1 - 2 * margin) / figure.height)
    try self.init(title: title, page: sides, origin: (margin, margin), unit: unit)
  }

  /// A document with one page of the size of a picture and a margin around it, 0.75 pt a px.
  convenience init(title: String, width: Double, height: Double, margin: Double) throws(ReportError) {
    try self.init(
      title: title, page: (0.75 * (width + 2 * margin), 0.75 * (height + 2 * margin)),
      origin: (0.75 * margin, 0.75 * margin), unit: 0.75)
  }

  private convenience init(
    title: String, page: (width: Double, height: Double), origin: (x: Double, y: Double), unit: Double
  ) throws(ReportError) {
    let sink = Sink()
    let surface = cairo_pdf_surface_create_for_stream(
      Sink.write, Unmanaged.passUnretained(sink).toOpaque(), page.width, page.height)
    try self.init(surface, sink: sink, origin: origin, unit: unit)
    cairo_pdf_surface_set_metadata(self.surface, CAIRO_PDF_METADATA_TITLE, title)
    cairo_pdf_surface_set_metadata(self.surface, CAIRO_PDF_METADATA_CREATOR, "Endora \(Release.version)")
    cairo_pdf_surface_set_metadata(self.surface, CAIRO_PDF_METADATA_SUBJECT, said(Release.disclaimer))
    // Fixed, so that the same case gives the same bytes.
    cairo_pdf_surface_set_metadata(self.surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z")
  }

  /// A picture of so many pixels a px on white ground.
  convenience init(width: Double, height: Double, margin: Double, pixels: Double) throws(ReportError) {
    let (w, h) = (pixels * (width + 2 * margin), pixels * (height + 2 * margin))
    guard w >= 1, h >= 1, w <= 20_000, h <= 20_000 else {
      throw ReportError(
        "picture-too-large", "The picture would have \(Int(w)) by \(Int(h)) pixels.",
        remedy: "Choose a smaller scale, at most 20 000 pixels a side.")
    }
    try self.init(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(w.rounded(.up)), Int32(h.rounded(.up))), sink: Sink(),
      origin: (pixels * margin, pixels * margin), unit: pixels)
    fill(.surface, -margin, -margin, width + 2 * margin, height + 2 * margin)
  }

  private init(
    _ surface: OpaquePointer?, sink: Sink, origin: (x: Double, y: Double), unit: Double
  ) throws(ReportError) {
    guard let surface, let cairo = cairo_create(surface), let pango = pango_cairo_create_context(cairo) else {
      throw ReportError(
        "pdf-not-started", "The PDF library did not start a document.",
        remedy: "Check that Cairo and Pango are installed whole.", category: .internalFault)
    }
    (self.sink, self.origin, self.unit) = (sink, origin, unit)
    (self.surface, self.cairo, self.pango) = (surface, cairo, pango)
    pango_cairo_context_set_resolution(pango, 72)
    pango_context_set_round_glyph_positions(pango, 0)
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    pango_cairo_context_set_font_options(pango, options)
    cairo_font_options_destroy(options)
    beginPage()
  }

  /// What the library writes.
  final class Sink {
    var bytes: [UInt8] = []

    static let write: cairo_write_func_t = { context, bytes, count in
      guard let context, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
      let sink = Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
      sink.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
      return CAIRO_STATUS_SUCCESS
    }
  }

  deinit {
    endora_object_unref(UnsafeMutableRawPointer(pango))
    cairo_destroy(cairo)
    cairo_surface_destroy(surface)
  }

  private func beginPage() {
    cairo_identity_matrix(cairo)
    cairo_translate(cairo, origin.x, origin.y)
    cairo_scale(cairo, unit, unit)
  }

  /// Ends the page and begins the next.
  func nextPage() {
    cairo_show_page(cairo)
    beginPage()
  }

  /// Ends the document.
  func finish() throws(ReportError) -> [UInt8] {
    cairo_show_page(cairo)
    cairo_surface_finish(surface)
    guard cairo_status(cairo) == CAIRO_STATUS_SUCCESS, cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS else {
      throw ReportError(
        "pdf-not-written", "The PDF library could not complete the document.",
        remedy: "Check the free memory and make the report again.", category: .internalFault)
    }
    return sink.bytes
  }

  /// Ends the picture as PNG.
  func png() throws(ReportError) -> [UInt8] {
    cairo_surface_flush(surface)
    guard
      cairo_surface_write_to_png_stream(surface, Sink.write, Unmanaged.passUnretained(sink).toOpaque())
        == CAIRO_STATUS_SUCCESS
    else {
      throw ReportError(
        "picture-not-written", "The library could not complete the picture.",
        remedy: "Check the free memory and make it again.", category: .internalFault)
    }
    return sink.bytes
  }

  // MARK: Text

  /// Text set in lines of a width, or in one line without; at most 600 px high, an ellipsis at its end then.
  func text(_ ink: Ink, width: Double? = nil, alignment: Alignment = .left) -> TextBlock {
    let layout = pango_layout_new(pango)!
    let font = pango_font_description_from_string(ink.isMono ? Self.mono : Self.fonts)
    pango_font_description_set_absolute_size(font, ink.size * Double(PANGO_SCALE))
    pango_layout_set_font_description(layout, font)
    pango_font_description_free(font)
    if let width {
      pango_layout_set_width(layout, Int32(width * Double(PANGO_SCALE)))
      pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
      pango_layout_set_height(layout, 600 * PANGO_SCALE)
      pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
    }
    pango_layout_set_spacing(layout, Int32(ink.size * 0.22 * Double(PANGO_SCALE)))
    pango_layout_set_alignment(layout, alignment == .right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT)
    pango_layout_set_markup(layout, ink.markup, -1)
    return TextBlock(layout: layout)
  }

  enum Alignment { case left, right }

  /// Draws text, its top left corner at a place.
  func draw(_ text: TextBlock, _ x: Double, _ y: Double) {
    cairo_move_to(cairo, x, y)
    pango_cairo_show_layout(cairo, text.layout)
  }

  /// Draws one line of text from its baseline, with a rim of the ground when it has a halo.
  func draw(_ text: TextBlock, baseline x: Double, _ y: Double, halo: Bool) {
    guard let line = pango_layout_get_line_readonly(text.layout, 0) else { return }
    if halo {
      cairo_move_to(cairo, x, y)
      pango_cairo_layout_line_path(cairo, line)
      stroke(.surface, width: 3.5)
    }
    cairo_move_to(cairo, x, y)
    pango_cairo_show_layout_line(cairo, line)
  }

  // MARK: Shapes

  func use(_ token: Token, opacity: Double = 1) { use(token.light, opacity: opacity) }

  /// Takes a colour `0xRRGGBB` for what is drawn next.
  func use(_ c: Int, opacity: Double = 1) {
    cairo_set_source_rgba(
      cairo, Double(c >> 16) / 255, Double(c >> 8 & 255) / 255, Double(c & 255) / 255, opacity)
  }

  /// Strokes the current path and forgets it.
  func stroke(_ token: Token, width: Double, dash: [Double] = []) {
    use(token)
    cairo_set_line_width(cairo, width)
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND)
    cairo_set_dash(cairo, dash, Int32(dash.count), 0)
    cairo_stroke(cairo)
  }

  func line(
    _ ax: Double, _ ay: Double, _ bx: Double, _ by: Double, _ token: Token, width: Double = 1, dash: [Double] = []
  ) {
    cairo_move_to(cairo, ax, ay)
    cairo_line_to(cairo, bx, by)
    stroke(token, width: width, dash: dash)
  }

  func fill(_ token: Token, _ x: Double, _ y: Double, _ width: Double, _ height: Double, radius: Double = 0) {
    outline(x, y, width, height, radius: radius)
    use(token)
    cairo_fill(cairo)
  }

  func frame(_ token: Token, _ x: Double, _ y: Double, _ width: Double, _ height: Double, radius: Double) {
    outline(x, y, width, height, radius: radius)
    stroke(token, width: 1)
  }

  /// Adds a rectangle with round corners to the path.
  func outline(_ x: Double, _ y: Double, _ width: Double, _ height: Double, radius: Double) {
    let r = min(radius, width / 2, height / 2)
    guard r > 0 else { return cairo_rectangle(cairo, x, y, width, height) }
    cairo_new_sub_path(cairo)
    cairo_arc(cairo, x + width - r, y + r, r, -.pi / 2, 0)
    cairo_arc(cairo, x + width - r, y + height - r, r, 0, .pi / 2)
    cairo_arc(cairo, x + r, y + height - r, r, .pi / 2, .pi)
    cairo_arc(cairo, x + r, y + r, r, .pi, 1.5 * .pi)
    cairo_close_path(cairo)
  }

  /// Fills the current path with slanted lines and forgets it.
  func hatch(_ token: Token, opacity: Double, spacing: Double, width: Double) {
    var (ax, ay, bx, by) = (0.0, 0.0, 0.0, 0.0)
    cairo_fill_extents(cairo, &ax, &ay, &bx, &by)
    cairo_save(cairo)
    cairo_clip(cairo)
    let step = spacing * 2.0.squareRoot()
    var x = ((ax + ay) / step).rounded(.down) * step
    while x <= bx + by {
      cairo_move_to(cairo, x - ay, ay)
      cairo_line_to(cairo, x - by, by)
      x += step
    }
    use(token, opacity: opacity)
    cairo_set_line_width(cairo, width)
    cairo_set_dash(cairo, nil, 0, 0)
    cairo_stroke(cairo)
    cairo_restore(cairo)
  }
}

/// Text that has been set.
final class TextBlock {
  let layout: OpaquePointer
  let width: Double
  let height: Double
  /// The number of lines.
  let lines: Int
  /// The first baseline below the top.
  let baseline: Double

  init(layout: OpaquePointer) {
    self.layout = layout
    var (width, height): (Int32, Int32) = (0, 0)
    pango_layout_get_size(layout, &width, &height)
    let unit = Double(PANGO_SCALE)
    (self.width, self.height) = (Double(width) / unit, Double(height) / unit)
    lines = Int(pango_layout_get_line_count(layout))
    baseline = Double(pango_layout_get_baseline(layout)) / unit
  }

  deinit { endora_object_unref(UnsafeMutableRawPointer(layout)) }
}

/// Words with their size and colour, as markup that holds no raw text of a case.
struct Ink {
  var markup: String
  var size: Double
  var isMono = false

  init(
    _ text: String, _ size: Double, _ token: Token = .ink, bold: Bool = false, mono: Bool = false,
    spacing: Double = 0
  ) {
    self.size = size
    isMono = mono
    let weight = bold ? " weight=\"bold\"" : ""
    let tracking = spacing == 0 ? "" : " letter_spacing=\"\(Int(spacing * size * 1024))\""
    let runs = TextRun.runs(of: said(text)).map { run in
      let raised = Int(size * TextRun.raisedSize * 1024)
      return switch run.level {
      case .base: escaped(run.text)
      case .raised: "<span size=\"\(raised)\" rise=\"\(Int(size * 340))\">\(escaped(run.text))</span>"
      case .lowered: "<span size=\"\(raised)\" rise=\"\(Int(size * -200))\">\(escaped(run.text))</span>"
      }
    }.joined()
    markup = "<span foreground=\"\(Token.hexadecimal(token.light))\"\(weight)\(tracking)>\(runs)</span>"
  }

  static func + (a: Ink, b: Ink) -> Ink {
    var sum = a
    sum.markup += a.size == b.size ? b.markup : "<span size=\"\(Int(b.size * 1024))\">\(b.markup)</span>"
    return sum
  }
}
