import Dosimetry
import Foundation
public import JSON
import Kinetics
import Provenance
import Quantities
import Radionuclides
import Statistics
import Therapy

/// Numbers of the source papers recomputed with the product's own functions: `data checks`.
public struct PublishedChecks: Sendable {
  /// How a recomputed number stands to the printed one.
  public enum Verdict: String, Sendable {
    /// It agrees within the rounding of the print.
    case agrees
    /// It lies within the printed range.
    case within
    /// It does not agree; the print cannot be right, or another reading is needed.
    case disagrees
    /// A reading of the text that the printed numbers rule out.
    case rejected
  }

  /// One check.
  public struct Check: Sendable {
    public let id: String
    public let what: String
    public let printed: String
    public let found: String
    public let verdict: Verdict
    /// What follows from it.
    public let note: String
  }

  public let checks: [Check]

  public init() throws {
    checks =
      try BraitschChecks().all + BiokineticChecks().all
  }

  /// `{"checks": [{"id", "what", "printed", "found", "verdict", "note"}], "counts"}`.
  public var document: JSONValue {
    [
      "checks": JSONValue(
        checks.map {
          [
            "id": JSONValue($0.id), "what": JSONValue($0.what), "printed": JSONValue($0.printed),
            "found": JSONValue($0.found), "verdict": JSONValue($0.verdict.rawValue), "note": JSONValue($0.note),
          ]
        }),
      "counts": .object(
        JSONObject(
          [Verdict.agrees, .within, .disagrees, .rejected].map { verdict in
            (verdict.rawValue, JSONValue(checks.count { $0.verdict == verdict }))
          })),
    ]
  }

  /// A table for people.
  public var summary: String {
    var table = TextTable(["Check", "What", "Printed", "Found here", "Verdict"], numbers: [])
    for check in checks { table.add([check.id, check.what, check.printed, check.found, check.verdict.rawValue]) }
    let notes = checks.filter { !$0.note.isEmpty }.map { "\($0.id): \($0.note)" }
    return ([table.text] + notes).joined(separator: "\n") + "\n"
  }
}

/// Table 2 and Figure 3 of Braitsch 2025.
private struct BraitschChecks {
  private static let kidneys = [1.59, 1.44, 1.73, 1.18, 0.73, 1.30, 2.97]
  private static let kidneysAfter = [0.87, 1.21, 0.68, 0.68]
  private static let liver = [0.29, 0.40, 0.47, 0.66, 0.16, 0.38, 0.92]
  private static let liverAfter = [0.20, 0.36, 0.32, 0.36]
  private static let marrow = [0.42, 0.57, 0.47, 0.44, 0.11, 0.16, 0.01]
  private static let marrowAfter = [0.14, 0.41, 0.30, 0.10]
  private static let injected = [12.0, 14.4, 13.0, 11.4, 12.2, 16.1, 7.6]
  /// Of the patients in whom both were measured: 1, 2, 4, 6.
  private static let pairs = [0, 1, 3, 5]

  private static let columns: [(name: String, values: [Double], median: Double, deviation: Double)] = [
    ("kidneys before", kidneys, 1.44, 0.70), ("liver before", liver, 0.40, 0.25), ("marrow before", marrow, 0.42, 0.12),
    ("kidneys after", kidneysAfter, 0.78, 0.22), ("liver after", liverAfter, 0.34, 0.07),
    ("marrow after", marrowAfter, 0.22, 0.12),
  ]

  var all: [PublishedChecks.Check] {
    get throws {
      try medians + deviations + [injectedActivity] + limits + [siteMinima, conversion, counts, figureThree]
    }
  }

  private var medians: [PublishedChecks.Check] {
    get throws {
      let samples = try Self.columns.map { ($0, try Sample($0.values)) }
      return [
        PublishedChecks.Check(
          id: "C1", what: "Braitsch Table 2: six medians, Gy/GBq",
          printed: Self.columns.map { two($0.median) }.joined(separator: " "),
          found: samples.map { String(format: "%.3f", $0.1.median) }.joined(separator: " "),
          verdict: samples.allSatisfy { agrees($0.1.median, $0.0.median, 2) } ? .agrees : .disagrees, note: "")
      ]
    }
  }

