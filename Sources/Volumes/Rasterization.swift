public import Quantities

/// How much of each voxel of a block a region fills, from 0 to 1.
public struct Occupancy: Sendable {
  /// Where the voxels lie.
  public let grid: Grid
  /// The block outside which the region fills nothing.
  public let box: VoxelBox
  /// The filled fractions in the box's order.
  public let fractions: [Float]

  public init(grid: Grid, box: VoxelBox, fractions: [Float]) {
    precondition(fractions.count == box.count, "an occupancy has one fraction a voxel of its box")
    self.grid = grid
    self.box = box
    self.fractions = fractions
  }

  /// The fractions' sum times the volume of a voxel.
  public var volume: Volume { grid.voxelVolume * fractions.reduce(0.0) { $0 + Double($1) } }
}

extension Mask {
  /// The voxels whose centres lie inside a structure.
  ///
  /// Even-odd rule: a polygon inside another cuts a hole. A centre on an edge belongs to the polygon on the side of
  /// higher index, so that polygons that share an edge share no voxel. A slice takes the contour plane nearest to it
  /// within half the spacing of the planes (of the slices, when there is one plane).
  /// - Throws: ``VolumeError`` when the contours are malformed (see ``ContourPlanes``), not parallel to the slices,
  ///   wholly or partly outside the image, or hold no voxel's centre, or when the grid is not rectangular.
  public init(of structure: Structure, on grid: Grid) throws(VolumeError) {
    let drawn = try DrawnStructure(structure, on: grid)
    let box = drawn.box
    var members = [Bool](repeating: false, count: box.count)
    for k in box.slices {
      guard let plane = drawn.nearestPlane(to: Double(k)) else { continue }
      for (j, line) in zip(box.rows, crossings(plane.polygons, of: box.rows.map(Double.init))) {
        for pair in stride(from: 0, to: line.count - 1, by: 2) {
          let inside = (Int(line[pair].rounded(.up))..<Int(line[pair + 1].rounded(.up))).clamped(to: box.columns)
          for i in inside { members[box.index(i, j, k)] = true }
        }
      }
    }
    guard let mask = Mask(grid: grid, box: box, members: members) else {
      throw VolumeError(
        "structure-without-voxels", "Structure \(structure.name) holds the centre of no voxel.",
        remedy: "Use an image with smaller voxels or draw a larger structure.")
    }
    self = mask
  }
}

extension Occupancy {
  /// The fraction of every voxel that a structure fills.
  ///
  /// Each contour plane stands for a slab as thick as the spacing of the planes, shared out among the slices that it
  /// overlaps. Within a slice the area is summed up over bands, five a row and one more at every corner, between which
  /// edges are straight: the volume is the planimetric volume, up to where contours of one plane cross or planes lie so
  /// close that their slabs overlap. Same rules and errors as ``Mask/init(of:on:)``.
  public init(of structure: Structure, on grid: Grid) throws(VolumeError) {
    let drawn = try DrawnStructure(structure, on: grid)
    let box = drawn.box
    var fractions = [Float](repeating: 0, count: box.count)
    for plane in drawn.planes {
      let coverage = areaFractions(of: plane.polygons, in: box)
      let (low, high) = (plane.slice - drawn.halfThickness, plane.slice + drawn.halfThickness)
      for k in box.slices {
        let overlap = Float(min(high, Double(k) + 0.5) - max(low, Double(k) - 0.5))
        guard overlap > 0 else { continue }
        let start = box.index(box.columns.lowerBound, box.rows.lowerBound, k)
        for (n, fraction) in coverage.enumerated() { fractions[start + n] += overlap * fraction }
      }
    }
    self.init(grid: grid, box: box, fractions: fractions.map { min($0, 1) })
  }
}

/// A structure in the index coordinates of a grid: whole numbers at the centres of voxels.
private struct DrawnStructure {
  struct Plane {
    let slice: Double
    let polygons: [[SIMD2<Double>]]
  }

  let planes: [Plane]
  /// Half the spacing of the planes, in slices.
  let halfThickness: Double
  let box: VoxelBox

  init(_ structure: Structure, on grid: Grid) throws(VolumeError) {
    try grid.requireRectangular()
    let spacing = grid.spacing
    let contours = try ContourPlanes(of: structure, normal: grid.sliceStep / spacing.z)
    let axes = [grid.columnStep / spacing.x, grid.rowStep / spacing.y, grid.sliceStep / spacing.z]
    // Division, not multiplication by the inverse: an edge that runs through a voxel's centre must stay there.
    func place(_ point: SIMD3<Double>, _ axis: Int) -> Double {
      ((point - grid.origin) * axes[axis]).sum() / spacing[axis]
    }
    planes = contours.planes.map { plane in
      Plane(
        slice: place(plane.contours[0][0], 2),
        polygons: plane.contours.map { $0.map { SIMD2(place($0, 0), place($0, 1)) } })
    }
    halfThickness = (contours.spacing?.millimetres ?? spacing.z) / spacing.z / 2
    let points = planes.flatMap { $0.polygons.joined() }
    let low = points.reduce(SIMD2(repeating: .infinity)) { pointwiseMin($0, $1) }
    let high = points.reduce(SIMD2(repeating: -.infinity)) { pointwiseMax($0, $1) }
    let (first, last) = (planes[0].slice, planes[planes.count - 1].slice)
    let tolerance = 0.01
    guard low.x >= -0.5 - tolerance, high.x <= Double(grid.columns) - 0.5 + tolerance,
      low.y >= -0.5 - tolerance, high.y <= Double(grid.rows) - 0.5 + tolerance,
      first >= -0.5 - tolerance, last <= Double(grid.slices) - 0.5 + tolerance
    else {
      throw VolumeError(
        "structure-outside-image", "Structure \(structure.name) lies wholly or partly outside the image.",
        remedy: "Check that both share a frame of reference, or use an image that covers the structure.")
    }
    for plane in planes {
      let lines = plane.polygons.reduce(0) {
        $0 + zip($1, $1.dropFirst()).reduce(0) { $0 + ($1.0.y - $1.1.y).magnitude }
      }
      guard lines < 1e6 else {
        throw VolumeError(
          "contour-too-tangled", "A contour of structure \(structure.name) runs up and down more than a million rows.",
          remedy: "Draw it with fewer turns.")
      }
    }
    func range(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
      max(0, Int(low.rounded()))..<min(count, Int(high.rounded()) + 1)
    }
    box = VoxelBox(
      columns: range(low.x, high.x, grid.columns), rows: range(low.y, high.y, grid.rows),
      slices: range(first - halfThickness, last + halfThickness, grid.slices))
  }

