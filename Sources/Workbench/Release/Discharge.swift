import Dosimetry
import Foundation
public import JSON
import Kinetics
import Provenance
import Quantities
import Radionuclides
import Reports
import Therapy

/// Dose rates around a patient, when the patient may leave, contacts, urine and waste: `therapy release CASE`.
public struct Discharge: Sendable {
  /// What is asked for beside the case.
  public struct Options: Sendable {
    /// GBq; the case's verification or prescription when left out.
    public let activity: Double?
    /// µSv/h at 2 m.
    public let limit: Double?
    /// µSv/h at 1 m from 1 GBq.
    public let rate: Double?
    /// ¹⁷⁷ᵐLu per ¹⁷⁷Lu at administration.
    public let impurity: Double?

    public init(activity: Double?, limit: Double?, rate: Double?, impurity: Double?) {
      (self.activity, self.limit, self.rate, self.impurity) = (activity, limit, rate, impurity)
    }
  }

  private let plan: Plan
  private let activity: Activity
  private let retention: WholeBodyRetention
  private let retentionSource: String
  private let rates: [(rate: PatientRate, patient: PatientDoseRate)]
  private let rules: [DischargeRule]
  private let impurity: Double
  private let findings: [Finding]

  /// The obligatory stay (Braitsch 2025).
  private static let stay = Time.hours(48)
  private static let times = [0, 2, 24, 48, 72, 96, 120, 168, 240, 336].map { Time.hours($0) }

  public static func make(_ path: String, _ options: Options) throws -> Discharge {
    try Discharge(try Plan.make(path), options)
  }

  private init(_ plan: Plan, _ options: Options) throws {
    for value in [options.activity, options.limit, options.rate, options.impurity] {
      if let value, !(value > 0 && value.isFinite) {
        throw CaseError(
          "option-invalid", "An option is \(value).", remedy: "Give values above 0.", category: .usage)
      }
    }
    var findings: [Finding] = []
    if let given = options.activity {
      activity = .gigabecquerels(given)
    } else if let after = plan.file.verification {
      activity = after.administration.administered(decay: plan.nuclide.decayConstant)
    } else if let prescribed = plan.analysis.prescription?.activity {
      activity = prescribed
    } else {
      throw CaseError(
        "no-activity", "Nothing is prescribed and nothing was given.",
        remedy: "Name the activity with --activity, in GBq.")
    }
    (retention, retentionSource) = try Self.retention(plan, &findings)
    let known = plan.nuclide.name == "Lu-177" ? PatientRate.lutetium177 : []
    let own = options.rate.map {
      PatientRate(
        name: "entered", rateOfOneGigabecquerel: .microsievertsPerHour($0),
        source: Source("entered on the command line"))
    }
    let all = [own].compactMap { $0 } + known
    guard !all.isEmpty else {
      throw CaseError(
        "no-dose-rate", "No dose rate per activity is known for \(plan.nuclide.name).",
        remedy: "Give it with --rate, in µSv/h at 1 m from 1 GBq.", category: .usage)
    }
    let (given, retained) = (activity, retention)
    rates = try all.map {
      (
        $0,
        try PatientDoseRate(
          administered: given, retention: retained, rateOfOneGigabecquerel: $0.rateOfOneGigabecquerel)
      )
    }
    rules =
      (options.limit.map {
        [
          DischargeRule(
            name: "entered", limit: .microsievertsPerHour($0), distance: .centimetres(200),
            openQuestion: "Entered; the licence prevails.")
        ]
      } ?? []) + DischargeRule.german(physicalHalfLife: plan.nuclide.halfLife)
    impurity = options.impurity ?? 1e-4
    if plan.nuclide.name == "Lu-177", options.impurity == nil {
      findings.append(
        Finding(
          .info, code: "impurity-assumed", title: "¹⁷⁷ᵐLu assumed.",
          "The product's specification is not stated; a fraction of 0.0001 is shown, which carrier-added ¹⁷⁷Lu may exceed.",
          origin: "Therapy · radiation safety"))
    }
    findings.append(
      Finding(
        .caution, code: "licence-prevails", title: "The licence decides.",
        "The guideline gives no discharge rate for ¹⁷⁷Lu; every rule of discharge here is an interpretation (register A8-1).",
        origin: "Therapy · SCIENCE 8"))
    self.plan = plan
    self.findings = findings.worstFirst()
  }

