import Foundation
import Quantities
import Testing
import Volumes

@Suite("Statistics, distances and blur")
struct VoxelTests {
  private func mask(_ grid: Grid, _ voxels: [(Int, Int, Int)]) -> Mask {
    var members = [Bool](repeating: false, count: grid.count)
    for (i, j, k) in voxels { members[grid.index(i, j, k)] = true }
    return Mask(grid: grid, box: VoxelBox(all: grid), members: members)!
  }

  @Test("Mean, spread, sum and maximum are those of the voxels of the mask")
  func statistics() throws {
    let grid = cubicGrid(3)
    let image = Image<ActivityConcentration>(grid: grid, values: (0..<27).map { Float($0) })
    let found = try image.statistics(in: mask(grid, [(0, 0, 0), (2, 0, 0), (1, 1, 1), (2, 2, 2)]))
    #expect(found.count == 4 && found.sum.base == 0 + 2 + 13 + 26 && found.mean.base == 10.25)
    #expect(found.maximum.base == 26)
    #expect(relative(found.standardDeviation.base, (428.75 / 3.0).squareRoot()) < 1e-9)
  }

  @Test("A voxel that is no number and a mask of another grid are refused")
  func refusedStatistics() {
    let grid = cubicGrid(3)
    var image = Image<ActivityConcentration>(grid: grid, values: [Float](repeating: 1, count: 27))
    image.values[13] = .nan
    #expect(throws: VolumeError.self) { try image.statistics(in: mask(grid, [(1, 1, 1)])) }
    #expect(throws: VolumeError.self) { try image.statistics(in: mask(cubicGrid(4), [(1, 1, 1)])) }
  }

  @Test("A shell holds the voxels that every distance between voxel centres says it holds")
  func shellAgainstAllDistances() throws {
    let grid = Grid(
      columns: 13, rows: 11, slices: 9, origin: SIMD3(3, -2, 7), columnStep: SIMD3(2, 0, 0),
      rowStep: SIMD3(0, 2.5, 0), sliceStep: SIMD3(0, 0, 4))
    let members = [(3, 3, 3), (4, 3, 3), (9, 8, 5), (12, 0, 8)]
    let region = mask(grid, members)
    let shell = try #require(try region.shell(from: .millimetres(3.1), to: .millimetres(9.3)))
    for k in 0..<9 {
      for j in 0..<11 {
        for i in 0..<13 {
          let nearest = members.map { m -> Double in
            let d = grid.position(i, j, k) - grid.position(m.0, m.1, m.2)
            return (d * d).sum().squareRoot()
          }.min()!
          #expect(shell.contains(i, j, k) == (3.1 <= nearest && nearest < 9.3))
        }
      }
    }
    #expect(try region.dilated(by: .millimetres(9.3)).subtracting(shell)?.contains(3, 3, 3) == true)
    #expect(try region.shell(from: .millimetres(500), to: .millimetres(600)) == nil)
  }

  @Test("The borders of a cube are its faces, inside and outside")
  func borders() throws {
    let cube = mask(cubicGrid(9), (2..<6).flatMap { i in (2..<6).flatMap { j in (2..<6).map { (i, j, $0) } } })
    #expect(cube.innerBorder().count == 64 - 8)
    #expect(cube.outerBorder()?.count == 6 * 16)
    #expect(cube.outerBorder()?.contains(1, 1, 2) == false)
    let everything = mask(cubicGrid(2), (0..<8).map { ($0 & 1, $0 >> 1 & 1, $0 >> 2) })
    #expect(everything.outerBorder() == nil)
  }

  @Test("A blurred point is a Gaussian of the given width whose sum is 1")
  func blurredPoint() throws {
    let grid = Grid(
      columns: 41, rows: 43, slices: 37, origin: .zero, columnStep: SIMD3(2, 0, 0), rowStep: SIMD3(0, 2.5, 0),
      sliceStep: SIMD3(0, 0, 3))
    let blur = try GaussianBlur(fullWidthAtHalfMaximum: .millimetres(8))
    let point = Occupancy(
      grid: grid, box: VoxelBox(columns: 20..<21, rows: 21..<22, slices: 18..<19), fractions: [1])
    let blurred = try blur(point)
    #expect(relative(Double(blurred.fractions.reduce(0, +)), 1) < 1e-5)
    let sigma = 8 / (8 * log(2.0)).squareRoot()
    let peak = 15 / pow(2 * Double.pi * sigma * sigma, 1.5)
    for (i, j, k) in [(20, 21, 18), (22, 21, 18), (20, 24, 18), (20, 21, 20), (21, 20, 19)] {
      let d = grid.position(i, j, k) - grid.position(20, 21, 18)
      let expected = peak * exp(-(d * d).sum() / (2 * sigma * sigma))
      #expect(relative(Double(blurred.fractions[blurred.box.index(i, j, k)]), expected) < 2e-3)
    }
  }

  @Test("Two blurs are one whose squared widths add up, for an image and for an occupancy")
  func blursAddInSquares() throws {
    let grid = cubicGrid(40, spacing: 2)
    let ball = try Occupancy(of: sphere(centre: SIMD3(39, 40, 41), radius: 15, spacing: 2), on: grid)
    func blur(_ width: Double) throws -> GaussianBlur {
      try GaussianBlur(fullWidthAtHalfMaximum: .millimetres(width))
    }
    let (twice, once) = (try blur(8)(blur(6)(ball)), try blur(10)(ball))
    twice.box.intersection(once.box).forEachRow { j, k in
      for i in once.box.columns {
        let difference = twice.fractions[twice.box.index(i, j, k)] - once.fractions[once.box.index(i, j, k)]
        #expect(abs(difference) < 1e-3)
      }
    }
    var values = [Float](repeating: 0, count: grid.count)
    ball.box.forEachRow { j, k in
      for i in ball.box.columns { values[grid.index(i, j, k)] = ball.fractions[ball.box.index(i, j, k)] }
    }
    let image = try blur(10)(Image<ActivityConcentration>(grid: grid, values: values))
    #expect(abs(image.values[grid.index(15, 16, 17)] - once.fractions[once.box.index(15, 16, 17)]) < 1e-6)
  }

  @Test("A width that is no width is refused", arguments: [0, -3, 101, Double.nan, .infinity])
  func refusedWidth(width: Double) {
    #expect(throws: VolumeError.self) { try GaussianBlur(fullWidthAtHalfMaximum: .millimetres(width)) }
  }
}
