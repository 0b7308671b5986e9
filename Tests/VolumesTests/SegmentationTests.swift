import Foundation
import Quantities
import Testing

@testable import Volumes

@Suite("Segmentation")
struct SegmentationTests {
  private let grid = Grid(
    columns: 60, rows: 50, slices: 40, origin: .zero, columnStep: SIMD3(4, 0, 0), rowStep: SIMD3(0, 4, 0),
    sliceStep: SIMD3(0, 0, 4))

  /// Blurred spheres in mm over a background.
  private func image(_ spheres: [(SIMD3<Double>, Double, Float)], background: Float, width: Double) throws -> Image<
    ActivityConcentration
  > {
    var values = [Float](repeating: background, count: grid.count)
    for k in 0..<grid.slices {
      for j in 0..<grid.rows {
        for i in 0..<grid.columns {
          for (centre, radius, value) in spheres {
            let d = grid.position(i, j, k) - centre
            if (d * d).sum() < radius * radius { values[grid.index(i, j, k)] = value }
          }
        }
      }
    }
    let sharp = Image<ActivityConcentration>(grid: grid, values: values)
    return width > 0 ? try GaussianBlur(fullWidthAtHalfMaximum: .millimetres(width))(sharp) : sharp
  }

  @Test(
    "The adaptive threshold gives a blurred sphere its true volume at any contrast",
    arguments: [0, 100, 300] as [Float])
  func adaptive(background: Float) throws {
    let truth = 4.0 / 3 * Double.pi * 64
    let image = try image([(SIMD3(120, 100, 80), 40, 1000)], background: background, width: 12)
    let search = try Mask(sphereAt: SIMD3(120, 100, 80), radius: .millimetres(75), on: grid)
    let found = try image.adaptiveThreshold(fraction: 0.5, width: .millimetres(12), in: search)
    #expect((found.mask.volume.millilitres / truth - 1).magnitude < 0.05)
    let fixed = try #require(image.voxels(atLeast: .becquerelsPerMillilitre(410), in: search))
    if background == 300 { #expect(fixed.volume.millilitres / truth > 1.1) }
  }

  @Test("Nothing that stands out is refused")
  func flat() throws {
    let image = try image([], background: 5, width: 0)
    let search = try Mask(sphereAt: SIMD3(120, 100, 80), radius: .millimetres(60), on: grid)
    #expect(throws: VolumeError.self) {
      try image.adaptiveThreshold(fraction: 0.5, width: .millimetres(12), in: search)
    }
  }

