import DICOM
public import Provenance
public import Volumes

/// A map of values with a unit, one for each voxel (Parametric Map): SUV, dose rate, time-integrated activity.
public struct ParametricMap: Sendable {
  /// Where the voxels lie.
  public let grid: Grid
  /// The values in ``unit``.
  public let values: [Float]
  /// The unit in UCUM.
  public let unit: Code
  /// What is mapped; `nil` when the file does not tell.
  public let quantity: Code?
  /// The Series Instance UID.
  public let seriesUID: String
  /// The Frame of Reference UID.
  public let frameOfReferenceUID: String
  /// The digest of the file.
  public let digest: Digest

  static let storageClassUID = "1.2.840.10008.5.1.4.1.1.30"

  /// Reads a map of integer or floating-point samples: value = intercept + slope · sample.
  ///
  /// Refuses maps whose frames have different units or do not lie on one grid without gaps, and values that are not
  /// finite.
  public init(path: String) throws {
    let file = try DICOMFile(path: path)
    let dataSet = file.dataSet
    guard try dataSet.requiredUID(.sopClassUID) == Self.storageClassUID else {
      throw StudyError("not-a-map", "The file is no Parametric Map.", remedy: "Name a file that is one.")
    }
    guard let frameOfReferenceUID = try dataSet.uid(.frameOfReferenceUID) else {
      throw StudyError(
        "missing-frame-of-reference", "The map does not name its frame of reference.",
        remedy: "Export it again from where it was made.")
    }
    let shared = try dataSet.item(.sharedFunctionalGroups)
    let frames = try dataSet.items(.perFrameFunctionalGroups)
    func group(_ tag: Tag, of frame: DataSet) throws -> DataSet? { try frame.item(tag) ?? shared?.item(tag) }
    let format = try file.pixelFormat()
    guard frames.count == format.frames else {
      throw Self.malformed("describes \(frames.count) of its \(format.frames) frames")
    }
    let planes = try frames.map { frame in
      try SegmentPlane(
        position: group(.planePosition, of: frame), orientation: group(.planeOrientation, of: frame),
        measures: group(.pixelMeasures, of: frame))
    }
    let (grid, slices) = try SegmentPlane.stack(planes, rows: format.rows, columns: format.columns)
    guard Set(slices).count == frames.count, grid.slices == frames.count else {
      throw Self.malformed("has slices that are missing or double")
    }
    let mappings = try frames.map { frame in try Mapping(group(.realWorldValueMapping, of: frame)) }
    guard Set(mappings.map(\.unit)).count == 1, let first = mappings.first else {
      throw Self.malformed("has frames with different units")
    }
    let samples = try file.samples().scaled()
    let size = format.rows * format.columns
    var values = [Float](repeating: 0, count: grid.count)
    for (n, mapping) in mappings.enumerated() {
      for p in 0..<size {
        values[slices[n] * size + p] = Float(mapping.intercept + mapping.slope * Double(samples[n * size + p]))
      }
    }
    guard values.allSatisfy(\.isFinite) else { throw Self.malformed("holds a value that is not finite") }
    self.grid = grid
    self.values = values
    unit = first.unit
    quantity = first.quantity
    seriesUID = try dataSet.requiredUID(.seriesInstanceUID)
    self.frameOfReferenceUID = frameOfReferenceUID
    digest = file.digest
  }

  private struct Mapping {
    let slope: Double
    let intercept: Double
    let unit: Code
    let quantity: Code?

    init(_ item: DataSet?) throws {
      guard let item, let unit = try Code(item.item(.measurementUnits)) else {
        throw ParametricMap.malformed("does not tell the unit of its values")
      }
      guard let slope = try item.decimal(.realWorldSlope), let intercept = try item.decimal(.realWorldIntercept),
        slope != 0
      else { throw ParametricMap.malformed("does not tell how samples become values by slope and intercept") }
      (self.slope, self.intercept, self.unit) = (slope, intercept, unit)
      quantity = try Code(item.item(.quantityDefinition)?.item(.conceptCode))
    }
  }

  fileprivate static func malformed(_ what: String) -> StudyError {
    StudyError("malformed-map", "The parametric map \(what).", remedy: "Export it again.")
  }
}
