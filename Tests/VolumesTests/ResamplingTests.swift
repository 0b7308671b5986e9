import Quantities
import Testing
import Volumes

private func grid(_ count: SIMD3<Int>, _ origin: SIMD3<Double>, _ edge: SIMD3<Double>) -> Grid {
  Grid(
    columns: count.x, rows: count.y, slices: count.z, origin: origin, columnStep: SIMD3(edge.x, 0, 0),
    rowStep: SIMD3(0, edge.y, 0), sliceStep: SIMD3(0, 0, edge.z))
}

@Suite("From one grid to another")
struct ResamplingTests {
  @Test("A region keeps its voxels on a grid that is turned, and what it holds on a finer one")
  func masks() throws {
    let own = grid(SIMD3(12, 10, 8), SIMD3(-20, -20, -20), SIMD3(4, 4, 5))
    let sphere = try Mask(sphereAt: SIMD3(2, -2, -3), radius: .millimetres(11), on: own)
    #expect(try sphere.resampled(on: own) == sphere)
    let turned = Grid(
      columns: 8, rows: 12, slices: 10, origin: own.position(11, 0, 0), columnStep: SIMD3(0, 0, 5),
      rowStep: SIMD3(-4, 0, 0), sliceStep: SIMD3(0, 4, 0))
    let there = try #require(try sphere.resampled(on: turned))
    #expect(there.count == sphere.count)
    #expect(try there.resampled(on: own) == sphere)
    let fine = grid(SIMD3(60, 60, 60), SIMD3(-29.5, -29.5, -30), SIMD3(1, 1, 1))
    let many = try #require(try sphere.resampled(on: fine))
    #expect((many.volume / sphere.volume - 1).magnitude < 1e-9)
    for point in [many.centroid, there.centroid] {
      let offset = point - sphere.centroid
      #expect((offset * offset).sum().squareRoot() < 0.01)
    }
  }

  @Test("A region beside the other grid has no voxel there, one at its edge a share")
  func outside() throws {
    let own = grid(SIMD3(10, 10, 10), .zero, SIMD3(2, 2, 2))
    let box = try Mask(boxAt: SIMD3(9, 9, 9), size: SIMD3(15, 15, 15), on: own)
    let beside = grid(SIMD3(10, 10, 10), SIMD3(100, 0, 0), SIMD3(2, 2, 2))
    #expect(try box.resampled(on: beside) == nil)
    #expect(try box.share(inside: beside) == 0)
    let half = grid(SIMD3(5, 10, 10), .zero, SIMD3(2, 2, 2))
    #expect((try box.share(inside: half) - 0.5).magnitude < 1e-12)
    #expect(try box.share(inside: own) == 1)
    let flat = Grid(
      columns: 2, rows: 2, slices: 2, origin: .zero, columnStep: SIMD3(1, 0, 0), rowStep: SIMD3(2, 0, 0),
      sliceStep: SIMD3(0, 0, 1))
    #expect(throws: VolumeError.self) { try box.resampled(on: flat) }
  }

  @Test("Between voxels a linear image has its own values, at the edge the last, beyond it none")
  func sampling() throws {
    struct Height: Quantity {
      let base: Double
      static let baseUnit = "1"
    }
    let own = grid(SIMD3(4, 5, 6), SIMD3(1, 2, 3), SIMD3(2, 3, 4))
    var values: [Float] = []
    VoxelBox(all: own).forEachRow { j, k in
      for i in 0..<4 {
        let p = own.position(i, j, k)
        values.append(Float(p.x - 2 * p.y + 0.5 * p.z))
      }
    }
    let sampler = try Image<Height>.Sampler(Image(grid: own, values: values))
    for point in [SIMD3(2.3, 7.7, 9.1), SIMD3(1, 2, 3), SIMD3(7, 14, 23), SIMD3(6.9, 13.9, 22.9)] {
      let truth = point.x - 2 * point.y + 0.5 * point.z
      #expect((Double(try #require(sampler.value(at: point))) - truth).magnitude < 1e-4)
    }
    #expect(sampler.value(at: SIMD3(0.2, 2, 3)) == 1 - 4 + 1.5)
    #expect(sampler.value(at: SIMD3(-0.2, 2, 3)) == nil)
    #expect(sampler.value(at: SIMD3(2, 2, 26)) == nil)
  }
}
