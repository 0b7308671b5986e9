import Foundation
import Quantities
import Volumes

/// A grid of cubes with edges of `spacing` whose first voxel's centre is the origin.
func cubicGrid(_ n: Int, spacing: Double = 1) -> Grid {
  Grid(
    columns: n, rows: n, slices: n, origin: .zero, columnStep: SIMD3(spacing, 0, 0), rowStep: SIMD3(0, spacing, 0),
    sliceStep: SIMD3(0, 0, spacing))
}

/// A rectangle in a plane of constant z, from one corner to the other.
func rectangle(_ low: SIMD2<Double>, _ high: SIMD2<Double>, z: Double) -> [SIMD3<Double>] {
  [SIMD3(low.x, low.y, z), SIMD3(high.x, low.y, z), SIMD3(high.x, high.y, z), SIMD3(low.x, high.y, z)]
}

/// The contours of a sphere on planes `spacing` apart.
func sphere(centre: SIMD3<Double>, radius: Double, spacing: Double, points: Int = 180) -> Structure {
  let n = Int(radius / spacing) + 1
  let contours = (-n...n).compactMap { k -> [SIMD3<Double>]? in
    let z = Double(k) * spacing
    guard abs(z) < radius else { return nil }
    let r = (radius * radius - z * z).squareRoot()
    return (0..<points).map {
      let angle = 2 * Double.pi * Double($0) / Double(points)
      return centre + SIMD3(r * cos(angle), r * sin(angle), z)
    }
  }
  return Structure(name: "sphere", contours: contours)
}

func relative(_ a: Double, _ b: Double) -> Double { abs(a / b - 1) }
