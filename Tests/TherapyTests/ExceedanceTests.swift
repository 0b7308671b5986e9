import Quantities
import Testing

@testable import Dosimetry
@testable import Therapy

@Suite("Exceeding limits against the activity")
struct ExceedanceTests {
  private func prescription() throws -> Prescription {
    try Prescription(
      limits: [
        DoseLimit(
          name: "Kidneys", limit: .grays(23), reading: .total,
          organ: organ("Kidneys", grayPerGigabecquerel: 1.44, halfLife: 41)),
        DoseLimit(
          name: "Marrow after day 0", limit: .grays(1), reading: .afterGraft,
          organ: organ("Marrow", grayPerGigabecquerel: 1.1, halfLife: 92)),
      ], graft: .days(14), acceptedRisk: 0.05, seed: 3)
  }

  @Test("The curve is the share of draws at every activity, which the prescription itself gives")
  func curve() throws {
    let p = try prescription()
    let choice = WhatIf.Choice(graft: .days(14), acceptedRisk: 0.05)
    let curves = WhatIf(p).curves(choice, upTo: .gigabecquerels(30), steps: 60)
    #expect(curves.map(\.limit) == ["Kidneys", "Marrow after day 0"])
    for (curve, outcome) in zip(curves, p.outcomes) {
      for (step, probability) in curve.probabilities.enumerated() {
        #expect(probability == outcome.probabilityOfExceeding(at: .gigabecquerels(0.5 * Double(step))))
      }
    }
    let alone = WhatIf(p).curves(
      WhatIf.Choice(graft: .days(14), acceptedRisk: 0.05, leftOut: ["Kidneys"]), upTo: .gigabecquerels(30), steps: 3)
    #expect(alone.map(\.limit) == ["Marrow after day 0"])
  }

  @Test("The interval of a gauge's dose touches the limit where the probability of exceeding it is 2.5 %")
  func interval() throws {
    let p = try prescription()
    let at = p.outcomes[0].allowed.quantile(0.025)
    let answer = try WhatIf(p).answer(
      WhatIf.Choice(graft: .days(14), acceptedRisk: 0.05, activity: Activity(base: at)))
    #expect(isClose(answer.gauges[0].interval.upperBound.grays, 23, 1e-9))
    for gauge in answer.gauges { #expect(gauge.interval.contains(gauge.dose)) }
  }
}
