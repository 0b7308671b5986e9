import Dosimetry
import Foundation
import Kinetics
import Provenance
import Quantities
import Radionuclides
import Therapy

/// From measured regions to a prescription, under one choice of settings.
struct Analysis: Sendable {
  /// One region's curve, or why it has none.
  enum Outcome: Sendable {
    case estimate(CurveEstimate)
    case refused(KineticsError)
  }

  /// One region with its outcome.
  struct RegionResult: Sendable {
    let measured: MeasuredRegion
    let outcome: Outcome

    var estimate: CurveEstimate? { if case .estimate(let estimate) = outcome { estimate } else { nil } }
    var refusal: KineticsError? { if case .refused(let error) = outcome { error } else { nil } }
  }

  /// One organ's dose.
  struct OrganResult: Sendable {
    let name: String
    let organ: CaseFile.Region.Organ
    let dose: OrganDose
    /// The regions it comes from.
    let regions: [String]
  }

  let regions: [RegionResult]
  let organs: [OrganResult]
  let prescription: Prescription?
  /// Why there is no prescription.
  let refusal: AnyRefusal?
  /// When the graft may come at the prescribed activity; `nil` without a limit on the residual marrow dose.
  let graft: (best: Time, interval: ClosedRange<Time>)?
  let findings: [Finding]

  /// - Parameter set: where S values come from; cross-dose is added where it holds any.
  init(
    _ file: CaseFile, _ nuclide: Nuclide, _ administered: Activity, _ measurement: Measurement,
    set: any SValueSet
  ) {
    var findings: [Finding] = []
    let regions = measurement.regions.map { measured in
      RegionResult(measured: measured, outcome: Self.analyse(measured, file.settings))
    }
    findings += regions.flatMap { $0.measured.findings + ($0.estimate?.findings ?? []) }
    findings += regions.compactMap { try? $0.publishedFinding() }
    var organs: [OrganResult] = []
    var refusals: [CaseFile.Region.Organ: AnyRefusal] = [:]
    for group in Self.organGroups(regions) {
      do {
        organs.append(try OrganDosimetry(file, nuclide, administered, set: set).dose(of: group, &findings))
      } catch let error as any Refusal {
        refusals[group[0].measured.region.organ.limited] = AnyRefusal(error)
        findings.append(
          Finding(
            .caution, code: error.code, title: "No dose.", "\(error.reason) \(error.remedy)",
            subject: group[0].measured.region.name, origin: "Dosimetry"))
      } catch {
        refusals[group[0].measured.region.organ.limited] = AnyRefusal(CaseError.internalFault("\(error)"))
      }
    }
    self.regions = regions
    do {
      let cross = CrossDosimetry(file, nuclide, set, organs, regions)
      organs = try cross.adding(to: organs)
      findings += cross.findings(organs)
    } catch let error as any Refusal {
      findings.append(
        Finding(
          .serious, code: error.code, title: "No cross-dose.", "\(error.reason) \(error.remedy)", origin: "Dosimetry"))
    } catch {
      findings.append(
        Finding(.serious, code: "internal", title: "No cross-dose.", "\(error)", origin: "Dosimetry"))
    }
    self.organs = organs
    findings += Self.vagueDoses(organs)
    var prescription: Prescription?
    var refusal: AnyRefusal?
    var graft: (best: Time, interval: ClosedRange<Time>)?
    do {
      let limits = try Self.limits(file, organs, refusals)
      let found = try Prescription(
        limits: limits, graft: file.therapy.graft, acceptedRisk: file.therapy.acceptedRisk, cap: file.therapy.cap,
        combination: file.settings.combination, seed: file.therapy.seed)
      prescription = found
      if let marrow = limits.first(where: { $0.reading == .afterGraft }) {
        graft = try GraftTiming.earliest(for: marrow, at: found.activity, seed: file.therapy.seed)
      }
      findings += Self.findings(file, found, graft)
    } catch let error as any Refusal {
      refusal = AnyRefusal(error)
    } catch {
      refusal = AnyRefusal(CaseError.internalFault("\(error)"))
    }
    self.prescription = prescription
    self.refusal = refusal
    self.graft = graft
    self.findings = findings
  }

  private static func analyse(_ measured: MeasuredRegion, _ settings: CaseSettings) -> Outcome {
    do {
      return .estimate(
        try measured.curve.analysed(
          with: AnalysisSettings(
            weighting: measured.weighting, fixedModel: measured.region.model, criterion: settings.criterion,
            prior: measured.prior)))
    } catch let error as KineticsError {
      return .refused(error)
    } catch {
      return .refused(KineticsError("internal", "\(error)", remedy: "Report this.", category: .internalFault))
    }
  }

  /// The regions of each organ that gets a dose, both kidneys together, in the order of the case.
  private static func organGroups(_ regions: [RegionResult]) -> [[RegionResult]] {
    var groups: [[RegionResult]] = []
    for region in regions {
      switch region.measured.region.organ {
      case .wholeBody, .remainder, .blood, .other: continue
      case .kidneyLeft, .kidneyRight:
        if let index = groups.firstIndex(where: { $0[0].measured.region.organ.limited == .kidneys }) {
          groups[index].append(region)
        } else {
          groups.append([region])
        }
      default: groups.append([region])
      }
    }
    return groups
  }