  /// The plane whose slab holds the slice; of two at equal distance the upper one.
  func nearestPlane(to slice: Double) -> Plane? {
    let above = slice + 1e-6
    let nearest = planes.min { ($0.slice - above).magnitude < ($1.slice - above).magnitude }!
    return (-halfThickness..<halfThickness).contains(above - nearest.slice) ? nearest : nil
  }
}

extension Grid {
  /// Refuses a grid whose steps are not perpendicular, or have no length.
  func requireRectangular() throws(VolumeError) {
    let spacing = spacing
    let cosines = [
      (columnStep * rowStep).sum() / (spacing.x * spacing.y),
      (rowStep * sliceStep).sum() / (spacing.y * spacing.z),
      (sliceStep * columnStep).sum() / (spacing.z * spacing.x),
    ]
    guard cosines.allSatisfy({ $0.magnitude < 1e-3 }), count > 0 else {
      throw VolumeError(
        "grid-not-rectangular", "The image's slices are sheared against one another or hold no voxels.",
        remedy: "Resample the image to upright slices.")
    }
  }
}

/// Where parallel lines cross the edges of polygons, ascending on every line.
///
/// The lines run along the first coordinate, at ascending second coordinates. An edge owns its lower end, not its upper
/// end, and is always followed from low to high, so that an edge shared by two polygons gives one number.
private func crossings(_ polygons: [[SIMD2<Double>]], of lines: [Double]) -> [[Double]] {
  var crossed = [[Double]](repeating: [], count: lines.count)
  for polygon in polygons {
    for (a, b) in zip(polygon, polygon.dropFirst() + polygon.prefix(1)) where a.y != b.y {
      let (low, high) = a.y < b.y ? (a, b) : (b, a)
      for n in lines.first(from: low.y)..<lines.first(from: high.y) {
        crossed[n].append(low.x + (lines[n] - low.y) / (high.y - low.y) * (high.x - low.x))
      }
    }
  }
  return crossed.map { $0.sorted() }
}

extension [Double] {
  /// The place of the first of ascending numbers that is not below a value.
  fileprivate func first(from value: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// A part of a row across which edges are straight.
private struct Band {
  let row: Int
  let middle: Double
  let height: Double

  /// Those of the rows of a box: five a row, and one more at every corner of the polygons; of rows with more corners
  /// than anyone draws as many of equal height.
  static func bands(of polygons: [[SIMD2<Double>]], in box: VoxelBox) -> [Band] {
    let most = 64
    var corners = [[Double]](repeating: [], count: box.rows.count)
    for point in polygons.joined() {
      let row = Int(point.y.rounded()) - box.rows.lowerBound
      if corners.indices.contains(row) { corners[row].append(point.y) }
    }
    return zip(box.rows, corners.map { Set($0) }).flatMap { row, corners in
      let start = Double(row) - 0.5
      let parts = corners.count > most ? most : 5
      let cuts = (0...parts).map { start + Double($0) / Double(parts) } + (corners.count > most ? [] : corners)
      let sorted = cuts.sorted()
      return zip(sorted, sorted.dropFirst()).compactMap { low, high in
        high > low ? Band(row: row, middle: (low + high) / 2, height: high - low) : nil
      }
    }
  }
}

/// How much of each voxel of the rows and columns of a box polygons fill.
private func areaFractions(of polygons: [[SIMD2<Double>]], in box: VoxelBox) -> [Float] {
  let bands = Band.bands(of: polygons, in: box)
  var fractions = [Float](repeating: 0, count: box.columns.count * box.rows.count)
  for (band, line) in zip(bands, crossings(polygons, of: bands.map(\.middle))) {
    let row = (band.row - box.rows.lowerBound) * box.columns.count
    for pair in stride(from: 0, to: line.count - 1, by: 2) {
      let (low, high) = (line[pair], line[pair + 1])
      for i in (Int(low.rounded())..<Int(high.rounded()) + 1).clamped(to: box.columns) {
        let covered = min(high, Double(i) + 0.5) - max(low, Double(i) - 0.5)
        if covered > 0 { fractions[row + i - box.columns.lowerBound] += Float(covered * band.height) }
      }
    }
  }
  return fractions
}
