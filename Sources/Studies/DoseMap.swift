import DICOM
public import Provenance
public import Quantities
public import Volumes

/// The absorbed dose in a volume (RTDOSE).
public struct DoseMap: Sendable {
  /// What the values are (Dose Type, 3004,0004).
  public enum Kind: String, Sendable {
    /// Absorbed dose.
    case physical = "PHYSICAL"
    /// Weighted by a biological effectiveness.
    case effective = "EFFECTIVE"
  }

  /// The dose, one value a voxel.
  public let image: Image<AbsorbedDose>
  public let kind: Kind
  /// What was summed (Dose Summation Type): `PLAN`, `FRACTION`, ...
  public let summation: String?
  /// The Frame of Reference UID.
  public let frameOfReferenceUID: String
  /// The digest of the file.
  public let digest: Digest

  /// Refuses structures that were drawn in another frame of reference.
  public func requireFrameOfReference(of structures: StructureSet) throws(StudyError) {
    try structures.requireFrameOfReference(frameOfReferenceUID)
  }
}

extension DoseMap {
  static let storageClassUID = "1.2.840.10008.5.1.4.1.1.481.2"

  /// Reads a dose map.
  ///
  /// Refuses relative doses, errors of dose, doses below 0, planes that are not evenly spaced and fewer than two planes.
  public init(path: String) throws {
    let file = try DICOMFile(path: path)
    let dataSet = file.dataSet
    guard try dataSet.uid(.sopClassUID) == Self.storageClassUID else {
      throw StudyError("not-a-dose-map", "The file is no RT Dose.", remedy: "Name a file with modality RTDOSE.")
    }
    guard try dataSet.string(.doseUnits) == "GY", let scaling = try dataSet.decimal(.doseGridScaling), scaling > 0
    else {
      throw StudyError(
        "dose-without-unit", "The doses are not in Gy, or have no positive scaling.",
        remedy: "Export the dose in Gy, not relative to a prescription.")
    }
    guard let kind = try Kind(rawValue: dataSet.string(.doseType) ?? "") else {
      throw StudyError(
        "dose-type", "The file does not hold doses but something else, such as their error.",
        remedy: "Export the dose of the plan.")
    }
    guard let uid = try dataSet.uid(.frameOfReferenceUID) else {
      throw StudyError(
        "missing-frame-of-reference", "The dose does not name its frame of reference.", remedy: "Export it again.")
    }
    let format = try file.pixelFormat()
    let plane = try SlicePlane(dataSet, rows: format.rows, columns: format.columns).axes
    let grid = Grid(
      columns: format.columns, rows: format.rows, slices: format.frames, origin: plane.origin,
      columnStep: plane.columnStep, rowStep: plane.rowStep,
      sliceStep: plane.normal * (try Self.spacing(dataSet, plane, frames: format.frames)))
    let values = try Self.values(try file.samples(), scaling: scaling)
    image = Image(grid: grid, values: values)
    self.kind = kind
    summation = try dataSet.string(.doseSummationType)
    frameOfReferenceUID = uid
    digest = file.digest
  }

  /// The distance of the planes along their normal, signed, from the Grid Frame Offset Vector (PS3.3 C.8.8.3.2): offsets
  /// from the first plane, or z coordinates of planes whose rows and columns run to the patient's left and back.
  private static func spacing(_ dataSet: DataSet, _ plane: PlaneAxes, frames: Int) throws -> Double {
    let offsets = try dataSet.decimals(.gridFrameOffsets)
    guard frames > 1, offsets.count == frames else {
      throw StudyError(
        "dose-planes", "The dose has \(frames) planes and \(offsets.count) offsets; a volume needs two of each.",
        remedy: "Export the dose as one file with all planes.")
    }
    let isUpright =
      distance(plane.columnStep, SIMD3(length(plane.columnStep), 0, 0)) < 1e-3
      && distance(plane.rowStep, SIMD3(0, length(plane.rowStep), 0)) < 1e-3
    guard offsets[0].magnitude < 0.01 || isUpright && (offsets[0] - plane.origin.z).magnitude < 0.01 else {
      throw StudyError(
        "dose-planes", "The offsets of the planes begin neither with 0 nor with where the first plane lies.",
        remedy: "Export the dose with offsets from its first plane.")
    }
    let step = (offsets[frames - 1] - offsets[0]) / Double(frames - 1)
    guard step.magnitude >= 0.01,
      offsets.enumerated().allSatisfy({ ($1 - offsets[0] - Double($0) * step).magnitude <= 0.02 })
    else {
      throw StudyError(
        "unequal-spacing", "The planes of the dose are not evenly spaced.",
        remedy: "Export the dose on a regular grid.")
    }
    return step
  }

  private static func values(_ samples: Samples, scaling: Double) throws -> [Float] {
    let values = samples.scaled(slope: scaling)
    guard values.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw StudyError(
        "dose-below-zero", "The map holds a dose below 0 or no number.",
        remedy: "Export the dose itself, not a difference of doses.")
    }
    return values
  }
}