  private var deviations: [PublishedChecks.Check] {
    get throws {
      try Self.columns.enumerated().map { index, column in
        let sample = try Sample(column.values)
        let (ofSample, ofPopulation) = (sample.sampleDeviation!, sample.populationDeviation)
        let isSample = agrees(ofSample, column.deviation, 2)
        let isPopulation = agrees(ofPopulation, column.deviation, 2)
        return PublishedChecks.Check(
          id: "C2.\(index + 1)", what: "Braitsch Table 2: SD, \(column.name)", printed: two(column.deviation),
          found: String(format: "sample %.3f, population %.3f", ofSample, ofPopulation),
          verdict: isSample || isPopulation ? .agrees : .disagrees,
          note: isSample
            ? "The SD of the sample."
            : isPopulation ? "The SD of the population." : "Neither SD: the printed one is that of another column.")
      }
    }
  }

  private var injectedActivity: PublishedChecks.Check {
    get throws {
      let sample = try Sample(Self.injected)
      return PublishedChecks.Check(
        id: "C3", what: "Braitsch: injected activity, GBq", printed: "12.4 ± 2.7 (7.6–16.1)",
        found: String(
          format: "%.3f ± %.3f (%.1f–%.1f)", sample.mean, sample.sampleDeviation!, sample.minimum, sample.maximum),
        verdict: agrees(sample.mean, 12.4, 1) && agrees(sample.sampleDeviation!, 2.7, 1)
          && sample.minimum == 7.6 && sample.maximum == 16.1 ? .agrees : .disagrees, note: "")
    }
  }

  /// C4 to C7: which reading of the limits the injected activities obey.
  private var limits: [PublishedChecks.Check] {
    get throws {
      let shares = zip(Self.injected, Self.kidneys).map { injected, d in
        Activity.gigabecquerels(injected) / (AbsorbedDose.grays(23) / AbsorbedDosePerActivity.graysPerGigabecquerel(d))
      }
      let total = zip(Self.injected, Self.marrow).map { injected, d in
        (AbsorbedDosePerActivity.graysPerGigabecquerel(d) * .gigabecquerels(injected)).grays
      }
      let lutetium = try NuclideTable.icrp107().nuclide("Lu-177")
      func residual(_ halfLife: Time, _ day: Double) -> [Double] {
        let course = ExponentialSum([.init(amplitude: .megabecquerels(1), rate: RateConstant(halfLife: halfLife))])
        return total.map { $0 * course.share(after: .days(day)) }
      }
      let effective = residual(.hours(92), 14)
      let (fourteen, fifteen) = (residual(lutetium.halfLife, 14), residual(lutetium.halfLife, 15))
      return [
        PublishedChecks.Check(
          id: "C4", what: "Injected over 23 Gy / kidney dose", printed: "at most 1",
          found: shares.map(two).joined(separator: " "), verdict: shares.allSatisfy { $0 <= 1 } ? .agrees : .disagrees,
          note: "All seven obey the kidney limit."),
        PublishedChecks.Check(
          id: "C5", what: "Total marrow dose within 1 Gy (reading I3)", printed: "1 Gy",
          found: total.map(two).joined(separator: " ") + " Gy",
          verdict: total.allSatisfy { $0 <= 1 } ? .agrees : .rejected,
          note: "\(total.count { $0 > 1 }) of 7 exceed it: 1 Gy is not the total marrow dose."),
        PublishedChecks.Check(
          id: "C6", what: "Marrow dose after day 14, T_eff 92 h (reading I1)", printed: "at most 1 Gy",
          found: effective.map { String(format: "%.3f", $0) }.joined(separator: " ") + " Gy",
          verdict: effective.allSatisfy { $0 <= 1 } ? .agrees : .disagrees,
          note: "The reading that all seven obey; the paper prints no half-life."),
        PublishedChecks.Check(
          id: "C7", what: "Marrow dose after day 14 / 15, physical decay", printed: "1 Gy",
          found: zip(fourteen, fifteen).map { two($0) + "/" + two($1) }.joined(separator: " ") + " Gy",
          verdict: fourteen.allSatisfy { $0 <= 1 } ? .agrees : .rejected,
          note: "Four of seven exceed it at day 14: physical decay alone was not the rule."),
      ]
    }
  }

  private var siteMinima: PublishedChecks.Check {
    get throws {
      let sample = try Sample([1.13, 1.78, 1.77, 2.31, 2.50])
      return PublishedChecks.Check(
        id: "C8", what: "Braitsch: mean SUVmax of patient 5", printed: "1.90 (1.13–2.50)",
        found: String(format: "%.3f (%.2f–%.2f)", sample.mean, sample.minimum, sample.maximum),
        verdict: agrees(sample.mean, 1.90, 2) ? .agrees : .disagrees,
        note: "The minima of all sites belong to this patient.")
    }
  }

