import Foundation
import Quantities
import Testing

@testable import Kinetics

@Suite("One exponential in every voxel")
struct VoxelFitTests {
  let times: [Double] = [2, 24, 48, 96, 168]

  private func maps(_ curves: [[Double]], threshold: Double = 0, relative: Double = 0.1) throws -> VoxelMaps {
    try VoxelFit(
      times: times.map { .hours($0) }, physicalDecay: lutetium, relativeUncertainty: relative, threshold: threshold
    ).maps(of: times.indices.map { j in curves.map { Float($0[j]) } })
  }

  @Test("Maps agree with the fit of each curve in double precision", arguments: [1e-6, 1, 1e6])
  func agreement(unit: Double) throws {
    var stream = SystemStream(seed: 12)
    let curves = (0..<203).map { _ in
      let rate = 0.006 + 0.08 * stream.uniform()
      return times.map { unit * 30 * exp(-rate * $0) * (0.85 + 0.3 * stream.uniform()) }
    }
    let maps = try maps(curves)
    var free = 0
    for (index, values) in curves.enumerated() {
      let fit = try CurveFit(.F2, to: try curve(times, values), weighting: .relative(0.1))
      if fit.isOnBoundary {
        #expect(VoxelMaps.State(rawValue: maps.state[index]) == .atPhysicalDecay)
        continue
      }
      free += 1
      #expect(VoxelMaps.State(rawValue: maps.state[index]) == .fitted)
      let tia = fit.timeIntegratedActivity
      #expect(isClose(Double(maps.timeIntegrated[index]), tia.value.megabecquerelHours, 2e-4))
      #expect(isClose(Double(maps.standardUncertainty[index]), tia.standardUncertainty!.megabecquerelHours, 1e-3))
      #expect(isClose(Double(maps.halfLife[index]), fit.function.lateHalfLife!.hours, 2e-4))
      #expect(abs(Double(maps.chiSquared[index]) - fit.chiSquared) < 1e-3 * (1 + fit.chiSquared))
    }
    #expect(free > 180)
  }

  @Test("A voxel that falls no faster than its nuclide is physical decay, with the half-life of the nuclide")
  func physical() throws {
    let maps = try maps([times.map { 5 * exp(-0.002 * $0) }, times.map { 1 + $0 }])
    for index in 0..<2 {
      #expect(VoxelMaps.State(rawValue: maps.state[index]) == .atPhysicalDecay)
      #expect(isClose(Double(maps.halfLife[index]), 159.528, 1e-5))
    }
    let one = try CurveFit(.F1, to: try curve(times, times.map { 5 * exp(-0.002 * $0) }), weighting: .relative(0.1))
    let tia = one.timeIntegratedActivity
    #expect(isClose(Double(maps.timeIntegrated[0]), tia.value.megabecquerelHours, 1e-4))
    #expect(isClose(Double(maps.standardUncertainty[0]), tia.standardUncertainty!.megabecquerelHours, 1e-3))
  }

  @Test("Air, holes and infinities are left out, and nothing is ever not a number")
  func odd() throws {
    var curves: [[Double]] = [
      [0, 0, 0, 0, 0], [1, 0, 0, 0, 0], [.nan, 5, 4, 3, 2], [.infinity, 5, 4, 3, 2], [-3, 5, 4, 3, 2],
      [9, 9e-30, 0, 0, 1],
      [1e38, 1e38, 1e37, 1e37, 1e36], [1e-38, 1e-38, 1e-39, 1e-39, 1e-40], [0, 0, 0, 0, 7], [0, 0, 0, 3, 7],
      [1e6, 1, 1e-6, 1e-9, 1e-12],
    ]
    var stream = SystemStream(seed: 2)
    for _ in 0..<300 { curves.append(times.map { _ in exp(60 * stream.uniform() - 30) }) }
    let maps = try maps(curves)
    #expect(maps.state[0..<4].allSatisfy { $0 == 0 })
    #expect(maps.timeIntegrated[4] > 0)
    for map in [maps.timeIntegrated, maps.halfLife, maps.standardUncertainty, maps.chiSquared] {
      #expect(map.allSatisfy { $0.isFinite && $0 >= 0 })
    }
    for index in curves.indices where maps.state[index] != 0 {
      #expect(maps.timeIntegrated[index] > 0 && maps.standardUncertainty[index] > 0)
    }
    let masked = try self.maps(curves, threshold: 1e40)
    #expect(masked.state.allSatisfy { $0 == 0 })
  }

