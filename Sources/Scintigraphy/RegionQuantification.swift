import Glibc
import Provenance
public import Quantities
public import Volumes

/// Reads the activity of regions in quantitative SPECT images that lie in one frame of reference.
public struct RegionQuantification: Sendable {
  /// The regions, corrected together.
  public let regions: [RegionOfInterest]
  /// How the loss by the camera's resolution is corrected.
  public let recovery: RecoveryCorrection
  /// The image on which the emitting structures were outlined.
  public let outlineImage: OutlineImage
  /// The relative standard uncertainty of one reading, independent from time to time: reconstruction and placement, and
  /// what of the counting noise the scatter of the voxels does not show.
  public let pointUncertainty: Double
  /// The relative standard uncertainty of the camera's calibration factor.
  public let calibrationUncertainty: Double

  /// - Throws: ``ScintigraphyError`` when there is no region, a name stands twice or a setting is out of its range.
  public init(
    regions: [RegionOfInterest], recovery: RecoveryCorrection, outlineImage: OutlineImage, pointUncertainty: Double,
    calibrationUncertainty: Double
  ) throws(ScintigraphyError) {
    guard !regions.isEmpty else {
      throw ScintigraphyError("no-regions", "There is no region to measure.", remedy: "Name at least one structure.")
    }
    var names: Set<String> = []
    for region in regions where !names.insert(region.name).inserted {
      throw ScintigraphyError(
        "duplicate-region", "Region \(region.name) stands twice.", remedy: "Give every region a name of its own.")
    }
    try recovery.validate()
    guard outlineImage.voxelSize > .zero, outlineImage.voxelSize.isFinite,
      outlineImage.fullWidthAtHalfMaximum >= .zero, outlineImage.fullWidthAtHalfMaximum.isFinite
    else {
      throw ScintigraphyError(
        "outline-image-out-of-range",
        "The image of the outlines has voxels of \(outlineImage.voxelSize) and a width of "
          + "\(outlineImage.fullWidthAtHalfMaximum).",
        remedy: "Give a voxel size above 0 mm and a width of at least 0 mm.")
    }
    for (name, value) in [("point", pointUncertainty), ("calibration", calibrationUncertainty)]
    where !(0..<1).contains(value) {
      throw ScintigraphyError(
        "uncertainty-out-of-range", "The relative \(name) uncertainty is \(value).",
        remedy: "Give it as a fraction from 0 to below 1, such as 0.03 for 3 %.")
    }
    self.regions = regions
    self.recovery = recovery
    self.outlineImage = outlineImage
    self.pointUncertainty = pointUncertainty
    self.calibrationUncertainty = calibrationUncertainty
  }

  /// The activity of every region in every image, A = c · V with the planimetric volume V of the emitting structure.
  ///
  /// - Parameter images: concentrations at their reference times, one a time; the grids may differ, the patient's
  ///   coordinates may not.
  /// - Returns: one ``RegionActivity`` a region, in the order of ``regions``.
  /// - Throws: ``ScintigraphyError`` or `VolumeError` when a structure cannot be read in an image, regions overlap by more
  ///   than a tenth, no background can be read, the regions cannot be separated, or an activity is not positive.
  public func activities(in images: [Image<ActivityConcentration>]) throws -> [RegionActivity] {
    guard !images.isEmpty else {
      throw ScintigraphyError("no-images", "There is no image to measure.", remedy: "Give at least one SPECT series.")
    }
    let outlines = try regions.map { try ContourPlanes(of: $0.emitting) }
    let volumes = try outlines.map { try $0.planimetricVolume() }
    var geometries: [Grid: RegionGeometry] = [:]
    var readings: [Reading] = []
    for image in images {
      let geometry = try geometries[image.grid] ?? RegionGeometry(regions, on: image.grid)
      geometries[image.grid] = geometry
      try requireSeparate(geometry)
      readings.append(try Reading(image, geometry))
    }
    let recovered = try recover(images, readings, volumes, geometries)
    return try regions.indices.map { r in
      let findings = findings(r, volumes[r], outlines[r], geometries[images[0].grid]!)
      return try regionActivity(r, volumes[r], readings, recovered, findings + recovered.findings[r])
    }
  }

  private func requireSeparate(_ geometry: RegionGeometry) throws(ScintigraphyError) {
    for (region, overlap) in zip(regions, geometry.overlap) where overlap > 0.1 {
      throw ScintigraphyError(
        "regions-overlap", "Region \(region.name) shares \(percent(overlap)) of its voxels with another region.",
        remedy: "Cut the one out of the other: the activity of shared voxels would count for both.")
    }
  }

