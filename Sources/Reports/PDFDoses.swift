import CCairo
import Quantities

// Doses against limits, and the curves below them.

extension PDFComposer {
  private struct DoseColumns {
    var columns: [Column] = []
    var bar: (left: Double, width: Double)?
  }

  private var doseColumns: DoseColumns {
    let table = report.doses
    let p = table.hasProbabilities
    let limit = Column(title: "Limit", left: p ? 575 : 605, right: p ? 632 : width, isNumber: true)
    let last = p ? [Column(title: "P(exceed)", left: 634, right: width, isNumber: true)] : []
    guard table.hasDoses else {
      var columns = [
        Column(title: "Region", left: 8, right: 260), Column(title: "Gy/GBq", left: 270, right: 410, isNumber: true),
      ]
      if table.hasTruths { columns.append(Column(title: "True Gy/GBq", left: 420, right: 540, isNumber: true)) }
      return DoseColumns(columns: columns + [limit] + last)
    }
    if table.hasTruths {
      return DoseColumns(
        columns: [
          Column(title: "Region", left: 8, right: 162), Column(title: "Gy/GBq", left: 140, right: 244, isNumber: true),
          Column(title: "True Gy/GBq", left: 248, right: 318, isNumber: true),
          Column(title: "Dose / Gy", left: 324, right: 412, isNumber: true),
        ] + [limit] + last, bar: (424, 150))
    }
    return DoseColumns(
      columns: [
        Column(title: "Region", left: 8, right: 172), Column(title: "Gy/GBq", left: 150, right: 258, isNumber: true),
        Column(title: "Dose / Gy", left: 264, right: 358, isNumber: true),
      ] + [limit] + last, bar: (370, 205))
  }

  func doses() -> [PDFBlock] {
    let table = report.doses
    guard !table.rows.isEmpty else { return [] }
    let layout = doseColumns
    let head = tableHead(layout.columns)
    var text = table.caption
    if table.hasBroken { text += " A broken bar runs off its scale." }
    if table.hasUnverified {
      text += " Dotted line and diamond: rests on a value not verified against its primary source."
    }
    text = text.drop { $0 == " " }.description
    return [headBlock(report.doseHeading, note: report.doseNote)]
      + self.table(head, table.rows.map { doseRow($0, layout, head) })
      + (text.isEmpty ? [] : [caption(text)])
  }

  private func doseRow(_ row: DoseTable.Row, _ layout: DoseColumns, _ head: PDFHead) -> PDFBlock {
    let table = report.doses
    let canvas = canvas
    var columns = layout.columns[...]
    let first = columns.removeFirst()
    let end = layout.columns[1].right - 108
    let name = canvas.text(
      Ink(row.name, 12) + Ink(row.governs ? "  governs" : "", 11, .limit, bold: true),
      width: max(120, end - first.left - 16))
    let height = max(26, name.height + 8)
    var cells: [(Column, (PDFCanvas, Double, Double) -> Void)] = []
    func add(_ draw: @escaping (PDFCanvas, Double, Double) -> Void) { cells.append((columns.removeFirst(), draw)) }
    func add(plain text: String, quiet: Bool = false) {
      let set = canvas.text(Ink(text, 12, quiet ? .ink3 : .ink))
      add { canvas, right, middle in canvas.draw(set, right - set.width, middle - set.height / 2) }
    }
    let missing = NumberFormat.missing
    add(number(NumberFormat.dosePerActivity(row.perActivity), bold: false, marked: row.isUnverified))
    if table.hasTruths {
      add(plain: row.truth.map { NumberFormat.dosePerActivity($0) } ?? missing, quiet: row.truth == nil)
    }
    if table.hasDoses {
      if let dose = row.dose {
        add(number(NumberFormat.dose(dose), bold: true, marked: row.isUnverified))
      } else {
        add(plain: missing, quiet: true)
      }
    }
    add(plain: row.limit.map { NumberFormat.limit($0) } ?? row.limitNote, quiet: row.limit == nil)
    if table.hasProbabilities {
      add(
        plain: row.probabilityOfExceeding.map { NumberFormat.probability($0) } ?? missing,
        quiet: row.probabilityOfExceeding == nil)
    }
    let bar = table.bar(of: row)
    let drawn = cells
    let width = width
    return PDFBlock(height: height, head: head) { canvas, y in
      let middle = y + height / 2
      if row.governs { canvas.fill(.limit, 0, y + 0.5, 3, height - 1) }
      canvas.fill(row.organ.tone.token, first.left, middle - 5, 10, 10, radius: 2)
      canvas.draw(name, first.left + 16, middle - name.height / 2)
      for (column, draw) in drawn { draw(canvas, column.right, middle) }
      if let bar, let place = layout.bar {
        let scale = place.width / bar.width
        canvas.draw(bar, place.left, middle - bar.height * scale / 2, scale: scale)
      }
      canvas.line(0, y + height, width, y + height, .line)
    }
  }

  /// A value, its mark when it is not verified, and its uncertainty, set to the left of an edge.
  private func number(
    _ pair: NumberFormat.Pair, bold: Bool, marked: Bool
  ) -> (PDFCanvas, Double, Double) -> Void {
    let value = canvas.text(Ink(pair.value, 12, bold: bold))
    let rest = canvas.text(Ink(pair.uncertainty.isEmpty ? "" : " " + pair.uncertainty, 12, .ink2))
    let restWidth = pair.uncertainty.isEmpty ? 0 : rest.width
    return { canvas, right, middle in
      let left = right - restWidth - (marked ? 9 : 0) - value.width
      canvas.draw(value, left, middle - value.height / 2)
      if marked {
        canvas.markUnverified(from: left, to: left + value.width, baseline: middle - value.height / 2 + value.baseline)
      }
      if !pair.uncertainty.isEmpty { canvas.draw(rest, right - restWidth, middle - rest.height / 2) }
    }
  }

  // MARK: Curves

  func curves() -> [PDFBlock] {
    guard !report.curves.isEmpty else { return [] }
    let end = CurvePanel.sharedEnd(of: report.curves)
    let gap = 12.0
    let column = (width - 3 * gap) / 4
    var blocks = [headBlock("Time-activity curves", note: report.curvesNote)]
    for start in stride(from: 0, to: report.curves.count, by: 4) {
      let row = report.curves[start..<min(start + 4, report.curves.count)].map { panel in
        (Figure.curve(panel, until: end), panel.refusal.map { canvas.text(Ink($0.reason, 10.5, .ink3), width: column) })
      }
      let scale = column / 172
      let height = row.map { $0.0.height * scale + ($0.1.map { $0.height + 8 } ?? 0) }.max() ?? 0
      blocks.append(
        PDFBlock(space: start == 0 ? 0 : 8, height: height) { canvas, y in
          for (index, (figure, reason)) in row.enumerated() {
            let x = Double(index) * (column + gap)
            canvas.draw(figure, x, y, scale: scale)
            if let reason { canvas.draw(reason, x, y + figure.height * scale + 4) }
          }
        })
    }
    let text = report.curvesCaption
    return text.isEmpty ? blocks : blocks + [caption(text)]
  }
}
