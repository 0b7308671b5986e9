import Foundation
public import JSON
import Provenance
public import Quantities
import Studies
public import Volumes

/// How voxels of one lattice give values to those of another.
public enum ResamplingRule: String, CaseIterable, Sendable {
  /// Linear between the centres of voxels.
  case linear
  /// That of the voxel in which the place lies: for labels.
  case nearest
  /// Shares by overlap, so that what lies in both lattices adds up to the same: for activities and counts.
  case conserving
}

/// A volume on another lattice, as a NIfTI file: `endora dicom resample` and `reformat`.
public struct Resampling: Sendable {
  /// What was written.
  public let path: String
  private let grid: Grid
  private let rule: ResamplingRule
  private let unit: String
  private let outside: Double?
  private let inside: Double

  /// Brings a volume onto the lattice of another.
  ///
  /// - Parameters:
  ///   - source: a folder with a series, or a NIfTI file.
  ///   - target: whose lattice it gets; the same.
  /// - Throws: refusals of the readers, and of conserving what does not add up over voxels.
  public static func resample(
    _ source: String, series: String?, onto target: String, series other: String?, by rule: ResamplingRule,
    to output: String
  ) throws -> Resampling {
    let grid = try PlainVolume.grid(target, series: other)
    return try Resampling(PlainVolume(source, series: series), onto: grid, by: rule, to: output)
  }

  /// Cuts a volume into planes of the body, or into oblique ones.
  ///
  /// - Parameters:
  ///   - directions: of rows and columns in the patient's coordinates (left, back, head), at right angles.
  ///   - spacing: the edge of the cubic voxels; the smallest of the volume's own without it.
  public static func reformat(
    _ source: String, series: String?, plane: AnatomicalPlane, directions: (across: [Double], down: [Double])?,
    spacing: Length?, by rule: ResamplingRule, to output: String
  ) throws -> Resampling {
    let volume = try PlainVolume(source, series: series)
    let own = volume.image.grid
    let edge = spacing ?? .millimetres(own.spacing.min())
    guard let directions else {
      return try Resampling(volume, onto: own.planes(plane, voxel: edge), by: rule, to: output)
    }
    guard directions.across.count == 3, directions.down.count == 3 else {
      throw CaseError(
        "directions", "A direction has not three numbers.",
        remedy: "Give them as x,y,z to the left, the back and the head.",
        category: .usage)
    }
    let (u, v) = (directions.across, directions.down)
    let grid = try own.planes(across: SIMD3(u[0], u[1], u[2]), down: SIMD3(v[0], v[1], v[2]), voxel: edge)
    return try Resampling(volume, onto: grid, by: rule, to: output)
  }

  private init(_ volume: PlainVolume, onto grid: Grid, by rule: ResamplingRule, to output: String) throws {
    let file = try NIfTIFile(grid: grid, name: volume.name, description: "\(volume.name), \(volume.unit)")
    let values: [Float]
    switch rule {
    case .linear, .nearest:
      values = try volume.image.resampled(onto: grid, by: rule == .linear ? .linear : .nearest).values
      outside = nil
    case .conserving:
      guard volume.addsUp else {
        throw CaseError(
          "not-additive", "Values in \(volume.unit.isEmpty ? "no unit" : volume.unit) do not add up over voxels.",
          remedy: "Use linear or nearest, or a map of activities, decays or counts.", category: .usage)
      }
      let done = try volume.image.redistributed(onto: grid)
      // A concentration is an amount over a voxel's volume.
      let ratio = volume.isDensity ? volume.image.grid.voxelVolume / grid.voxelVolume : 1
      values = ratio == 1 ? done.image.values : done.image.values.map { Float(Double($0) * ratio) }
      outside = done.outside * (volume.isDensity ? volume.image.grid.voxelVolume.millilitres : 1)
    }
    (path, self.grid, self.rule, unit) = (output, grid, rule, volume.unit)
    inside =
      values.reduce(0.0) { $0 + Double($1) } * (volume.isDensity ? grid.voxelVolume.millilitres : 1)
    do { try Data(file.bytes(of: values)).write(to: URL(filePath: output), options: .atomic) } catch {
      throw CaseError(
        "unwritable-file", "The volume cannot be written.", remedy: "Check that its folder exists and has room.",
        category: .inputOutput)
    }
  }

