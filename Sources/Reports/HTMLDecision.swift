import Quantities

// What decides the activity, other labels and the annex, in the page.

extension HTMLReport {
  static func deciding(_ report: CaseReport) -> String {
    guard let plot = report.tornado, let figure = Figure.tornado(plot) else { return "" }
    let rows = plot.rows.map {
      [$0.name, $0.aside, "\(NumberFormat.prescribable($0.least))–\(NumberFormat.prescribable($0.most))"]
    }
    return section(
      "What decides the activity",
      "<figure class=\"wide\">\(figure.svg())</figure>"
        + "<p class=\"cap\">\(rich(CaseReport.tornadoCaption))</p>"
        + details("Table of the inputs", heads: ["Input", "Uncertainty", "Activity / GBq"], rows: rows, words: 2))
  }

  static func budget(_ report: CaseReport) -> String {
    guard let plot = report.budget, let figure = Figure.budget(plot) else { return "" }
    return section(
      "Uncertainty budget",
      "<figure>\(figure.svg())</figure>"
        + "<p class=\"cap\">\(rich(CaseReport.budgetCaption))</p>"
        + details("Table of the budget", heads: plot.heads, rows: plot.cells, words: 1))
  }

  static func labels(_ report: CaseReport) -> String {
    guard let plot = report.labels, let figure = Figure.labels(plot) else { return "" }
    let pareto = Figure.pareto(plot).map { "<figure class=\"wide\">\($0.svg())</figure>" } ?? ""
    return section(
      "Other labels",
      """
      <figure>\(figure.svg())</figure><p class="cap">\(rich(CaseReport.labelCaption(plot)))</p>
      \(pareto)\(pareto.isEmpty ? "" : "<p class=\"cap\">\(rich(CaseReport.paretoCaption))</p>")
      \(details("Table of the labels", heads: LabelPlot.heads, rows: plot.cells, words: 3))
      """)
  }

  static func annex(_ report: CaseReport) -> String {
    guard !report.annex.isEmpty else { return "" }
    let body = report.annex.map { part in
      "<h3>\(rich(part.title))</h3>"
        + part.items.map { item in
          let text = item.text.map { "<span>\(rich($0))</span>" } ?? "<span class=\"np\">\(rich("not provided"))</span>"
          return "<div><span>\(item.number)</span><span>\(rich(item.name))</span>\(text)</div>"
        }.joined()
    }.joined(separator: "\n")
    return section(
      "Dosimetry reporting items", note: report.annexNote, "<div class=\"annex\">\n\(body)</div>")
  }
}

extension CaseReport {
  static let tornadoCaption = "Filled: an input over its 95 % interval. Open: another choice of a setting."
  static let budgetCaption =
    "Relative standard uncertainties of the dose per activity in %, one scale for all bars. Calibration and recovery are "
    + "shared by all organs."
  static let paretoCaption =
    "Dots: no other label or activity has more marrow dose for less kidney dose and a shorter wait. Same biokinetics "
    + "assumed for all labels."

  static func labelCaption(_ plot: LabelPlot) -> String {
    "Each label at its own largest activity; every column has its own scale."
      + (plot.rows.contains(where: \.isAlpha)
        ? " * Absorbed doses; against limits alpha particles count five times." : "")
  }

  /// `41 of 53 items`
  var annexNote: String {
    let items = annex.flatMap(\.items)
    return "\(items.count { $0.text != nil }) of \(items.count) items provided"
  }
}

extension LabelPlot {
  static let heads = [
    "Label", "Activity", "Governed by", "Kidneys / Gy", "Marrow / Gy", "Lesion / Gy", "Earliest graft / d",
    "Recovery / d",
  ]

  var cells: [[String]] {
    rows.map { row in
      func dose(_ dose: AbsorbedDose?) -> String { dose.map { NumberFormat.dose($0) } ?? NumberFormat.missing }
      func day(_ time: Time?) -> String { time.map { NumberFormat.earliestWholeDay($0) } ?? NumberFormat.missing }
      return [
        row.name, row.activity, row.governing, dose(row.kidneys), dose(row.marrow), dose(row.lesion),
        day(row.earliestGraft), day(row.recovery),
      ]
    }
  }
}
