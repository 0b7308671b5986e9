import DICOM
import Volumes

/// Where the pixels of a plane lie in the patient's coordinates (PS3.3 C.7.6.2).
struct PlaneAxes: Sendable {
  /// The centre of the first pixel in mm.
  let origin: SIMD3<Double>
  /// From a pixel to the next of its row.
  let columnStep: SIMD3<Double>
  /// From a pixel to the one below it.
  let rowStep: SIMD3<Double>
  /// Perpendicular to both, of length 1.
  let normal: SIMD3<Double>

  /// Takes the values of Image Position, Image Orientation and Pixel Spacing.
  init(position: [Double], orientation: [Double], spacing: [Double]) throws(StudyError) {
    guard position.count == 3, orientation.count == 6, spacing.count == 2 else {
      throw StudyError(
        "missing-geometry", "A slice does not tell where it lies: position, orientation or pixel spacing is missing.",
        remedy: "Export the series again with its geometry.")
    }
    let row = SIMD3(orientation[0], orientation[1], orientation[2])
    let column = SIMD3(orientation[3], orientation[4], orientation[5])
    guard (dot(row, row) - 1).magnitude < 1e-3, (dot(column, column) - 1).magnitude < 1e-3,
      dot(row, column).magnitude < 1e-3, spacing.allSatisfy({ (0.01...1000).contains($0) }),
      position.allSatisfy({ $0.magnitude < 1e6 })
    else {
      throw StudyError(
        "impossible-geometry", "A slice has axes that are not at right angles, or a pixel size that cannot be.",
        remedy: "Export the series again with its geometry.")
    }
    origin = SIMD3(position[0], position[1], position[2])
    columnStep = row * spacing[1]
    rowStep = column * spacing[0]
    let across = cross(row, column)
    normal = across / length(across)
  }

  /// Those of the first slice of a volume.
  init(first grid: Grid) {
    (origin, columnStep, rowStep) = (grid.origin, grid.columnStep, grid.rowStep)
    let across = cross(columnStep, rowStep)
    normal = across / length(across)
  }

  func areParallel(to other: PlaneAxes) -> Bool {
    distance(columnStep, other.columnStep) < 1e-4 && distance(rowStep, other.rowStep) < 1e-4
  }
}

/// A slice in a file of its own.
struct SlicePlane: Sendable {
  let rows: Int
  let columns: Int
  let axes: PlaneAxes

  /// The position along the normal in mm.
  var position: Double { dot(axes.origin, axes.normal) }

  init(_ dataSet: DataSet, rows: Int, columns: Int) throws {
    self.rows = rows
    self.columns = columns
    axes = try PlaneAxes(
      position: dataSet.decimals(.imagePosition), orientation: dataSet.decimals(.imageOrientation),
      spacing: dataSet.decimals(.pixelSpacing))
  }

  /// The first slice of a volume.
  init(first grid: Grid) {
    (rows, columns, axes) = (grid.rows, grid.columns, PlaneAxes(first: grid))
  }

  func isParallel(to other: SlicePlane) -> Bool {
    rows == other.rows && columns == other.columns && axes.areParallel(to: other.axes)
  }
}

/// Slices that together make a volume.
struct SliceStack {
  /// The order of the slices along their normal.
  let order: [Int]
  let grid: Grid

  /// Refuses slices that do not make a volume with equal spacing: mixed geometry, two at one position, one missing.
  init(_ planes: [SlicePlane]) throws(StudyError) {
    guard let first = planes.first, planes.count > 1 else {
      throw StudyError(
        "too-few-slices", "The series has \(planes.count == 1 ? "one slice" : "no slices"); a volume needs two.",
        remedy: "Export the whole series.")
    }
    guard planes.allSatisfy({ $0.isParallel(to: first) }) else {
      throw StudyError(
        "mixed-geometry", "The slices of the series differ in size, orientation or pixel spacing.",
        remedy: "Export each reconstruction as its own series.")
    }
    let order = planes.indices.sorted { (planes[$0].position, $0) < (planes[$1].position, $1) }
    let positions = order.map { dot(planes[$0].axes.origin, first.axes.normal) }
    try Self.checkSpacing(positions)

    let origin = planes[order[0]].axes.origin
    let step = (planes[order[order.count - 1]].axes.origin - origin) / Double(order.count - 1)
    for (k, index) in order.enumerated() {
      guard distance(planes[index].axes.origin, origin + Double(k) * step) < max(0.1, 0.1 * length(step)) else {
        throw StudyError(
          "unequal-spacing", "The slice at \(millimetres(positions[k])) does not lie in line with the others.",
          remedy: "Export the reconstruction without gantry tilt or shifted slices.")
      }
    }
    self.order = order
    grid = Grid(
      columns: first.columns, rows: first.rows, slices: order.count, origin: origin, columnStep: first.axes.columnStep,
      rowStep: first.axes.rowStep, sliceStep: step)
  }

  private static func checkSpacing(_ positions: [Double]) throws(StudyError) {
    let gaps = zip(positions.dropFirst(), positions).map { $0 - $1 }
    if let k = gaps.firstIndex(where: { $0 < 0.01 }) {
      throw StudyError(
        "duplicate-position", "Two slices lie at \(millimetres(positions[k])).",
        remedy: "Keep one reconstruction in the series, each slice once.")
    }
    let usual = gaps.sorted()[(gaps.count - 1) / 2]
    guard let k = gaps.firstIndex(where: { ($0 - usual).magnitude > max(0.02, 0.05 * usual) }) else { return }
    let place = "between \(millimetres(positions[k])) and \(millimetres(positions[k + 1]))"
    throw gaps[k] > 1.5 * usual
      ? StudyError(
        "missing-slice", "A slice is missing \(place).", remedy: "Export the whole series, each slice once.")
      : StudyError(
        "unequal-spacing", "The slices are \(millimetres(usual)) apart, but not \(place).",
        remedy: "Export a reconstruction with equal spacing.")
  }
}

func millimetres(_ value: Double) -> String { "\((value * 100).rounded() / 100) mm" }