  /// From the whole-body curve, or from Buck 2022 where the case has none.
  private static func retention(
    _ plan: Plan, _ findings: inout [Finding]
  ) throws -> (WholeBodyRetention, String) {
    guard let body = plan.analysis.regions.first(where: { $0.measured.region.organ == .wholeBody }),
      let estimate = body.estimate
    else {
      findings.append(
        Finding(
          .caution, code: "retention-of-population", title: "No whole-body curve.",
          "Half is taken to leave with 10 h and half with 96 h, as the source paper says of others.",
          origin: "Therapy · Buck 2022"))
      return (
        try WholeBodyRetention([
          .init(share: 0.5, effectiveHalfLife: .hours(10)), .init(share: 0.5, effectiveHalfLife: .hours(96)),
        ]), "population: Buck 2022"
      )
    }
    // A whole body takes nothing up: models that rise first have no part in what it retains.
    let falling = estimate.average.members.filter { member in
      member.fit.function.terms.allSatisfy { $0.amplitude > .zero }
    }
    let weight = falling.reduce(0) { $0 + $1.weight }
    let terms = falling.flatMap { $0.fit.function.scaled(by: $0.weight / weight).terms }
    let sum = terms.reduce(0) { $0 + $1.amplitude / plan.administered }
    guard !terms.isEmpty, sum > 0.5, sum < 1.2 else {
      throw CaseError(
        "retention-implausible",
        "The whole-body curve begins at \(shortNumber(sum * 100)) % of the administered activity, or rises.",
        remedy: "Check its calibration against the administered activity.")
    }
    if sum < 0.9 {
      findings.append(
        Finding(
          .caution, code: "retention-begins-low", title: "Whole body below 100 %.",
          "The curve begins at \(shortNumber(sum * 100)) % of the administered activity; what is missing counts as excreted at "
            + "once, so the rates of the first hours may be too low.", subject: body.measured.region.name,
          origin: "Therapy · radiation safety"))
    }
    if sum > 1 {
      findings.append(
        Finding(
          .info, code: "retention-normalised", title: "Whole body above 100 %.",
          "The curve begins at \(shortNumber(sum * 100)) % of the administered activity and is scaled to 100 %.",
          subject: body.measured.region.name, origin: "Therapy · radiation safety"))
    }
    return (
      try WholeBodyRetention(
        terms.map {
          .init(share: $0.amplitude / plan.administered / max(1, sum), effectiveHalfLife: $0.rate.halfLife)
        }.filter { $0.share > 1e-9 }), "whole-body curve of the case"
    )
  }

  private func discharge(_ rule: DischargeRule, _ patient: PatientDoseRate) throws -> Time? {
    try patient.time(until: rule.limit, at: rule.distance).map { max(Self.stay, $0) }
  }

  /// Visits that staff cannot avoid: to the beam and at the graft.
  ///
  /// Where the case does not date the beam it is taken to be nine days before the graft (Braitsch 2025: days −9 to −7).
  private var visits: [(name: String, distance: Length, lasting: Time, at: Time)] {
    let graft = plan.file.therapy.graft
    let beam = totalBodyIrradiation ?? graft - .days(9)
    var visits: [(String, Length, Time, Time)] = []
    if beam > .zero {
      let day = "day −\(Int((graft - beam).days.rounded()))" + (totalBodyIrradiation == nil ? " assumed" : "")
      visits.append(("taking the patient to the irradiation, \(day)", .centimetres(100), .minutes(30), beam))
      visits.append(("setting up the irradiation, \(day)", .centimetres(100), .minutes(15), beam))
    }
    visits.append(("giving the graft, day 0", .centimetres(100), .hours(1), graft))
    return visits
  }

  /// From the therapy to noon of the day of total-body irradiation, where the case dates both and it comes before the graft.
  private var totalBodyIrradiation: Time? {
    guard let start = plan.file.verification?.administration.start.local,
      let date = plan.file.otherIrradiation.first(where: { $0.kind == .totalBody })?.date,
      let noon = LocalTime(iso8601: date + "T12:00")
    else { return nil }
    let time = Time.seconds(noon.secondsSince1970 - start.secondsSince1970)
    return time > .zero && time < plan.file.therapy.graft ? time : nil
  }

