import Dosimetry
import Foundation
import Kinetics
import Provenance
import Quantities
import Therapy

/// The marrow's dose by every way that a case allows: by image in both readings, by blood, by the remainder (SCIENCE 4).
struct MarrowDoses {
  private let plan: Plan

  init(_ plan: Plan) { self.plan = plan }

  /// Nothing when the case has no marrow and no blood.
  var all: [OrganDoses.MarrowDose] { byImage + byBlood + byRemainder }

  private var byImage: [OrganDoses.MarrowDose] {
    guard let region = plan.analysis.regions.first(where: { $0.measured.region.organ == .marrow }) else { return [] }
    let variants: [(String, CaseSettings.MarrowReading, CaseSettings.MarrowShare)] = [
      ("image, reading A, share by sex", .vertebrae, .bySex),
      ("image, reading A, share 0.067 of the papers", .vertebrae, .papers),
      ("image, reading B", .spongiosa, .bySex),
    ]
    return variants.map { name, reading, share in
      var file = plan.file
      file.settings.marrowReading = reading
      file.settings.marrowShare = share
      var findings: [Finding] = []
      do {
        let own = try OrganDosimetry(file, plan.nuclide, plan.administered, set: plan.set)
          .dose(of: [region], &findings)
        let organs = plan.analysis.organs.map { $0.organ == .marrow ? own : $0 }
        let dose = try CrossDosimetry(file, plan.nuclide, plan.set, organs, plan.analysis.regions)
          .adding(to: [own])[0].dose
        return OrganDoses.MarrowDose(
          method: name, perActivity: dose.perActivity, isLowerBound: false, note: "", isUnverified: dose.isUnverified)
      } catch {
        return OrganDoses.MarrowDose(
          method: name, perActivity: nil, isLowerBound: false, note: AnyRefusal(anyError: error).reason,
          isUnverified: false)
      }
    }
  }

  private var byBlood: [OrganDoses.MarrowDose] {
    guard let blood = plan.analysis.regions.first(where: { $0.measured.region.organ == .blood }) else { return [] }
    func failed(_ note: String) -> [OrganDoses.MarrowDose] {
      [.init(method: "blood", perActivity: nil, isLowerBound: true, note: note, isUnverified: false)]
    }
    guard let estimate = blood.estimate else { return failed(blood.refusal?.reason ?? "") }
    guard let volume = blood.measured.volume?.value, let subject = plan.file.subject else {
      return failed("The blood's activity needs its volume_mL, and the subject its sex.")
    }
    let mass = ReferenceAdult.redMarrow(subject.sex).value
    let region = DoseRegion(name: "Marrow", mass: mass, shape: .redMarrow)
    let ratios: [(String, RedMarrow.BloodRatio)] =
      [("blood, marrow as blood", .equal)]
      + (subject.haematocrit.map {
        [("blood, extracellular fluid at haematocrit \(shortNumber($0))", .haematocrit($0))]
      } ?? [])
    return ratios.map { name, ratio in
      do {
        guard let s = try plan.set.sValue(plan.nuclide, target: region, source: region) else {
          return failed("The set has no self-dose of the marrow.")[0]
        }
        let tia = estimate.timeIntegratedActivity
        let value = RedMarrow.perActivity(
          bloodDecaysPerMillilitre: tia.value / volume.millilitres, administered: plan.administered,
          ratio: try RedMarrow.ratio(ratio), marrow: mass, sValue: s)
        let others = [
          s.relativeUncertainty, blood.measured.common?.calibration ?? blood.measured.calibrationUncertainty ?? 0,
        ]
        return OrganDoses.MarrowDose(
          method: name,
          perActivity: Uncertain(value, relative: tia.relativeUncertainty.map { others.reduce($0) { hypot($0, $1) } }),
          isLowerBound: true,
          note: "A lower bound: what binds marrow is not in blood.", isUnverified: false)
      } catch {
        return failed(AnyRefusal(anyError: error).reason)[0]
      }
    }
  }

  private var byRemainder: [OrganDoses.MarrowDose] {
    guard let sex = plan.file.subject?.sex, !plan.analysis.organs.isEmpty else { return [] }
    let method = "remainder and cross dose"
    let marrow = plan.analysis.organs.first { $0.organ == .marrow }
    let region =
      marrow?.dose.region
      ?? DoseRegion(name: "Marrow", mass: ReferenceAdult.redMarrow(sex).value, shape: .redMarrow)
    do {
      let parts = try CrossDosimetry(
        plan.file, plan.nuclide, plan.set, plan.analysis.organs, plan.analysis.regions
      ).parts(to: region)
      guard !parts.isEmpty else {
        return [
          .init(
            method: method, perActivity: nil, isLowerBound: false,
            note: "The set \(plan.set.name) holds no cross-dose.", isUnverified: false)
        ]
      }
      let hasRemainder = parts.contains { if case .remainder = $0.emitter { true } else { false } }
      let rest = hasRemainder ? "" : " Without a whole-body curve the remainder is left out."
      return [
        .init(
          method: method,
          perActivity: Uncertain(
            parts.map { $0.perActivity(administered: plan.administered) }.total(),
            relative: PatientSValues.crossUncertainty.value),
          isLowerBound: marrow == nil,
          note: (marrow == nil ? "Without what the marrow itself binds: a lower bound." : "Part of the doses by image.")
            + rest, isUnverified: false)
      ]
    } catch {
      return [
        .init(
          method: method, perActivity: nil, isLowerBound: false, note: AnyRefusal(anyError: error).reason,
          isUnverified: false)
      ]
    }
  }
}
