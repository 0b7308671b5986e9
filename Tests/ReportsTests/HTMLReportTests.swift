import Foundation
import Provenance
import Quantities
import Testing

@testable import Reports

@Suite("The report's page")
struct HTMLReportTests {
  static let cases = [Fixture.full(), Fixture.refused(), Fixture.singleTimePoint()]

  @Test("The page is well formed", arguments: 0..<3)
  func wellFormed(index: Int) throws { #expect(markupFaults(try HTMLReport.render(Self.cases[index])) == []) }

  @Test("The checker of tags can find faults")
  func checker() {
    #expect(!markupFaults("<p><b>x</p></b>").isEmpty)
    #expect(!markupFaults("<p title=\"a>x</p>").isEmpty)
    #expect(!markupFaults("<p>a & b</p>").isEmpty)
    #expect(!markupFaults("<p>").isEmpty)
  }

  @Test("The page needs nothing beside itself and runs nothing", arguments: 0..<3)
  func selfContained(index: Int) throws {
    let page = try HTMLReport.render(Self.cases[index])
    for forbidden in [
      "<script", " style=", "http:", "https:", "//", "@import", "<link", "<img", "javascript", " on", "url(",
    ] {
      let body = forbidden == " on" || forbidden == "//" || forbidden == "url(" ? strippedOfText(page) : page
      let allowed = forbidden == "url(" ? body.replacing("url(#hatch)", with: "") : body
      #expect(!allowed.contains(forbidden), "\(forbidden)")
    }
  }

  /// The tags alone, with the style sheets.
  private func strippedOfText(_ page: String) -> String {
    page.split(separator: "<").map { String($0.prefix { $0 != ">" }).replacing(#/aria-label="[^"]*"/#, with: "") }
      .joined(separator: "<")
  }

  @Test("The same case gives the same page")
  func deterministic() throws { #expect(try HTMLReport.render(Fixture.full()) == HTMLReport.render(Fixture.full())) }

  @Test("Words of a case are never markup")
  func inert() throws {
    let hostile = "</style><script>alert('x')</script> & \"quoted\" <b onload=y>"
    var report = Fixture.full()
    report.title = hostile
    report.facts = [hostile]
    report.headline = .refused(RefusalNotice(reason: hostile, remedy: hostile, bound: hostile))
    report.doses.caption = hostile
    report.doses.rows[0].name = hostile
    report.doses.rows[1].limitNote = hostile
    report.curves[0].name = hostile
    report.curves[0].model = hostile
    report.curves[1].refusal = RefusalNotice(reason: hostile, remedy: hostile)
    report.risk?.curves[0].name = hostile
    report.risk?.bestEstimate?.label = hostile
    report.graft?.label = hostile
    report.graft?.caption = hostile
    report.findings = [Finding(.serious, code: "x", title: hostile, hostile, subject: hostile, origin: hostile)]
    report.refusals = [RefusalNotice(reason: hostile, remedy: hostile, bound: hostile)]
    report.settings = [
      SettingRow(id: hostile, question: hostile, here: hostile, isUnverified: true, others: hostile, effect: hostile)
    ]
    report.provenance = [ProvenanceRow(input: hostile, when: hostile, what: hostile, digest: hostile)]
    report.resultsDigest = hostile
    let page = try HTMLReport.render(report)
    #expect(!page.contains("<script") && !page.contains("<b onload"))
    #expect(page.components(separatedBy: "</style>").count == 3)
    #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)"))
    #expect(markupFaults(page) == [])
    for file in report.figureFiles() {
      #expect(!file.svg.contains("<script") && markupFaults(file.svg) == [])
      #expect(file.fileName.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) })
    }
    #expect(try PDFReport.render(report).starts(with: Array("%PDF".utf8)))
  }

  @Test("Every plot has a sentence for those who do not see it, every sign is passed over", arguments: 0..<3)
  func labels(index: Int) throws {
    let page = try HTMLReport.render(Self.cases[index])
    for svg in page.components(separatedBy: "<svg ").dropFirst() {
      let tag = svg.prefix { $0 != ">" }
      if tag.contains("aria-hidden=\"true\"") { continue }
      #expect(tag.contains("role=\"img\""))
      let label = tag.components(separatedBy: "aria-label=\"").last ?? ""
      #expect(label.count > 15 && label.prefix { $0 != "\"" }.last == ".")
    }
  }

  @Test("The parts stand in the order of the design")
  func order() throws {
    let page = try HTMLReport.render(Fixture.full())
    let heads = [
      ">13.77 <span>GBq", "Doses at", "Time-activity curves", "When may the graft come", "Findings and refusals",
      "Settings that the published", ">Provenance",
    ]
    let places = try heads.map { try #require(page.range(of: $0)?.lowerBound, "\($0)") }
    #expect(places == places.sorted())
  }

  @Test("Parts without data are left out")
  func leftOut() throws {
    var report = Fixture.full()
    report.risk = nil
    report.graft = nil
    report.doses.rows = []
    report.curves = []
    report.findings = []
    report.refusals = []
    report.settings = []
    report.provenance = []
    let page = try HTMLReport.render(report)
    #expect(!page.contains("<h2>") && !page.contains("<table") && !page.contains("<figure"))
    #expect(!page.contains("True Gy/GBq"))
  }

  @Test("Findings stand worst first and all of them")
  func findings() throws {
    var report = Fixture.singleTimePoint()
    report.findings.append(Finding(.serious, code: "s", title: "Serious one.", "x", origin: "y"))
    report.findings.insert(Finding(.info, code: "i", title: "Quiet one.", "x", origin: "y"), at: 0)
    let page = try HTMLReport.render(report)
    let body = try #require(page.components(separatedBy: "<main").last)
    let kinds = body.components(separatedBy: "<div class=\"finding ").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(kinds == ["serious"] + Array(repeating: "caution", count: 14) + ["info"])
    #expect(page.contains("1 serious finding<") && page.contains("14 cautions<") && page.contains("1 note<"))
  }

  @Test("A synthetic patient's truth has its own column, a patient's report has none")
  func truth() throws {
    #expect(try HTMLReport.render(Fixture.refused()).contains("True Gy/GBq"))
    #expect(!(try HTMLReport.render(Fixture.full()).contains("True Gy/GBq")))
  }

  @Test("A refused headline proposes no activity and says why and what to do")
  func refusedHeadline() throws {
    let page = try HTMLReport.render(Fixture.refused())
    #expect(page.contains("No activity is proposed") && page.contains("Add a scan after 72"))
    #expect(!page.contains("class=\"big\"") && !page.contains("Dose / Gy"))
    #expect(page.contains("Kidney right: The curve rises until the last point."))
  }

  @Test("Values that are not numbers never reach the page")
  func notNumbers() throws {
    var report = Fixture.full()
    report.doses.rows[0].perActivity = Uncertain(.graysPerGigabecquerel(.nan), relative: 0.1)
    report.doses.rows[0].dose = Uncertain(.grays(.infinity), standardUncertainty: .grays(.nan))
    report.doses.rows[1].probabilityOfExceeding = .nan
    report.graft?.points[3].lower = .grays(.nan)
    report.graft?.limitReached = .days(.infinity)
    report.risk?.curves[0].probabilities[4] = .nan
    report.curves[0].coefficient = Uncertain(.hours(.nan), standardUncertainty: nil)
    let page = try HTMLReport.render(report)
    let text = page.components(separatedBy: "<main").last ?? ""
    #expect(text.range(of: "\\bnan\\b", options: [.regularExpression, .caseInsensitive]) == nil)
    #expect(text.range(of: "\\binf\\b", options: [.regularExpression, .caseInsensitive]) == nil)
    #expect(try !PDFReport.render(report).isEmpty)
  }

  @Test("Stand-alone plots carry their colours for light and dark and have names of their own")
  func files() {
    let files = Fixture.full().figureFiles()
    #expect(Set(files.map(\.fileName)).count == files.count)
    #expect(files.map(\.fileName).contains("curve-kidney-left.svg") && files.map(\.fileName).contains("graft.svg"))
    for file in files {
      #expect(markupFaults(file.svg) == [])
      #expect(file.svg.contains("@media (prefers-color-scheme:dark)") && file.svg.contains("role=\"img\""))
      #expect(!file.svg.contains("var(") && !file.svg.contains("style="))
    }
  }
}
