import Dosimetry
import Foundation
import Kinetics
import Provenance
import Quantities
import Radionuclides
import Scintigraphy

/// From the curves of an organ's regions to its dose, with the case's masses and settings.
struct OrganDosimetry {
  private let file: CaseFile
  private let nuclide: Nuclide
  private let administered: Activity
  private let sValues: any SValueSet

  init(_ file: CaseFile, _ nuclide: Nuclide, _ administered: Activity, set: any SValueSet) {
    sValues = set
    self.file = file
    self.nuclide = nuclide
    self.administered = administered
  }

  /// The dose of the organ to which all of these regions belong.
  func dose(of group: [Analysis.RegionResult], _ findings: inout [Finding]) throws -> Analysis.OrganResult {
    let estimates = try group.map { result in
      switch result.outcome {
      case .estimate(let estimate): estimate
      case .refused(let error): throw error
      }
    }
    let organ = group[0].measured.region.organ
    return organ == .marrow
      ? try marrow(group[0].measured, estimates[0], &findings)
      : try solidOrgan(organ, group.map(\.measured), estimates, &findings)
  }

  private func solidOrgan(
    _ organ: CaseFile.Region.Organ, _ parts: [MeasuredRegion], _ estimates: [CurveEstimate],
    _ findings: inout [Finding]
  ) throws -> Analysis.OrganResult {
    let isKidney = organ.limited == .kidneys
    let name = isKidney ? "Kidneys" : organ == .lesion ? parts[0].region.name : organ.rawValue.capitalized
    if isKidney, organ != .kidneys, parts.count == 1 {
      findings.append(
        Finding(
          .caution, code: "one-kidney", title: "One kidney.",
          "Only \(parts[0].region.name) was measured; the kidneys' dose is its dose.", subject: parts[0].region.name,
          origin: "Dosimetry"))
    }
    let masses = try parts.map { part -> Mass in
      let volume = part.volume.map { $0.value * (part.region.density ?? ReferenceAdult.softTissueDensity.value) }
      guard let mass = part.region.mass ?? volume else {
        throw CaseError(
          "mass-missing", "Region “\(part.region.name)” has neither a mass nor a volume.",
          remedy: "Give mass_g or volume_mL in its region.")
      }
      // The sum of both kidneys hides that one is next to nothing.
      guard mass >= .grams(1) || organ == .lesion else {
        throw CaseError(
          "mass-out-of-range", "Region “\(part.region.name)” has a mass of \(shortNumber(mass.grams)) g.",
          remedy: "Check its volume, density and their units.")
      }
      return mass
    }
    let reference = file.settings.scalesMass ? nil : try referenceMass(organ)
    let region = DoseRegion(
      name: name, mass: reference ?? masses.total(), pieces: isKidney ? (organ == .kidneys ? 2 : parts.count) : 1,
      shape: organ == .lesion ? .sphere : .organ)
    let s = try selfValue(region)
    let weights = estimates.map {
      $0.timeIntegratedActivity.value / estimates.map(\.timeIntegratedActivity.value).total()
    }
    let components = components(parts, weights, massMatters: file.settings.scalesMass, &findings)
    return Analysis.OrganResult(
      name: name, organ: organ,
      dose: try OrganDose(
        region: region, curves: estimates, sValue: s, administered: administered, components: components,
        isUnverified: false), regions: parts.map(\.region.name))
  }

