import CCairo

extension PDFCanvas {
  /// Draws a figure with its top left corner at a place, in the light theme.
  func draw(_ figure: Figure, _ x: Double, _ y: Double, scale: Double = 1) {
    cairo_save(cairo)
    cairo_translate(cairo, x, y)
    cairo_scale(cairo, scale, scale)
    for mark in figure.marks {
      switch mark {
      case .shape(let shape): draw(shape)
      case .text(let label): draw(label)
      case .cell(let cell):
        use(cell.colour)
        cairo_rectangle(cairo, cell.x, cell.y, cell.width, cell.height)
        cairo_fill(cairo)
      case .picture(let picture): draw(picture)
      }
    }
    cairo_restore(cairo)
  }

  private func draw(_ picture: Figure.Picture) {
    let raster = picture.raster
    cairo_save(cairo)
    cairo_translate(cairo, picture.x, picture.y)
    cairo_scale(cairo, picture.width / Double(raster.columns), picture.height / Double(raster.rows))
    raster.withSurface { surface in
      cairo_set_source_surface(cairo, surface, 0, 0)
      cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_BILINEAR)
      cairo_rectangle(cairo, 0, 0, Double(raster.columns), Double(raster.rows))
      cairo_fill(cairo)
    }
    cairo_restore(cairo)
  }

  private func draw(_ shape: Figure.Shape) {
    cairo_new_path(cairo)
    switch shape.geometry {
    case .circle(let x, let y, let radius): cairo_arc(cairo, x, y, radius, 0, 2 * .pi)
    case .rectangle(let x, let y, let width, let height, let radius): outline(x, y, width, height, radius: radius)
    case .path(let path): trace(path)
    }
    let paint = shape.role.paint
    if paint.isHatched { return hatch(.ink3, opacity: 0.5, spacing: 5, width: 0.75) }
    if let fill = paint.fill {
      use(token(fill, shape.tone), opacity: paint.fillOpacity)
      cairo_fill_preserve(cairo)
    }
    if let stroke = paint.stroke {
      self.stroke(token(stroke, shape.tone), width: paint.width, dash: paint.dash)
    }
    cairo_new_path(cairo)
  }

  private func trace(_ path: Path) {
    for step in path.steps {
      switch step {
      case .move(let x, let y): cairo_move_to(cairo, x, y)
      case .line(let x, let y): cairo_line_to(cairo, x, y)
      case .curve(let ax, let ay, let bx, let by, let x, let y): cairo_curve_to(cairo, ax, ay, bx, by, x, y)
      case .close: cairo_close_path(cairo)
      }
    }
  }

  private func draw(_ label: Label) {
    let voice = label.voice
    let set = text(Ink(label.text, voice.size, token(voice.colour, label.tone), bold: voice.isBold))
    let x =
      switch label.anchor {
      case .start: label.x
      case .middle: label.x - set.width / 2
      case .end: label.x - set.width
      }
    draw(set, baseline: x, label.y, halo: label.halo)
  }

  private func token(_ colour: Paint.Colour, _ tone: Tone?) -> Token {
    switch colour {
    case .token(let token): token
    case .tone: tone?.token ?? .ink3
    }
  }
}
