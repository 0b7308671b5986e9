extension Figure {
  /// The style rules of figures in a page, with the design's colours as variables for light and dark.
  public static let styles: String =
    tokens + tones + rules(scope: ".plot ", roles: Role.allCases, voices: Voice.allCases)

  private static let tokens =
    ":root{color-scheme:light dark;"
    + Token.allCases.map {
      "--\($0.rawValue):light-dark(\(Token.hexadecimal($0.light)),\(Token.hexadecimal($0.dark)))"
    }.joined(separator: ";") + "}"

  private static let tones = Tone.allCases.map { tone in
    ".\(tone.rawValue){--c:var(--\(tone.token.rawValue))"
      + (tone.ground.map { ";--b:var(--\($0.rawValue))" } ?? "") + "}"
  }.joined()

  private static func rules(scope: String, roles: [Role], voices: [Voice]) -> String {
    roles.map { "\(scope).\($0.rawValue){\(declarations($0.paint, named: variable))}" }.joined()
      + voices.map { "\(scope).\($0.rawValue){\(declarations($0, named: variable))}" }.joined()
      + "\(scope).e{text-anchor:end}\(scope).m{text-anchor:middle}"
      + "\(scope).halo{paint-order:stroke;stroke:var(--surface);stroke-width:3.5px;stroke-linejoin:round}"
      + ".hl{stroke:var(--ink-3);stroke-opacity:.55}"
  }

  private static func variable(_ colour: Paint.Colour) -> String {
    switch colour {
    case .token(let token): "var(--\(token.rawValue))"
    case .tone: "var(--c)"
    }
  }

  private static func declarations(_ paint: Paint, named: (Paint.Colour) -> String) -> String {
    var parts = ["fill:" + (paint.isHatched ? "url(#hatch)" : paint.fill.map(named) ?? "none")]
    if paint.fillOpacity < 1 { parts.append("fill-opacity:\(px(paint.fillOpacity))") }
    if let stroke = paint.stroke {
      parts += ["stroke:" + named(stroke), "stroke-width:\(px(paint.width))", "stroke-linejoin:round"]
      if !paint.dash.isEmpty { parts.append("stroke-dasharray:" + paint.dash.map(px).joined(separator: " ")) }
    }
    return parts.joined(separator: ";")
  }

  private static func declarations(_ voice: Voice, named: (Paint.Colour) -> String) -> String {
    "font-size:\(px(voice.size))px;fill:\(named(voice.colour))" + (voice.isBold ? ";font-weight:600" : "")
  }

  /// Rules for the marks of this figure alone, without variables so that every viewer understands them.
  var ownStyles: String {
    "text{font-family:\"Liberation Sans\",Arial,sans-serif}.e{text-anchor:end}.m{text-anchor:middle}"
      + ".halo{paint-order:stroke;stroke-width:3.5px;stroke-linejoin:round}.hl{stroke-opacity:.55}"
      + themed(\.light) + "@media (prefers-color-scheme:dark){" + themed(\.dark) + "}"
  }

  private func themed(_ theme: KeyPath<Token, Int>) -> String {
    func colour(_ token: Token) -> String { Token.hexadecimal(token[keyPath: theme]) }
    var rules = [
      ".ground{fill:\(colour(.surface))}.halo{stroke:\(colour(.surface))}.hl{stroke:\(colour(.ink3))}"
    ]
    for mark in marks {
      let tone: Tone?
      let (name, body): (String, (Tone?) -> String)
      switch mark {
      case .shape(let shape):
        tone = shape.tone
        name = shape.role.rawValue
        body = { Self.declarations(shape.role.paint, named: Self.plain(colour, $0)) }
      case .text(let label):
        tone = label.tone
        name = label.voice.rawValue
        body = { Self.declarations(label.voice, named: Self.plain(colour, $0)) }
      case .cell, .picture: continue
      }
      let rule = ".\(name)\(tone.map { ".\($0.rawValue)" } ?? ""){\(body(tone))}"
      if !rules.contains(rule) { rules.append(rule) }
    }
    return rules.joined()
  }

  private static func plain(_ colour: @escaping (Token) -> String, _ tone: Tone?) -> (Paint.Colour) -> String {
    { paint in
      switch paint {
      case .token(let token): colour(token)
      case .tone: colour(tone?.token ?? .ink3)
      }
    }
  }
}
