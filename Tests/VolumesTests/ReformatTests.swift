import Quantities
import Testing
import Volumes

/// An image whose values are linear in the patient's coordinates.
private func ramp(on grid: Grid) -> Image<ActivityConcentration> {
  var values = [Float](repeating: 0, count: grid.count)
  for k in 0..<grid.slices {
    for j in 0..<grid.rows {
      for i in 0..<grid.columns { values[grid.index(i, j, k)] = ramp(at: grid.position(i, j, k)) }
    }
  }
  return Image(grid: grid, values: values)
}

private func ramp(at point: SIMD3<Double>) -> Float { Float(100 + 2 * point.x - 3 * point.y + 0.5 * point.z) }

private let own = Grid(
  columns: 12, rows: 10, slices: 8, origin: SIMD3(-20, -20, -20), columnStep: SIMD3(4, 0, 0),
  rowStep: SIMD3(0, 4, 0), sliceStep: SIMD3(0, 0, 5))

@Suite("Reformats and resampling")
struct ReformatTests {
  @Test("A linear image is exact on an oblique plane and 0 outside its voxels")
  func oblique() throws {
    let plane = try own.plane(
      through: SIMD3(2, -2, -3), across: SIMD3(1, 1, 0.5), down: SIMD3(-1, 1, 0), pixel: .millimetres(1.5))
    #expect(plane.slices == 1)
    let cut = try ramp(on: own).resampled(onto: plane)
    var seen = 0
    for j in 0..<plane.rows {
      for i in 0..<plane.columns {
        let point = plane.position(i, j, 0)
        let place = (point - own.origin) / SIMD3(4, 4, 5)
        let value = cut.values[plane.index(i, j, 0)]
        let last = SIMD3(11.0, 9, 7)
        if all(place .>= 0), all(place .<= last) {
          seen += 1
          #expect((value - ramp(at: point)).magnitude < 1e-3)
        } else if any(place .< -0.5) || any(place .> last + 0.5) {
          #expect(value == 0)
        }
      }
    }
    #expect(seen > 300)
  }

  @Test("A coronal plane runs from the patient's right and the head, an axial one is a slice")
  func standard() throws {
    let image = ramp(on: own)
    let coronal = try own.plane(.coronal, through: own.position(0, 4, 0), pixel: .millimetres(1))
    #expect(coronal.columns == 48 && coronal.rows == 40)
    #expect(coronal.position(0, 0, 0) == SIMD3(-21.5, -4, 17))
    let cut = try image.resampled(onto: coronal)
    #expect((cut.values[coronal.index(10, 10, 0)] - ramp(at: coronal.position(10, 10, 0))).magnitude < 1e-3)
    let axial = try own.plane(.axial, through: own.position(0, 0, 3), pixel: .millimetres(4))
    #expect(try image.resampled(onto: axial).values == Array(image.values[360..<480]))
    #expect(try own.plane(.sagittal, through: .zero, pixel: .millimetres(4)).columnStep == SIMD3(0, 4, 0))
    #expect(throws: VolumeError.self) {
      try own.plane(through: .zero, across: SIMD3(1, 0, 0), down: SIMD3(1, 1, 0), pixel: .millimetres(1))
    }
    #expect(throws: VolumeError.self) { try own.plane(.axial, through: .zero, pixel: .millimetres(1e-3)) }
  }

  @Test("The nearest voxel gives its own value")
  func nearest() throws {
    let image = ramp(on: own)
    let fine = Grid(
      columns: 24, rows: 20, slices: 16, origin: SIMD3(-21, -21, -21.25), columnStep: SIMD3(2, 0, 0),
      rowStep: SIMD3(0, 2, 0), sliceStep: SIMD3(0, 0, 2.5))
    let found = try image.resampled(onto: fine, by: .nearest)
    for (i, j, k) in [(0, 0, 0), (5, 7, 3), (23, 19, 15)] {
      #expect(found.values[fine.index(i, j, k)] == image.values[own.index(i / 2, j / 2, k / 2)])
    }
  }

  @Test("What adds up over voxels keeps its sum on coarser, finer, shifted and turned grids")
  func totals() throws {
    let image = ramp(on: own)
    let sum = image.values.reduce(0.0) { $0 + Double($1) }
    let whole = Grid(
      columns: 30, rows: 30, slices: 30, origin: SIMD3(-44, -44, -44), columnStep: SIMD3(3.3, 0, 0),
      rowStep: SIMD3(0, 3.3, 0), sliceStep: SIMD3(0, 0, 3.3))
    let (c, s) = (0.8, 0.6)
    let turned = Grid(
      columns: 40, rows: 40, slices: 40, origin: SIMD3(-30, -90, -60), columnStep: SIMD3(3 * c, 3 * s, 0),
      rowStep: SIMD3(-3 * s, 3 * c, 0), sliceStep: SIMD3(0, 0, 3))
    for grid in [whole, turned] {
      let (found, outside) = try image.redistributed(onto: grid)
      let there = found.values.reduce(0.0) { $0 + Double($1) }
      #expect((there / sum - 1).magnitude < 1e-6)
      #expect(outside.magnitude < 1e-6 * sum)
    }
    // Half of every second pair: columns of 8 mm that begin with the image's own take two voxels each.
    let pairs = Grid(
      columns: 3, rows: 10, slices: 8, origin: SIMD3(-18, -20, -20), columnStep: SIMD3(8, 0, 0),
      rowStep: SIMD3(0, 4, 0), sliceStep: SIMD3(0, 0, 5))
    let (found, outside) = try image.redistributed(onto: pairs)
    #expect(found.values[0] == image.values[0] + image.values[1])
    let beyond = (0..<80).reduce(0.0) { $0 + image.values[$1 * 12 + 6..<$1 * 12 + 12].reduce(0.0) { $0 + Double($1) } }
    #expect((outside / beyond - 1).magnitude < 1e-9)
  }

  @Test("With a depth cue the near one of two equal spots is brighter, and from behind the other")
  func depth() throws {
    var values = [Float](repeating: 0, count: 21 * 21 * 2)
    for (j, i) in [(4, 6), (16, 14)] { for k in 0..<2 { values[(k * 21 + j) * 21 + i] = 10 } }
    let grid = Grid(
      columns: 21, rows: 21, slices: 2, origin: SIMD3(-40, -40, 0), columnStep: SIMD3(4, 0, 0),
      rowStep: SIMD3(0, 4, 0), sliceStep: SIMD3(0, 0, 4))
    let image = Image<ActivityConcentration>(grid: grid, values: values)
    let found = try image.rotatingProjection(frames: 2, depthCue: 0.5)
    let (front, back) = (found.frames[0], found.frames[1])
    #expect(front[6] > 1.2 * front[14] && front[6] < 10)
    // From behind, left and right are exchanged and the other spot is near.
    #expect(back[6] > 1.2 * back[14])
    #expect(try image.rotatingProjection(frames: 2).frames[0][6] == 10)
    #expect(throws: VolumeError.self) { try image.rotatingProjection(frames: 2, depthCue: 1) }
  }
}
