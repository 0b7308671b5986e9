import Dosimetry
import Foundation
import Kinetics
import Numerics
import Provenance
import Quantities
import Radionuclides
import Statistics
import Therapy

/// Whether prescriptions keep the risk they state, and how fast a what-if answers.
enum Decisions {
  /// One patient whose truth is known: what the therapy would do, and what dosimetry saw of it.
  private struct Patient {
    let limits: [DoseLimit]
    /// The true dose per activity that counts against each limit.
    let truths: [AbsorbedDosePerActivity]
  }

  private static let decay = RateConstant(halfLife: .hours(159.528))
  private static let graft = Time.days(14)

  /// What the analysis knows beforehand.
  private enum Knowledge: String {
    case nothing = "nothing known of the population"
    case halfLives = "the population's half-lives known"
  }

  static func measure(patients: Int, _ thresholds: Thresholds) throws -> [Figure] {
    func risk(_ limits: [Int], _ name: String, _ knowledge: Knowledge, least: String) throws -> Figure {
      // A patient whose fits are too uncertain gets no prescription, and exceeds nothing.
      let outcomes = try inParallel(patients) { index in
        try isExceeded(UInt64(index), limits, knowledge)
      }
      .compactMap { $0 }
      let share = Double(outcomes.count { $0 }) / Double(outcomes.count)
      let error = (share * (1 - share) / Double(outcomes.count)).squareRoot()
      return Figure(
        name: "the 5 % rule for \(name) is exceeded in", value: share,
        bounds: (try thresholds[least])...(try thresholds["riskMost"]),
        note: String(format: "± %.4f, %ld patients, ", error, outcomes.count) + knowledge.rawValue)
    }
    return [
      try risk([0], "the kidneys", .nothing, least: "riskLeast"),
      try risk([1], "the marrow", .nothing, least: "riskLeast"),
      try risk([0, 1], "both", .halfLives, least: "riskLeast"),
      try risk([0, 1], "both", .nothing, least: "riskOfCloseLimitsLeast"),
      try whatIf(thresholds),
    ]
  }

  /// Whether the prescription by some of a patient's limits exceeds one of them; `nil` when there is none.
  private static func isExceeded(_ index: UInt64, _ limits: [Int], _ knowledge: Knowledge) throws -> Bool? {
    let patient = try simulated(index, knowledge)
    do {
      let activity = try Prescription(
        limits: limits.map { patient.limits[$0] }, graft: graft, acceptedRisk: 0.05, seed: index + 1
      ).activity
      return limits.contains { patient.truths[$0] * activity > patient.limits[$0].available }
    } catch let refusal as TherapyError where refusal.code == "fit-too-uncertain" {
      return nil
    }
  }

  private static func whatIf(_ thresholds: Thresholds) throws -> Figure {
    let patient = try simulated(7, .nothing)
    let slider = WhatIf(
      try Prescription(limits: patient.limits, graft: graft, acceptedRisk: 0.05, seed: 1))
    var times: [Double] = []
    for step in 0..<200 {
      let choice = WhatIf.Choice(
        graft: .days(7 + Double(step % 14)), acceptedRisk: 0.01 + 0.0005 * Double(step),
        conversionFactors: ["Kidneys": 0.64 + 0.001 * Double(step)])
      let duration = try ContinuousClock().measure { _ = try slider.answer(choice) }
      times.append(Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) * 1e-15)
    }
    return Figure(
      name: "what-if answer, ms", value: try Sample(times).median, bounds: 0...(try thresholds["whatIfMilliseconds"]),
      note: "two limits, \(Prescription.drawCount) draws")
  }

  /// Kidneys and marrow with kinetics, masses and errors drawn from the seed, spread as the published patients are
  /// (Braitsch 2025, Table 2; Hänscheid 2022).
  private static func simulated(_ seed: UInt64, _ knowledge: Knowledge) throws -> Patient {
    var stream = RandomStream(seed: seed, stream: "simulated patient")
    func logDeviation(_ cv: Double) -> Double { log(1 + cv * cv).squareRoot() }
    func logNormal(_ median: Double, _ cv: Double) -> Double {
      median * exp(stream.normal() * logDeviation(cv))
    }
    let administered = Activity.megabecquerels(200)
    // One camera for both organs: its error moves them together.
    let calibration = (u: 0.05, drawn: logNormal(1, 0.05))

    func organ(
      _ name: String, halfLife: (median: Double, cv: Double), uptake: (median: Double, cv: Double), perActivity: Double,
      own: Double
    ) throws -> (OrganDose, ExponentialSum, Double) {
      let late = min(150, logNormal(halfLife.median, halfLife.cv))
      let truth = ExponentialSum([
        .init(amplitude: .megabecquerels(8), rate: RateConstant(halfLife: .hours(late))),
        .init(
          amplitude: .megabecquerels(-8), rate: RateConstant(halfLife: .hours(logNormal(uptake.median, uptake.cv)))),
      ])
      let prior = PopulationPrior(
        name: name, median: .hours(halfLife.median), logDeviation: logDeviation(halfLife.cv),
        uptake: .init(median: .hours(uptake.median), logDeviation: logDeviation(uptake.cv)), source: Source("simulated")
      )
      let noise = 0.06
      // What the camera reads is the truth times its error; what is stated is one standard uncertainty of it.
      let points = [1.0, 4, 24, 48, 96, 168].map { hours in
        let read = truth.value(at: .hours(hours)).megabecquerels / calibration.drawn * (1 + noise * stream.normal())
        return TimeActivityCurve.Point(
          time: .hours(hours), activity: .megabecquerels(max(read, 1e-6)),
          standardUncertainty: .megabecquerels(max(read, 1e-6) * noise))
      }
      let curve = try TimeActivityCurve(region: name, points: points, physicalDecay: decay)
      let estimate = try curve.analysed(
        with:
          .init(weighting: .given, fixedModel: .F3u, prior: knowledge == .nothing ? nil : prior))
      let s = SValue(base: perActivity * 1e-9 * administered.base / truth.integral.base)
      // The S value that is used errs by the organ's own uncertainty, as a mass does.
      let error = logNormal(1, own)
      let dose = try OrganDose(
        region: .init(name: name, mass: .grams(300), shape: .organ), curves: [estimate],
        sValue: .init(
          electron: s / error, photon: .zero, relativeUncertainty: 0.001, set: "simulated",
          source: Source("simulated")), administered: administered,
        components: [.init("calibration", calibration.u, isShared: true), .init("volume", own)], isUnverified: false)
      return (dose, truth, s.base)
    }
    func perActivity(_ truth: ExponentialSum, _ s: Double, after t: Time) -> AbsorbedDosePerActivity {
      .graysPerBecquerel(truth.integral(from: t).becquerelSeconds * s / administered.becquerels)
    }
    let kidneys = try organ(
      "Kidneys", halfLife: (41, 0.24), uptake: (4, 0.3), perActivity: logNormal(1.3, 0.4), own: 0.08)
    let marrow = try organ(
      "Marrow", halfLife: (92, 0.12), uptake: (3, 0.3), perActivity: logNormal(0.4, 0.5), own: 0.12)
    return Patient(
      limits: [
        try DoseLimit(name: "Kidneys", limit: .grays(23), reading: .total, organ: kidneys.0),
        try DoseLimit(name: "Marrow after day 0", limit: .grays(1), reading: .afterGraft, organ: marrow.0),
      ],
      truths: [
        perActivity(kidneys.1, kidneys.2, after: .zero), perActivity(marrow.1, marrow.2, after: graft),
      ])
  }
}
