import Provenance
import Quantities
import Testing

@testable import Therapy

@Suite("Conditioning")
struct ConditioningTests {
  let body = try? BodySize(sex: .male, weight: .kilograms(80), height: .centimetres(180))

  @Test("WE-9.1: surface, doses as printed and as usually meant for 80 kg and 180 cm")
  func workedExample() throws {
    let body = try #require(body)
    let surface = body.surface(.duBois)
    #expect(abs(surface.squareMetres / 1.9964210222750447 - 1) < 1e-12)
    #expect(abs(body.surface(.mosteller).squareMetres / 2.0 - 1) < 1e-12)
    func daily(_ milligrams: Double, _ basis: DrugDose.Basis, total: Bool = false, days: Int = 1) -> Double {
      DrugDose(.grams(milligrams / 1000), per: basis, isTotal: total)
        .daily(surface: surface, weight: body.weight, days: days).grams * 1000
    }
    #expect(abs(daily(30, .surface) / 59.89263066825134 - 1) < 1e-12)
    #expect(abs(5 * daily(30, .surface) / 299.4631533412567 - 1) < 1e-12)
    #expect(abs(daily(60, .surface) / 119.78526133650269 - 1) < 1e-12)
    #expect(abs(daily(60, .mass) / 4800 - 1) < 1e-12)
    #expect(abs(daily(14.5, .surface) / 28.94810482298815 - 1) < 1e-12)
    #expect(abs(daily(14.5, .mass) / 1160 - 1) < 1e-12)
    #expect(abs(daily(50, .mass) / 4000 - 1) < 1e-12)
    #expect(abs(daily(5, .mass) / 400 - 1) < 1e-12 && abs(daily(10, .mass) / 800 - 1) < 1e-12)
    #expect(abs(3 * daily(10, .mass, total: true, days: 3) / 800 - 1) < 1e-12)
  }

  @Test("Ideal and adjusted weights lie where they must; clearance is lower in women")
  func weights() throws {
    let body = try #require(body)
    #expect(abs(body.idealWeight.value.kilograms - 74.99212598425197) < 1e-9 && body.idealWeight.isUnverified)
    #expect(body.weight(.ideal) < body.weight(.adjusted25) && body.weight(.adjusted25) < body.weight(.adjusted40))
    #expect(body.weight(.adjusted40) < body.weight(.actual))
    let woman = try BodySize(sex: .female, weight: .kilograms(80), height: .centimetres(180))
    let clearance = try body.creatinineClearance(ageInYears: 68, creatinine: 1)
    #expect(abs(clearance.millilitresPerMinute - 80) < 1e-9)
    #expect(abs(try woman.creatinineClearance(ageInYears: 68, creatinine: 1) / clearance - 0.85) < 1e-12)
    #expect(throws: TherapyError.self) { try BodySize(sex: .male, weight: .kilograms(800), height: .centimetres(180)) }
    #expect(throws: TherapyError.self) { try body.creatinineClearance(ageInYears: 68, creatinine: 0) }
  }

  static let plan = ConditioningProtocol(
    name: "test", version: 1, source: Source("made for tests"),
    items: [
      item("ert", .radiopharmaceutical, [-14]), item("ward", .isolation, [-14]), item("tbi", .irradiation, [-9]),
      item(
        "cy", .drug, [-6, -5],
        readings: [
          .init(
            id: "per-kg", text: "14.5 mg/kg", title: nil, days: nil,
            dose: DrugDose(.grams(0.0145), per: .mass))
        ]),
      item("graft", .graft, [0]),
      item("ptcy", .postTransplantCyclophosphamide, [3, 4], dose: DrugDose(.grams(0.05), per: .mass)),
      item(
        "mmf", .immunosuppression, [3],
        readings: [
          .init(id: "day+5", text: "from +5", title: nil, days: [5], dose: nil),
          .init(id: "day+4", text: "from +4", title: nil, days: [4], dose: nil),
          .init(id: "day+3", text: "from +3", title: nil, days: [3], dose: nil),
        ]),
    ])

  static func item(
    _ id: String, _ kind: ConditioningProtocol.Kind, _ days: [Int], dose: DrugDose? = nil,
    readings: [ConditioningProtocol.Reading] = []
  ) -> ConditioningProtocol.Item {
    .init(
      id: id, kind: kind, title: id, donors: Set(Donor.allCases), days: days, through: nil, dose: dose,
      printed: "printed",
      flag: readings.isEmpty ? nil : "A9-2", doubt: nil, readings: readings)
  }

