import Foundation
import Quantities
import Testing
import Volumes

@Suite("Masks from contours")
struct MaskTests {
  let grid = cubicGrid(20)

  @Test("A voxel belongs to a rectangle when its centre lies inside")
  func rectangleOfKnownVoxels() throws {
    let contours = [4.0, 5, 6].map { rectangle(SIMD2(2.5, 3.5), SIMD2(7.4, 9.6), z: $0) }
    let mask = try Mask(of: Structure(name: "box", contours: contours), on: grid)
    #expect(mask.box == VoxelBox(columns: 3..<8, rows: 4..<10, slices: 4..<7))
    #expect(mask.count == 5 * 6 * 3)
    #expect(mask.volume == .millilitres(90 * 0.001))
    #expect(mask.contains(3, 4, 4) && !mask.contains(2, 4, 4) && !mask.contains(3, 4, 7))
    #expect(mask.gridIndices() == mask.gridIndices().sorted() && mask.gridIndices().first == grid.index(3, 4, 4))
  }

  @Test("Polygons that share an edge through voxel centres share no voxel and lose none")
  func adjacentPolygons() throws {
    func triangle(_ a: SIMD2<Double>, _ b: SIMD2<Double>, _ c: SIMD2<Double>) throws -> Mask {
      let contours = [5.0, 6].map { z in [a, b, c].map { SIMD3($0.x, $0.y, z) } }
      return try Mask(of: Structure(name: "triangle", contours: contours), on: grid)
    }
    let corners = [SIMD2(2.0, 2), SIMD2(14.0, 2), SIMD2(14.0, 14), SIMD2(2.0, 14)]
    let lower = try triangle(corners[0], corners[1], corners[2])
    let upper = try triangle(corners[2], corners[3], corners[0])
    #expect(lower.intersection(upper) == nil)
    #expect(lower.count + upper.count == 12 * 12 * 2)
    #expect(lower.union(upper).count == 12 * 12 * 2)
  }

  @Test("A polygon inside another cuts a hole in the mask, the occupancy and the planimetric volume")
  func hole() throws {
    let contours = [4.0, 5, 6].flatMap {
      [rectangle(SIMD2(2, 2), SIMD2(12, 12), z: $0), rectangle(SIMD2(5, 5), SIMD2(9, 9), z: $0)]
    }
    let ring = Structure(name: "ring", contours: contours)
    let expected = 3.0 * (100 - 16) / 1000
    #expect(try Mask(of: ring, on: grid).count == 3 * (100 - 16))
    #expect(relative(try Occupancy(of: ring, on: grid).volume.millilitres, expected) < 1e-5)
    #expect(relative(try ring.planimetricVolume().millilitres, expected) < 1e-12)
    #expect(try !Mask(of: ring, on: grid).contains(7, 7, 5))
  }

  @Test("A slice takes the nearest contour plane within half the spacing of the planes")
  func planesBetweenSlices() throws {
    let thick = [4.3, 7.3, 10.3].map { rectangle(SIMD2(2.5, 2.5), SIMD2(6.5, 6.5), z: $0) }
    #expect(try Mask(of: Structure(name: "thick", contours: thick), on: grid).box.slices == 3..<12)
    let thin = (0..<9).map { rectangle(SIMD2(2.5, 2.5), SIMD2(6.5, 6.5), z: 4.2 + 0.5 * Double($0)) }
    #expect(try Mask(of: Structure(name: "thin", contours: thin), on: grid).box.slices == 4..<9)
    let above = [4.6, 5.6].map { rectangle(SIMD2(2.5, 2.5), SIMD2(6.5, 6.5), z: $0) }
    #expect(try Mask(of: Structure(name: "above", contours: above), on: grid).box.slices == 5..<7)
    let halfway = [4.5, 5.5].map { rectangle(SIMD2(2.5, 2.5), SIMD2(6.5, 6.5), z: $0) }
    #expect(try Mask(of: Structure(name: "halfway", contours: halfway), on: grid).box.slices == 4..<6)
  }

  @Test("The occupancy holds the planimetric volume, however the planes lie to the slices")
  func occupancyConservesVolume() throws {
    for spacing in [0.7, 1, 1.9] {
      let ball = sphere(centre: SIMD3(9.3, 9.6, 9.45), radius: 6.2, spacing: spacing)
      let occupancy = try Occupancy(of: ball, on: grid)
      #expect(relative(occupancy.volume.millilitres, try ball.planimetricVolume().millilitres) < 1e-5)
      #expect(occupancy.fractions.allSatisfy { (0...1).contains($0) })
    }
  }

  @Test("A sphere's mask, occupancy and planimetry come near 4π/3 r³")
  func sphereVolume() throws {
    let fine = cubicGrid(60, spacing: 0.5)
    let ball = sphere(centre: SIMD3(14.1, 14.2, 14.05), radius: 10, spacing: 0.5)
    let truth = 4 / 3 * Double.pi
    #expect(relative(try ball.planimetricVolume().millilitres, truth) < 0.002)
    #expect(relative(try Mask(of: ball, on: fine).volume.millilitres, truth) < 0.005)
    #expect(relative(try Occupancy(of: ball, on: fine).volume.millilitres, truth) < 0.003)
  }

