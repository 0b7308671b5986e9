import Foundation
import Testing
import Wording

@Suite("Words of the pages")
struct WordsTests {
  @Test("A name that the page says itself is said as the server says it")
  func terms() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/WebApp/Resources/words.mjs")
    let text = try String(contentsOf: file, encoding: .utf8)
    let start = try #require(text.range(of: "const terms = {")?.upperBound)
    let end = try #require(text[start...].range(of: "};")?.lowerBound)
    let pairs = text[start..<end].matches(of: /("([^"]+)"|\w+): "([^"]+)"/).map { match in
      (english: match.2.map(String.init) ?? String(match.1), german: String(match.3))
    }
    #expect(pairs.count > 20)
    for (english, german) in pairs { #expect(Language.german.said(english) == german, "\(english)") }
  }
}
