/// A line of text in a figure.
struct Label: Sendable {
  enum Anchor: String, Sendable { case start, middle, end }

  /// The text; digits raised in Unicode (`¹⁷⁷Lu`) are raised, what follows `_` in braces is lowered: `T_{eff}`.
  var text: String
  var x: Double
  /// The baseline.
  var y: Double
  var voice: Voice
  var anchor = Anchor.start
  var tone: Tone?
  /// Whether a rim of the ground keeps the text legible over lines.
  var halo = false

  init(
    _ text: String, _ x: Double, _ y: Double, _ voice: Voice, _ anchor: Anchor = .start, tone: Tone? = nil,
    halo: Bool = false
  ) {
    self.text = said(text)
    self.x = x
    self.y = y
    self.voice = voice
    self.anchor = anchor
    self.tone = tone
    self.halo = halo
  }

  /// The room that the text takes, from the widths of a common sans-serif face.
  var box: Box {
    let width = TextWidth.estimate(text, size: voice.size, bold: voice.isBold)
    let left =
      switch anchor {
      case .start: x
      case .middle: x - width / 2
      case .end: x - width
      }
    return Box(left: left, top: y - 0.76 * voice.size, right: left + width, bottom: y + 0.22 * voice.size)
  }
}

/// An upright rectangle.
struct Box: Sendable {
  var left, top, right, bottom: Double

  func overlap(_ other: Box) -> Double {
    max(0, min(right, other.right) - max(left, other.left)) * max(0, min(bottom, other.bottom) - max(top, other.top))
  }

  func contains(_ spot: Spot) -> Bool {
    (left...right).contains(spot.x) && (top...bottom).contains(spot.y)
  }

  func widened(by margin: Double) -> Box {
    Box(left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin)
  }
}

/// Widths of text without a font at hand: the metrics of the common sans-serif faces, slightly generous.
enum TextWidth {
  static func estimate(_ text: String, size: Double, bold: Bool) -> Double {
    var width = 0.0
    for run in TextRun.runs(of: said(text)) {
      let factor = run.level == .base ? 1 : TextRun.raisedSize
      width += run.text.reduce(0) { $0 + advance($1) } * factor
    }
    return width * size * (bold ? 1.09 : 1)
  }

  /// The text cut to a width, an ellipsis at its end when something was lost.
  static func fitted(_ text: String, into width: Double, size: Double, bold: Bool) -> String {
    let text = said(text)
    guard estimate(text, size: size, bold: bold) > width else { return text }
    var kept = text
    while !kept.isEmpty, estimate(kept + "…", size: size, bold: bold) > width { kept.removeLast() }
    while kept.last == " " || kept.last == "," { kept.removeLast() }
    return kept + "…"
  }

  /// The width of the widest of texts, within bounds.
  static func widest(_ texts: [String], size: Double, within bounds: ClosedRange<Double>) -> Double {
    let widest = texts.map { estimate($0, size: size, bold: false) }.max() ?? 0
    return min(max(widest, bounds.lowerBound), bounds.upperBound)
  }

  /// The text in lines of a width, cut between words.
  static func lines(_ text: String, into width: Double, size: Double) -> [String] {
    var lines: [String] = []
    for word in said(text).split(separator: " ") {
      if let last = lines.last, estimate(last + " " + word, size: size, bold: false) <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  private static func advance(_ character: Character) -> Double {
    switch character {
    case "i", "j", "l", "'", "|": 0.222
    case " ", ".", ",", ":", ";", "t", "f", "/", "I", "!", "\u{00A0}", "\\", "[", "]", "·": 0.278
    case "\u{2009}", "\u{202F}": 0.2
    case "r", "-", "(", ")", "°": 0.333
    case "c", "k", "s", "v", "x", "y", "z", "J": 0.5
    case "a"..."z", "0"..."9", "L", "$", "_", "?", "–", "*": 0.556
    case "<", ">", "=", "+", "−", "±", "~", "×": 0.584
    case "F", "T", "Z": 0.611
    case "A", "B", "E", "K", "P", "S", "V", "X", "Y", "&": 0.667
    case "C", "D", "H", "N", "R", "U", "w": 0.722
    case "G", "O", "Q": 0.778
    case "m", "M": 0.833
    case "%": 0.889
    case "W", "@", "…", "—": 1
    default: character.isASCII ? 0.6 : 0.9
    }
  }
}
