import Kinetics
import Provenance
import Quantities

extension Measurement {
  /// What was measured without the points that the regions of a case take out.
  ///
  /// - Throws: ``CaseError`` when a region has no point at a stated time (to a hundredth of an hour), or none is left.
  func excluding(_ wanted: [CaseFile.Region], decay: RateConstant) throws -> Measurement {
    let byName = Dictionary(wanted.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    return Measurement(
      regions: try regions.map { measured in
        try byName[measured.region.name].map { try measured.excluding($0, decay: decay) } ?? measured
      }, inputs: inputs, findings: findings)
  }
}

extension MeasuredRegion {
  fileprivate func excluding(_ region: CaseFile.Region, decay: RateConstant) throws -> MeasuredRegion {
    var points = curve.points
    var excluded: [(point: TimeActivityCurve.Point, reason: String)] = []
    for one in region.excluded {
      guard let index = points.firstIndex(where: { ($0.time - one.time).hours.magnitude <= 0.01 }) else {
        throw CaseError(
          "excluded-point-absent",
          "Region “\(region.name)” has no point at \(shortNumber(one.time.hours)) h that could be excluded.",
          remedy: "Give the time of one of its points, or remove the entry from excluded.")
      }
      excluded.append((points.remove(at: index), one.reason))
    }
    guard !points.isEmpty else {
      throw CaseError(
        "all-points-excluded", "Every point of region “\(region.name)” is excluded.",
        remedy: "Keep at least one, or leave the region out of the case.")
    }
    let notes = excluded.map {
      Finding(
        .caution, code: "point-excluded", title: "Point excluded.",
        "The point at \(shortNumber($0.point.time.hours)) h is not used: \(printable($0.reason))",
        subject: region.name, origin: "Workbench · regions.excluded")
    }
    return MeasuredRegion(
      region: region,
      curve: excluded.isEmpty
        ? curve : try TimeActivityCurve(region: curve.region, points: points, physicalDecay: decay),
      weighting: weighting, volume: volume, common: common, calibrationUncertainty: calibrationUncertainty,
      findings: findings + notes, excluded: excluded, population: population)
  }
}
