/// How a mark of one role is drawn, the same in every back end.
struct Paint {
  enum Colour {
    case token(Token)
    /// The colour of the mark's tone.
    case tone
  }

  var fill: Colour?
  var fillOpacity = 1.0
  var isHatched = false
  var stroke: Colour?
  var width = 1.0
  var dash: [Double] = []
}

/// What a mark of a figure means; it decides how the mark looks.
enum Role: String, CaseIterable {
  case grid, axis, fit, dashed, band, tail, error = "err", point = "pt", open, bar, soft, whisker = "wh"
  case limit, gauge, reference = "ref", forbidden = "over", chosen, ring, gap, hatch
  case icon = "ic", sign, outline = "ol", cross = "xh", mean = "mn"

  var paint: Paint {
    switch self {
    case .grid: Paint(stroke: .token(.line))
    case .axis: Paint(stroke: .token(.line2))
    case .fit: Paint(stroke: .tone, width: 1.75)
    case .dashed: Paint(stroke: .tone, width: 1.75, dash: [5, 3])
    case .band: Paint(fill: .tone, fillOpacity: 0.16)
    case .tail, .hatch: Paint(isHatched: true)
    case .error: Paint(stroke: .tone, width: 1.25)
    case .point: Paint(fill: .tone, stroke: .token(.surface), width: 0.75)
    case .open: Paint(fill: .token(.surface), stroke: .tone, width: 1.5)
    case .bar: Paint(fill: .tone)
    case .soft: Paint(fill: .tone, fillOpacity: 0.3)
    case .whisker: Paint(stroke: .token(.ink), width: 1.25)
    case .limit: Paint(stroke: .token(.limit), width: 1.5)
    case .gauge: Paint(stroke: .token(.limit), width: 2)
    case .reference: Paint(stroke: .token(.ink3), dash: [3, 3])
    case .forbidden: Paint(fill: .token(.limit), fillOpacity: 0.08)
    case .chosen: Paint(fill: .token(.ink), stroke: .token(.surface), width: 1.5)
    case .ring: Paint(fill: .token(.surface), stroke: .token(.limit), width: 1.5)
    case .gap: Paint(stroke: .token(.surface), width: 2)
    case .icon: Paint(fill: .tone)
    case .sign: Paint(fill: .token(.surface))
    case .outline: Paint(stroke: .tone, width: 2)
    case .cross: Paint(stroke: .token(.onDark), width: 0.75)
    case .mean: Paint(stroke: .token(.ink), width: 2)
    }
  }
}

/// The voice of a text in a figure.
enum Voice: String, CaseIterable {
  case tick = "x", small = "s", strong = "b", title = "t", label = "lab", limit = "limit-t", warning = "warn"
  case onDark = "od", onLight = "oi"

  var size: Double {
    switch self {
    case .title: 11.5
    case .small, .warning: 10
    default: 10.5
    }
  }

  var isBold: Bool { ![.tick, .small, .onDark, .onLight].contains(self) }

  var colour: Paint.Colour {
    switch self {
    case .tick: .token(.ink2)
    case .small: .token(.ink3)
    case .strong: .token(.ink)
    case .title, .label: .tone
    case .limit: .token(.limit)
    case .warning: .token(.caution)
    case .onDark: .token(.onDark)
    case .onLight: .token(.onLight)
    }
  }
}