  /// `{"file", "columns", "rows", "slices", "spacingMm", "unit", "rule", "sum", "outside"}`; the sums in the unit times mL
  /// for concentrations.
  public var document: JSONValue {
    [
      "file": JSONValue(path), "columns": JSONValue(grid.columns), "rows": JSONValue(grid.rows),
      "slices": JSONValue(grid.slices),
      "spacingMm": .array([grid.spacing.x, grid.spacing.y, grid.spacing.z].map { JSONValue($0) }),
      "unit": JSONValue(unit), "rule": JSONValue(rule.rawValue), "sum": JSONValue(inside),
      "outside": outside.map { JSONValue($0) } ?? .null,
    ]
  }

  /// One line.
  public var summary: String {
    let size = "\(grid.columns) × \(grid.rows) × \(grid.slices)"
    let left = outside.map { ", \(shortNumber($0)) outside" } ?? ""
    return "\(path): \(size) voxels of \(shortNumber(grid.spacing.x)) × \(shortNumber(grid.spacing.y)) × "
      + "\(shortNumber(grid.spacing.z)) mm, \(rule.rawValue)\(left)\n"
  }
}

/// A volume of a series or a NIfTI file with its unit.
private struct PlainVolume {
  let image: Image<PictureValue>
  let name: String
  let unit: String

  /// Whether values are an amount in each millilitre.
  var isDensity: Bool { unit.hasSuffix("/mL") && unit != "g/mL" }
  /// Whether values, or those times the voxels' volume, add up over voxels.
  var addsUp: Bool {
    isDensity || ["Bq", "kBq", "MBq", "Bq h", "MBq h", "Bq s", "counts", "decays", "1"].contains(unit)
  }

  init(_ path: String, series uid: String?) throws {
    if let map = try Self.map(path) {
      image = Image(grid: map.grid, values: map.values)
      let parts = map.description.split(separator: ",").map { $0.drop { $0 == " " } }
      (name, unit) = parts.count > 1 ? (String(parts[0]), String(parts[parts.count - 1])) : (map.description, "")
      return
    }
    let series = try Self.series(path, uid)
    switch series.kind {
    case .ct, .mr:
      let anatomy = try AnatomicalSeries(series)
      image = Image(grid: anatomy.grid, values: anatomy.values)
      (name, unit) = anatomy.kind == .tomography ? ("CT", "HU") : ("MR", "")
    case .quantitativeSPECT:
      let spect = try QuantitativeSeries(series)
      image = Image(grid: spect.image.grid, values: spect.image.values)
      (name, unit) = ("activity concentration", "Bq/mL")
    case .pet:
      let pet = try PETSeries(series)
      image = Image(grid: pet.grid, values: pet.values)
      (name, unit) = ("PET", pet.unit == .activityConcentration ? "Bq/mL" : pet.unit.term)
    case .dose:
      let dose = try DoseMap(path: series.files[0].path).image
      image = Image(grid: dose.grid, values: dose.values)
      (name, unit) = ("absorbed dose", "Gy")
    default:
      throw CaseError(
        "not-a-volume", "A series of kind “\(series.kind.rawValue)” is no volume of values.",
        remedy: "Name a CT, MR, PET, SPECT in Bq/mL, a dose or a NIfTI file.")
    }
  }

  static func grid(_ path: String, series uid: String?) throws -> Grid {
    if let map = try map(path) { return map.grid }
    let found = try series(path, uid)
    return found.kind == .dose ? try DoseMap(path: found.files[0].path).image.grid : try found.grid()
  }

  private static func map(_ path: String) throws -> NIfTIMap? {
    path.hasSuffix(".nii") || path.hasSuffix(".nii.gz") ? try NIfTIMap(path: path) : nil
  }

  private static func series(_ folder: String, _ uid: String?) throws -> IndexedSeries {
    let all = try StudyIndex.scan(folder: folder).series
    let fitting = all.filter { uid == nil ? $0.kind.isMeasured : $0.uid == uid }
    guard let first = fitting.first, fitting.count == 1 else {
      throw CaseError(
        fitting.isEmpty ? "no-such-series" : "several-series",
        fitting.isEmpty
          ? "The folder holds no series of images, or none of this UID." : "The folder holds \(fitting.count) series.",
        remedy: "Name one that endora dicom index lists.", category: .usage)
    }
    return first
  }
}