  @Test("A region grown from a seed takes its own object alone")
  func growing() throws {
    let image = try image(
      [(SIMD3(60, 100, 80), 20, 1000), (SIMD3(160, 100, 80), 20, 1000)], background: 0, width: 0)
    let grown = try #require(
      image.region(
        grownFrom: (15, 25, 20), within: .becquerelsPerMillilitre(500)...(.becquerelsPerMillilitre(2000)),
        in: Mask(all: grid)))
    #expect(grown.contains(15, 25, 20) && !grown.contains(40, 25, 20))
    #expect(
      image.region(
        grownFrom: (0, 0, 0), within: .becquerelsPerMillilitre(500)...(.becquerelsPerMillilitre(2000)),
        in: Mask(all: grid)) == nil)
  }

  @Test("A watershed parts touching kidney and spleen within 5 % of their volumes")
  func watershed() throws {
    let (kidney, spleen) = (SIMD3(90.0, 100, 80), SIMD3(150.0, 100, 80))
    let image = try image([(kidney, 30, 1000), (spleen, 31, 980)], background: 20, width: 10)
    let all = try #require(image.voxels(atLeast: .becquerelsPerMillilitre(505), in: Mask(all: grid)))
    #expect(all.components().count == 1)
    let markers = try [kidney, spleen].map { try Mask(sphereAt: $0, radius: .millimetres(12), on: grid) }
    let parts = try image.watershed(markers: markers, in: all)
    #expect(parts[0].count + parts[1].count == all.count)
    #expect(parts[0].intersection(parts[1]) == nil)
    for (part, radius) in zip(parts, [30.0, 31]) {
      let truth = 4 / 3 * Double.pi * pow(radius, 3) / 1000
      #expect((part.volume.millilitres / truth - 1).magnitude < 0.05)
    }
    #expect(throws: VolumeError.self) { try image.watershed(markers: [markers[0], markers[0]], in: all) }
    let dark = try Mask(sphereAt: spleen, radius: .millimetres(5), on: grid)
    let pierced = try #require(all.subtracting(dark))
    #expect(try image.watershed(markers: markers, in: pierced)[0].intersection(dark) == nil)
    #expect(throws: VolumeError.self) { try image.watershed(markers: [markers[0], dark], in: pierced) }
  }

  @Test("The outline of voxels, holes and corners that touch included, holds the same voxels and their volume")
  func outline() throws {
    let sphere = try Mask(sphereAt: SIMD3(120, 100, 80), radius: .millimetres(30), on: grid)
    let hole = try Mask(sphereAt: SIMD3(125, 100, 80), radius: .millimetres(11), on: grid)
    let touching = try #require(
      Mask(
        grid: grid, box: VoxelBox(columns: 2..<6, rows: 2..<6, slices: 18..<20),
        members: (0..<32).map { ($0 % 4 + $0 / 4 % 4).isMultiple(of: 2) }))
    let mask = try #require(sphere.subtracting(hole)).union(touching)
    let outline = Structure(name: "Shell", outlining: mask)
    #expect(try Mask(of: outline, on: grid) == mask)
    let volume = try ContourPlanes(of: outline).planimetricVolume()
    #expect((volume / mask.volume - 1).magnitude < 1e-9)
    // Straight edges are one side: a box has four corners a slice.
    let box = try Mask(boxAt: SIMD3(120, 100, 80), size: SIMD3(40, 24, 16), on: grid)
    #expect(Structure(name: "Box", outlining: box).contours.allSatisfy { $0.count <= 5 })
  }

  @Test("Body and bone are found on a CT with table and lungs, the table left out")
  func anatomy() throws {
    var ct = [Int16](repeating: -1000, count: grid.count)
    func fill(_ centre: SIMD3<Double>, _ axes: SIMD3<Double>, _ value: Int16) {
      for k in 0..<grid.slices {
        for j in 0..<grid.rows {
          for i in 0..<grid.columns {
            let d = (grid.position(i, j, k) - centre) / axes
            if (d * d).sum() < 1 { ct[grid.index(i, j, k)] = value }
          }
        }
      }
    }
    fill(SIMD3(118, 90, 80), SIMD3(90, 70, 1000), 30)
    fill(SIMD3(80, 80, 80), SIMD3(20, 25, 1000), -800)
    fill(SIMD3(118, 130, 80), SIMD3(16, 14, 1000), 400)
    for k in 0..<grid.slices { for i in 0..<grid.columns { ct[grid.index(i, 46, k)] = 100 } }
    let body = try Mask.body(hounsfieldUnits: ct, on: grid)
    #expect(body.contains(20, 20, 20) && !body.contains(30, 46, 20) && !body.contains(1, 1, 20))
    let area = Double(body.count) / 40 * 16
    #expect((area / (.pi * 90 * 70) - 1).magnitude < 0.02)
    let bone = try #require(Mask.bone(hounsfieldUnits: ct, in: body))
    #expect((Double(bone.count) / 40 * 16 / (.pi * 16 * 14) - 1).magnitude < 0.08)
  }

  @Test("A kidney on CT is grown from where SPECT shows it, and not into fat")
  func organ() throws {
    var ct = [Int16](repeating: -100, count: grid.count)
    for k in 0..<grid.slices {
      for j in 0..<grid.rows {
        for i in 0..<grid.columns {
          let d = (grid.position(i, j, k) - SIMD3(120, 100, 80)) / SIMD3(28, 22, 52)
          if (d * d).sum() < 1 { ct[grid.index(i, j, k)] = 35 }
        }
      }
    }
    let seed = try Mask(sphereAt: SIMD3(120, 100, 80), radius: .millimetres(20), on: grid)
    let kidney = try #require(try Mask.organ(hounsfieldUnits: ct, seed: seed, reach: .millimetres(45)))
    #expect((kidney.volume.millilitres / (4.0 / 3 * Double.pi * 32.032) - 1).magnitude < 0.03)
    let fat = [Int16](repeating: -100, count: grid.count)
    #expect(try Mask.organ(hounsfieldUnits: fat, seed: seed, reach: .millimetres(45)) == nil)
  }
}
