import Dosimetry
import Foundation
import Transport
public import JSON
import Kinetics
import Provenance
import Quantities
import Radionuclides
import Reports
import Therapy

/// Absorbed doses of a case's organs with everything they rest on: `dose organ CASE`.
public struct OrganDoses: Sendable {
  /// One way to the marrow's dose.
  struct MarrowDose: Sendable {
    let method: String
    let perActivity: Uncertain<AbsorbedDosePerActivity>?
    let isLowerBound: Bool
    /// Why there is none, or what to know.
    let note: String
    let isUnverified: Bool
  }

  private let plan: Plan
  private let times: [Time]
  private let marrow: [MarrowDose]

  /// - Parameter times: in hours, apart by commas; the graft's day when left out.
  public static func make(_ path: String, times: String?) throws -> OrganDoses {
    let plan = try Plan.make(path)
    let times = try times?.split(separator: ",").map { text in
      guard let hours = Double(text.filter { $0 != " " }), hours.isFinite, hours >= 0 else {
        throw CaseError(
          "option-invalid", "'\(text.prefix(20))' is no time.", remedy: "Give hours apart by commas, such as 24,336.",
          category: .usage)
      }
      return Time.hours(hours)
    }
    return OrganDoses(plan, times: times ?? [plan.file.therapy.graft])
  }

  init(_ plan: Plan, times: [Time]) {
    self.plan = plan
    self.times = times
    marrow = MarrowDoses(plan).all
  }

  /// The document of `dose organ CASE --json`.
  public var document: JSONValue {
    [
      "case": JSONValue(plan.file.name), "nuclide": JSONValue(plan.nuclide.name),
      "administered": amount(plan.administered.megabecquerels, "MBq"),
      "set": JSONValue(plan.set.name),
      "organs": JSONValue(plan.analysis.organs.map(document)),
      "marrow": JSONValue(
        marrow.map {
          [
            "method": JSONValue($0.method), "dosePerActivity": $0.perActivity.map(perActivity) ?? nil,
            "isLowerBound": JSONValue($0.isLowerBound), "isUnverified": JSONValue($0.isUnverified),
            "note": JSONValue($0.note),
          ]
        }),
      "regions": JSONValue(
        plan.analysis.regions.compactMap { region in
          region.refusal.map {
            ["name": JSONValue(region.measured.region.name), "refused": AnyRefusal($0).document]
          }
        }),
      "findings": JSONValue(plan.findings.map(\.document)),
    ]
  }

  private func perActivity(_ value: Uncertain<AbsorbedDosePerActivity>) -> JSONValue {
    amount(
      value.value.graysPerGigabecquerel, "Gy/GBq", value.standardUncertainty?.graysPerGigabecquerel)
  }

  private func document(_ organ: Analysis.OrganResult) -> JSONValue {
    let dose = organ.dose
    let one = Activity.gigabecquerels(1)
    let peak = dose.peakDoseRate(of: one)
    let selfDose = dose.coefficient.value * dose.sValue.total
    return [
      "name": JSONValue(organ.name), "regions": JSONValue(organ.regions.map { JSONValue($0) }),
      "mass": amount(dose.region.mass.grams, "g"),
      "massConvention": JSONValue(
        organ.organ == .marrow || !plan.file.settings.scalesMass ? MassConvention.withoutBlood.word : "measured"),
      "tiac": amount(dose.coefficient.value.hours, "h", dose.coefficient.standardUncertainty?.hours),
      "sValue": [
        "value": JSONValue(dose.sValue.total.graysPerBecquerelSecond), "unit": "Gy/(Bq s)",
        "electron": JSONValue(dose.sValue.electron.graysPerBecquerelSecond),
        "photon": JSONValue(dose.sValue.photon.graysPerBecquerelSecond),
        "relativeUncertainty": JSONValue(dose.sValue.relativeUncertainty), "set": JSONValue(dose.sValue.set),
        "source": JSONValue(dose.sValue.source.citation),
      ],
      "dosePerActivity": perActivity(dose.perActivity),
      "self": amount(selfDose.graysPerGigabecquerel, "Gy/GBq"),
      "cross": JSONValue(
        Dictionary(grouping: dose.cross, by: \.emitter.name).sorted { $0.key < $1.key }.map { name, parts in
          let sum = parts.map { $0.perActivity(administered: dose.administered) }.total()
          return ["source": JSONValue(name), "dosePerActivity": amount(sum.graysPerGigabecquerel, "Gy/GBq")]
        }),
      "crossDose": dose.cross.isEmpty ? "not in the set" : "included",
      "initialDoseRate": amount(dose.doseRate(at: .zero, of: one).milligraysPerHour, "mGy/h per GBq"),
      "peakDoseRate": [
        "value": JSONValue(peak.rate.milligraysPerHour), "unit": "mGy/h per GBq", "time": amount(peak.time.hours, "h"),
      ],
      "effectiveHalfLife": amount(dose.lateHalfLife.hours, "h"),
      "times": JSONValue(
        times.map { time in
          let after = dose.perActivity(after: time)
          return [
            "time": amount(time.hours, "h"),
            "until": amount((dose.perActivity.value - after.value).graysPerGigabecquerel, "Gy/GBq"),
            "after": perActivity(after),
            "doseRate": amount(dose.doseRate(at: time, of: one).milligraysPerHour, "mGy/h per GBq"),
          ]
        }),
      "referenceMasses": JSONValue(conventions(organ)),
      "uncertainty": JSONValue(
        [["name": "fit", "relative": JSONValue(dose.coefficient.relativeUncertainty)]]
          + dose.components.map {
            ["name": JSONValue($0.name), "relative": JSONValue($0.relative), "shared": JSONValue($0.isShared)]
          }),
      "isUnverified": JSONValue(dose.isUnverified),
    ]
  }

