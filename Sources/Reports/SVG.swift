import Foundation

extension Figure {
  /// The figure for a page that has ``styles`` among its own: light and dark follow the page.
  public func svg() -> String { element(attributes: "class=\"plot\"", inside: "", margin: 0) }

  /// The figure as a sign that assistive technology passes over.
  func hiddenSVG(class name: String) -> String {
    "<svg class=\"plot \(name)\" viewBox=\"0 0 \(px(width)) \(px(height))\" aria-hidden=\"true\">"
      + marks.map(Self.element).joined() + "</svg>"
  }

  /// The figure as a file of its own that carries its colours, light or dark as the viewer prefers.
  public func standaloneSVG() -> String {
    let margin = 8.0
    let extent = "width=\"\(px(width + 2 * margin))\" height=\"\(px(height + 2 * margin))\""
    let hatch =
      "<defs><pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\""
      + " patternTransform=\"rotate(45)\"><path class=\"hl\" d=\"M0 0v5\"/></pattern></defs>"
    let ground = "<rect class=\"ground\" x=\"\(px(-margin))\" y=\"\(px(-margin))\" \(extent)/>"
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + element(
        attributes: "xmlns=\"http://www.w3.org/2000/svg\" \(extent)",
        inside: "<style>\(ownStyles)</style>\(hatch)\(ground)", margin: margin) + "\n"
  }

  private func element(attributes: String, inside: String, margin: Double) -> String {
    "<svg \(attributes) viewBox=\"\(px(-margin)) \(px(-margin)) \(px(width + 2 * margin)) \(px(height + 2 * margin))\" role=\"img\" aria-label=\"\(escaped(said(label)))\">"
      + inside + marks.map(Self.element).joined() + "</svg>"
  }

  private static func element(_ mark: Mark) -> String {
    switch mark {
    case .shape(let shape):
      let look = "class=\"\(shape.role.rawValue)\(shape.tone.map { " \($0.rawValue)" } ?? "")\""
      switch shape.geometry {
      case .path(let path): return "<path \(look) d=\"\(data(path))\"/>"
      case .circle(let x, let y, let r): return "<circle \(look) cx=\"\(px(x))\" cy=\"\(px(y))\" r=\"\(px(r))\"/>"
      case .rectangle(let x, let y, let width, let height, let radius):
        let round = radius > 0 ? " rx=\"\(px(radius))\"" : ""
        return "<rect \(look) x=\"\(px(x))\" y=\"\(px(y))\" width=\"\(px(width))\" height=\"\(px(height))\"\(round)/>"
      }
    case .cell(let cell):
      return "<rect x=\"\(px(cell.x))\" y=\"\(px(cell.y))\" width=\"\(px(cell.width))\""
        + " height=\"\(px(cell.height))\" fill=\"\(Token.hexadecimal(cell.colour))\"/>"
    case .picture(let picture):
      return "<image x=\"\(px(picture.x))\" y=\"\(px(picture.y))\" width=\"\(px(picture.width))\""
        + " height=\"\(px(picture.height))\" preserveAspectRatio=\"none\""
        + " href=\"data:image/png;base64,\(Data(picture.raster.png()).base64EncodedString())\"/>"
    case .text(let label):
      var look = label.voice.rawValue
      if label.anchor != .start { look += label.anchor == .end ? " e" : " m" }
      if let tone = label.tone { look += " \(tone.rawValue)" }
      if label.halo { look += " halo" }
      return "<text class=\"\(look)\" x=\"\(px(label.x))\" y=\"\(px(label.y))\">\(spans(label))</text>"
    }
  }

  /// Raised and lowered runs as spans that give their shift back to the next.
  private static func spans(_ label: Label) -> String {
    var back = 0.0
    return TextRun.runs(of: label.text).map { run in
      let shift =
        switch run.level {
        case .base: 0.0
        case .raised: -0.33 * label.voice.size
        case .lowered: 0.2 * label.voice.size
        }
      let step = shift - back
      back = shift
      guard run.level != .base || step != 0 else { return escaped(run.text) }
      let size = run.level == .base ? "" : " font-size=\"\(px(label.voice.size * TextRun.raisedSize))\""
      return "<tspan dy=\"\(px(step))\"\(size)>\(escaped(run.text))</tspan>"
    }.joined()
  }

  private static func data(_ path: Path) -> String {
    path.steps.map { step in
      switch step {
      case .move(let x, let y): "M\(px(x)) \(px(y))"
      case .line(let x, let y): "L\(px(x)) \(px(y))"
      case .curve(let ax, let ay, let bx, let by, let x, let y):
        "C\(px(ax)) \(px(ay)) \(px(bx)) \(px(by)) \(px(x)) \(px(y))"
      case .close: "Z"
      }
    }.joined()
  }
}

/// A length with two decimals at most, without a locale.
func px(_ value: Double) -> String {
  guard value.isFinite else { return "0" }
  let hundredths = Int((min(max(value, -1e6), 1e6) * 100).rounded())
  let (whole, rest) = (hundredths.magnitude / 100, hundredths.magnitude % 100)
  let sign = hundredths < 0 ? "-" : ""
  if rest == 0 { return "\(sign)\(whole)" }
  return "\(sign)\(whole)." + (rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)")
}

/// Text that no markup language reads as markup; control characters are left out.
func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case "\t", "\n": result += " "
    case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{FFFE}", "\u{FFFF}": break
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
