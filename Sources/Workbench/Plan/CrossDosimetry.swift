import Dosimetry
import Kinetics
import Provenance
import Quantities
import Radionuclides

/// What organs and the remainder of the body give to one another, as far as a set of S values holds it (SCIENCE 4.3, 6.1).
struct CrossDosimetry {
  private let file: CaseFile
  private let nuclide: Nuclide
  private let set: any SValueSet
  private let sources: [OrganDose]
  private let body: CurveEstimate?

  /// - Parameter organs: with their self-dose; lesions neither give nor take any, and belong to the remainder.
  init(
    _ file: CaseFile, _ nuclide: Nuclide, _ set: any SValueSet, _ organs: [Analysis.OrganResult],
    _ regions: [Analysis.RegionResult]
  ) {
    self.file = file
    self.nuclide = nuclide
    self.set = set
    sources = organs.filter { $0.organ != .lesion }.map(\.dose)
    body = regions.first { $0.measured.region.organ == .wholeBody }.flatMap(\.estimate)
  }

  /// The organs with their cross-dose.
  ///
  /// - Throws: ``DosimetryError`` when a remainder would be negative.
  func adding(to organs: [Analysis.OrganResult]) throws -> [Analysis.OrganResult] {
    try organs.map { target in
      guard target.organ != .lesion else { return target }
      let cross = try parts(to: target.dose.region)
      guard !cross.isEmpty else { return target }
      return Analysis.OrganResult(
        name: target.name, organ: target.organ, dose: try target.dose.adding(cross: cross), regions: target.regions)
    }
  }

  /// What all measured regions but itself and the remainder of the body give to a region.
  func parts(to target: DoseRegion) throws -> [CrossDose] {
    var cross = try sources.filter { $0.region.name != target.name }.compactMap { source in
      let emitter = CrossDose.Emitter.region(source.region)
      return try emitter.sValue(nuclide, target: target, in: set).map { part(source, scale: 1, from: emitter, $0) }
    }
    guard let body, let first = sources.first,
      let mass = file.subject?.weight ?? file.subject.map({ ReferenceAdult.body($0.sex).value })
    else { return cross }
    // The remainder's decays are the body's less those of all organs: one term each.
    let rest = CrossDose.Emitter.remainder(without: sources.map(\.region), body: mass)
    guard let s = try rest.sValue(nuclide, target: target, in: set) else { return cross }
    _ = try RemainderOfBody.coefficient(
      ofBody: body.timeIntegratedActivity.value / first.administered,
      organs: sources.map { DoseSource(region: $0.region, coefficient: $0.coefficient.value) })
    cross.append(CrossDose(emitter: rest, source: RemainderOfBody.body, curves: [body], scale: 1, sValue: s))
    return cross + sources.map { part($0, scale: -1, from: rest, s) }
  }

  /// What the set and its cross-dose mean for the organs' doses.
  func findings(_ organs: [Analysis.OrganResult]) -> [Finding] {
    let origin = "Dosimetry · setting sValues"
    guard organs.contains(where: { !$0.dose.cross.isEmpty }) else {
      return [
        Finding(
          .caution, code: "no-cross-dose", title: "Self-dose alone.",
          "The S values are of \(set.name), which holds no cross-dose: what organs and the rest of the body give to one "
            + "another is left out.", origin: origin)
      ]
    }
    let shares = organs.filter { !$0.dose.cross.isEmpty }.map { organ in
      let share = organ.dose.crossPerActivity() / organ.dose.perActivity.value
      return "\(shortNumber(share * 100)) % of \(organ.name.prefix(1).lowercased() + organ.name.dropFirst())"
    }
    var findings = [
      Finding(
        .info, code: "s-values", title: "S values of a reference adult.",
        "They are of \(set.name), brought to the patient's masses. Cross-dose is \(shares.joined(separator: ", ")); its "
          + "standard uncertainty of \(shortNumber(PatientSValues.crossUncertainty.value * 100)) % is how far stylised "
          + "and voxel phantoms differ.", origin: origin)
    ]
    if let own = (set as? PatientSValues)?.phantom as? FractionSValues, own.source.verification == .unverified {
      findings.append(
        Finding(
          .caution, code: "s-values-unverified", title: "Unknown edition of absorbed fractions.",
          "The digests of the files in \(own.title) are not those of a known edition of ICRP Publication 133.",
          origin: origin))
    }
    guard let body else {
      let hasMarrow = organs.contains { $0.organ == .marrow }
      return findings + [
        Finding(
          hasMarrow ? .caution : .info, code: "no-remainder", title: "No remainder of the body.",
          "Without a whole-body curve, what the rest of the body gives is left out"
            + (hasMarrow ? "; the marrow's dose may be too low by 5 to 11 %, as in SCIENCE 4.3." : "."), origin: origin)
      ]
    }
    guard organs.contains(where: { $0.organ == .marrow }) else { return findings }
    findings.append(
      Finding(
        .info, code: "remainder-electrons", title: "The remainder's electrons in marrow.",
        "The remainder of \(body.curve.region) is taken as spread over all tissue, bone among it; where bone takes up "
          + "little, that over-estimates the marrow's dose (Stabin 2001).", origin: "Dosimetry · SCIENCE 4.3"))
    return findings
  }

  private func part(
    _ source: OrganDose, scale: Double, from emitter: CrossDose.Emitter, _ s: SValueEntry
  ) -> CrossDose {
    CrossDose(
      emitter: emitter, source: source.region.name, curves: source.curves, scale: scale * source.scale, sValue: s)
  }
}
