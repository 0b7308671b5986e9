import Foundation
import Testing

@testable import Wording

@Suite("Text in the reader's language")
struct PhrasebookTests {
  private let book = Phrasebook(
    [
      "The dose of {} has a standard uncertainty of {} %.": "Die Dosis ({1}) hat eine Standardunsicherheit von {2} %.",
      "{} of {}": "{1} von {2}",
      "{} lie after the last point at {} h.": "{1} liegen hinter dem letzten Punkt bei {2} h.",
      "liver": "Leber", "marrow, total": "Knochenmark, gesamt", "Because: {}.": "Weil: {1}.",
      "{} % of {}": "{1} % ({2})", "spleen": "Milz",
      "Measure again.": "Erneut messen.", "No dose.": "Keine Dosis.",
      "{} The same: {}.": "{1} Ebenso: {2}.", "before {} after {}": "nach {2} vor {1}",
      "Line {}, {}: {}.": "Zeile {1}, {=2}: {3}.",
      "Did you mean '{}'?": "War „{1}“ gemeint?",
    ], decimalMark: ",", separators: [("; ", "; "), (", ", ", "), (" and ", " und ")])

  @Test(
    "A text is said whole, as a phrase with its holes filled, sentence by sentence, or as a list",
    arguments: [
      ("liver", "Leber"),
      (
        "The dose of liver has a standard uncertainty of 15.2 %.",
        "Die Dosis (Leber) hat eine Standardunsicherheit von 15,2 %."
      ),
      ("No dose. Measure again.", "Keine Dosis. Erneut messen."),
      ("liver, spleen and lesion X", "Leber, Milz und lesion X"),
      ("spleen, marrow, total, liver; spleen", "Milz, Knochenmark, gesamt, Leber; Milz"),
      (
        "0.5 % of liver, 0.6 % of spleen, 7 % of marrow, total",
        "0,5 % (Leber), 0,6 % (Milz), 7 % (Knochenmark, gesamt)"
      ),
      ("Because: No dose. Measure again.", "Weil: Keine Dosis. Erneut messen."),
      ("liver: Measure again.", "Leber: Erneut messen."),
      (" liver ", " Leber "),
      ("No dose. Measure again. The same: liver, spleen.", "Keine Dosis. Erneut messen. Ebenso: Leber, Milz."),
      ("before liver after spleen", "nach Milz vor Leber"),
      ("2 of 3", "2 von 3"), ("liver (A4-1), spleen (0.5)", "Leber (A4-1), Milz (0,5)"),
      ("Line 2, liver: spleen.", "Zeile 2, liver: Milz."), ("Did you mean 'liver'?", "War „liver“ gemeint?"),
    ])
  func said(english: String, german: String) { #expect(book.said(english) == german) }

  @Test("Numbers take the decimal mark; versions, sections and names of files keep their points")
  func numbers() {
    #expect(book.said("1.72 m, −0.84 (2.5–3.0 h)") == "1,72 m, −0,84 (2,5–3,0 h)")
    #expect(book.said("0.80, 0.64, −2.5") == "0,80; 0,64; −2,5")
    for kept in ["Endora 0.1.0", "SCIENCE 6.5", "plan.v1.2.json", "10.0.0.5:104", "12.5mL"] {
      #expect(book.said(kept) == kept)
    }
  }

  @Test("What is not of the program stays as it is, and a short phrase is not found in prose")
  func unknown() {
    for text in ["", " ", "Ward 7", "the sum of all the parts that were seen", "{} {1}", "?", "…", "\u{0}"] {
      #expect(book.said(text) == text)
    }
    #expect(Language.english.said("No dose.") == "No dose.")
  }

  @Test("No text is lost or hangs, however it is made")
  func hostile() {
    for piece in [". ", ", ", "No dose. ", "of ", "{} ", "1.2", " and , "] {
      let text = String(repeating: piece, count: 4096 / piece.utf8.count)
      #expect(book.said(text).utf8.count >= text.utf8.count / 2, "\(piece)")
    }
  }

  @Test("The language is the first that a reader accepts and Endora speaks")
  func accepted() {
    #expect(Language(accepting: "de-DE,de;q=0.9,en;q=0.8") == .german)
    #expect(Language(accepting: "fr, DE;q=0.5") == .german)
    #expect(Language(accepting: "en-GB,de") == .english)
    for nothing in [nil, "", "*", ",,,;q=", String(repeating: "de", count: 10_000)] {
      #expect(Language(accepting: nothing) == .english)
    }
  }

  @Test("Every German entry fills the holes of its English, and says it in other words")
  func entries() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Sources/Wording/Resources/de")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(files.count > 3)
    var seen: [String: String] = [:]
    for file in files {
      let entries = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
      for (english, german) in entries {
        let holes = english.components(separatedBy: "{}").count - 1
        let filled = Set(german.matches(of: /\{=?(\d+)\}/).compactMap { Int($0.1) })
        #expect(filled == Set(1..<(holes + 1)), "\(file.lastPathComponent): \(english)")
        #expect(!german.contains("{}"), "\(english)")
        #expect(seen.updateValue(german, forKey: english) ?? german == german, "two translations: \(english)")
        let numbers = { (text: String) in
          text.replacing(/\{=?\d+\}/, with: "").matches(of: /\d+(?:[.,]\d+)?/).map {
            String($0.0).replacingOccurrences(of: ",", with: ".")
          }.sorted()
        }
        #expect(numbers(english) == numbers(german), "numbers differ: \(english)")
      }
    }
    #expect(Language.german.said("Whole body") == "Ganzkörper")
  }
}
