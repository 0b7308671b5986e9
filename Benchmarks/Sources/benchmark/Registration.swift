import Foundation
import Quantities
import Statistics
import Volumes

/// How long and how well two SPECT volumes are laid on one another.
enum Registration {
  static func measure(_ thresholds: Thresholds) throws -> [Figure] {
    let shift = SIMD3(11.3, -7.9, 16.2)
    let (fixed, moving) = (phantom(at: .zero), phantom(at: shift))
    var error = 0.0
    let times = try (0..<7).map { _ in
      let clock = ContinuousClock()
      let duration = try clock.measure {
        let found = try RigidRegistration(of: moving, to: fixed)
        let miss = [SIMD3(65.0, 50, 0), SIMD3(-60, -20, 90)].map { found.transform($0) - $0 - shift }
        error = miss.map { ($0 * $0).sum().squareRoot() }.max()! / 4.8
      }
      return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
    let median = try Sample(times).median
    return [
      Figure(
        name: "registration of two 128³ volumes, s", value: median, bounds: 0...(try thresholds["registrationSeconds"]),
        note: ""),
      Figure(
        name: "its error on a known shift, voxels", value: error, bounds: 0...(try thresholds["registrationVoxels"]),
        note: "noise of 10 % a voxel"),
    ]
  }

  /// Organs with soft edges and noise on 128³ voxels of 4.8 mm.
  private static func phantom(at shift: SIMD3<Double>) -> Image<ActivityConcentration> {
    let grid = Grid(
      columns: 128, rows: 128, slices: 128, origin: SIMD3(repeating: -304.8), columnStep: SIMD3(4.8, 0, 0),
      rowStep: SIMD3(0, 4.8, 0), sliceStep: SIMD3(0, 0, 4.8))
    let organs: [(SIMD3<Double>, SIMD3<Double>, Double)] = [
      (SIMD3(0, 0, 0), SIMD3(185, 120, 290), 1), (SIMD3(65, 55, 0), SIMD3(28, 22, 52), 20),
      (SIMD3(-65, 55, -12), SIMD3(26, 21, 53), 18), (SIMD3(-65, -20, 92), SIMD3(85, 62, 60), 6),
    ]
    var values = [Float](repeating: 0, count: grid.count)
    var state: UInt64 = shift == .zero ? 1 : 2
    for k in 0..<128 {
      for j in 0..<128 {
        for i in 0..<128 {
          let p = grid.position(i, j, k) - shift
          var sum = 0.0
          for (centre, axes, value) in organs {
            let d = (p - centre) / axes
            sum += value / (1 + exp(10 * ((d * d).sum().squareRoot() - 1)))
          }
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          values[grid.index(i, j, k)] = Float(sum * (0.827 + 0.346 * Double(state >> 40) * 0x1p-24))
        }
      }
    }
    return Image(grid: grid, values: values)
  }
}
