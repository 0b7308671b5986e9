/// A map from [0, 1] to colours that rises evenly in lightness.
public enum ColourMap: String, CaseIterable, Sendable {
  /// For uptake, from black through red to pale yellow.
  case ember
  /// White to black, for projections.
  case invertedGrey = "inverted-grey"
  /// Black to white, for CT and MR.
  case grey
  /// For numbers of events, legible on light and on dark ground.
  case events

  private var stops: [Int] {
    switch self {
    case .ember:
      [0x080715, 0x290c49, 0x5f0266, 0x9a065d, 0xca2f42, 0xe66529, 0xf49a30, 0xf7cd72, 0xfef7c9]
    case .invertedGrey: [0xffffff, 0x000000]
    case .grey: [0x000000, 0xffffff]
    case .events: [0x8aa0b8, 0x4a94ad, 0x108c87, 0x4fa34a, 0xcf9a24, 0xd95f2b]
    }
  }

  /// The colour `0xRRGGBB` of a share; shares beyond the ends have the colours of the ends.
  public func colour(_ share: Double) -> Int {
    let stops = stops
    let place = min(max(share.isNaN ? 0 : share, 0), 1) * Double(stops.count - 1)
    let below = min(Int(place), stops.count - 2)
    let (a, b, t) = (stops[below], stops[below + 1], place - Double(below))
    func channel(_ shift: Int) -> Int {
      let (from, to) = (Double(a >> shift & 255), Double(b >> shift & 255))
      return Int((from + (to - from) * t).rounded()) << shift
    }
    return channel(16) | channel(8) | channel(0)
  }

  /// A colour laid over another, from 0 (the lower alone) to 1 (the upper alone).
  public static func blend(_ upper: Int, over lower: Int, opacity: Double) -> Int {
    let t = min(max(opacity.isNaN ? 0 : opacity, 0), 1)
    return [16, 8, 0].reduce(0) { sum, shift in
      sum | Int((Double(lower >> shift & 255) * (1 - t) + Double(upper >> shift & 255) * t).rounded()) << shift
    }
  }

  /// The voice of a text on a colour.
  static func voice(on colour: Int) -> Voice {
    let luminance =
      0.2126 * Double(colour >> 16 & 255) + 0.7152 * Double(colour >> 8 & 255)
      + 0.0722 * Double(colour & 255)
    return luminance > 110 ? .onLight : .onDark
  }
}
