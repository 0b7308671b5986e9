import Foundation
import Numerics
import Quantities
import Testing

@testable import Volumes

@Suite("Rigid registration")
struct RegistrationTests {
  /// Three blurred ellipsoids and a broad background on a grid of cubes.
  private func phantom(_ n: Int, _ spacing: Double, moved: RigidTransform = .identity, scale: Float = 1) -> Image<
    ActivityConcentration
  > {
    let middle = -Double(n - 1) / 2 * spacing
    let grid = Grid(
      columns: n, rows: n, slices: n, origin: SIMD3(repeating: middle), columnStep: SIMD3(spacing, 0, 0),
      rowStep: SIMD3(0, spacing, 0), sliceStep: SIMD3(0, 0, spacing))
    let back = moved.inverse
    var values = [Float](repeating: 0, count: grid.count)
    let blobs: [(SIMD3<Double>, SIMD3<Double>, Double)] = [
      (SIMD3(0, 0, 0), SIMD3(170, 110, 220), 1), (SIMD3(65, 50, 0), SIMD3(28, 22, 52), 9),
      (SIMD3(-65, 50, -12), SIMD3(26, 22, 53), 8), (SIMD3(-60, -20, 90), SIMD3(80, 60, 60), 5),
    ]
    for k in 0..<n {
      for j in 0..<n {
        for i in 0..<n {
          let p = back(grid.position(i, j, k))
          var sum = 0.0
          for (centre, axes, weight) in blobs {
            let d = (p - centre) / axes
            sum += weight / (1 + exp(8 * ((d * d).sum().squareRoot() - 1)))
          }
          values[grid.index(i, j, k)] = scale * Float(sum)
        }
      }
    }
    return Image(grid: grid, values: values)
  }

  @Test(
    "Known shifts and turns are found within 0.1 voxel, whatever the factor between the images",
    arguments: [
      (SIMD3(0.0, 0, 0), 0.0, SIMD3(0.0, 0, 1)), (SIMD3(7.3, -4.1, 12.9), 0, SIMD3(0, 0, 1)),
      (SIMD3(-20, 11, 25), 5, SIMD3(1, 0.5, 2)), (SIMD3(3, 3, -3), -8, SIMD3(0, 1, 0.2)),
    ])
  func knownMotion(shift: SIMD3<Double>, degrees: Double, axis: SIMD3<Double>) throws {
    let spacing = 9.0
    let motion = RigidTransform(turn: .degrees(degrees), axis: axis, about: .zero, shift: shift)
    let fixed = phantom(64, spacing)
    let moving = phantom(64, spacing, moved: motion, scale: 0.37)
    let found = try RigidRegistration(of: moving, to: fixed)
    for point in [SIMD3(65.0, 50, 0), SIMD3(-60, -20, 90), SIMD3(0, 100, -150)] {
      let error = distance(found.transform(point), motion(point))
      #expect(error < 0.1 * spacing, "\(error) mm at \(point)")
    }
    #expect(found.correlation > 0.999)
  }

  @Test("Noise does not draw images to offsets of half a voxel", arguments: [0.0, 0.25, 0.5])
  func noise(part: Double) throws {
    let spacing = 9.0
    let motion = RigidTransform(turn: .degrees(0), axis: .zero, about: .zero, shift: SIMD3(repeating: part * spacing))
    var stream = RandomStream(seed: 1, stream: "noise")
    let images = [phantom(48, spacing), phantom(48, spacing, moved: motion)].map { image in
      Image<ActivityConcentration>(
        grid: image.grid, values: image.values.map { $0 + Float(0.75 * Double($0).squareRoot() * stream.normal()) })
    }
    let found = try RigidRegistration(of: images[1], to: images[0])
    let error = distance(found.transform(.zero), motion(.zero))
    #expect(error < 0.2 * spacing, "\(error / spacing) voxels")
  }

  @Test("An image moved back by what was found is the fixed image")
  func movedBack() throws {
    let motion = RigidTransform(turn: .degrees(4), axis: SIMD3(0, 0, 1), about: .zero, shift: SIMD3(9, -14, 5))
    let (fixed, moving) = (phantom(48, 12), phantom(48, 12, moved: motion))
    let found = try RigidRegistration(of: moving, to: fixed)
    let back = moving.moved(by: found.transform, onto: fixed.grid)
    let worst = zip(back.values, fixed.values).map { ($0 - $1).magnitude }.max() ?? 0
    let before = zip(moving.values, fixed.values).map { ($0 - $1).magnitude }.max() ?? 0
    #expect(worst < 0.35 * before)
  }

  @Test("A transform and its inverse leave points where they are, and turns are told")
  func transforms() {
    let motion = RigidTransform(turn: .degrees(30), axis: SIMD3(1, 2, 3), about: SIMD3(5, 6, 7), shift: SIMD3(1, 0, -2))
    let p = SIMD3(12.0, -30, 44)
    #expect(distance(motion.inverse(motion(p)), p) < 1e-9)
    #expect(distance(motion.followed(by: motion.inverse)(p), p) < 1e-9)
    #expect((motion.turn.degrees - 30).magnitude < 1e-9)
    #expect(distance(motion(SIMD3(5, 6, 7)), SIMD3(6, 6, 5)) < 1e-12)
  }

  @Test("A matrix of a turn and a shift is taken as it is, whatever its last digits")
  func matrix() throws {
    let motion = RigidTransform(turn: .degrees(30), axis: SIMD3(1, 2, 3), about: .zero, shift: SIMD3(4, -5, 6))
    let columns = [SIMD3(1.0, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)].map { motion.rotated($0) } + [motion(.zero)]
    var numbers: [Double] = []
    for row in 0..<3 { numbers += columns.map { $0[row] } }
    numbers += [0, 0, 0, 1]
    let read = try RigidTransform(matrix: numbers)
    let p = SIMD3(12.0, -30, 44)
    #expect(distance(read(p), motion(p)) < 1e-9)
    numbers[0] += 1e-5
    #expect(distance(try RigidTransform(matrix: numbers)(p), motion(p)) < 1e-3)
  }

  @Test(
    "A matrix that mirrors, stretches, shears or is cut short is refused",
    arguments: [
      [-1.0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
      [1.01, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], [1, 0.1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
      [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0.5, 1], [1, 0, 0, .nan, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
      [1, 0, 0, 1e7, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    ])
  func notRigid(matrix: [Double]) {
    #expect(#expect(throws: VolumeError.self) { try RigidTransform(matrix: matrix) }?.code == "not-rigid")
  }

  @Test("Images without contrast are refused")
  func refused() {
    let image = phantom(16, 10)
    let flat = Image<ActivityConcentration>(grid: image.grid, values: [Float](repeating: 1, count: image.grid.count))
    #expect(
      #expect(throws: VolumeError.self) { try RigidRegistration(of: flat, to: image) }?.code == "no-contrast")
  }
}
