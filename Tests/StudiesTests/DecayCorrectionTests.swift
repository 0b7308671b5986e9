import Quantities
import Studies
import Testing

@Suite struct DecayCorrectionTests {
  private let lutetium = RateConstant(halfLife: .days(6.647))

  private func factor(_ correction: DecayCorrection, hours: Double = 0, frame: Time? = nil) throws -> Double {
    try correction.factorToAcquisitionStart(
      decayConstant: lutetium, administrationToStart: .hours(hours), frameDuration: frame)
  }

  @Test("Values corrected to the start stay as they are")
  func start() throws { #expect(try factor(.start, hours: 24) == 1) }

  @Test("Values corrected to the administration halve in one half-life")
  func administration() throws {
    #expect(abs(try factor(.administration, hours: 6.647 * 24) - 0.5) < 1e-12)
    #expect(try factor(.administration, hours: 0) == 1)
  }

  @Test("Values that are means over 1280 s of 177Lu gain 1.000773 (WE-3.1)")
  func none() throws { #expect(abs(try factor(.none, frame: .seconds(1280)) - 1.000773) < 5e-7) }

  @Test("The mean of a decaying activity over the frame, corrected, is the activity at its start")
  func law() throws {
    let frame = Time.hours(40)
    let steps = 100_000
    let mean = (0..<steps).reduce(0.0) { sum, i in
      sum + decay(lutetium, frame * ((Double(i) + 0.5) / Double(steps)))
    }
    #expect(abs(try factor(.none, frame: frame) * mean / Double(steps) - 1) < 1e-9)
  }

  @Test("A missing duration, a scan before the administration and an impossible nuclide are refused")
  func refusals() {
    #expect(throws: StudyError.self) { try factor(.none) }
    #expect(throws: StudyError.self) { try factor(.none, frame: .zero) }
    #expect(throws: StudyError.self) { try factor(.administration, hours: -1) }
    #expect(throws: StudyError.self) { try factor(.administration, hours: .nan) }
    #expect(throws: StudyError.self) {
      try DecayCorrection.start.factorToAcquisitionStart(
        decayConstant: .zero, administrationToStart: .zero, frameDuration: nil)
    }
  }

  private func decay(_ constant: RateConstant, _ time: Time) -> Double {
    // 2^(−t/T) without the exponential that is tested.
    var x = 1.0
    var term = 1.0
    let y = -constant.perSecond * time.seconds
    for n in 1..<30 {
      term *= y / Double(n)
      x += term
    }
    return x
  }
}
