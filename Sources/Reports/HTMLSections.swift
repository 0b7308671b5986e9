import Provenance
import Quantities

// The sections of the page below its headline.

extension HTMLReport {
  static func section(_ heading: String, note: String = "", class name: String = "", _ body: String) -> String {
    let small = note.isEmpty ? "" : " <small>\(rich(note))</small>"
    let look = name.isEmpty ? "" : " class=\"\(name)\""
    return "<section\(look)><h2>\(rich(heading))\(small)</h2>\n\(body)</section>"
  }

  static func doses(_ report: CaseReport) -> String {
    let table = report.doses
    guard !table.rows.isEmpty else { return "" }
    func number(_ title: String) -> String { "<th class=\"n\">\(rich(title))</th>" }
    var heads = ["<th>\(rich("Region"))</th>", number("Gy/GBq")]
    if table.hasTruths { heads.append(number("True Gy/GBq")) }
    if table.hasDoses {
      heads += [number("Dose / Gy"), "<th><span class=\"sr\">\(rich("Dose against limit"))</span></th>"]
    }
    heads.append(number("Limit"))
    if table.hasProbabilities { heads.append(number("P(exceed)")) }
    let rows = table.rows.map { doseRow($0, in: table) }.joined(separator: "\n")
    var caption = rich(table.caption)
    if table.hasBroken { caption += rich(" A broken bar runs off its scale.") }
    if table.hasUnverified {
      caption +=
        " <span class=\"unv\">\(rich("Dotted"))</span>\(rich(": rests on a value not verified against its primary source."))"
    }
    return section(
      report.doseHeading, note: report.doseNote,
      """
      <table class="dose"><thead><tr>\(heads.joined())</tr></thead><tbody>
      \(rows)</tbody></table>
      \(caption.isEmpty ? "" : "<p class=\"cap\">\(caption)</p>")
      """)
  }

