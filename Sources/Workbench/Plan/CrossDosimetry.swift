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

  init(_ file: CaseFile, _ nuclide: Nuclide, _ set: any SValueSet) {
    self.file = file
    self.nuclide = nuclide
    self.set = set
  }

  /// The organs with their cross-dose; lesions neither give nor take any.
  ///
  /// - Throws: ``DosimetryError`` when a remainder would be negative.
  func adding(
    to organs: [Analysis.OrganResult], _ regions: [Analysis.RegionResult], _ findings: inout [Finding]
  ) throws -> [Analysis.OrganResult] {
    let sources = organs.filter { $0.organ != .lesion }
    let body = regions.first { $0.measured.region.organ == .wholeBody }.flatMap(\.estimate)
    return try organs.map { target in
      guard target.organ != .lesion else { return target }
      var cross: [CrossDose] = []
      for source in sources where source.name != target.name {
        if let s = try set.sValue(nuclide, target: target.dose.region, source: source.dose.region) {
          cross.append(part(source, scale: 1, s))
        }
      }
      if let body { cross += try remainder(target, sources, body, &findings) }
      guard !cross.isEmpty else { return target }
      return Analysis.OrganResult(
        name: target.name, organ: target.organ, dose: try target.dose.adding(cross: cross), regions: target.regions)
    }
  }

  /// The remainder's decays are the body's less those of all organs: one term each.
  private func remainder(
    _ target: Analysis.OrganResult, _ sources: [Analysis.OrganResult], _ body: CurveEstimate,
    _ findings: inout [Finding]
  ) throws -> [CrossDose] {
    let mass = file.subject?.weight ?? file.subject.map { ReferenceAdult.body($0.sex).value }
    guard let mass else { return [] }
    let whole = DoseRegion(name: RemainderOfBody.body, mass: mass, shape: .organ)
    guard let fromBody = try set.sValue(nuclide, target: target.dose.region, source: whole) else { return [] }
    let values = try sources.compactMap { source in
      try set.sValue(nuclide, target: target.dose.region, source: source.dose.region).map {
        (mass: source.dose.region.mass, sValue: $0)
      }
    }
    guard values.count == sources.count else { return [] }
    let rest = try RemainderOfBody.sValue(fromBody: fromBody, bodyMass: mass, values: values).sValue
    _ = try RemainderOfBody.coefficient(
      ofBody: body.timeIntegratedActivity.value / target.dose.administered,
      organs: sources.map { DoseSource(region: $0.dose.region, coefficient: $0.dose.coefficient.value) })
    return [CrossDose(source: RemainderOfBody.body, curves: [body], scale: 1, sValue: rest)]
      + sources.map { part($0, scale: -1, rest) }
  }

  private func part(_ source: Analysis.OrganResult, scale: Double, _ s: SValueEntry) -> CrossDose {
    CrossDose(
      source: source.dose.region.name, curves: source.dose.curves, scale: scale * source.dose.scale, sValue: s)
  }
}