  private var conversion: PublishedChecks.Check {
    get throws {
      let kidneys = try Sample(zip(Self.pairs, Self.kidneysAfter).map { $1 / Self.kidneys[$0] })
      return PublishedChecks.Check(
        id: "C9", what: "Kidney dose after over before, patients 1, 2, 4, 6",
        printed: "Buck: 0.64 ± 0.13 with amino acids",
        found: String(format: "mean %.3f, SD %.3f, n %d", kidneys.mean, kidneys.sampleDeviation!, kidneys.count),
        verdict: (kidneys.mean - 0.64).magnitude <= 0.13 ? .within : .disagrees,
        note: "Marrow and liver fall too, so amino acids alone are not the cause.")
    }
  }

  private var counts: PublishedChecks.Check {
    let groups = [[4, 3], [2, 3, 2], [3, 1, 1, 2], [5, 1, 1], [3, 2, 2]]
    let sums = groups.map { $0.reduce(0, +) }
    return PublishedChecks.Check(
      id: "C12", what: "Braitsch: sex, ELN, donors, response, outcome", printed: "7 patients",
      found: sums.map(String.init).joined(separator: " "), verdict: sums.allSatisfy { $0 == 7 } ? .agrees : .disagrees,
      note: "")
  }

  /// Figure 3 shows patient 2 of Table 2.
  private var figureThree: PublishedChecks.Check {
    let index = Self.injected.firstIndex(of: 14.4)
    let kidneys = AbsorbedDosePerActivity.graysPerGigabecquerel(1.44) * .gigabecquerels(14.4)
    return PublishedChecks.Check(
      id: "B-Fig3", what: "Braitsch Fig. 3: 14.4 GBq is patient 2; kidneys predicted", printed: "at most 23 Gy",
      found: "patient \((index ?? -1) + 1), \(String(format: "%.2f", kidneys.grays)) Gy",
      verdict: index == 1 && kidneys <= .grays(23) ? .agrees : .disagrees,
      note:
        "Scans at 1, 22, 48 h and 6 d before, 2, 24, 48 h and 6 d after: not the protocol's times; actual times are used."
    )
  }
}

/// Buck 2022 and Hänscheid 2022.
private struct BiokineticChecks {
  /// Medians with ranges in Gy/GBq for ¹⁷⁷Lu and ⁹⁰Y of Hänscheid 2022, as read in the abstract.
  private static let haenscheid:
    [(organ: String, lutetium: (Double, Double, Double), yttrium: (Double, Double, Double))] = [
      ("kidneys", (0.91, 0.38, 3.47), (3.75, 1.48, 12.2)), ("liver", (0.71, 0.39, 1.17), (1.61, 1.14, 2.97)),
      ("spleen", (0.58, 0.34, 2.26), (1.66, 0.97, 6.69)), ("marrow", (0.47, 0.14, 2.33), (1.06, 0.27, 4.45)),
    ]

  var all: [PublishedChecks.Check] {
    get throws {
      try [translation, kidneyDose, effectiveDose].compactMap { $0 } + bloodDose + haenscheidRatios + buckBounds
    }
  }