  private func regionActivity(
    _ r: Int, _ volume: Volume, _ readings: [Reading], _ recovered: RecoveredConcentrations, _ findings: [Finding]
  ) throws -> RegionActivity {
    let measurements = try readings.indices.map { t in
      let concentration = ActivityConcentration.becquerelsPerMillilitre(recovered.concentrations[t][r])
      let measured = ActivityConcentration.becquerelsPerMillilitre(readings[t].means[r])
      guard concentration > .zero, concentration.isFinite, measured > .zero else {
        throw ScintigraphyError(
          "activity-not-positive",
          "Region \(regions[r].name) holds no activity above its surroundings in image \(t + 1).",
          remedy: "Check its outline and that the image is quantitative, or leave the region out.")
      }
      return RegionMeasurement(
        measuredConcentration: measured,
        backgroundConcentration: recovered.backgrounds.map { .becquerelsPerMillilitre($0[t][r]) },
        recoveryCoefficient: measured / concentration, noise: recovered.noise[t][r],
        countSensitivity: regions[r].sampledBy.isEmpty ? readings[t].borders[r] / readings[t].means[r] : 1,
        activity: Uncertain(concentration * volume, relative: hypot(pointUncertainty, recovered.noise[t][r] ?? 0)))
    }
    let relativeVolume = outlineImage.relativeVolumeUncertainty(of: volume)
    let border = readings.reduce(0) { $0 + $1.borders[r] }
    let inside = readings.reduce(0) { $0 + $1.means[r] }
    return RegionActivity(
      name: regions[r].name, volume: Uncertain(volume, relative: relativeVolume), measurements: measurements,
      common: CommonUncertainty(
        calibration: calibrationUncertainty, recovery: recovered.relativeUncertainty[r], volume: relativeVolume,
        countSensitivity: regions[r].sampledBy.isEmpty ? border / inside : 1,
        recoverySensitivity: recovered.volumeSensitivity[r]),
      findings: findings)
  }

  private func findings(
    _ r: Int, _ volume: Volume, _ outline: ContourPlanes, _ geometry: RegionGeometry
  ) -> [Finding] {
    var findings: [Finding] = []
    let region = regions[r]
    if geometry.overlap[r] > 0.005 {
      findings.append(
        Finding(
          .caution, code: "regions-overlap", title: "Overlapping outlines.",
          "\(percent(geometry.overlap[r])) of the voxels of \(region.name) also belong to another region; their activity "
            + "is shared out between both.", subject: region.name, origin: "Scintigraphy"))
    }
    // A structure that is only sampled inside, such as three vertebral bodies, has parts by its nature.
    if outline.gaps > 0, region.sampledBy.isEmpty {
      findings.append(
        Finding(
          .info, code: "contour-plane-gap", title: "Slices without an outline.",
          "\(region.name) has \(outline.gaps) gaps between its outlined slices: separate parts, or slices that were "
            + "missed and do not count.", subject: region.name, origin: "Scintigraphy"))
    }
    let difference = geometry.emitting[r].volume / volume - 1
    if difference.magnitude > 0.15 {
      findings.append(
        Finding(
          .info, code: "voxel-volume-differs", title: "Coarse voxels.",
          "The voxels of \(region.name) fill \(percent(difference.magnitude)) more or less than its outline; the outline's volume "
            + "is used.", subject: region.name, origin: "Scintigraphy"))
    }
    return findings
  }
}

/// What one image shows of every region.
struct Reading {
  /// The mean concentration where it is read.
  let means: [Double]
  /// Its standard error, as if voxels were independent.
  let standardErrors: [Double]
  /// The mean concentration along the border of the emitting structure: the mean of both sides, each as a whole, since the
  /// outer one has more voxels.
  let borders: [Double]

  init(_ image: Image<ActivityConcentration>, _ geometry: RegionGeometry) throws {
    let statistics = try geometry.sampling.map { try image.statistics(in: $0) }
    means = statistics.map(\.mean.becquerelsPerMillilitre)
    standardErrors = statistics.map {
      $0.standardDeviation.becquerelsPerMillilitre / Double($0.count).squareRoot()
    }
    borders = try zip(geometry.innerBorder, geometry.outerBorder).map { inner, outer in
      let sides = try [inner, outer].compactMap(\.self).map { try image.statistics(in: $0).mean }
      return sides.reduce(0) { $0 + $1.becquerelsPerMillilitre } / Double(sides.count)
    }
  }
}

func percent(_ fraction: Double) -> String { "\((fraction * 1000).rounded() / 10) %" }

/// Such as `24.01 h`.
func hours(_ time: Time) -> String { "\((time.hours * 100).rounded() / 100) h" }
