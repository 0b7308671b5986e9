import CCairo
import Provenance

// The top of the first page.

extension PDFComposer {
  func heading() -> PDFBlock {
    let canvas = canvas
    let brand = canvas.text(Ink("Endora", 15, bold: true))
    let name = canvas.text(Ink("Dosimetry and prescription", 12.5))
    let right = canvas.text(
      Ink("Endora \(Release.version) · \(said("results")) ", 11, .ink3) + Ink(report.resultsDigest, 11, .ink3))
    let title = canvas.text(
      Ink(report.title, 12, bold: true)
        + Ink(report.facts.map { "      " + said($0) }.joined(), 12, .ink2), width: width)
    let width = width
    return PDFBlock(height: 36 + title.height + 10) { canvas, y in
      canvas.draw(Icon.brand.figure, 0, y, scale: 20 / 24)
      canvas.draw(brand, 27, y + 10 - brand.height / 2)
      canvas.draw(name, 36 + brand.width, y + 10 + brand.height / 2 - name.height - 0.5)
      canvas.draw(right, width - right.width, y + 10 + brand.height / 2 - right.height - 0.5)
      canvas.line(0, y + 28, width, y + 28, .line2)
      canvas.draw(title, 0, y + 36)
    }
  }

  func headline() -> [PDFBlock] {
    let figure = report.risk.flatMap(Figure.risk)
    let left = figure == nil ? 512.0 : 318.0
    var pieces: [Piece]
    switch report.headline {
    case .prescribed(let it): pieces = prescribed(it, width: left)
    case .refused(let notice): pieces = [refusalPanel(notice, width: left)]
    }
    if let tags = tags(width: left) { pieces.append(tags) }
    let height = pieces.reduce(0) { $0 + $1.height }
    let scale = (width - left - 20) / (figure?.width ?? 1)
    let plotHeight = (figure?.height ?? 0) * scale
    let plotLeft = left + 20
    return [
      PDFBlock(space: 4, height: max(height, plotHeight)) { canvas, y in
        var top = y
        for piece in pieces {
          piece.draw(canvas, 0, top)
          top += piece.height
        }
        if let figure { canvas.draw(figure, plotLeft, y, scale: scale) }
      }
    ]
  }

  /// A part of a column, drawn at a place.
  struct Piece {
    var height: Double
    var draw: (PDFCanvas, Double, Double) -> Void
  }

  func piece(_ ink: Ink, width: Double, below: Double = 0) -> Piece {
    let set = canvas.text(ink, width: width)
    return Piece(height: set.height + below) { canvas, x, y in canvas.draw(set, x, y) }
  }

  private func prescribed(_ it: Headline.Prescribed, width: Double) -> [Piece] {
    var pieces = [piece(Ink(it.lead, 12, .ink2), width: width)]
    let number = canvas.text(Ink(NumberFormat.prescribable(it.activity), 52, bold: true, spacing: -0.03))
    let unit = canvas.text(Ink("GBq", 24, .ink2))
    pieces.append(
      Piece(height: number.height + 1) { canvas, x, y in
        canvas.draw(number, x, y)
        canvas.draw(unit, x + number.width + 12, y + number.baseline - unit.baseline)
      })
    pieces.append(piece(Ink(it.agent, 15, bold: true), width: width, below: 10))
    let governing = canvas.text(
      Ink(it.governing, 12.5, bold: true) + Ink(" \(it.governingDose)", 12.5), width: width - 13)
    let best = canvas.text(Ink(it.bestEstimate, 12.5, .ink2), width: width - 13)
    let hasBest = !it.bestEstimate.isEmpty
    let block = governing.height + (hasBest ? best.height + 3 : 0)
    pieces.append(
      Piece(height: block + 10) { canvas, x, y in
        canvas.fill(.limit, x, y, 3, block)
        canvas.draw(governing, x + 13, y)
        if hasBest { canvas.draw(best, x + 13, y + governing.height + 3) }
      })
    pieces += it.facts.enumerated().map { factLine($0.element, isFirst: $0.offset == 0, width: width) }
    return pieces
  }

