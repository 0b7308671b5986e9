import Foundation
import Provenance
import Wording

/// A case as one page that needs nothing beside itself: no script, no network, light, dark and on paper.
public enum HTMLReport {
  /// The page.
  ///
  /// The same case gives the same text. All words of the case are escaped.
  /// - Throws: ``ReportError`` when the program's own style sheet is not installed beside it.
  public static func render(_ report: CaseReport) throws(ReportError) -> String {
    let title = escaped(said(report.title))
    return """
      <!doctype html>
      <html lang="\(Language.current.rawValue)">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>\(title) - \(escaped(said("Endora report")))</title>
      <style>\(Figure.styles)\(try styleSheet())</style>
      <style>\(footer(of: report))</style>
      </head>
      <body>
      <svg class="defs" width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="5" height="5" \
      patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hl" d="M0 0v5"/></pattern></defs></svg>
      <main class="sheet">
      \(sections(of: report).joined(separator: "\n"))
      <footer class="foot"><span>Endora \(escaped(Release.version))</span>\
      <span class="mono">\(rich("results")) \(escaped(report.resultsDigest))</span></footer>
      </main>
      </body>
      </html>

      """
  }

  private static func sections(of report: CaseReport) -> [String] {
    [
      heading(report), hero(report), doses(report), curves(report), graftAndFindings(report), deciding(report),
      budget(report), irradiation(report), labels(report), settings(report), provenance(report), annex(report),
    ].filter { !$0.isEmpty }
  }

  private static func styleSheet() throws(ReportError) -> String {
    guard let url = Bundle.module.url(forResource: "Resources/report", withExtension: "css"),
      let text = try? String(contentsOf: url, encoding: .utf8)
    else {
      throw ReportError(
        "missing-style-sheet", "The report's style sheet is not installed beside the program.",
        remedy: "Install Endora again with its resource folders.", category: .internalFault)
    }
    return text
  }

  /// The running foot of printed pages.
  private static func footer(of report: CaseReport) -> String {
    """
    @page{@bottom-left{content:"Endora. \(cssString(said(Release.disclaimer)))"}\
    @bottom-center{content:"\(cssString(said(report.title)))   \(cssString(said("results"))) \(cssString(report.resultsDigest))"}}
    """
  }

  /// Text inside a string of a style sheet: everything but letters, digits and spaces as its code.
  private static func cssString(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      let isPlain = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == " "
      return isPlain ? String(scalar) : "\\" + String(scalar.value, radix: 16) + " "
    }.joined()
  }
}

/// An English text in the language of the page; see `Language/said(_:)`.
func said(_ text: String) -> String { Language.current.said(text) }

/// Text in the language of the page, escaped, with raised and lowered runs as elements.
func rich(_ text: String) -> String {
  TextRun.runs(of: said(text)).map { run in
    switch run.level {
    case .base: escaped(run.text)
    case .raised: "<sup>\(escaped(run.text))</sup>"
    case .lowered: "<sub>\(escaped(run.text))</sub>"
    }
  }.joined()
}
