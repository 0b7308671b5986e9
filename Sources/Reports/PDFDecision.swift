import CCairo
import Quantities

// What decides the activity, other labels and the annex, on paper.

extension PDFComposer {
  func deciding() -> [PDFBlock] {
    guard let figure = report.tornado.flatMap(Figure.tornado) else { return [] }
    return [headBlock("What decides the activity"), picture(figure), caption(CaseReport.tornadoCaption)]
  }

  func budget() -> [PDFBlock] {
    guard let figure = report.budget.flatMap(Figure.budget) else { return [] }
    return [headBlock("Uncertainty budget"), picture(figure), caption(CaseReport.budgetCaption)]
  }

  func labels() -> [PDFBlock] {
    guard let plot = report.labels, let figure = Figure.labels(plot) else { return [] }
    let pareto = Figure.pareto(plot).map { [picture($0), caption(CaseReport.paretoCaption)] } ?? []
    return [headBlock("Other labels"), picture(figure), caption(CaseReport.labelCaption(plot))] + pareto
  }

  /// A figure at its own size, or as wide as the page.
  private func picture(_ figure: Figure) -> PDFBlock {
    let scale = min(width / figure.width, 1.1)
    return PDFBlock(space: 4, height: figure.height * scale, keepsWithNext: true) { canvas, y in
      canvas.draw(figure, 0, y, scale: scale)
    }
  }

  func annex() -> [PDFBlock] {
    guard !report.annex.isEmpty else { return [] }
    var blocks = [headBlock("Dosimetry reporting items", note: report.annexNote)]
    for part in report.annex {
      let title = canvas.text(Ink(part.title, 11, .ink2, bold: true))
      blocks.append(
        PDFBlock(space: 6, height: title.height + 3, keepsWithNext: true) { canvas, y in canvas.draw(title, 0, y) })
      for item in part.items { blocks.append(row(item)) }
    }
    return blocks
  }

  private func row(_ item: AnnexSection.Item) -> PDFBlock {
    let number = canvas.text(Ink("\(item.number)", 10.5, .ink3), width: 20, alignment: .right)
    let name = canvas.text(Ink(item.name, 10.5, .ink2), width: 176)
    let text = canvas.text(
      item.text.map { Ink($0, 10.5) } ?? Ink("not provided", 10.5, .caution), width: width - 212)
    let height = max(name.height, text.height) + 4
    let width = width
    return PDFBlock(height: height) { canvas, y in
      canvas.draw(number, 0, y + 1)
      canvas.draw(name, 28, y + 1)
      canvas.draw(text, 212, y + 1)
      canvas.line(0, y + height, width, y + height, .line)
    }
  }
}