  /// The document of `therapy release CASE --json`.
  public var document: JSONValue {
    get throws {
      let decay = plan.nuclide.decayConstant
      return [
        "case": JSONValue(plan.file.name), "nuclide": JSONValue(plan.nuclide.name),
        "activity": amount(activity.gigabecquerels, "GBq"),
        "retention": [
          "source": JSONValue(retentionSource),
          "components": JSONValue(
            retention.components.map {
              ["share": JSONValue($0.share), "effectiveHalfLife": amount($0.effectiveHalfLife.hours, "h")]
            }),
        ],
        "doseRates": JSONValue(
          try rates.map { rate, patient in
            [
              "name": JSONValue(rate.name), "source": JSONValue(rate.source.citation),
              "rateAtOneMetrePerGBq": amount(rate.rateOfOneGigabecquerel.microsievertsPerHour, "µSv/h"),
              "times": JSONValue(
                try Self.times.map { time in
                  [
                    "time": amount(time.hours, "h"),
                    "at1m": amount(try patient.rate(at: .centimetres(100), after: time).microsievertsPerHour, "µSv/h"),
                    "at2m": amount(try patient.rate(at: .centimetres(200), after: time).microsievertsPerHour, "µSv/h"),
                  ]
                }),
              "discharge": JSONValue(
                try rules.map { rule in
                  let time = try discharge(rule, patient)
                  return [
                    "rule": JSONValue(rule.name), "limit": amount(rule.limit.microsievertsPerHour, "µSv/h"),
                    "distance": amount(rule.distance.centimetres / 100, "m"),
                    "rateReached": try patient.time(until: rule.limit, at: rule.distance).map { amount($0.hours, "h") }
                      ?? nil,
                    "discharge": time.map { amount($0.hours, "h") } ?? nil,
                    "doseAfterwardsAt2m": try time.map {
                      amount(try patient.dose(at: .centimetres(200), from: $0).microsieverts, "µSv")
                    } ?? nil,
                    "openQuestion": JSONValue(rule.openQuestion),
                  ]
                }),
              "contacts": JSONValue(
                try Contact.atHome.map { contact in
                  [
                    "name": JSONValue(contact.name), "limit": amount(contact.limit.microsieverts, "µSv"),
                    "doseFromDischarge": amount(
                      try patient.dose(of: contact, from: Self.stay).microsieverts, "µSv"),
                    "avoidUntil": try patient.avoided(contact).map { amount($0.days, "d") } ?? nil,
                  ]
                }),
              "staff": JSONValue(
                try visits.map { visit in
                  [
                    "name": JSONValue(visit.name), "time": amount(visit.at.days, "d"),
                    "distance": amount(visit.distance.centimetres / 100, "m"),
                    "duration": amount(visit.lasting.minutes, "min"),
                    "dose": amount(
                      try patient.dose(at: visit.distance, from: visit.at, lasting: visit.lasting).microsieverts, "µSv"),
                  ]
                }),
            ]
          }),
        "obligatoryStay": amount(Self.stay.hours, "h"),
        "urine": JSONValue(
          [24.0, 48, 72].map { hours in
            [
              "until": amount(hours, "h"),
              "activity": amount(rates[0].patient.excreted(until: .hours(hours), decay: decay).gigabecquerels, "GBq"),
            ]
          }),
        "waste": waste,
        "impurity": impurityDocument,
        "findings": JSONValue(findings.map(\.document)),
      ]
    }
  }

  private var urine: Activity { rates[0].patient.excreted(until: Self.stay, decay: plan.nuclide.decayConstant) }

  /// ¹⁷⁷ᵐLu beside ¹⁷⁷Lu, with its exemption value.
  private var companion: (nuclide: Nuclide, limit: ExemptionLimit)? {
    guard plan.nuclide.name == "Lu-177", let nuclide = try? NuclideTable.icrp107().nuclide("Lu-177m"),
      let limit = ExemptionLimit.of(nuclide.name)
    else { return nil }
    return (nuclide, limit)
  }

  /// How long the urine of the stay is stored until it is exempt, the impurity in it counted by the sum rule.
  private var storage: Time? {
    guard let limit = ExemptionLimit.of(plan.nuclide.name) else { return nil }
    var parts = [(activity: urine, limit: limit.activity, halfLife: plan.nuclide.halfLife)]
    if let (long, limit) = companion {
      // Its share has grown by the end of the stay.
      let share = impurity * exp2(Self.stay / plan.nuclide.halfLife - Self.stay / long.halfLife)
      parts.append((urine * share, limit.activity, long.halfLife))
    }
    return RadiationProtection.storage(of: parts)
  }