  @Test("An oblique image gives the mask of an upright one when the structure is turned with it")
  func turnedImage() throws {
    let (c, s) = (cos(0.4), sin(0.4))
    func turn(_ p: SIMD3<Double>) -> SIMD3<Double> { SIMD3(c * p.x - s * p.z, p.y, s * p.x + c * p.z) }
    let ball = sphere(centre: SIMD3(9.3, 9.6, 9.45), radius: 6.2, spacing: 1)
    let turned = Grid(
      columns: 20, rows: 20, slices: 20, origin: .zero, columnStep: turn(SIMD3(1, 0, 0)),
      rowStep: turn(SIMD3(0, 1, 0)), sliceStep: turn(SIMD3(0, 0, 1)))
    let contours = ball.contours.map { $0.map(turn) }
    let mask = try Mask(of: Structure(name: "turned", contours: contours), on: turned)
    #expect(mask.gridIndices() == (try Mask(of: ball, on: grid).gridIndices()))
  }

  @Test(
    "Contours that cannot be used are refused",
    arguments: [
      ("no-contours", []),
      ("contour-too-short", [[SIMD3(1, 1, 1), SIMD3(2, 2, 1)]]),
      ("contour-not-finite", [[SIMD3(1, 1, 1), SIMD3(2, .nan, 1), SIMD3(3, 1, 1)]]),
      ("contour-without-area", [[SIMD3(1, 1, 1), SIMD3(2, 2, 1), SIMD3(3, 3, 1)]]),
      ("contours-not-parallel", [[SIMD3(2, 2, 2), SIMD3(9, 2, 4), SIMD3(9, 9, 4), SIMD3(2, 9, 2)]]),
      ("structure-outside-image", [rectangle(SIMD2(40, 40), SIMD2(50, 50), z: 3)]),
      ("structure-outside-image", [rectangle(SIMD2(4, 4), SIMD2(25, 8), z: 3)]),
      ("structure-outside-image", [rectangle(SIMD2(4, 4), SIMD2(8, 8), z: -3)]),
      ("structure-outside-image", [rectangle(SIMD2(4, 4), SIMD2(1e300, 8), z: 3)]),
      ("structure-without-voxels", [rectangle(SIMD2(4.2, 4.2), SIMD2(4.8, 4.8), z: 3)]),
      ("contour-twice", [rectangle(SIMD2(4, 4), SIMD2(8, 8), z: 3), rectangle(SIMD2(4, 4), SIMD2(8, 8), z: 3)]),
      ("contours-not-evenly-spaced", [3, 4, 5, 5.5].map { rectangle(SIMD2(4, 4), SIMD2(8, 8), z: $0) }),
    ] as [(String, [[SIMD3<Double>]])])
  func refusals(code: String, contours: [[SIMD3<Double>]]) {
    let error = #expect(throws: VolumeError.self) {
      try Mask(of: Structure(name: "s", contours: contours), on: cubicGrid(20))
    }
    #expect(error?.code == code)
  }

  @Test("More contours or points than anyone draws are refused instead of worked on without end")
  func hostileContours() {
    let square = (0..<6000).map { n in
      rectangle(SIMD2(2, 2), SIMD2(9 + Double(n) / 6000, 9), z: 3)
    }
    let zigzag = (0..<400_000).map { n -> SIMD3<Double> in
      let x = 2 + Double(n) / 50_000
      return SIMD3(x, n.isMultiple(of: 2) ? 2 : 17, 3)
    }
    for (code, contours) in [
      ("too-many-contours", square), ("contour-too-tangled", [zigzag + [SIMD3(2, 18, 3)]]),
      ("too-many-points", [[SIMD3<Double>](repeating: .zero, count: 2_000_001)]),
    ] {
      let error = #expect(throws: VolumeError.self) {
        try Mask(of: Structure(name: "s", contours: contours), on: grid)
      }
      #expect(error?.code == code)
    }
  }

  @Test("A sheared grid is refused")
  func shearedGrid() {
    let sheared = Grid(
      columns: 20, rows: 20, slices: 20, origin: .zero, columnStep: SIMD3(1, 0, 0), rowStep: SIMD3(0, 1, 0),
      sliceStep: SIMD3(0, 0.2, 1))
    let error = #expect(throws: VolumeError.self) {
      try Mask(of: Structure(name: "s", contours: [rectangle(SIMD2(4, 4), SIMD2(8, 8), z: 3)]), on: sheared)
    }
    #expect(error?.code == "grid-not-rectangular")
  }

  @Test("The volume of a structure on one slice is refused, and gaps between planes are counted")
  func spacingOfPlanes() throws {
    let single = Structure(name: "s", contours: [rectangle(SIMD2(4, 4), SIMD2(8, 8), z: 3)])
    let error = #expect(throws: VolumeError.self) { try single.planimetricVolume() }
    #expect(error?.code == "single-contour-plane")
    let parts = Structure(name: "p", contours: [3, 4, 5, 9, 10].map { rectangle(SIMD2(4, 4), SIMD2(8, 8), z: $0) })
    let planes = try ContourPlanes(of: parts)
    #expect(planes.gaps == 1 && planes.spacing == .millimetres(1) && planes.planes.count == 5)
  }
}
