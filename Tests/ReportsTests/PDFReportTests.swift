import Foundation
import Provenance
import Testing

@testable import Reports

@Suite("The report as PDF")
struct PDFReportTests {
  private func pages(_ bytes: [UInt8]) -> Int {
    String(decoding: bytes, as: UTF8.self).matches(of: #/\/Type \/Page\s/#).count
  }

  @Test("The document begins as a PDF and has the pages that its content needs")
  func pageCount() throws {
    let full = try PDFReport.render(Fixture.full())
    #expect(full.starts(with: Array("%PDF-1.".utf8)))
    #expect(pages(full) == 2)
    #expect(pages(try PDFReport.render(Fixture.refused())) == 2)
    var short = Fixture.full()
    short.curves = []
    short.graft = nil
    short.settings = []
    short.provenance = []
    #expect(pages(try PDFReport.render(short)) == 1)
  }

  @Test("Many findings and rows flow onto further pages")
  func flows() throws {
    var report = Fixture.full()
    report.findings = (1...90).map { n in
      Finding(
        .caution, code: "c", title: "Caution \(n).", String(repeating: "Long text. ", count: 20), origin: "Kinetics")
    }
    report.provenance = (1...200).map { n in
      ProvenanceRow(input: "File \(n)", when: "2026-11-02", what: "series", digest: "0000 0000")
    }
    #expect(pages(try PDFReport.render(report)) > 8)
  }

  @Test("No block is cut: each ends above the foot of its page, in order")
  func blocksStayWhole() {
    let heights = (0..<60).map { 20 + Double(($0 * 37) % 90) }
    let head = PDFHead(height: 15) { _, _ in }
    let blocks = heights.enumerated().map { index, height in
      PDFBlock(space: 6, height: height, keepsWithNext: index % 7 == 0, head: index % 3 == 0 ? head : nil) { _, _ in }
    }
    let flow = PDFFlow(blocks, pageHeight: 300)
    #expect(flow.pages.count > 10)
    for page in flow.pages {
      #expect(page.map(\.y) == page.map(\.y).sorted())
      #expect((page.map(\.bottom).max() ?? 0) <= 300)
    }
    #expect(flow.pages.flatMap { $0 }.count { !$0.isRepeatedHead } == blocks.count)
  }

  @Test("A block taller than a page gets a page and the rest follows")
  func tall() {
    let flow = PDFFlow([10, 900, 10].map { height in PDFBlock(height: height) { _, _ in } }, pageHeight: 300)
    #expect(flow.pages.map(\.count) == [1, 1, 1])
  }

  @Test("The same case gives the same bytes")
  func deterministic() throws { #expect(try PDFReport.render(Fixture.full()) == PDFReport.render(Fixture.full())) }

  @Test("Text without end does not make a page without end")
  func longText() throws {
    var report = Fixture.full()
    report.findings = [
      Finding(.serious, code: "x", title: "Long.", String(repeating: "word ", count: 20_000), origin: "y")
    ]
    report.title = String(repeating: "x", count: 500)
    #expect(pages(try PDFReport.render(report)) < 6)
  }
}