  /// The kidney curve of Buck 2022: 2.2 % per kidney at 18 h, falling with 41 h.
  private func kidneys() throws -> ExponentialSum {
    let late = RateConstant(halfLife: .hours(41)).perHour
    // The uptake rate that puts the peak of A (e^−at − e^−bt) at 18 h: ln(b/a)/(b − a) = 18 h.
    var (low, high) = (late * 1.01, 5.0)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if log(middle / late) / (middle - late) > 18 { low = middle } else { high = middle }
    }
    let uptake = low
    let peak = exp(-late * 18) - exp(-uptake * 18)
    let amplitude = Activity.becquerels(0.022 / peak)
    return ExponentialSum([
      .init(amplitude: amplitude, rate: .perHour(late)), .init(amplitude: -amplitude, rate: .perHour(uptake)),
    ])
  }

  private func perActivity(_ nuclide: Nuclide, _ course: ExponentialSum) throws -> AbsorbedDosePerActivity {
    let region = DoseRegion(name: "Kidneys", mass: .grams(310), pieces: 2, shape: .organ)
    guard let s = try SelfDoseSet().sValue(nuclide, target: region, source: region) else {
      throw CaseError.internalFault("no S value of the kidneys")
    }
    return .graysPerBecquerel(2 * course.integral.becquerelSeconds * s.total.graysPerBecquerelSecond)
  }

  private var translation: PublishedChecks.Check {
    get throws {
      let table = try NuclideTable.icrp107()
      let (lutetium, yttrium) = (try table.nuclide("Lu-177"), try table.nuclide("Y-90"))
      let course = try kidneys()
      let other = try course.translated(from: lutetium.decayConstant, to: yttrium.decayConstant)
      let ratio = try perActivity(yttrium, other) / perActivity(lutetium, course)
      let published = 3.75 / 0.91
      return PublishedChecks.Check(
        id: "C10", what: "Kidneys: ⁹⁰Y over ¹⁷⁷Lu from Buck's kinetics", printed: String(format: "%.2f", published),
        found: String(format: "%.2f", ratio), verdict: (ratio / published - 1).magnitude < 0.05 ? .agrees : .disagrees,
        note: "Medians of Hänscheid 2022: 3.75 and 0.91 Gy/GBq. 5 % are taken as agreement.")
    }
  }

  private var kidneyDose: PublishedChecks.Check {
    get throws {
      let dose = try perActivity(try NuclideTable.icrp107().nuclide("Lu-177"), try kidneys())
      return PublishedChecks.Check(
        id: "C11", what: "Kidneys: dose from 2.2 %, 18 h, 41 h, 310 g", printed: "median 0.9 (0.4–3.5) Gy/GBq",
        found: String(format: "%.3f Gy/GBq", dose.graysPerGigabecquerel),
        verdict: (0.4...3.5).contains(dose.graysPerGigabecquerel) ? .within : .disagrees,
        note: "Means of uptake and half-life give no median dose.")
    }
  }

  /// The activity behind Buck's effective dose, by a coefficient that was not read in its source.
  private var effectiveDose: PublishedChecks.Check? {
    EffectiveDose.published["[68Ga]Pentixafor"].map { coefficient in
      let activity = 2.3 / coefficient.value.millisievertsPerMegabecquerel
      return PublishedChecks.Check(
        id: "K-E", what: "Buck: effective dose of [68Ga]Pentixafor", printed: "2.3 mSv",
        found: String(format: "%.0f MBq at 0.0156 mSv/MBq", activity),
        verdict: (100...200).contains(activity) ? .within : .disagrees,
        note: "The word dose is missing in the print; the coefficient is not verified.")
    }
  }

  /// Buck's blood kinetics bound the marrow from below.
  private var bloodDose: [PublishedChecks.Check] {
    get throws {
      let course = ExponentialSum(
        [(0.10, 0.23), (0.025, 7), (0.002, 40)].map {
          .init(amplitude: .becquerels($0.0 / 1000), rate: RateConstant(halfLife: .hours($0.1)))
        })
      let region = DoseRegion(name: "Marrow", mass: .grams(1170), shape: .redMarrow)
      guard
        let s = try SelfDoseSet().sValue(
          try NuclideTable.icrp107().nuclide("Lu-177"), target: region, source: region)
      else { return [] }
      let dose = RedMarrow.perActivity(
        bloodDecaysPerMillilitre: course.integral, administered: .becquerels(1),
        ratio: try RedMarrow.ratio(.haematocrit(0.47)), marrow: region.mass, sValue: s)
      return [
        PublishedChecks.Check(
          id: "K-blood", what: "Blood-based marrow dose against the median of 0.5", printed: "0.14–2.3 Gy/GBq",
          found: String(format: "%.4f Gy/GBq", dose.graysPerGigabecquerel),
          verdict: dose.graysPerGigabecquerel < 0.14 ? .rejected : .within,
          note: "Blood alone explains a few per cent: marrow uptake is specific, and blood gives a lower bound only.")
      ]
    }
  }

  private var haenscheidRatios: [PublishedChecks.Check] {
    get throws {
      let table = try NuclideTable.icrp107()
      let (lutetium, yttrium) = (try table.nuclide("Lu-177"), try table.nuclide("Y-90"))
      let halfLives = ["kidneys": 41.0, "liver": 109, "spleen": 86, "marrow": 92]
      let masses = ["kidneys": 310.0, "liver": 1800, "spleen": 150, "marrow": 1170]
      let set = try PatientSValues(.male)
      return try Self.haenscheid.map { organ, lu, y in
        let course = ExponentialSum([
          .init(amplitude: .megabecquerels(1), rate: RateConstant(halfLife: .hours(halfLives[organ]!)))
        ])
        let other = try course.translated(from: lutetium.decayConstant, to: yttrium.decayConstant)
        let region = DoseRegion(
          name: organ, mass: .grams(masses[organ]!), pieces: organ == "kidneys" ? 2 : 1,
          shape: organ == "marrow" ? .redMarrow : .organ)
        func s(_ nuclide: Nuclide) throws -> Double {
          guard let s = try set.sValue(nuclide, target: region, source: region) else {
            throw CaseError.internalFault("no S value of \(organ)")
          }
          return s.total.base
        }
        let ratio = try other.integral / course.integral * s(yttrium) / s(lutetium)
        let printed = y.0 / lu.0
        // Medians of 19 patients of unlike kinetics: within a factor of 2 bounds the ratio.
        let isNear = (ratio / printed - 1).magnitude < 0.15
        return PublishedChecks.Check(
          id: "HS-\(organ)", what: "Hänscheid 2022, \(organ): ⁹⁰Y over ¹⁷⁷Lu at the median half-life",
          printed: String(format: "%.2f / %.2f = %.2f", y.0, lu.0, printed), found: String(format: "%.2f", ratio),
          verdict: isNear ? .agrees : ratio / printed < 2 && ratio / printed > 0.5 ? .within : .disagrees,
          note: isNear
            ? "15 % are taken as agreement: one exponential at the median half-life."
            : "Within a factor of 2: early phases and the unlike patients of two medians differ.")
      }
    }
  }

  /// Buck's ranges as bounds: Braitsch's patients and the physical half-lives.
  private var buckBounds: [PublishedChecks.Check] {
    get throws {
      let table = try NuclideTable.icrp107()
      let halfLives = try ["Lu-177", "Y-90"].map { try table.nuclide($0).halfLife.days }
      let kidneys = [1.59, 1.44, 1.73, 1.18, 0.73, 1.30, 2.97]
      let marrow = [0.42, 0.57, 0.47, 0.44, 0.11, 0.16, 0.01]
      let outside = marrow.enumerated().filter { !(0.14...2.3).contains($0.element) }.map { "\($0.offset + 1)" }
      let injected = [12.0, 14.4, 13.0, 11.4, 12.2, 16.1, 7.6]
      return [
        PublishedChecks.Check(
          id: "K-T", what: "Buck: physical half-lives, d", printed: "6.7, 2.7",
          found: halfLives.map { String(format: "%.3f", $0) }.joined(separator: ", "),
          verdict: agrees(halfLives[0], 6.7, 1) && agrees(halfLives[1], 2.7, 1) ? .agrees : .disagrees,
          note: "6.647 d does not round to 6.7; ICRP 107 is used."),
        PublishedChecks.Check(
          id: "K-kidney", what: "Buck's kidney range holds Braitsch's patients", printed: "0.4–3.5 Gy/GBq",
          found: "0.73–2.97", verdict: kidneys.allSatisfy { (0.4...3.5).contains($0) } ? .within : .disagrees, note: ""),
        PublishedChecks.Check(
          id: "K-marrow", what: "Buck's marrow range holds Braitsch's patients", printed: "0.14–2.3 Gy/GBq",
          found: outside.isEmpty ? "all" : "all but patients \(outside.joined(separator: ", "))",
          verdict: outside.isEmpty ? .within : .disagrees,
          note: "Another cohort, and patient 7 by SPECT with another marrow model: not to be pooled."),
        PublishedChecks.Check(
          id: "K-Table1", what: "Buck Table 1: 7.6–23.5 GBq in 22 patients holds Braitsch's activities",
          printed: "7.6–23.5 GBq", found: "7.6–16.1 GBq",
          verdict: injected.allSatisfy { (7.6...23.5).contains($0) } ? .within : .disagrees,
          note: "Bounds only: the table gives ranges and maximum tumour doses (84, 53, above 70, 96.5 Gy)."),
      ]
    }
  }
}

private func two(_ value: Double) -> String { String(format: "%.2f", value) }

/// Whether a number rounds to a printed one, halves either way.
private func agrees(_ value: Double, _ printed: Double, _ decimals: Int) -> Bool {
  (value - printed).magnitude <= 0.5 * pow(10, -Double(decimals)) + 1e-9
}
