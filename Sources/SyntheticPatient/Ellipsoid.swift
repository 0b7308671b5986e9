import Glibc
import Volumes

/// An ellipsoid with axes along the patient's coordinates, in mm.
public struct Ellipsoid: Hashable, Sendable {
  public let centre: SIMD3<Double>
  public let semiaxes: SIMD3<Double>

  public init(centre: SIMD3<Double>, semiaxes: SIMD3<Double>) {
    self.centre = centre
    self.semiaxes = semiaxes
  }

  /// 4π/3 · abc in mm³.
  var cubicMillimetres: Double { 4 / 3 * .pi * semiaxes.x * semiaxes.y * semiaxes.z }

  /// The squared distance of a point from the centre in units of the semi-axes: below 1 inside.
  func squaredRadius(_ point: SIMD3<Double>) -> Double {
    let d = (point - centre) / semiaxes
    return (d * d).sum()
  }

  /// The ellipsoid grown about its centre.
  func scaled(by factor: Double) -> Ellipsoid { Ellipsoid(centre: centre, semiaxes: semiaxes * factor) }

  /// The block of voxels that it touches.
  func box(on grid: Grid) -> VoxelBox {
    let spacing = grid.spacing
    let (low, high) = ((centre - semiaxes - grid.origin) / spacing, (centre + semiaxes - grid.origin) / spacing)
    func range(_ axis: Int, _ count: Int) -> Range<Int> {
      max(0, Int(low[axis].rounded()))..<min(count, Int(high[axis].rounded()) + 1)
    }
    return VoxelBox(columns: range(0, grid.columns), rows: range(1, grid.rows), slices: range(2, grid.slices))
  }

  /// Adds the fraction of every voxel that the ellipsoid fills, sampled 5 × 5 × 5 where its surface may pass.
  func rasterize(into fractions: inout [Float], box: VoxelBox, grid: Grid) {
    let spacing = grid.spacing
    let halfDiagonal = (spacing / semiaxes / 2)
    let reach = (halfDiagonal * halfDiagonal).sum().squareRoot()
    let (inner, outer) = (max(0, 1 - reach), 1 + reach)
    let own = self.box(on: grid).intersection(box)
    let samples = (0..<5).map { (Double($0) + 0.5) / 5 - 0.5 }
    own.forEachRow { j, k in
      for i in own.columns {
        let centre = grid.position(i, j, k)
        let squared = squaredRadius(centre)
        if squared >= outer * outer { continue }
        let place = box.index(i, j, k)
        if squared <= inner * inner {
          fractions[place] += 1
          continue
        }
        var inside = 0
        for z in samples {
          for y in samples {
            for x in samples where squaredRadius(centre + spacing * SIMD3(x, y, z)) < 1 { inside += 1 }
          }
        }
        fractions[place] += Float(inside) / 125
      }
    }
  }

  /// Closed polygons of the ellipse's own area on every slice of a grid whose slices are perpendicular to z.
  func contours(on grid: Grid, points: Int = 72) -> [[SIMD3<Double>]] {
    let angle = 2 * Double.pi / Double(points)
    let sameArea = (angle / sin(angle)).squareRoot()
    return (0..<grid.slices).compactMap { k in
      let z = grid.position(0, 0, k).z
      let height = (z - centre.z) / semiaxes.z
      guard height.magnitude < 1 else { return nil }
      let radius = (1 - height * height).squareRoot() * sameArea
      return (0..<points).map { n in
        SIMD3(
          centre.x + semiaxes.x * radius * cos(Double(n) * angle),
          centre.y + semiaxes.y * radius * sin(Double(n) * angle), z)
      }
    }
  }
}
