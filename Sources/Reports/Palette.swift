/// A colour of the design, once for each theme.
enum Token: String, CaseIterable {
  case bg, surface, well, line, line2 = "line-2", ink, ink2 = "ink-2", ink3 = "ink-3", accent
  case ok, okBg = "ok-bg", info, infoBg = "info-bg", caution, cautionBg = "caution-bg"
  case serious, seriousBg = "serious-bg", limit
  case kidneyLeft = "kidney-left", kidneyRight = "kidney-right", liver, spleen, marrow, wholeBody = "whole-body"
  case blood, lesion
  /// Text on a coloured cell, the same in both themes.
  case onDark = "on-dark", onLight = "on-light"

  /// `0xRRGGBB` on white ground.
  var light: Int {
    switch self {
    case .bg: 0xf2f4f6
    case .surface: 0xffffff
    case .well: 0xf6f8f9
    case .line: 0xdde3e8
    case .line2: 0x87939f
    case .ink: 0x14191f
    case .ink2: 0x414c58
    case .ink3: 0x5b6773
    case .accent: 0x0b5f6e
    case .ok: 0x1a6b3a
    case .okBg: 0xe6f4ea
    case .info: 0x1f5a96
    case .infoBg: 0xeaf2fb
    case .caution: 0x7d4b00
    case .cautionBg: 0xfdf3dc
    case .serious, .limit: 0xae1420
    case .seriousBg: 0xfdebeb
    case .kidneyLeft: 0x0073ea
    case .kidneyRight: 0x003b63
    case .liver: 0x985900
    case .spleen: 0x7f269a
    case .marrow: 0x2c7b61
    case .wholeBody: 0x4f4f4f
    case .blood: 0x730000
    case .lesion: 0xcd36a4
    case .onDark: 0xffffff
    case .onLight: 0x14191f
    }
  }

  /// `0xRRGGBB` on dark ground.
  var dark: Int {
    switch self {
    case .bg: 0x0d1114
    case .surface: 0x151a1f
    case .well: 0x1b2127
    case .line: 0x2a333b
    case .line2: 0x66737f
    case .ink: 0xe9eef2
    case .ink2: 0xb7c2cc
    case .ink3: 0x909da9
    case .accent: 0x62c4d3
    case .ok: 0x6fce95
    case .okBg: 0x12301f
    case .info: 0x8bbcf2
    case .infoBg: 0x15293f
    case .caution: 0xf0b95a
    case .cautionBg: 0x33270f
    case .serious, .limit: 0xff8f8a
    case .seriousBg: 0x3a1719
    case .kidneyLeft: 0x5379fc
    case .kidneyRight: 0x8ecbff
    case .liver: 0xe29749
    case .spleen: 0xae90e2
    case .marrow: 0x5abc9d
    case .wholeBody: 0xdedfd6
    case .blood: 0xe34d4f
    case .lesion: 0xc45d9d
    case .onDark: 0xffffff
    case .onLight: 0x14191f
    }
  }

  static func hexadecimal(_ colour: Int) -> String {
    let digits = String(colour, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}

/// What gives a mark its own colour: an organ or a state.
enum Tone: String, CaseIterable {
  case kidneyLeft = "kl", kidneyRight = "kr", liver = "li", spleen = "sp", marrow = "ma", wholeBody = "wb"
  case blood = "bl", lesion = "le", neutral = "nu", accent = "ac", ok, info, caution, serious

  var token: Token {
    switch self {
    case .kidneyLeft: .kidneyLeft
    case .kidneyRight: .kidneyRight
    case .liver: .liver
    case .spleen: .spleen
    case .marrow: .marrow
    case .wholeBody: .wholeBody
    case .blood: .blood
    case .lesion: .lesion
    case .neutral: .ink3
    case .accent: .accent
    case .ok: .ok
    case .info: .info
    case .caution: .caution
    case .serious: .serious
    }
  }

  /// The ground of a block in this state.
  var ground: Token? {
    switch self {
    case .ok: .okBg
    case .info: .infoBg
    case .caution: .cautionBg
    case .serious: .seriousBg
    default: nil
    }
  }
}

extension Organ {
  var tone: Tone {
    switch self {
    case .kidneyLeft: .kidneyLeft
    case .kidneyRight: .kidneyRight
    case .liver: .liver
    case .spleen: .spleen
    case .marrow: .marrow
    case .wholeBody: .wholeBody
    case .blood: .blood
    case .lesion: .lesion
    case .other: .neutral
    }
  }
}