  private static func doseRow(_ row: DoseTable.Row, in table: DoseTable) -> String {
    func number(_ pair: NumberFormat.Pair, _ element: String, marked: Bool) -> String {
      let look = marked ? " class=\"unv\"" : ""
      let rest = pair.uncertainty.isEmpty ? "" : " <span class=\"pm\">\(pair.uncertainty)</span>"
      return "<td class=\"n\"><\(element)\(look)>\(rich(pair.value))</\(element)>\(rest)</td>"
    }
    let none = "<span class=\"none\">\(NumberFormat.missing)</span>"
    var cells = [
      "<th scope=\"row\"><span class=\"key \(row.organ.tone.rawValue)\"></span>\(rich(row.name))"
        + (row.governs ? " <span class=\"gword\">\(rich("governs"))</span>" : "") + "</th>",
      number(NumberFormat.dosePerActivity(row.perActivity), "span", marked: row.isUnverified),
    ]
    if table.hasTruths {
      cells.append("<td class=\"n\">\(row.truth.map { rich(NumberFormat.dosePerActivity($0)) } ?? none)</td>")
    }
    if table.hasDoses {
      cells.append(
        row.dose.map { number(NumberFormat.dose($0), "b", marked: row.isUnverified) } ?? "<td class=\"n\">\(none)</td>")
      cells.append("<td class=\"g\">\(table.bar(of: row)?.svg() ?? "")</td>")
    }
    let limit = row.limit.map { NumberFormat.limit($0) } ?? "<span class=\"none\">\(rich(row.limitNote))</span>"
    cells.append("<td class=\"n\">\(limit)</td>")
    if table.hasProbabilities {
      cells.append(
        "<td class=\"n\">\(row.probabilityOfExceeding.map { escaped(NumberFormat.probability($0)) } ?? none)</td>")
    }
    return "<tr\(row.governs ? " class=\"gv\"" : "")>\(cells.joined())</tr>"
  }

  static func curves(_ report: CaseReport) -> String {
    guard !report.curves.isEmpty else { return "" }
    let end = CurvePanel.sharedEnd(of: report.curves)
    let panels = report.curves.map { panel in
      let reason = panel.refusal.map { "<figcaption>\(rich($0.reason))</figcaption>" } ?? ""
      return "<figure>\(Figure.curve(panel, until: end).svg())\(reason)</figure>"
    }
    let points = report.curves.flatMap { panel in
      panel.points.map { point in
        let pair = NumberFormat.pair(point.activity.megabecquerels, point.standardUncertainty?.megabecquerels)
        return [
          panel.name, NumberFormat.fixed(point.time.hours, decimals: point.time.hours < 1 ? 3 : 1, .nearest),
          pair.value, pair.uncertainty,
        ]
      }
    }
    let fits = report.curves.filter { !$0.fit.isEmpty }.map { panel in
      [
        panel.name, panel.model, panel.coefficient.map { NumberFormat.coefficient($0).joined } ?? NumberFormat.missing,
        panel.effectiveHalfLife.map(NumberFormat.hours) ?? NumberFormat.missing,
        panel.extrapolatedFraction.map(NumberFormat.share) ?? NumberFormat.missing,
      ]
    }
    let caption = report.curvesCaption
    return section(
      "Time-activity curves", note: report.curvesNote,
      """
      <div class="tacs">
      \(panels.joined(separator: "\n"))
      </div>\(caption.isEmpty ? "" : "<p class=\"cap\">\(rich(caption))</p>")
      \(details("Table of the points", heads: ["Region", "Time / h", "Activity / MBq", "u"], rows: points, words: 1))\
      \(fits.isEmpty ? "" : details("Table of the fits", heads: ["Region", "Model", "ã / h", "T_{eff}", "Beyond the last point"], rows: fits, words: 2))
      """)
  }

  static func graftAndFindings(_ report: CaseReport) -> String {
    let graft = report.graft.flatMap { plot in
      Figure.graft(plot).map { figure in
        let rows = thinned(plot.points).map { point in
          [
            NumberFormat.days(point.day), NumberFormat.dose(point.dose),
            "\(NumberFormat.dose(point.lower))–\(NumberFormat.dose(point.upper))",
          ]
        }
        let caption = plot.caption.isEmpty ? "" : "<p class=\"cap\">\(rich(plot.caption))</p>"
        return section(
          "When may the graft come", class: "graft",
          "<figure>\(figure.svg())</figure>\(caption)"
            + details("Table of the days", heads: ["Day", "Dose to come / Gy", "95 %"], rows: rows))
      }
    }
    let refusals = report.allRefusals
    let blocks = report.sortedFindings.map(finding) + refusals.map(refusal)
    let heading =
      report.sortedFindings.isEmpty ? "Not computed" : refusals.isEmpty ? "Findings" : "Findings and refusals"
    let findings =
      blocks.isEmpty ? "" : section(heading, class: "found", blocks.joined(separator: "\n"))
    guard let graft else { return findings }
    return "<div class=\"beside\">\(graft)\n\(findings)</div>"
  }

  private static func finding(_ it: Finding) -> String {
    let subject = it.subject.map { "\($0) · " } ?? ""
    return """
      <div class="finding \(it.severity.rawValue)" role="note">\(Icon(it.severity).figure.hiddenSVG(class: "i"))\
      <p><span class="sr">\(rich(it.severity.rawValue)): </span><b>\(rich(it.title))</b> \(rich(it.text))</p>\
      <small>\(rich(subject + it.origin))</small></div>
      """
  }

  private static func refusal(_ it: RefusalNotice) -> String {
    """
    <div class="refusal" role="note">\(Icon.refused.figure.hiddenSVG(class: "i")) <b>\(rich(it.reason))</b><br>\
    <span class="do">\(rich(it.remedy))</span>\(it.bound.map { "<br>\(rich($0))" } ?? "")</div>
    """
  }

  private static func heads(_ titles: [String]) -> String { titles.map { "<th>\(rich($0))</th>" }.joined() }

  static func settings(_ report: CaseReport) -> String {
    guard !report.settings.isEmpty else { return "" }
    let rows = report.settings.map { row in
      """
      <tr><td class="mono">\(rich(row.id))</td><td>\(rich(row.question))</td>\
      <td><b\(row.isUnverified ? " class=\"unv\"" : "")>\(rich(row.here))</b></td>\
      <td class="pm">\(rich(row.others))</td><td class="n">\(rich(row.effect))</td></tr>
      """
    }
    return section(
      "Settings that the published method leaves open", note: report.settingsNote,
      """
      <table><thead><tr>\(heads(["Id", "Question", "Here", "Other readings"]))<th class="n">Δ / GBq</th></tr>\
      </thead><tbody>
      \(rows.joined(separator: "\n"))</tbody></table>
      """)
  }

  static func provenance(_ report: CaseReport) -> String {
    guard !report.provenance.isEmpty else { return "" }
    let rows = report.provenance.map { row in
      """
      <tr><td>\(rich(row.input))</td><td class="pm">\(rich(row.when))</td><td>\(rich(row.what))</td>\
      <td class="n mono">\(escaped(row.digest))</td></tr>
      """
    }
    return section(
      "Provenance", note: CaseReport.provenanceNote,
      """
      <table><thead><tr>\(heads(["Input", "When", "What"]))<th class="n">\(rich("Digest"))</th></tr></thead><tbody>
      \(rows.joined(separator: "\n"))</tbody></table>
      """)
  }
}
