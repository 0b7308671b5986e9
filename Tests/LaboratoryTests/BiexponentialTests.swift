import Testing

@testable import Laboratory

@Suite struct BiexponentialTests {
  static let values = [
    -1000, -100.5, -10, -1, 0, 0.3, 1, 10, 123.456, 1000, 12345.678, 100000, 262143.0, 300000,
  ]

  /// Places that FlowKit 1.3.2 gives for ``values``, over 4096.
  struct Example: Sendable, CustomTestStringConvertible {
    let top, width, positive, negative: Double
    let places: [Double]
    init(_ top: Double, _ width: Double, _ positive: Double, _ negative: Double, _ places: [Double]) {
      (self.top, self.width, self.positive, self.negative, self.places) = (top, width, positive, negative, places)
    }
    var testDescription: String { "\(top) \(width) \(positive) \(negative)" }
    func scale(_ resolution: Biexponential.Resolution) throws -> Biexponential {
      try Biexponential(top: top, width: width, positive: positive, negative: negative, resolution: resolution)
    }
  }

  static let examples: [Example] = [
    .init(
      262144.000029, -10, 4.41854, 0,
      [
        0.0, 0.02337526692379932, 0.10349155713969388, 0.11208189957965475, 0.113037109375, 0.11332367396113831,
        0.11399231917034525, 0.12258266161030612, 0.21986342603499318, 0.4435598320195404, 0.6992028562079731,
        0.9054745554408753, 1.0, 1.0,
      ]),
    .init(
      262144.000029, -100, 4.41854, 0,
      [
        0.06269137081866827, 0.20722978946897674, 0.22441607817554632, 0.22612812863909218, 0.226318359375,
        0.22637542859577234, 0.22650859011090782, 0.22822064057445368, 0.24974814061995837, 0.38994534793133173,
        0.6908547509356905, 0.9042058819875036, 0.9997269068117711, 1.0,
      ]),
    .init(
      262144.0, -10, 4.5, 1,
      [
        0.0, 0.18877207240501015, 0.2635397087731904, 0.27178765345232236, 0.272705078125, 0.27298030761116016,
        0.27362250279767764, 0.2818704474768096, 0.3717964349668642, 0.5536851701101424, 0.7582752099220252,
        0.9240488835410008, 1.0, 1.0,
      ]),
    .init(
      4194304.0, -1000, 5, 0.5,
      [
        0.35620128390004313, 0.3627891738937248, 0.36345213513179364, 0.36351806507567935, 0.363525390625,
        0.3635275882897962, 0.36353271617432065, 0.36359864611820636, 0.364429771560584, 0.37084949734995687,
        0.45074616887274405, 0.6796398245092635, 0.7705528749586094, 0.7824435803870102,
      ]),
  ]

  @Test("FlowJo's table of a biexponential scale is that of FlowKit to 1e-11", arguments: examples)
  func tabulated(_ example: Example) throws {
    let scale = try example.scale(.tabulated)
    var places = Self.values
    places.withUnsafeMutableBufferPointer { Scale.biexponential(scale).tabulated()($0.baseAddress!, $0.count) }
    for (index, value) in Self.values.enumerated() {
      #expect(abs(scale(value) - example.places[index]) < 1e-11, "\(value)")
      #expect(places[index] == scale(value), "\(value)")
    }
  }

  @Test(
    "The exact biexponential scale inverts its equation and keeps within a tenth of a channel of the table",
    arguments: examples)
  func exact(_ example: Example) throws {
    let scale = try example.scale(.exact)
    for value in Self.values {
      let place = scale(value)
      if place > 0, place < 1 {
        #expect(abs(scale.value(at: place * 4096) - value) <= 1e-9 * max(1, abs(value)), "\(value)")
      }
      #expect(abs(place - (try example.scale(.tabulated)(value))) < 0.1 / 4096, "\(value)")
    }
  }

  @Test("Widths and decades that make no biexponential scale are refused")
  func refusals() {
    #expect(throws: LaboratoryError.self) { try Biexponential(width: 0) }
    #expect(throws: LaboratoryError.self) { try Biexponential(width: -10, positive: 0.2) }
    #expect(throws: LaboratoryError.self) { try Biexponential(top: .infinity) }
  }
}
