import Testing

@testable import Laboratory

@Suite struct ScaleTests {
  /// A scale at ``ScaleTests/values``, solved with 40 digits from the equations of Gating-ML 2.0.
  struct Example: Sendable, CustomTestStringConvertible {
    enum Kind { case logicle, hyperlog }
    let kind: Kind
    let parameters: [Double]
    let places: [Double]
    init(_ kind: Kind, _ t: Double, _ w: Double, _ m: Double, _ a: Double, _ places: [Double]) {
      (self.kind, parameters, self.places) = (kind, [t, w, m, a], places)
    }
    var testDescription: String { "\(kind) \(parameters)" }
    func scale() throws -> Scale {
      let p = parameters
      return switch kind {
      case .logicle: .logicle(try Logicle(top: p[0], width: p[1], decades: p[2], negative: p[3]))
      case .hyperlog: .hyperlog(try Hyperlog(top: p[0], width: p[1], decades: p[2], negative: p[3]))
      }
    }
  }

  static let values = [
    -1000, -100.5, -10, -1, -0.001, 0, 1e-6, 0.3, 1, 10, 123.456, 1000, 12345.678, 100000, 262144,
  ]

  @Test("Places on logicle and hyperlog scales are right to 1e-13", arguments: examples)
  func places(_ example: Example) throws {
    let scale = try example.scale()
    for (value, place) in zip(Self.values, example.places) { #expect(abs(scale(value) - place) < 1e-13, "\(value)") }
  }

  @Test("The table of a logicle scale is right to 1e-12 everywhere", arguments: examples.filter { $0.kind == .logicle })
  func table(_ example: Example) throws {
    let scale = try example.scale()
    var values = Self.values
    var step = 1.0
    while step < 3e5 {
      values += [step - 1, 1 - step, step * 0.001, -step * 0.001]
      step *= 1.0037
    }
    var places = values
    places.withUnsafeMutableBufferPointer { scale.tabulated()($0.baseAddress!, $0.count) }
    for (value, place) in zip(values, places) { #expect(abs(scale(value) - place) < 1e-12, "\(value)") }
  }

  @Test("The top of scale is at 1 and zero where it belongs")
  func anchors() throws {
    #expect(Scale.linear(top: 10000, negative: 500)(10000) == 1)
    #expect(Scale.logarithmic(top: 10000, decades: 5)(10000) == 1)
    #expect(Scale.logarithmic(top: 10000, decades: 5)(0.1) == 0)
    let asinh = Scale.asinh(top: 10000, decades: 4, negative: 1)
    #expect(abs(asinh(10000) - 1) < 1e-15)
    #expect(abs(asinh(0) - 0.2) < 1e-15)
    let logicle = try Logicle(top: 10000, width: 0.5, decades: 4.5, negative: 0)
    #expect(abs(logicle(0) - 0.5 / 4.5) < 1e-15)
  }

  @Test("Parameters that make no scale are refused")
  func refusals() {
    #expect(throws: LaboratoryError.self) { try Logicle(top: 1000, width: 3, decades: 4.5, negative: 0) }
    #expect(throws: LaboratoryError.self) { try Logicle(top: -1, width: 0.5, decades: 4.5, negative: 0) }
    #expect(throws: LaboratoryError.self) { try Hyperlog(top: 1000, width: 0, decades: 4.5, negative: 0) }
  }

  static let examples: [Example] = [
    .init(
      .logicle, 262144, 0.5, 4.5, 0,
      [
        -0.23211535395017639, 0.00861533113976965, 0.099917946544774015, 0.1099906900730379, 0.11110999067905116,
        0.11111111111111111, 0.11111111223154317, 0.11144724043184116, 0.11223153214918432, 0.12230427567744821,
        0.23211900100970903, 0.45433757617239862, 0.70434838575421939, 0.90692759148145876, 1.0,
      ]),
    .init(
      .logicle, 262144, 1, 4.5, 0.5,
      [
        0.13431991463846748, 0.27958297024992642, 0.2979638004220571, 0.29979637559262097, 0.29999979637554785,
        0.3, 0.30000000020362445, 0.30006108733443522, 0.30020362440737903, 0.3020361995779429,
        0.32505048396618019, 0.46568008536153252, 0.7283079636157566, 0.91572024384710399, 1.0,
      ]),
    .init(
      .logicle, 262144, 0, 4.5, 0,
      [
        -0.46255331533950501, -0.24145583518510734, -0.055158272546534401, -0.005817533654210423,
        -5.8210573656335835e-6,
        0.0, 5.8210573691630602e-9, 0.0017462219288120583, 0.005817533654210423, 0.055158272546534401,
        0.26109273097854453, 0.46255331533950501, 0.70510560420729806, 0.90699112902188732, 1.0,
      ]),
    .init(
      .logicle, 262144, 2, 4.5, 0,
      [
        0.43402734949718221, 0.44339735580052282, 0.44434025635195322, 0.44443402563502966, 0.44444443402563503,
        0.44444444444444444, 0.44444444445486325, 0.44444757008726934, 0.44445486325385923, 0.44454863253693567,
        0.44573070582218097, 0.45486153939170668, 0.56908087725825177, 0.88531347249036559, 1.0,
      ]),
    .init(
      .logicle, 10000, 0.5, 4.5, 0,
      [
        -0.55521118971231249, -0.33041175445373676, -0.088273588477761489, 0.081942762288849403, 0.11108173965711675,
        0.11111111111111111, 0.1111111404825653, 0.11991713463123612, 0.14027945993337282, 0.31049581069998371,
        0.57308782127045326, 0.77743341193453471, 1.020344177884028, 1.222258100720241, 1.3152694724798401,
      ]),
    .init(
      .logicle, 262144, 0.75, 4.5, -0.25,
      [
        -0.169946483664553, 0.064992793742018302, 0.11232709804392422, 0.11711498594624051, 0.1176465267498823,
        0.11764705882352941, 0.11764705935560306, 0.11780668089688945, 0.11817913170081832, 0.1229670196031346,
        0.18181825960058482, 0.40524060131161182, 0.68512708637725648, 0.90129015160575788, 1.0,
      ]),
    .init(
      .hyperlog, 10000, 1, 4.5, 0,
      [
        -0.3269263479497604, -0.06733989919992999, 0.1679620562541837, 0.21648137008129031, 0.22221644880189858,
        0.22222222222222222, 0.22222222799567484, 0.22395134149567585, 0.22796307436315414, 0.27648238819026075,
        0.53764317999838157, 0.77137079239420484, 1.0205108339440355, 1.223121263707221, 1.3162076368700136,
      ]),
    .init(
      .hyperlog, 262144, 0.5, 4.5, 1,
      [
        0.0044072190755824095, 0.20300954266816741, 0.2647786629704697, 0.27192246491525618, 0.27272646682216398,
        0.27272727272727273, 0.27272727353317893, 0.27296894578011789, 0.27353208053928927, 0.28067588248407575,
        0.35534482976248545, 0.54104732637896305, 0.75622322773557642, 0.92364529640657657, 1.0,
      ]),
  ]
}
