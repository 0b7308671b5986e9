import CCairo
import Provenance

// What stands below the curves.

extension PDFComposer {
  func graftAndFindings() -> [PDFBlock] {
    let findings = report.sortedFindings
    let refusals = report.allRefusals
    let title = findings.isEmpty ? "Not computed" : refusals.isEmpty ? "Findings" : "Findings and refusals"
    var notes: [(Double) -> Piece] =
      findings.map { it in { finding(it, width: $0) } } + refusals.map { it in { refusal(it, width: $0) } }
    var blocks: [PDFBlock] = []
    if let plot = report.graft, let figure = Figure.graft(plot) {
      let column = (width - 24) / 2
      let left = graftColumn(plot, figure, width: column)
      let head = sectionHead(title, width: column)
      var beside: [Piece] = []
      var used = head.height
      while let next = notes.first?(column), used + next.height <= left.height + 30 || beside.isEmpty {
        beside.append(next)
        used += next.height + 4
        notes.removeFirst()
      }
      let right = width - column
      blocks.append(
        PDFBlock(space: 18, height: max(left.height, beside.isEmpty ? 0 : used - 4)) { canvas, y in
          left.draw(canvas, 0, y)
          guard !beside.isEmpty else { return }
          head.draw(right, y)
          var top = y + head.height
          for piece in beside {
            piece.draw(canvas, right, top)
            top += piece.height + 4
          }
        })
    } else if !notes.isEmpty {
      blocks.append(headBlock(title))
    }
    for note in notes {
      let piece = note(width)
      blocks.append(
        PDFBlock(space: blocks.last?.keepsWithNext == true ? 0 : 4, height: piece.height) { canvas, y in
          piece.draw(canvas, 0, y)
        })
    }
    return blocks
  }

  private func graftColumn(_ plot: GraftPlot, _ figure: Figure, width: Double) -> Piece {
    let head = sectionHead("When may the graft come", width: width)
    let caption = canvas.text(Ink(plot.caption, 11, .ink3), width: width)
    let scale = width / figure.width
    let picture = figure.height * scale
    return Piece(height: head.height + picture + (plot.caption.isEmpty ? 0 : caption.height + 5)) { canvas, x, y in
      head.draw(x, y)
      canvas.draw(figure, x, y + head.height, scale: scale)
      if !plot.caption.isEmpty { canvas.draw(caption, x, y + head.height + picture + 5) }
    }
  }

  private func finding(_ it: Finding, width: Double) -> Piece {
    let tone: Tone =
      switch it.severity {
      case .serious: .serious
      case .caution: .caution
      case .info: .info
      }
    let words = canvas.text(Ink(it.title, 12, tone.token, bold: true) + Ink(" " + it.text, 12), width: width - 49)
    let origin = canvas.text(Ink((it.subject.map { "\($0) · " } ?? "") + it.origin, 11, .ink3), width: width - 49)
    let height = words.height + origin.height + 17
    return Piece(height: height) { canvas, x, y in
      if let ground = tone.ground { canvas.fill(ground, x, y, width, height, radius: 4) }
      canvas.fill(tone.token, x, y, 3, height)
      canvas.draw(Icon(it.severity).figure, x + 13, y + 7)
      canvas.draw(words, x + 39, y + 7)
      canvas.draw(origin, x + 39, y + 9 + words.height)
    }
  }

  private func refusal(_ it: RefusalNotice, width: Double) -> Piece {
    let reason = canvas.text(Ink(it.reason, 12, bold: true), width: width - 49)
    let rest = ([Ink(it.remedy, 12, .ink2)] + (it.bound.map { [Ink($0, 12)] } ?? []))
      .map { canvas.text($0, width: width - 49) }
    let height = reason.height + rest.reduce(0) { $0 + $1.height + 2 } + 16
    return Piece(height: height) { canvas, x, y in
      canvas.refusalGround(x, y, width, height, radius: 4)
      canvas.draw(Icon.refused.figure, x + 13, y + 8, scale: 15 / 16)
      canvas.draw(reason, x + 39, y + 8)
      var top = y + 10 + reason.height
      for line in rest {
        canvas.draw(line, x + 39, top)
        top += line.height + 2
      }
    }
  }

  func settings() -> [PDFBlock] {
    guard !report.settings.isEmpty else { return [] }
    let columns = [
      Column(title: "Id", left: 0, right: 52), Column(title: "Question", left: 56, right: 245),
      Column(title: "Here", left: 253, right: 395), Column(title: "Other readings", left: 407, right: 570),
      Column(title: "Δ / GBq", left: 574, right: width, isNumber: true),
    ]
    let head = tableHead(columns)
    let rows = report.settings.map { row in
      tableRow(
        [
          Ink(row.id, 11, mono: true), Ink(row.question, 12), Ink(row.here, 12, bold: true),
          Ink(row.others, 12, .ink2), Ink(row.effect, 12),
        ], columns, head: head, marked: row.isUnverified ? 2 : nil)
    }
    return [headBlock("Settings that the published method leaves open", note: report.settingsNote)]
      + table(head, rows)
  }

  func provenance() -> [PDFBlock] {
    guard !report.provenance.isEmpty else { return [] }
    let columns = [
      Column(title: "Input", left: 0, right: 196), Column(title: "When", left: 204, right: 330),
      Column(title: "What", left: 338, right: 600), Column(title: "Digest", left: 606, right: width, isNumber: true),
    ]
    let head = tableHead(columns)
    let rows = report.provenance.map { row in
      tableRow(
        [Ink(row.input, 12), Ink(row.when, 12, .ink2), Ink(row.what, 12), Ink(row.digest, 11, mono: true)], columns,
        head: head)
    }
    return [headBlock("Provenance", note: CaseReport.provenanceNote)] + table(head, rows)
  }
}