  @Test("A voxel's result depends neither on its place nor on its neighbours")
  func place() throws {
    let curves = (0..<40_000).map { index -> [Double] in
      let (amplitude, rate) = (1 + Double(index % 97), 0.006 + 0.0005 * Double(index % 89))
      return times.map { amplitude * exp(-rate * $0) * (1 + 0.1 * sin($0 + Double(index % 13))) }
    }
    let all = try maps(curves)
    let reversed = try maps(curves.reversed())
    #expect(all.timeIntegrated == reversed.timeIntegrated.reversed())
    #expect(try maps([curves[31]]).timeIntegrated == [all.timeIntegrated[31]])
  }

  @Test("Volumes of different sizes, times that do not rise and fractions that are none are refused")
  func refusals() throws {
    let fit = try VoxelFit(
      times: [.hours(1), .hours(2)], physicalDecay: lutetium, relativeUncertainty: 0.1, threshold: 0)
    #expect(throws: KineticsError.self) { try fit.maps(of: [[1, 2], [1]]) }
    #expect(throws: KineticsError.self) { try fit.maps(of: [[1, 2]]) }
    for (times, relative, threshold) in [
      ([1.0], 0.1, 0.0), ([2, 1], 0.1, 0), ([1, 2], 0, 0), ([1, 2], 0.1, -1), ([1, 2], 0.1, .nan),
    ] {
      #expect(throws: KineticsError.self) {
        try VoxelFit(
          times: times.map { .hours($0) }, physicalDecay: lutetium, relativeUncertainty: relative, threshold: threshold)
      }
    }
  }

  @Test("The vector exponential and logarithm keep their bounds")
  func functions() {
    for step in 0..<2000 {
      let x = -Float(step) * 0.043
      let y = exponential(SIMD16(repeating: x))[3]
      #expect(abs(Double(y) - exp(Double(x))) <= 3e-7 * exp(Double(x)))
      let z = exp(Float(step) * 0.06 - 60)
      #expect(abs(Double(naturalLogarithm(SIMD16(repeating: z))[5]) - log(Double(z))) < 1e-4)
    }
    #expect(exponential(SIMD16(repeating: -500))[0] < 2e-38)
    #expect(exponential(SIMD16(repeating: 0))[0] == 1)
  }
}

@Suite("Uptake and clearance in every voxel")
struct VoxelUptakeTests {
  let times: [Double] = [1, 4, 24, 48, 168]

  private func maps(_ curves: [[Double]]) throws -> VoxelMaps {
    try VoxelFit(.F3u, times: times.map { .hours($0) }, physicalDecay: lutetium, relativeUncertainty: 0.1, threshold: 0)
      .maps(of: times.indices.map { j in curves.map { Float($0[j]) } })
  }

