public import Provenance
public import Quantities

/// A rate at 1 m from 1 GBq in a patient, and what it rests on (SCIENCE 8 and 16, A9).
public struct PatientRate: Hashable, Sendable {
  public let name: String
  public let rateOfOneGigabecquerel: DoseEquivalentRate
  public let source: Source

  public init(name: String, rateOfOneGigabecquerel: DoseEquivalentRate, source: Source) {
    (self.name, self.rateOfOneGigabecquerel, self.source) = (name, rateOfOneGigabecquerel, source)
  }

  /// The three that are known for ¹⁷⁷Lu: a bare source, and two measured on patients.
  public static let lutetium177 = [
    PatientRate(
      name: "point source", rateOfOneGigabecquerel: .microsievertsPerHour(5.94),
      source: Source("DIN 0.00594 mSv m²/(GBq h), in Kranert 2019; the body's own absorption is left out")),
    PatientRate(
      name: "measured, PSMA", rateOfOneGigabecquerel: .microsievertsPerHour(4.62),
      source: Source("Frankfurt, 478 cycles of ¹⁷⁷Lu-PSMA-617 (abstract)")),
    PatientRate(
      name: "measured, mean", rateOfOneGigabecquerel: .microsievertsPerHour(3.7),
      source: Source("Bellamy 2022: 3.7 (95 % 2.4–5.8) µSv/h per GBq at 1 m")),
  ]
}

/// A limit on the dose rate at which a patient may leave, at a distance.
public struct DischargeRule: Hashable, Sendable {
  public let name: String
  public let limit: DoseEquivalentRate
  public let distance: Length
  /// What is open about it.
  public let openQuestion: String

  public init(name: String, limit: DoseEquivalentRate, distance: Length, openQuestion: String) {
    (self.name, self.limit, self.distance, self.openQuestion) = (name, limit, distance, openQuestion)
  }

  /// The German cases for ¹⁷⁷Lu (register A8-1). The guideline prints no value for ¹⁷⁷Lu; the licence prevails.
  public static func german(physicalHalfLife: Time) -> [DischargeRule] {
    let year = DoseEquivalent.microsieverts(1000)
    return [
      DischargeRule(
        name: "3.5 µSv/h as for ¹³¹I", limit: .microsievertsPerHour(3.5), distance: .centimetres(200),
        openQuestion: "The guideline derives 3.5 µSv/h from the half-life of ¹³¹I and gives no value for ¹⁷⁷Lu."),
      DischargeRule(
        name: "1 mSv with physical decay",
        limit: RadiationProtection.rate(givingInAll: year, halfLife: physicalHalfLife),
        distance: .centimetres(200),
        openQuestion:
          "The guideline's procedure with the half-life of ¹⁷⁷Lu; whether it may be so applied, the licence says."),
      DischargeRule(
        name: "1 mSv with an effective half-life of 96 h",
        limit: RadiationProtection.rate(givingInAll: year, halfLife: .hours(96)), distance: .centimetres(200),
        openQuestion: "The guideline asks for the physical half-life; several therapies in one year add up."),
    ]
  }
}

/// Exemption values of the German ordinance (StrlSchV Anlage 4 Tabelle 1, text of 2018 to 2022).
public struct ExemptionLimit: Hashable, Sendable {
  public let nuclide: String
  public let activity: Activity
  /// In Bq/g; since 2018 also the value of unrestricted clearance, which needs a notice.
  public let becquerelsPerGram: Double

  public static let source = Source("StrlSchV Anlage 4 Tabelle 1, text of 2018 to 2022; check for later change")

  public static let all = [
    ("Lu-177", 1e7, 1e2), ("Lu-177m", 1e6, 1e-1), ("Y-90", 1e5, 1e3), ("Ga-68", 1e5, 1e1), ("Tb-161", 1e6, 1e3),
    ("I-131", 1e6, 1e1), ("Re-188", 1e5, 1e2), ("F-18", 1e6, 1e1), ("Ac-225", 1e4, 1e1),
  ].map { ExemptionLimit(nuclide: $0.0, activity: .becquerels($0.1), becquerelsPerGram: $0.2) }

  /// The nuclide's values; `nil` where none are at hand.
  public static func of(_ nuclide: String) -> ExemptionLimit? { all.first { $0.nuclide == nuclide } }
}