  func schedule(therapyDay: Int = -14, fractions: Int = 5, _ confirmed: [(String, String)] = []) throws -> Schedule {
    try Schedule(
      Self.plan,
      Schedule.Request(
        donor: .haploidentical, therapyDay: therapyDay, body: body, surfaceFormula: .duBois, weightChoice: .actual,
        irradiationFractions: fractions,
        confirmations: try confirmed.map {
          try Confirmation(item: $0.0, reading: $0.1, person: "A. Physician", reason: "The regimen that it follows")
        }))
  }

  func state(_ id: String, _ schedule: Schedule, marrow: MarrowDoseCourse? = nil) -> ScheduleCheck.State? {
    schedule.checks(marrow: marrow, clearance: nil).first { $0.id == id }?.state
  }

  @Test("A step that is printed unclearly calculates nothing until a person confirms a reading")
  func confirmation() throws {
    let waiting = try #require(try schedule().steps.first { $0.item == "cy" })
    #expect(waiting.dailyDose == nil && waiting.toConfirm == "A9-2" && waiting.text == "printed")
    #expect(state("confirmed", try schedule()) == .open)
    let confirmed = try #require(try schedule([("cy", "per-kg")]).steps.first { $0.item == "cy" })
    #expect(abs((confirmed.dailyDose?.grams ?? 0) - 1.16) < 1e-12 && confirmed.toConfirm == nil)
    #expect(confirmed.confirmation?.person == "A. Physician")
    #expect(throws: TherapyError.self) { try schedule([("cy", "per-m2")]) }
    #expect(throws: TherapyError.self) { try schedule([("cy", "per-kg"), ("cy", "per-kg")]) }
    #expect(throws: TherapyError.self) { try Confirmation(item: "cy", reading: "per-kg", person: " ", reason: "why") }
    #expect(throws: TherapyError.self) { try Confirmation(item: "cy", reading: "per-kg", person: "A", reason: "") }
  }

  @Test("The gap from radioligand to irradiation is at least 5 days, discharge comes before")
  func gap() throws {
    #expect(state("gap", try schedule(therapyDay: -14)) == .passed)
    #expect(state("gap", try schedule(therapyDay: -13)) == .failed)
    #expect(state("discharge", try schedule(therapyDay: -12)) == .passed)
    #expect(state("discharge", try schedule(therapyDay: -11)) == .failed)
    #expect(throws: TherapyError.self) { try schedule(therapyDay: 0) }
  }

  @Test("What remains of the marrow dose at the graft must be within its limit; unknown is not passed")
  func marrow() throws {
    #expect(state("marrow", try schedule()) == .open)
    let course = try MarrowDoseCourse(total: .grays(16), effectiveHalfLife: .days(3.5), limit: .grays(1))
    #expect(abs(course.remaining(after: .days(14)).grays - 1) < 1e-12)
    #expect(state("marrow", try schedule(therapyDay: -15), marrow: course) == .passed)
    #expect(state("marrow", try schedule(therapyDay: -13), marrow: course) == .failed)
    #expect(throws: TherapyError.self) {
      try MarrowDoseCourse(total: .grays(0), effectiveHalfLife: .days(3), limit: .grays(1))
    }
  }

  @Test("Irradiation twice a day: five fractions take three days, 12 Gy are the most")
  func irradiation() throws {
    #expect(try schedule(fractions: 4).steps.first { $0.kind == .irradiation }?.days == [-9, -8])
    #expect(try schedule(fractions: 5).steps.first { $0.kind == .irradiation }?.days == [-9, -8, -7])
    let five = try #require(try schedule(fractions: 5).steps.first { $0.kind == .irradiation })
    #expect(five.text(on: -9) == "2 × 2 Gy of 5 × 2 Gy, 10 Gy" && five.text(on: -7) == "1 × 2 Gy of 5 × 2 Gy, 10 Gy")
    #expect(state("tbi", try schedule(fractions: 6)) == .passed)
    #expect(state("tbi", try schedule(fractions: 7)) == .failed)
  }

  @Test("Immunosuppression before the last cyclophosphamide fails; an unconfirmed start leaves the check open")
  func immunosuppression() throws {
    #expect(state("immunosuppression", try schedule()) == .open)
    #expect(state("immunosuppression", try schedule([("mmf", "day+3")])) == .failed)
    #expect(state("immunosuppression", try schedule([("mmf", "day+4")])) == .failed)
    #expect(state("immunosuppression", try schedule([("mmf", "day+5")])) == .passed)
  }

  @Test("A clearance below 80 mL/min shows the labels' schemes and reduces nothing")
  func clearance() throws {
    let low = try schedule().checks(marrow: nil, clearance: .millilitresPerMinute(79.9)).first { $0.id == "clearance" }
    #expect(low?.state == .failed && low?.text.contains("No dose is reduced") == true)
    let normal = try schedule().checks(marrow: nil, clearance: .millilitresPerMinute(80))
    #expect(normal.first { $0.id == "clearance" }?.state == .passed)
  }
}
