import Provenance

// The top of the page: whose case, what was decided.

extension HTMLReport {
  static func heading(_ report: CaseReport) -> String {
    let facts = report.facts.map { "<span>\(rich($0))</span>" }.joined()
    return """
      <header class="rh"><span class="brand">\(Icon.brand.figure.hiddenSVG(class: "i"))Endora</span>\
      <span>\(rich("Dosimetry and prescription"))</span><span class="end">Endora \(escaped(Release.version)) · \
      \(rich("results")) <span class="mono">\(escaped(report.resultsDigest))</span><br>\
      \(rich(Release.disclaimer))</span></header>
      <div class="pt-line"><b>\(rich(report.title))</b>\(facts)</div>
      """
  }

  static func hero(_ report: CaseReport) -> String {
    let plot = report.risk.flatMap { plot in Figure.risk(plot).map { (plot, $0) } }
    let figure = plot.map { "<figure>\($0.1.svg())\(table(behind: $0.0))</figure>" } ?? ""
    let words =
      switch report.headline {
      case .prescribed(let it): prescribed(it)
      case .refused(let notice): refused(notice)
      }
    return """
      <div class="hero\(plot == nil ? " alone" : "")"><div>
      \(words)
      \(counts(report))</div>\(figure)</div>
      """
  }

  private static func prescribed(_ it: Headline.Prescribed) -> String {
    let facts = it.facts.map { fact in
      let sign = fact.passes.map { ($0 ? Icon.passed : .caution).figure.hiddenSVG(class: "i") + " " } ?? ""
      let aside = fact.aside.isEmpty ? "" : " <span class=\"pm\">\(rich(fact.aside))</span>"
      let value = fact.passes == nil ? "<b>\(rich(fact.value))</b>" : rich(fact.value)
      return "<dt>\(rich(fact.label))</dt><dd>\(sign)\(value)\(aside)</dd>"
    }
    let best = it.bestEstimate.isEmpty ? "" : "<br><span class=\"pm\">\(rich(it.bestEstimate))</span>"
    return """
      <p class="lead">\(rich(it.lead))</p>
      <h1 class="big">\(NumberFormat.prescribable(it.activity)) <span>GBq</span></h1>
      <p class="of">\(rich(it.agent))</p>
      <div class="gov"><b>\(rich(it.governing))</b> \(rich(it.governingDose))\(best)</div>
      \(facts.isEmpty ? "" : "<dl class=\"kv\">\(facts.joined())</dl>")
      """
  }

  private static func refused(_ notice: RefusalNotice) -> String {
    """
    <div class="refusal top" role="note"><h1>\(Icon.refused.figure.hiddenSVG(class: "i"))\(rich(CaseReport.refusedLead))</h1>
    <p><b>\(rich(notice.reason))</b></p><p class="do">\(rich(notice.remedy))</p>\
    \(notice.bound.map { "<p>\(rich($0))</p>" } ?? "")</div>
    """
  }

  private static func counts(_ report: CaseReport) -> String {
    let tags = report.counts.map { count in
      let tone = count.tone.map { " \($0.rawValue)" } ?? ""
      return "<span class=\"tag\(tone)\">\(count.icon.figure.hiddenSVG(class: "i"))\(rich(count.text))</span>"
    }
    return tags.isEmpty ? "" : "<div class=\"sum\">\(tags.joined())</div>"
  }

  private static func table(behind plot: RiskPlot) -> String {
    let heads = ["Activity / GBq"] + plot.curves.map(\.name)
    let rows = thinned(Array(plot.activities.enumerated())).map { index, activity in
      [NumberFormat.significant(activity.gigabecquerels)]
        + plot.curves.map { curve in
          curve.probabilities.indices.contains(index)
            ? NumberFormat.probability(curve.probabilities[index]) : NumberFormat.missing
        }
    }
    return details("Table of the probabilities", heads: heads, rows: rows)
  }

  /// At most sixteen of many, the first and the last among them.
  static func thinned<Element>(_ all: [Element]) -> [Element] {
    guard all.count > 16 else { return all }
    return (0..<16).map { all[$0 * (all.count - 1) / 15] }
  }

  /// A table that opens on request: the numbers behind a plot.
  static func details(_ summary: String, heads: [String], rows: [[String]], words: Int = 0) -> String {
    func cells(_ row: [String], _ element: String) -> String {
      row.enumerated().map { index, text in
        "<\(element)\(index < words ? "" : " class=\"n\"")>\(rich(text))</\(element)>"
      }.joined()
    }
    return """
      <details class="no-print"><summary>\(rich(summary))</summary><table><thead><tr>\(cells(heads, "th"))</tr>\
      </thead><tbody>\(rows.map { "<tr>\(cells($0, "td"))</tr>" }.joined())</tbody></table></details>
      """
  }
}
