import Dosimetry
import JSON
import Kinetics
import Provenance
import Quantities
import Radionuclides
import Therapy

/// A label and a reading of the marrow's limit, with everything drawn that a slider asks for.
public struct PreparedChoice: Sendable {
  /// What is chosen by click; activity, day, risk and factor are chosen by slider.
  public struct Key: Hashable, Sendable {
    /// Such as `Y-90`; `nil` for the measured one.
    public let label: String?
    /// Register A7-1, `I1` to `I4`; `nil` for the case's.
    public let reading: String?

    public init(label: String?, reading: String?) {
      self.label = label
      self.reading = reading
    }
  }

  let nuclide: Nuclide
  let prescription: Prescription
  let whatIf: WhatIf
  let doses: [LabelOption.Dose]
  /// What remains of the marrow's dose per GBq, day by day.
  let remaining: [(time: Time, dose: AbsorbedDose, interval: ClosedRange<AbsorbedDose>)]
  let sensitivities: [Sensitivity]
  /// The end of the slider and of the axes.
  let end: Activity
  /// The days of the graft that are offered.
  static let days = 1.0...28.0
}

extension CaseSession {
  /// Draws what sliders need under a label and a reading.
  ///
  /// - Throws: why there is no prescription, or why the label cannot be used.
  public func prepare(_ key: PreparedChoice.Key) throws -> PreparedChoice {
    guard let planned = plan.analysis.prescription else { throw plan.analysis.refusal! }
    let nuclide = try key.label.map { try NuclideTable.icrp107().nuclide($0) } ?? plan.nuclide
    let reading = try key.reading.map { text in
      guard let reading = LimitReading(rawValue: text) else {
        throw CaseError(
          "reading-unknown", "There is no reading \(printable(text)) of the marrow's limit.",
          remedy: "Give I1, I2, I3 or I4.")
      }
      return reading
    }
    let limits = try planned.outcomes.map(\.limit).map { limit in
      guard let reading, limit.organ.region.name == "Marrow", limit.reading != reading else { return limit }
      return try DoseLimit(
        name: reading.marrowName, limit: limit.limit, reading: reading, priorDose: limit.priorDose,
        conversionFactor: limit.conversionFactor, organ: limit.organ)
    }
    let option = try LabelOption(
      nuclide, measured: plan.nuclide, limits: limits, others: plan.analysis.organs.map(\.dose),
      graft: planned.graft, acceptedRisk: planned.acceptedRisk ?? Self.usualRisk, combination: .all, cap: nil,
      seed: file.therapy.seed, set: plan.set)
    let prescription = option.prescription
    let marrow = prescription.outcomes.map(\.limit).first { $0.organ.region.name == "Marrow" }
    let times = (0...56).map { Time.days(PreparedChoice.days.upperBound * Double($0) / 56) }
    let largest = prescription.outcomes.map(\.bestEstimate).min()!.gigabecquerels
    return PreparedChoice(
      nuclide: nuclide, prescription: prescription, whatIf: WhatIf(prescription), doses: option.doses,
      remaining: try marrow.map {
        try GraftTiming.remaining(
          of: $0.organ, activity: .gigabecquerels(1), conversionFactor: $0.conversionFactor, at: times,
          seed: file.therapy.seed)
      } ?? [], sensitivities: prescription.sensitivities(), end: .gigabecquerels(Self.rounded(largest * 1.5)))
  }

  /// What is taken where the case asks for best estimates and the page needs a risk to begin with.
  static let usualRisk = 0.05

  /// A value rounded up to one or two leading digits, for the end of an axis.
  static func rounded(_ value: Double) -> Double {
    var step = 1.0
    while step > value { step /= 10 }
    while step * 10 <= value { step *= 10 }
    return (value / step * 2).rounded(.up) / 2 * step
  }
}
