import Foundation
import Provenance
import Quantities

@testable import Reports

/// Cases made by code; every number is invented.
enum Fixture {
  static let times = [1.1, 4.2, 24.0, 47.6, 167.3]

  static func panel(
    _ slug: String, _ name: String, _ organ: Organ, peak: Double, uptake: Double, halfLife: Double,
    times: [Double] = times, model: String = "F3u", beyond: Double
  ) -> CurvePanel {
    func activity(_ t: Double) -> Double {
      peak * (exp(-0.693147 * t / halfLife) - (uptake > 0 ? exp(-0.693147 * t / uptake) : 0))
    }
    let points = times.enumerated().map { index, t in
      let value = activity(t) * (1 + 0.03 * sin(Double(index) * 2.1 + peak))
      return CurvePanel.Point(
        time: .hours(t), activity: .megabecquerels(value), standardUncertainty: .megabecquerels(0.06 * value))
    }
    let fit = (0...240).map { step in
      let t = Double(step)
      let spread = 0.08 + 0.001 * t
      return CurvePanel.FitPoint(
        time: .hours(t), activity: .megabecquerels(activity(t)), lower: .megabecquerels(activity(t) * (1 - spread)),
        upper: .megabecquerels(activity(t) * (1 + spread)))
    }
    return CurvePanel(
      slug: slug, name: name, organ: organ, points: points, fit: fit, model: model,
      coefficient: Uncertain(.hours(peak * halfLife / 138.6), relative: 0.07), effectiveHalfLife: .hours(halfLife),
      extrapolatedFraction: beyond, refusal: nil)
  }

  static let panels = [
    panel("kidney-left", "Kidney left", .kidneyLeft, peak: 6.5, uptake: 2.5, halfLife: 41, beyond: 0.07),
    panel("kidney-right", "Kidney right", .kidneyRight, peak: 5.9, uptake: 2.7, halfLife: 40, beyond: 0.06),
    panel("liver", "Liver", .liver, peak: 10.4, uptake: 1.3, halfLife: 109, beyond: 0.36),
    panel("spleen", "Spleen", .spleen, peak: 1.7, uptake: 1.2, halfLife: 86, beyond: 0.27),
    panel("marrow", "Marrow L2–L4", .marrow, peak: 1.1, uptake: 2.6, halfLife: 92, beyond: 0.30),
    panel("whole-body", "Whole body", .wholeBody, peak: 190, uptake: 0, halfLife: 66, model: "F3p", beyond: 0.17),
    panel("blood", "Blood", .blood, peak: 28, uptake: 0, halfLife: 7, model: "F4", beyond: 0.02),
    panel("lesion", "Lesion femur", .lesion, peak: 0.6, uptake: 5, halfLife: 122, beyond: 0.41),
  ]

  static func row(
    _ name: String, _ organ: Organ, _ perActivity: Double, _ relative: Double, limit: Double? = nil,
    note: String = "not set", p: Double? = nil, unverified: Bool = false, governs: Bool = false,
    activity: Double? = 13.7785, truth: Double? = nil
  ) -> DoseTable.Row {
    DoseTable.Row(
      name: name, organ: organ, perActivity: Uncertain(.graysPerGigabecquerel(perActivity), relative: relative),
      dose: activity.map { Uncertain(.grays(perActivity * $0), relative: relative) }, limit: limit.map { .grays($0) },
      limitNote: note, probabilityOfExceeding: p, isUnverified: unverified, governs: governs,
      truth: truth.map { .graysPerGigabecquerel($0) })
  }

  static func rows(activity: Double?, truths: Bool = false) -> [DoseTable.Row] {
    [
      row(
        "Kidneys", .kidneyLeft, 1.44, 0.09, limit: 23, p: activity == nil ? nil : 0.0493, governs: activity != nil,
        activity: activity, truth: truths ? 1.41 : nil),
      row(
        "Marrow after day 0", .marrow, 0.0334, 0.24, limit: 1, p: activity == nil ? nil : 0.0004, unverified: true,
        activity: activity),
      row("Marrow, total", .marrow, 0.420, 0.143, unverified: true, activity: activity, truth: truths ? 0.433 : nil),
      row("Liver", .liver, 0.400, 0.102, activity: activity, truth: truths ? 0.392 : nil),
      row("Spleen", .spleen, 0.580, 0.11, activity: activity, truth: truths ? 0.611 : nil),
      row("Whole body", .wholeBody, 0.110, 0.062, activity: activity, truth: truths ? 0.108 : nil),
      row("Lesion, left femur", .lesion, 3.90, 0.165, note: "target", activity: activity, truth: truths ? 4.2 : nil),
    ]
  }

