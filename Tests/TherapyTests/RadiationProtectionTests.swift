import Quantities
import Testing

@testable import Therapy

@Suite("Radiation protection")
struct RadiationProtectionTests {
  /// Buck 2022: about half with 10 h, the rest with 96 h.
  static let halves = [(0.5, 10.0), (0.5, 96.0)].map {
    WholeBodyRetention.Component(share: $0.0, effectiveHalfLife: .hours($0.1))
  }

  func patient(_ rate: Double) throws -> PatientDoseRate {
    try PatientDoseRate(
      administered: .gigabecquerels(12.4), retention: try WholeBodyRetention(Self.halves),
      rateOfOneGigabecquerel: .microsievertsPerHour(rate))
  }

  func near(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) <= 1e-9 * abs(b) } ?? false }

  @Test("WE-8.1: retained activity, rates at 2 m after 48 h, and what a bystander receives from then on")
  func rates() throws {
    let (point, empirical) = (try patient(5.94), try patient(3.7))
    #expect(near(point.retention.share(at: .hours(48)), 0.37150180239010244))
    let place = Length.centimetres(200)
    #expect(near(try point.rate(at: place, after: .hours(48)).microsievertsPerHour, 6.840834189211346))
    #expect(near(try empirical.rate(at: place, after: .hours(48)).microsievertsPerHour, 4.261125673414475))
    #expect(near(try point.rate(at: .centimetres(100), after: .zero).microsievertsPerHour, 73.656))
    #expect(near(try point.dose(at: place, from: .hours(48)).microsieverts, 906.4408296974201))
  }

  @Test("WE-8.1: the rate that gives 1 mSv as Lu-177 decays, and with an effective half-life of 96 h")
  func equivalentRate() {
    let annual = DoseEquivalent.microsieverts(1000)
    let physical = RadiationProtection.rate(givingInAll: annual, halfLife: .days(6.647))
    #expect(near(physical.microsievertsPerHour, 4.34498759189575))
    let effective = RadiationProtection.rate(givingInAll: annual, halfLife: .hours(96))
    #expect(near(effective.microsievertsPerHour, 7.220283130832763))
  }

  @Test("WE-8.2: 3.5 µSv/h at 2 m is reached after 134.0 h for a point and 70.2 h by measured rates")
  func discharge() throws {
    let limit = DoseEquivalentRate.microsievertsPerHour(3.5)
    #expect(near(try patient(5.94).time(until: limit, at: .centimetres(200))?.hours, 133.9898503458088))
    #expect(near(try patient(3.7).time(until: limit, at: .centimetres(200))?.hours, 70.15885221305695))
    let measured = try #require(try patient(4.62).time(until: limit, at: .centimetres(200)))
    #expect(abs(measured.hours - 99.4) < 0.05)
    #expect(try patient(5.94).time(until: .microsievertsPerHour(100), at: .centimetres(200)) == .zero)
  }

  @Test("WE-8.3: waste of 500 MBq holds 10 MBq after 37.51 d")
  func storage() throws {
    let time = RadiationProtection.storage(
      of: .megabecquerels(500), until: .megabecquerels(10), halfLife: .days(6.647))
    #expect(near(time?.days, 37.51471209343259))
    #expect(
      RadiationProtection.storage(of: .megabecquerels(5), until: .megabecquerels(10), halfLife: .days(6.647)) == .zero)
  }

  @Test("A distance below 1 m, shares above 1 and activities of 0 are refused")
  func refusals() throws {
    #expect(throws: TherapyError.self) { try patient(3.7).rate(at: .centimetres(50), after: .zero) }
    #expect(throws: TherapyError.self) { try patient(0) }
    #expect(throws: TherapyError.self) {
      try WholeBodyRetention(Self.halves + [.init(share: 0.1, effectiveHalfLife: .hours(1))])
    }
  }
}