  /// The self-dose if the organ had a reference adult's mass, by either convention.
  private func conventions(_ organ: Analysis.OrganResult) -> [JSONValue] {
    guard let sex = plan.file.subject?.sex else { return [] }
    let name = organ.organ == .marrow ? "marrow" : organ.organ.limited.rawValue
    return MassConvention.allCases.compactMap { convention in
      guard let mass = ReferenceAdult.mass(name, sex, convention) else { return nil }
      let s = organ.dose.sValue.scaled(from: organ.dose.region.mass, to: mass.value)
      return [
        "convention": JSONValue(convention.word), "mass": amount(mass.value.grams, "g"),
        "dosePerActivity": amount((organ.dose.coefficient.value * s.total).graysPerGigabecquerel, "Gy/GBq"),
        "source": JSONValue(mass.source.citation),
      ]
    }
  }

  /// A table for people.
  public var summary: String {
    let heads = ["Organ", "Gy/GBq", "cross", "mass / g", "T_eff / h", "peak mGy/h/GBq"]
    var table = TextTable(
      heads + times.map { "after \(shortNumber($0.hours)) h" }, numbers: Set(1..<heads.count + times.count))
    for organ in plan.analysis.organs {
      let dose = organ.dose
      table.add(
        [
          organ.name, NumberFormat.dosePerActivity(dose.perActivity).joined,
          dose.cross.isEmpty ? "-" : shortNumber(dose.crossPerActivity().graysPerGigabecquerel),
          String(format: "%.1f", dose.region.mass.grams), shortNumber(dose.lateHalfLife.hours),
          shortNumber(dose.peakDoseRate(of: .gigabecquerels(1)).rate.milligraysPerHour),
        ] + times.map { NumberFormat.dosePerActivity(dose.perActivity(after: $0)).joined })
    }
    var lines = [table.text]
    if !marrow.isEmpty {
      lines.append("Marrow in Gy/GBq by every way:")
      for way in marrow {
        let value = way.perActivity.map { NumberFormat.dosePerActivity($0).joined } ?? "not computed"
        lines.append("  \(way.method): \(value)\(way.note.isEmpty ? "" : ". \(way.note)")")
      }
    }
    lines.append("S values: \(plan.set.name).")
    lines.append(Release.disclaimer)
    return lines.joined(separator: "\n") + "\n"
  }
}

/// What `dose organ` is asked for: a case, or a file of coefficients.
public struct OrganDoseRequest: Sendable {
  /// What came of it.
  public enum Answer: Sendable {
    case organs(OrganDoses)
    case coefficients(CoefficientDoses)
  }

  private let path: String
  private let times: String?

  public init(path: String, times: String?) {
    self.path = path
    self.times = times
  }

  /// Computes the doses.
  public func answer() throws -> Answer {
    guard try isCase(path) else {
      guard times == nil else {
        throw CaseError(
          "no-curves", "Coefficients have no time course.", remedy: "Leave --times out, or name a case.",
          category: .usage)
      }
      return .coefficients(try CoefficientDoses.read(path))
    }
    return .organs(try OrganDoses.make(path, times: times))
  }
}
