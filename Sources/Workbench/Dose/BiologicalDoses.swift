import Dosimetry
import Foundation
public import JSON
import Kinetics
import Provenance
import Quantities
import Reports
import Therapy

/// Biologically effective doses of cycles with one effective half-life: `dose bed`.
public struct BiologicalDoses: Sendable {
  private let effect: BiologicalEffect
  private let doses: [AbsorbedDose]
  private let terms: ExponentialSum
  private let intervals: Time?
  private let tbi: (fractions: Int, dose: AbsorbedDose)?

  /// - Parameters:
  ///   - doses: in Gy, one a cycle, apart by commas.
  ///   - halfLives: effective half-lives in h; a second one is that of uptake, in the manner of F3u.
  ///   - interval: between cycles in d; refused below ten repair half-times, where cycles would share repair, and where more
  ///     than 1 % of a cycle's dose is still to come.
  ///   - tbi: `5x2` for five fractions of 2 Gy.
  public init(
    doses: String, halfLives: String, alphaBeta: Double, repair: Double, interval: Double?, tbi: String?
  ) throws {
    func numbers(_ text: String, _ what: String) throws -> [Double] {
      let values = text.split(separator: ",", omittingEmptySubsequences: false).map {
        Double($0.filter { $0 != " " }) ?? .nan
      }
      guard !values.isEmpty, values.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        throw Self.usage("'\(text.prefix(40))' are no \(what).", "Give numbers above 0 apart by commas.")
      }
      return values
    }
    guard alphaBeta > 0, alphaBeta.isFinite, repair > 0, repair.isFinite else {
      throw Self.usage("α/β is \(alphaBeta) Gy and the repair half-time \(repair) h.", "Give both above 0.")
    }
    self.doses = try numbers(doses, "doses").map { .grays($0) }
    let rates = try numbers(halfLives, "half-lives").map { RateConstant(halfLife: .hours($0)) }
    guard rates.count <= 2, rates.count == 1 || rates[1] > rates[0] else {
      throw Self.usage(
        "The half-lives are \(halfLives).", "Give the late one, and at most one shorter one of the uptake.")
    }
    terms = ExponentialSum(
      rates.enumerated().map { .init(amplitude: .megabecquerels($0 == 0 ? 1 : -1), rate: $1) })
    effect = BiologicalEffect(
      alphaBeta: .grays(alphaBeta), repairHalfTime: .hours(repair), source: Source("entered on the command line"))
    intervals = interval.map { .days($0) }
    if let intervals, !(intervals >= .hours(10 * repair)) {
      throw Self.usage(
        "Cycles \(shortNumber(intervals.days)) d apart share the repair of \(shortNumber(repair)) h.",
        "Cycles are summed only when they lie at least ten repair half-times apart.")
    }
    if let intervals, doses.contains(","), terms.share(after: intervals) > 0.01 {
      throw Self.usage(
        "After \(shortNumber(intervals.days)) d, \(shortNumber(terms.share(after: intervals) * 100)) % of a cycle's dose are "
          + "still to come.",
        "Cycles are summed only when at most 1 % is left at the next.")
    }
    self.tbi = try tbi.map { text in
      let parts = text.split(separator: "x")
      guard parts.count == 2, let n = Int(parts[0]), let d = Double(parts[1]), (1...100).contains(n), d > 0, d.isFinite
      else { throw Self.usage("'\(text.prefix(20))' is no fractionation.", "Write it like 5x2, in Gy.") }
      return (n, .grays(d))
    }
  }

  private static func usage(_ reason: String, _ remedy: String) -> CaseError {
    CaseError("option-invalid", reason, remedy: remedy, category: .usage)
  }

  private var factor: Double { effect.leaCatchesideFactor(of: terms) }
  private var cycles: [BiologicallyEffectiveDose] {
    doses.map { effect.biologicallyEffectiveDose(of: $0, factor: factor) }
  }
  private var beam: BiologicallyEffectiveDose? {
    tbi.map { effect.biologicallyEffectiveDose(fractions: $0.fractions, of: $0.dose) }
  }
  private var sum: BiologicallyEffectiveDose { cycles.total() + (beam ?? .zero) }

  /// The document of `dose bed --json`.
  public var document: JSONValue {
    func both(_ bed: BiologicallyEffectiveDose) -> [(String, JSONValue)] {
      [("bed", amount(bed.grays, "Gy")), ("eqd2", amount(effect.equieffectiveDose(of: bed).grays, "Gy"))]
    }
    return [
      "alphaBeta": amount(effect.alphaBeta.grays, "Gy"), "repairHalfTime": amount(effect.repairHalfTime.hours, "h"),
      "leaCatchesideFactor": JSONValue(factor),
      "cycles": JSONValue(
        zip(doses, cycles).map { dose, bed in
          .object(JSONObject([("absorbed", amount(dose.grays, "Gy"))] + both(bed)))
        }),
      "externalBeam": tbi.map { tbi in
        .object(
          JSONObject(
            [
              ("fractions", JSONValue(tbi.fractions)), ("fractionDose", amount(tbi.dose.grays, "Gy")),
              ("absorbed", amount((tbi.dose * Double(tbi.fractions)).grays, "Gy")),
            ] + both(beam!)))
      } ?? nil,
      "sum": .object(JSONObject(both(sum))),
      "doseFor": JSONValue(
        [28.0, 40].map { bed in
          [
            "bed": amount(bed, "Gy"),
            "absorbed": amount(
              effect.dose(for: .grays(bed) - (beam ?? .zero), factor: factor).grays, "Gy"),
          ]
        }),
    ]
  }

  /// A table for people.
  public var summary: String {
    var table = TextTable(["", "Gy", "BED Gy", "EQD2 Gy"], numbers: [1, 2, 3])
    func row(_ name: String, _ dose: AbsorbedDose?, _ bed: BiologicallyEffectiveDose) {
      table.add([
        name, dose.map { shortNumber($0.grays) } ?? "", String(format: "%.2f", bed.grays),
        String(format: "%.2f", effect.equieffectiveDose(of: bed).grays),
      ])
    }
    for (index, (dose, bed)) in zip(doses, cycles).enumerated() { row("cycle \(index + 1)", dose, bed) }
    if let tbi, let beam {
      row("\(tbi.fractions) × \(shortNumber(tbi.dose.grays)) Gy", tbi.dose * Double(tbi.fractions), beam)
    }
    row("sum", nil, sum)
    return table.text
      + "α/β \(shortNumber(effect.alphaBeta.grays)) Gy, repair \(shortNumber(effect.repairHalfTime.hours)) h, "
      + "G \(String(format: "%.4f", factor)). The sum is shown, not limited.\n"
      + (doses.count > 1 && intervals == nil ? "Cycles are taken to lie far apart; --interval checks it.\n" : "")
      + "\(Release.disclaimer)\n"
  }
}