  private func factLine(_ fact: Headline.Fact, isFirst: Bool, width: Double) -> Piece {
    let icon = fact.passes.map { $0 ? Icon.passed : .caution }
    let value =
      Ink(fact.value, 12, bold: icon == nil)
      + Ink(fact.aside.isEmpty ? "" : " \(fact.aside)", 12, .ink2)
    var right = canvas.text(value)
    if right.width > width * 0.62 { right = canvas.text(value, width: width * 0.62) }
    let set = right
    let label = canvas.text(Ink(fact.label, 12, .ink3), width: max(60, width - set.width - (icon == nil ? 8 : 26)))
    let height = max(label.height, set.height) + 6.5
    return Piece(height: height + (isFirst ? 7 : 0)) { canvas, x, y in
      if isFirst { canvas.line(x, y, x + width, y, .line) }
      let top = y + (isFirst ? 7 : 0)
      canvas.draw(label, x, top)
      canvas.draw(set, x + width - set.width, top)
      if let icon { canvas.draw(icon.figure, x + width - set.width - 19, top, scale: 15 / 16) }
    }
  }

  private func tags(width: Double) -> Piece? {
    let counts = report.counts
    guard !counts.isEmpty else { return nil }
    let canvas = canvas
    var places: [(x: Double, row: Int, text: TextBlock, icon: Icon, tone: Tone?)] = []
    var (x, row) = (0.0, 0)
    for count in counts {
      let text = canvas.text(Ink(count.text, 11, count.tone?.token ?? .ink2))
      if x > 0, x + text.width + 30 > width { (x, row) = (0, row + 1) }
      places.append((x, row, text, count.icon, count.tone))
      x += text.width + 36
    }
    return Piece(height: Double(row + 1) * 24 + 6) { canvas, left, top in
      for place in places {
        let (x, y) = (left + place.x, top + 8 + 24 * Double(place.row))
        let pill = place.text.width + 30
        if let ground = place.tone?.ground {
          canvas.fill(ground, x, y, pill, 19, radius: 9.5)
        } else {
          canvas.frame(.line2, x + 0.5, y + 0.5, pill - 1, 18, radius: 9)
        }
        canvas.draw(place.icon.figure, x + 7, y + 3.5, scale: 0.75)
        canvas.draw(place.text, x + 22, y + 9.5 - place.text.height / 2)
      }
    }
  }

  /// The panel in place of the headline when no activity is proposed.
  private func refusalPanel(_ notice: RefusalNotice, width: Double) -> Piece {
    let canvas = canvas
    let title = canvas.text(Ink(CaseReport.refusedLead, 24, bold: true))
    let lines =
      [Ink(notice.reason, 13, bold: true), Ink(notice.remedy, 13, .ink2)]
      + (notice.bound.map { [Ink($0, 13)] } ?? [])
    let set = lines.map { canvas.text($0, width: width - 32) }
    let height = title.height + set.reduce(0) { $0 + $1.height + 5 } + 32
    return Piece(height: height + 4) { canvas, x, y in
      canvas.refusalGround(x, y, width, height, radius: 5)
      canvas.draw(Icon.refused.figure, x + 16, y + 14 + title.height / 2 - 11, scale: 22 / 16)
      canvas.draw(title, x + 46, y + 14)
      var top = y + 14 + title.height + 5
      for line in set {
        canvas.draw(line, x + 16, top)
        top += line.height + 5
      }
    }
  }
}

extension PDFCanvas {
  /// The hatched ground of something that was not computed.
  func refusalGround(_ x: Double, _ y: Double, _ width: Double, _ height: Double, radius: Double) {
    outline(x, y, width, height, radius: radius)
    hatch(.ink, opacity: 0.06, spacing: 7, width: 1)
    frame(.line2, x + 0.5, y + 0.5, width - 1, height - 1, radius: radius)
  }
}