  @Test("Maps agree with the fit of each curve in double precision", arguments: [1e-6, 1, 1e6])
  func agreement(unit: Double) throws {
    var stream = SystemStream(seed: 5)
    let curves = (0..<60).map { _ in
      let (rate, uptake) = (0.006 + 0.06 * stream.uniform(), 0.05 + 1.2 * stream.uniform())
      return times.map { unit * 30 * (exp(-rate * $0) - exp(-(rate + uptake) * $0)) * (0.9 + 0.2 * stream.uniform()) }
    }
    let maps = try maps(curves)
    var free = 0
    for (index, values) in curves.enumerated() where VoxelMaps.State(rawValue: maps.state[index]) == .fitted {
      let fit = try CurveFit(.F3u, to: try curve(times, values), weighting: .relative(0.1))
      let tia = fit.timeIntegratedActivity
      #expect(isClose(Double(maps.timeIntegrated[index]), tia.value.megabecquerelHours, 2e-3))
      #expect(isClose(Double(maps.standardUncertainty[index]), tia.standardUncertainty!.megabecquerelHours, 2e-2))
      #expect(isClose(Double(maps.halfLife[index]), fit.function.lateHalfLife!.hours, 2e-3))
      #expect(abs(Double(maps.chiSquared[index]) - fit.chiSquared) < 2e-3 * (1 + fit.chiSquared))
      free += 1
    }
    #expect(free > 45)
  }

  @Test("An uptake as slow as the clearance has the integral and the uncertainty of the fit in double precision")
  func slowUptake() throws {
    var stream = SystemStream(seed: 8)
    let curves = (0..<80).map { _ in
      let (rate, uptake) = (0.006 + 0.02 * stream.uniform(), 0.004 + 0.03 * stream.uniform())
      return times.map { 30 * (exp(-rate * $0) - exp(-(rate + uptake) * $0)) * (0.98 + 0.04 * stream.uniform()) }
    }
    let maps = try maps(curves)
    // Steps below and above 3 over the last time, where the derivative changes its basis.
    var free = (slow: 0, fast: 0)
    for (index, values) in curves.enumerated() where VoxelMaps.State(rawValue: maps.state[index]) == .fitted {
      let fit = try CurveFit(.F3u, to: try curve(times, values), weighting: .relative(0.1))
      let step = fit.parameters[2].value - fit.parameters[1].value
      guard !fit.isOnBoundary, step > 0.003 else { continue }
      let tia = fit.timeIntegratedActivity
      #expect(isClose(Double(maps.timeIntegrated[index]), tia.value.megabecquerelHours, 2e-3))
      #expect(isClose(Double(maps.standardUncertainty[index]), tia.standardUncertainty!.megabecquerelHours, 2e-2))
      if step < 3 / 168.0 { free.slow += 1 } else { free.fast += 1 }
    }
    #expect(free.slow > 10 && free.fast > 10, "\(free)")
  }

  @Test("Where the uptake is over before the first point the map is that of one exponential")
  func unseen() throws {
    let maps = try maps([times.map { 7 * exp(-0.02 * $0) }])
    #expect(VoxelMaps.State(rawValue: maps.state[0]) == .uptakeUnseen)
    #expect(isClose(Double(maps.timeIntegrated[0]), 7 / 0.02, 2e-3))
    #expect(isClose(Double(maps.halfLife[0]), log(2) / 0.02, 2e-3))
  }

  @Test("Nothing is ever not a number, and physical decay is a bound")
  func odd() throws {
    var stream = SystemStream(seed: 3)
    var curves: [[Double]] = [[0, 0, 0, 0, 0], [0, 0, 0, 3, 7], [1e6, 1, 1e-6, 1e-9, 1e-12], [1, 2, 3, 4, 5]]
    for _ in 0..<60 { curves.append(times.map { _ in exp(60 * stream.uniform() - 30) }) }
    let maps = try maps(curves)
    for map in [maps.timeIntegrated, maps.halfLife, maps.standardUncertainty, maps.chiSquared] {
      #expect(map.allSatisfy { $0.isFinite && $0 >= 0 })
    }
    #expect(maps.halfLife.allSatisfy { $0 <= 159.53 })
    #expect(throws: KineticsError.self) {
      try VoxelFit(
        .F3u, times: [.hours(1), .hours(9)], physicalDecay: lutetium, relativeUncertainty: 0.1, threshold: 0)
    }
  }
}