  private var waste: JSONValue {
    guard let limit = ExemptionLimit.of(plan.nuclide.name) else { return nil }
    return [
      "exemption": amount(limit.activity.becquerels, "Bq"), "specific": amount(limit.becquerelsPerGram, "Bq/g"),
      "source": JSONValue(ExemptionLimit.source.citation),
      "urineUntil48h": amount(urine.gigabecquerels, "GBq"),
      "storageOfUrine": storage.map { amount($0.days, "d") } ?? nil,
      "note": JSONValue(
        "Storage until the exempt activity as a whole, of several nuclides by the sum rule; clearance by Bq/g needs a "
          + "notice and the volume of the tank."),
    ]
  }

  private var impurityDocument: JSONValue {
    guard let (long, limit) = companion else { return nil }
    let there = activity * impurity
    return [
      "nuclide": JSONValue(long.name), "fraction": JSONValue(impurity), "activity": amount(there.megabecquerels, "MBq"),
      "exemption": amount(limit.activity.megabecquerels, "MBq"), "isAboveExemption": JSONValue(there > limit.activity),
      "prevailsAfter": RadiationProtection.time(
        untilImpurity: impurity, of: long.halfLife, equals: plan.nuclide.halfLife
      ).map { amount($0.days, "d") } ?? nil,
    ]
  }

  /// Tables for people.
  public var summary: String {
    get throws {
      var table = TextTable(
        ["Hours"] + rates.flatMap { ["\($0.rate.name), 1 m", "2 m"] }, numbers: Set(0...2 * rates.count))
      for time in Self.times {
        table.add(
          [shortNumber(time.hours)]
            + (try rates.flatMap { _, patient in
              try [100.0, 200].map {
                shortNumber(try patient.rate(at: .centimetres($0), after: time).microsievertsPerHour)
              }
            }))
      }
      var lines = [
        "\(plan.file.name): \(activityText(activity)) \(plan.file.agent), retention from \(retentionSource).", "",
        "µSv/h around the patient:", table.text, "Discharge, not before \(Int(Self.stay.hours)) h:",
      ]
      for rule in rules {
        let times = try rates.map { rate, patient in
          "\(try discharge(rule, patient).map { NumberFormat.hours($0) } ?? "not within ten years") (\(rate.name))"
        }
        lines.append(
          "  \(rule.name), \(shortNumber(rule.limit.microsievertsPerHour)) µSv/h at 2 m: \(times.joined(separator: ", "))"
        )
        lines.append("    Open: \(rule.openQuestion)")
      }
      lines.append("Contacts after 48 h, \(rates[0].rate.name), avoided until 1 mSv is kept:")
      for contact in Contact.atHome {
        let day =
          try rates[0].patient.avoided(contact).map {
            $0 > .zero ? "day \(NumberFormat.earliestDay($0))" : "need not be avoided"
          } ?? "beyond ten years"
        lines.append("  \(contact.name): \(day)")
      }
      lines.append("Staff, \(rates[0].rate.name):")
      for visit in visits {
        let dose = try rates[0].patient.dose(at: visit.distance, from: visit.at, lasting: visit.lasting)
        lines.append(
          "  \(visit.name), \(Int(visit.lasting.minutes)) min at 1 m: \(shortNumber(dose.microsieverts)) µSv")
      }
      lines.append(
        "Urine until 48 h: \(shortNumber(urine.gigabecquerels)) GBq"
          + (storage.map { ", stored \(NumberFormat.earliestWholeDay($0)) d until it is exempt as a whole." } ?? "."))
      if let (long, limit) = companion {
        let there = activity * impurity
        lines.append(
          "\(long.symbol), a share of \(shortNumber(impurity)): \(shortNumber(there.megabecquerels)) MBq, "
            + "\(there > limit.activity ? "above" : "within") the exemption of "
            + "\(shortNumber(limit.activity.megabecquerels)) MBq.")
      }
      for finding in findings { lines.append("\(finding.title) \(finding.text)") }
      lines.append(Release.disclaimer)
      return lines.joined(separator: "\n") + "\n"
    }
  }
}