  private func marrow(
    _ part: MeasuredRegion, _ estimate: CurveEstimate, _ findings: inout [Finding]
  ) throws -> Analysis.OrganResult {
    let sex = file.subject!.sex
    let mass = ReferenceAdult.redMarrow(sex).value
    let share: Sourced<Double> =
      switch file.settings.marrowShare {
      case .bySex: RedMarrow.lumbarShare(sex)
      case .papers: RedMarrow.paperShare
      case .share(let value): Sourced(value, Source("entered in the case file"))
      }
    let scale: Double
    let basis: String
    var components = components([part], [1], massMatters: false, &findings)
    switch file.settings.marrowReading {
    case .vertebrae:
      scale = 1 / share.value
      basis = "share \(shortNumber(share.value * 100)) % (\(share.source.citation))"
    case .spongiosa:
      guard let volume = part.volume?.value else {
        throw CaseError(
          "volume-missing", "Reading B of A4-1 needs the volume of region “\(part.region.name)”.",
          remedy: "Give its structure or volume_mL, or use reading A.")
      }
      // From the activity of the volume back to its concentration, then by the marrow fraction to the whole marrow.
      let fraction = RedMarrow.lumbarMarrowFraction(sex)
      scale =
        RedMarrow.activity(
          concentration: .becquerelsPerMillilitre(1 / volume.millilitres), marrowFraction: fraction.value, marrow: mass
        ).becquerels
      basis = "marrow fraction \(shortNumber(fraction.value)) of the spongiosa (\(fraction.source.citation))"
    }
    components.append(UncertaintyComponent("marrow share", RedMarrow.shareUncertainty.value))
    let region = DoseRegion(name: "Marrow", mass: mass, shape: .redMarrow)
    findings.append(
      Finding(
        .info, code: "marrow-share", title: "Marrow from L2–L4.",
        "Reading \(file.settings.marrowReading.rawValue), \(basis); its standard uncertainty of 10 % is not verified. "
          + "Reference marrow of \(String(format: "%.0f", mass.grams)) g.", subject: part.region.name,
        origin: "Dosimetry · settings A4-1, A4-2"))
    if file.settings.marrowReading == .vertebrae, share.isUnverified {
      findings.append(
        Finding(
          .caution, code: "marrow-share-unverified", title: "Marrow share not verified.",
          "The \(shortNumber(share.value * 100)) % of red marrow in L2–L4 decides every marrow dose here and was not found "
            + "in its source; by ICRP it is \(shortNumber(RedMarrow.lumbarShare(sex).value * 100)) %.",
          subject: part.region.name, origin: "Dosimetry · setting A4-2"))
    }
    return Analysis.OrganResult(
      name: "Marrow, total", organ: .marrow,
      dose: try OrganDose(
        region: region, curves: [estimate], scale: scale, sValue: try selfValue(region), administered: administered,
        components: components, isUnverified: share.isUnverified || RedMarrow.shareUncertainty.isUnverified),
      regions: [part.region.name])
  }

  private func selfValue(_ region: DoseRegion) throws -> SValueEntry {
    guard let s = try sValues.sValue(nuclide, target: region, source: region) else {
      throw CaseError(
        "no-s-value", "The set \(sValues.name) has no self-dose of \(region.name).",
        remedy: "Use another set of S values.")
    }
    return s
  }

  private func referenceMass(_ organ: CaseFile.Region.Organ) throws -> Mass? {
    guard let sex = file.subject?.sex else {
      throw CaseError(
        "missing-subject", "Reference masses need the subject's sex.", remedy: "Give subject.sex, or set A6-1 to on.")
    }
    return ReferenceAdult.organ(organ.limited.rawValue, sex)?.value
  }

  /// The relative uncertainties of an organ's dose beside the fits', the parts weighted by their share of the decays.
  private func components(
    _ parts: [MeasuredRegion], _ weights: [Double], massMatters: Bool, _ findings: inout [Finding]
  ) -> [UncertaintyComponent] {
    var components: [UncertaintyComponent] = []
    if let calibration = parts.compactMap({ $0.common?.calibration ?? $0.calibrationUncertainty }).max() {
      components.append(UncertaintyComponent("calibration", calibration, isShared: true))
    }
    let images = zip(parts, weights).compactMap { part, weight in part.common.map { ($0, part, weight) } }
    if !images.isEmpty {
      // One point-spread function: its error moves all parts, and all organs, together.
      components.append(
        UncertaintyComponent("recovery", images.reduce(0) { $0 + $1.2 * $1.0.recovery }, isShared: true))
      let volume = images.reduce(0.0) { sum, image in
        let isMassFromOutline = massMatters && image.1.region.mass == nil && image.1.region.volume == nil
        let sensitivity = isMassFromOutline ? image.0.absorbedDoseSensitivity : image.0.activitySensitivity
        return hypot(sum, image.2 * sensitivity * image.0.volume)
      }
      components.append(UncertaintyComponent("volume", volume))
      findings.append(
        Finding(
          .info, code: "volume-uncertainty-unverified", title: "Uncertainty of volumes.",
          "It follows from voxel and resolution of the image the regions were drawn on; the factor of the resolution was "
            + "not verified in its source (Gear et al. 2018).", origin: "Scintigraphy · Gear 2018"))
    }
    guard massMatters else { return components }
    let stated = zip(parts, weights).reduce(Double?.some(0)) { sum, next in
      guard let sum, let u = next.0.region.massUncertainty else { return nil }
      return hypot(sum, next.1 * u)
    }
    if let stated {
      components.append(UncertaintyComponent("mass", stated))
    } else if images.isEmpty {
      findings.append(
        Finding(
          .caution, code: "mass-uncertainty-not-stated", title: "Uncertainty of the mass not stated.",
          "The mass of \(parts[0].region.name) is used as if it were exact.", subject: parts[0].region.name,
          origin: "Dosimetry"))
    }
    if parts.contains(where: { $0.region.mass == nil }) {
      components.append(UncertaintyComponent("density", 0.01))
    }
    return components
  }
}
