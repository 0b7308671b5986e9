import Foundation
public import JSON
import Provenance
import Reports
import Statistics
import Therapy

/// Agreement of pre- and post-therapeutic doses over a cohort, and the conversion factors it teaches: `verify FILE`.
public struct DoseAgreement: Sendable {
  /// One organ over the patients in whom both doses were measured.
  struct Organ: Sendable {
    let name: String
    let agreement: Agreement
    let paired: TTest
    let signedRank: SignedRank
    let learned: LearnedConversionFactor
  }

  let title: String
  let organs: [Organ]
  /// Organs that fewer than two patients have, by name.
  private let without: [String]

  /// Reads a table of the format `endora-prescription-1` with doses after the therapy.
  public static func read(_ path: String) throws -> DoseAgreement { try DoseAgreement(try PublishedDoses.read(path)) }

  init(_ doses: PublishedDoses) throws {
    title = doses.title
    var organs: [Organ] = []
    var without: [String] = []
    for (name, key) in [("Kidneys", "kidneys"), ("Marrow", "marrow"), ("Liver", "liver")] {
      let pairs = doses.patients.compactMap { patient -> (before: Double, after: Double)? in
        guard let before = patient.values["\(key)_Gy_per_GBq"], let after = patient.values["\(key)After_Gy_per_GBq"]
        else { return nil }
        return (before, after)
      }
      guard pairs.count > 1 else {
        without.append(name)
        continue
      }
      let (before, after) = (pairs.map(\.before), pairs.map(\.after))
      organs.append(
        Organ(
          name: name, agreement: try Agreement(before, after), paired: try TTest.paired(before, after),
          signedRank: try SignedRank(before, after), learned: try LearnedConversionFactor(before: before, after: after))
      )
    }
    guard !organs.isEmpty else {
      throw CaseError(
        "no-pairs", "No organ has doses before and after the therapy in two patients.",
        remedy: "Give kidneys_Gy_per_GBq and kidneysAfter_Gy_per_GBq of at least two patients.")
    }
    self.organs = organs
    self.without = without
  }

  /// The document of `verify FILE --json`.
  public var document: JSONValue {
    func interval(_ interval: Interval) -> JSONValue { [JSONValue(interval.lower), JSONValue(interval.upper)] }
    return [
      "title": JSONValue(title),
      "organs": JSONValue(
        organs.map { organ in
          let d = organ.agreement.difference
          return [
            "name": JSONValue(organ.name), "n": JSONValue(organ.agreement.count),
            "blandAltman": [
              "bias": amount(d.bias, "Gy/GBq"), "deviation": amount(d.deviation, "Gy/GBq"),
              "limits": interval(d.limits),
            ],
            "ratio": organ.agreement.ratio.map {
              ["bias": JSONValue($0.bias), "limits": interval($0.limits)]
            } ?? nil,
            "pairedT": [
              "t": JSONValue(organ.paired.t), "df": JSONValue(organ.paired.degreesOfFreedom),
              "p": JSONValue(organ.paired.p),
            ],
            "wilcoxon": [
              "p": JSONValue(organ.signedRank.p), "smallest": JSONValue(organ.signedRank.smallestAttainable),
            ],
            "icc": [
              "oneWay": JSONValue(organ.agreement.intraclass.oneWay),
              "agreement": JSONValue(organ.agreement.intraclass.agreement),
              "consistency": JSONValue(organ.agreement.intraclass.consistency),
            ],
            "conversionFactor": [
              "value": JSONValue(organ.learned.factor), "interval95": interval(organ.learned.interval),
              "nextPatient95": interval(organ.learned.prediction), "n": JSONValue(organ.learned.count),
            ],
          ]
        }),
      "withoutPairs": JSONValue(without.map { JSONValue($0) }),
      "note": "Differences are before less after. Fewer than about ten patients describe, they do not prove.",
    ]
  }

  /// A table for people.
  public var summary: String {
    var table = TextTable(
      [
        "Organ", "n", "bias Gy/GBq", "limits of agreement", "t test p", "Wilcoxon p", "ICC(2,1)", "factor",
        "next patient",
      ],
      numbers: Set(1...8))
    for organ in organs {
      let d = organ.agreement.difference
      table.add([
        organ.name, "\(organ.agreement.count)", String(format: "%.3f", d.bias),
        String(format: "%.3f to %.3f", d.limits.lower, d.limits.upper), String(format: "%.4f", organ.paired.p),
        String(format: "%.3f", organ.signedRank.p), String(format: "%.3f", organ.agreement.intraclass.agreement),
        String(
          format: "%.2f (%.2f–%.2f)", organ.learned.factor, organ.learned.interval.lower, organ.learned.interval.upper),
        String(format: "%.2f–%.2f", organ.learned.prediction.lower, organ.learned.prediction.upper),
      ])
    }
    return
      "\(title)\n\n\(table.text)Factors are therapy over pre-therapy with 95 % intervals; next patient: where 95 % of "
      + "single patients are expected.\n"
  }
}

/// What `verify` is asked for: a case, or a table of patients.
public struct VerificationRequest: Sendable {
  /// What came of it.
  public enum Answer: Sendable {
    case verification(Verification)
    case agreement(DoseAgreement)
  }

  private let path: String
  private let cohort: String?

  public init(path: String, cohort: String?) {
    self.path = path
    self.cohort = cohort
  }

  /// Verifies.
  public func answer() throws -> Answer {
    try isCase(path)
      ? .verification(try Verification.make(path, cohort: cohort)) : .agreement(try DoseAgreement.read(path))
  }
}
