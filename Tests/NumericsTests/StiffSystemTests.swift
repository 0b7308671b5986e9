import Foundation
import Testing

@testable import Numerics

@Suite("Stiff differential equations")
struct StiffSystemTests {
  @Test("Robertson's kinetics, rates over nine orders of magnitude, at 40 and 4e5")
  func robertson() throws {
    let system = StiffSystem(
      size: 3,
      derivative: { _, y, d in
        d[0] = -0.04 * y[0] + 1e4 * y[1] * y[2]
        d[2] = 3e7 * y[1] * y[1]
        d[1] = -d[0] - d[2]
      },
      jacobian: { y, j in
        (j[0], j[1], j[2]) = (-0.04, 1e4 * y[2], 1e4 * y[1])
        j[7] = 6e7 * y[1]
        for k in 0..<3 { j[3 + k] = -j[k] - j[6 + k] }
      })
    let states = try #require(system.solve(from: [1, 0, 0], at: [0, 40, 4e5], relative: 1e-10, absolute: 1e-14))
    #expect(states[0] == [1, 0, 0])
    // Hairer and Wanner, Solving Ordinary Differential Equations II: the reference of the test problem.
    for (value, expected) in zip(states[1], [0.715_827_068_7, 9.185_534_76e-6, 0.284_163_745_7]) {
      #expect(abs(value / expected - 1) < 1e-6)
    }
    #expect(abs(states[2][0] / 4.9382e-3 - 1) < 1e-3)
    #expect(abs(states[2].reduce(0, +) - 1) < 1e-9)
  }

  @Test("With the default tolerances a chain of fast and slow decays is exact to 1e-6", arguments: [1e2, 1e4, 1e7])
  func defaults(fast: Double) throws {
    let (k1, k2) = (fast, 0.02)
    let system = StiffSystem(
      size: 3,
      derivative: { _, y, d in
        (d[0], d[1], d[2]) = (-k1 * y[0], k1 * y[0] - k2 * y[1], k2 * y[1])
      },
      jacobian: { _, j in
        (j[0], j[3], j[4], j[7]) = (-k1, k1, -k2, k2)
      })
    let times = [1.0, 10, 60, 200]
    let states = try #require(system.solve(from: [1, 0, 0], at: times))
    for (t, state) in zip(times, states) {
      // Bateman's equation.
      let middle = k1 / (k1 - k2) * (exp(-k2 * t) - exp(-k1 * t))
      #expect(abs(state[1] / middle - 1) < 1e-6)
      #expect(abs(state[2] / (1 - middle - exp(-k1 * t)) - 1) < 1e-6)
    }
  }

  @Test("An explosion ends without a state, not with infinity")
  func explosion() {
    let system = StiffSystem(
      size: 1, derivative: { _, y, d in d[0] = y[0] * y[0] }, jacobian: { y, j in j[0] = 2 * y[0] })
    #expect(system.solve(from: [1], at: [2]) == nil)
  }
}