  static func risk(acceptedRisk: Double? = 0.05, chosen: Double = 13.7785) -> RiskPlot {
    let activities = (0...56).map { 6 + 0.25 * Double($0) }
    func normal(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
    let kidneys = activities.map { normal(log($0 / 15.97) / 0.0896) }
    let marrow = activities.map { normal(log($0 / 29.9) / 0.236) }
    return RiskPlot(
      activities: activities.map { .gigabecquerels($0) },
      curves: [
        .init(name: "kidneys", organ: .kidneyLeft, probabilities: kidneys),
        .init(name: "marrow after day 0", organ: .marrow, probabilities: marrow),
      ],
      acceptedRisk: acceptedRisk, chosen: .gigabecquerels(chosen),
      probabilityAtChosen: normal(log(chosen / 15.97) / 0.0896),
      bestEstimate: (.gigabecquerels(15.97), 0, "best estimate meets 23 Gy"))
  }

  static func graft(days: Double = 21, scale: Double = 1) -> GraftPlot {
    GraftPlot(
      label: "¹⁷⁷Lu 13.77 GBq",
      points: (0...42).map { step in
        let day = days * Double(step) / 42
        let dose = scale * 5.78 * exp(-0.1808 * day)
        let spread = exp(0.28 + 0.012 * day)
        return .init(
          day: .days(day), dose: .grays(dose), lower: .grays(dose / spread), upper: .grays(dose * spread))
      },
      limit: .grays(1), limitReached: .days(9.703), planned: (.days(14), .grays(0.4603)),
      caption: "Ring: limit reached. Band: 95 %.")
  }

  static let findings = [
    Finding(
      .info, code: "amino-acids", title: "Amino acids not recorded.",
      "The pre-therapeutic dosimetry does not say whether arginine and lysine were given. Factor 1 is used; 0.80 would allow 17.22 GBq.",
      origin: "Therapy · setting A7-3"),
    Finding(
      .caution, code: "marrow-share", title: "Marrow share not verified.",
      "The 6.7 % of red marrow in L2–L4 decides every marrow dose here. With 7.4 % the marrow dose is 9 % lower.",
      origin: "Dosimetry · setting A4-2"),
    Finding(
      .caution, code: "extrapolation", title: "Long extrapolation.",
      "41 % of the lesion's and 36 % of the liver's time-integrated activity lie beyond the last scan at 167 h. A scan on day 12 would halve it.",
      subject: "Lesion femur", origin: "Kinetics · not governing"),
    Finding(
      .info, code: "residual", title: "Residual activity subtracted.",
      "Syringe and line held 3.1 MBq of 203.4 MBq after injection.", origin: "Studies · administration 1"),
  ]

  static let refusals = [
    RefusalNotice(
      reason:
        "Mono-exponential refused for both kidneys: the curve rises until 24 h and would be back-extrapolated through the uptake phase.",
      remedy: "Use F3u, or restrict F2 to the last three points (F2m).",
      bound: "With physical decay after the last scan: at most 1.72 Gy/GBq.")
  ]

  static let settings: [SettingRow] = [
    ("A7-1", "1 Gy to the marrow", "dose after day 0", false, "I2 until, I3 total, I4 rate", "—"),
    ("A7-2", "Kidneys and/or marrow", "both", false, "kidneys only", "±0.00"),
    ("A7-3", "Amino-acid factor", "1", false, "0.80, 0.64", "+3.45, +7.76"),
    ("A4-1", "L2–L4 to total marrow", "reading A", false, "reading B", "±0.00"),
    ("A4-2", "Marrow share of L2–L4", "0.067", true, "0.074", "±0.00"),
    ("A5-1", "AICc", "σ known", false, "σ unknown", "−0.21"),
    ("A6-1", "Mass scaling", "on", false, "off", "+0.66"),
    ("", "Accepted risk", "5 %", false, "10 %, 1 %", "+0.46, −0.81"),
  ].map { SettingRow(id: $0.0, question: $0.1, here: $0.2, isUnverified: $0.3, others: $0.4, effect: $0.5) }

  static let provenance: [ProvenanceRow] = [
    ("SPECT/CT, 5 time points", "2026-11-02 to -09", "1.1, 4.2, 24.0, 47.6, 167.3 h", "3f9a 10c4"),
    ("CT, low dose", "2026-11-02 10:12", "masses of kidneys, liver, spleen", "b07d 5e21"),
    ("RTSTRUCT, 9 regions", "2026-11-09 15:40", "drawn and reviewed", "91ee 7a02"),
    ("Activity meter", "2026-11-02 09:03", "203.4 MBq, residual 3.1 MBq", "case.json"),
    ("Calibration, ¹⁷⁷Lu", "2026-08-14", "9.31 ± 0.47 cps/MBq, cylinder", "5c50 be19"),
    ("Nuclide data", "ICRP 107", "¹⁷⁷Lu 6.647 d, 147.9 keV electrons", "0aa3 f1d9"),
  ].map { ProvenanceRow(input: $0.0, when: $0.1, what: $0.2, digest: $0.3) }

  /// Everything a report can hold, like the design's own example.
  static func full() -> CaseReport {
    CaseReport(
      title: "Demo 01",
      facts: ["synthetic", "F, 46 y", "80.0 kg, 1.72 m", "[¹⁷⁷Lu]Pentixather 200.3 MBq on 2026-11-02, 5 SPECT/CT"],
      headline: .prescribed(
        .init(
          lead: "Largest activity with at most 5 % risk of exceeding any limit", activity: .gigabecquerels(13.7785),
          agent: "[¹⁷⁷Lu]Pentixather, day −14, 25 Nov 2026", governing: "The kidneys govern:",
          governingDose: "19.8 of 23 Gy.", bestEstimate: "The best estimate meets 23 Gy at 15.97 GBq.",
          facts: [
            .init(label: "Kidneys above 23 Gy", value: "4.9 %"),
            .init(label: "Marrow above 1 Gy after day 0", value: "< 0.1 %"),
            .init(label: "Earliest graft after therapy", value: "day 10", aside: "(95 %: 8–12)"),
            .init(label: "Planned, day 0 on 9 Dec 2026", value: "day 14: 0.46 Gy remain", passes: true),
          ])),
      risk: risk(),
      doses: DoseTable(
        activity: .gigabecquerels(13.7785), rows: rows(activity: 13.7785),
        caption: "Kidney BED 29.1 Gy (α/β 2.5 Gy, repair 2.8 h)."),
      curves: panels, graft: graft(), findings: findings, refusals: refusals, settings: settings,
      provenance: provenance, resultsDigest: "7c1e 94ab")
  }

  /// A case whose activity was refused, and in which a curve has no fit.
  static func refused() -> CaseReport {
    var report = full()
    report.title = "Demo 02"
    report.headline = .refused(
      RefusalNotice(
        reason: "The kidneys have one time point; a half-life cannot be told from one.",
        remedy: "Add a scan after 72 h, or choose the single-time-point method.",
        bound: "With physical decay from 24 h on: at most 2.31 Gy/GBq to the kidneys."))
    report.risk = nil
    report.graft = nil
    report.doses = DoseTable(activity: nil, rows: rows(activity: nil, truths: true), caption: "")
    report.curves = Array(panels.prefix(4))
    report.curves[1].fit = []
    report.curves[1].coefficient = nil
    report.curves[1].effectiveHalfLife = nil
    report.curves[1].extrapolatedFraction = nil
    report.curves[1].refusal = RefusalNotice(
      reason: "The curve rises until the last point.", remedy: "Add a later scan.")
    report.findings = [
      Finding(
        .serious, code: "one-point", title: "One time point.", "The kidneys were imaged once, at 24.0 h.",
        subject: "Kidneys", origin: "Kinetics · A5-4")
    ]
    return report
  }

  /// One scan, two regions, many cautions of equal weight.
  static func singleTimePoint() -> CaseReport {
    var report = full()
    report.title = "Demo 03"
    report.curves = [
      panel(
        "kidney-left", "Kidney left", .kidneyLeft, peak: 6.5, uptake: 2.5, halfLife: 41, times: [72],
        model: "single time point", beyond: 0.5),
      panel(
        "kidney-right", "Kidney right", .kidneyRight, peak: 5.9, uptake: 2.7, halfLife: 40, times: [72],
        model: "single time point", beyond: 0.49),
    ]
    report.doses.rows = Array(rows(activity: 13.7785, truths: true).prefix(1))
    report.risk?.curves.removeLast()
    report.graft = nil
    report.findings = (1...14).map { n in
      Finding(
        .caution, code: "half-life-assumed", title: "Half-life assumed.",
        "Region \(n) rests on the population's effective half-life; the patient's own was not measured.",
        subject: "Region \(n)", origin: "Kinetics · A5-4")
    }
    return report
  }
}