  private static func limits(
    _ file: CaseFile, _ organs: [OrganResult], _ refusals: [CaseFile.Region.Organ: AnyRefusal]
  ) throws -> [DoseLimit] {
    func organ(_ kind: CaseFile.Region.Organ, _ name: String) throws -> OrganDose {
      if let found = organs.first(where: { $0.organ.limited == kind }) { return found.dose }
      if let refusal = refusals[kind] { throw refusal }
      throw TherapyError(
        "organ-not-covered", "There is a limit for the \(name), and no dose of the \(name) was measured.",
        remedy: "Measure the \(name), or state in limits which limits apply.")
    }
    var limits: [DoseLimit] = []
    if let limit = file.limits.kidneys {
      limits.append(
        try DoseLimit(
          name: "Kidneys", limit: limit, reading: .total,
          priorDose: file.limits.priorKidneys + file.countedDose(of: "kidneys"),
          conversionFactor: file.settings.conversionFactor, organ: try organ(.kidneys, "kidneys")))
    }
    if let bed = file.kidneyBED {
      limits.append(
        try DoseLimit(
          name: "Kidneys, BED \(shortNumber(bed.grays)) Gy", limit: bed, counted: file.countedKidneyBED,
          effect: .kidneys, conversionFactor: file.settings.conversionFactor, organ: try organ(.kidneys, "kidneys")))
    }
    if let limit = file.limits.marrow, file.settings.limitsMarrow {
      limits.append(
        try DoseLimit(
          name: file.settings.marrowLimit.marrowName, limit: limit, reading: file.settings.marrowLimit,
          priorDose: file.limits.priorMarrow + file.countedDose(of: "marrow"), organ: try organ(.marrow, "marrow")))
    }
    if let limit = file.limits.liver {
      limits.append(
        try DoseLimit(
          name: "Liver", limit: limit, reading: .total, priorDose: file.countedDose(of: "liver"),
          organ: try organ(.liver, "liver")))
    }
    if let limit = file.limits.spleen {
      limits.append(
        try DoseLimit(
          name: "Spleen", limit: limit, reading: .total, priorDose: file.countedDose(of: "spleen"),
          organ: try organ(.spleen, "spleen")))
    }
    return limits
  }

  private static func findings(
    _ file: CaseFile, _ prescription: Prescription, _ graft: (best: Time, interval: ClosedRange<Time>)?
  ) -> [Finding] {
    var findings: [Finding] = []
    if !file.therapy.graftIsStated, prescription.dependsOnGraft {
      findings.append(
        Finding(
          .caution, code: "graft-day-assumed", title: "Day of the graft assumed.",
          "The case does not say when the graft comes; 14 days after the therapy is used, as in the source paper.",
          origin: "Therapy · therapy.graftDay_d"))
    }
    if file.settings.conversionFactor == 1 {
      findings.append(
        Finding(
          .info, code: "amino-acids-not-recorded", title: "Amino acids not recorded.",
          "Whether they were given at the pre-therapeutic dosimetry is not stated; the factor 1 is used.",
          origin: "Therapy · setting A7-3"))
    }
    if let limit = file.limits.marrow, !file.settings.limitsMarrow {
      findings.append(
        Finding(
          .caution, code: "marrow-not-limited", title: "The marrow limits nothing.",
          "The kidneys alone decide; the marrow's limit of \(shortNumber(limit.grays)) Gy is not applied.",
          origin: "Therapy · setting A7-2"))
    }
    findings += file.irradiationFindings
    if prescription.isCapped {
      findings.append(
        Finding(
          .info, code: "capped", title: "Capped.", "An administrative cap lies below every dose limit.",
          origin: "Therapy · therapy.cap_GBq"))
    }
    if let graft, graft.interval.upperBound > file.therapy.graft {
      let isLate = graft.best > file.therapy.graft
      findings.append(
        Finding(
          isLate ? .serious : .caution, code: "graft-too-early", title: "The graft may come too early.",
          "The marrow's residual dose falls to its limit after \(shortNumber(graft.best.days)) days (95 % below "
            + "\(shortNumber(graft.interval.upperBound.days))); the graft is planned on day "
            + "\(shortNumber(file.therapy.graft.days)).", origin: "Therapy"))
    }
    return findings
  }
}

/// Any room's refusal, kept as a value.
struct AnyRefusal: Refusal {
  let code: String
  let reason: String
  let remedy: String
  let category: RefusalCategory
  let bound: TimeIntegratedActivity?

  init(_ error: any Refusal) {
    code = error.code
    reason = error.reason
    remedy = error.remedy
    category = error.category
    bound = (error as? KineticsError)?.bound
  }
}

extension CaseError {
  static func internalFault(_ text: String) -> CaseError {
    CaseError("internal", text, remedy: "Report this with the case's settings.", category: .internalFault)
  }
}

extension CaseFile.Region.Organ {
  /// The organ a limit speaks of.
  var limited: CaseFile.Region.Organ { self == .kidneyLeft || self == .kidneyRight ? .kidneys : self }
}

extension LimitReading {
  /// The marrow under this reading, as a row's name.
  var marrowName: String {
    switch self {
    case .afterGraft: "Marrow after day 0"
    case .untilGraft: "Marrow until day 0"
    case .total: "Marrow, total"
    case .dayOfGraft: "Marrow on day 0"
    }
  }
}
