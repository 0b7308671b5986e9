import Quantities
import Testing
import Uptake
import Volumes

@Suite("Projections from all sides")
struct ProjectionTests {
  private let grid = Grid(
    columns: 16, rows: 16, slices: 10, origin: SIMD3(-30, -30, 0), columnStep: SIMD3(4, 0, 0),
    rowStep: SIMD3(0, 4, 0), sliceStep: SIMD3(0, 0, 4))

  private func image(_ voxels: [(SIMD3<Int>, Float)]) -> Image<UptakeValue> {
    var values = [Float](repeating: 1, count: grid.count)
    for (voxel, value) in voxels { values[grid.index(voxel.x, voxel.y, voxel.z)] = value }
    return Image(grid: grid, values: values)
  }

  @Test("The front shows the largest voxel of every column, head up, the patient's left at the right")
  func front() throws {
    let found = try image([(SIMD3(12, 3, 9), 7), (SIMD3(2, 8, 0), 5)]).rotatingProjection(frames: 4)
    #expect(found.columns == 16)
    #expect(found.rows == 10)
    #expect(found.frames.count == 4)
    let front = found.frames[0]
    #expect((front[12] - 7).magnitude < 1e-5)
    #expect((front[9 * 16 + 2] - 5).magnitude < 1e-5)
    #expect(front.count { $0 > 1.001 } == 2)
  }

  @Test("A quarter turn shows the patient from the side, a half turn from behind")
  func turns() throws {
    let found = try image([(SIMD3(12, 3, 5), 9)]).rotatingProjection(frames: 4)
    let row = 4 * 16
    #expect((found.frames[0][row + 12] - 9).magnitude < 1e-4)
    #expect((found.frames[1][row + 3] - 9).magnitude < 1e-4)
    #expect((found.frames[2][row + 3] - 9).magnitude < 1e-4)
    #expect((found.frames[3][row + 12] - 9).magnitude < 1e-4)
  }

  @Test("A uniform cylinder looks alike from all sides")
  func cylinder() throws {
    var values = [Float](repeating: 0, count: grid.count)
    for k in 0..<10 {
      for j in 0..<16 {
        for i in 0..<16 where (i * 2 - 15) * (i * 2 - 15) + (j * 2 - 15) * (j * 2 - 15) < 121 {
          values[grid.index(i, j, k)] = 3
        }
      }
    }
    let found = try Image<UptakeValue>(grid: grid, values: values).rotatingProjection(frames: 36)
    for frame in found.frames { #expect((frame[5 * 16 + 7] - 3).magnitude < 1e-5) }
  }

  @Test("Odd numbers of frames, slices that are not axial and voxels that are no number are refused")
  func refused() {
    #expect(throws: VolumeError.self) { try image([]).rotatingProjection(frames: 7) }
    #expect(throws: VolumeError.self) { try image([]).rotatingProjection(frames: 0) }
    #expect(throws: VolumeError.self) { try image([(SIMD3(1, 1, 1), .nan)]).rotatingProjection() }
    let coronal = Grid(
      columns: 4, rows: 4, slices: 4, origin: .zero, columnStep: SIMD3(4, 0, 0), rowStep: SIMD3(0, 0, 4),
      sliceStep: SIMD3(0, 4, 0))
    #expect(throws: VolumeError.self) {
      try Image<UptakeValue>(grid: coronal, values: [Float](repeating: 1, count: 64)).rotatingProjection()
    }
  }
}
