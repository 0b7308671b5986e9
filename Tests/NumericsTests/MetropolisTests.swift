import Foundation
import Testing

@testable import Numerics

@Suite("Draws from a density")
struct MetropolisTests {
  @Test("A correlated normal density has its mean, variances and correlation, from a bad start and a bad guess")
  func normal() {
    let chains = Metropolis(
      start: [5, -5], covariance: SquareMatrix(size: 2) { $0 == $1 ? 0.001 : 0 }, kept: 5000, seed: 1
    ) { x in -(x[0] * x[0] - 1.6 * x[0] * x[1] + x[1] * x[1]) / (2 * 0.36) }
    let n = Double(chains.draws.count)
    let mean = chains.draws.reduce(0) { $0 + $1[0] } / n
    let variance = chains.draws.reduce(0) { $0 + $1[0] * $1[0] } / n
    let product = chains.draws.reduce(0) { $0 + $1[0] * $1[1] } / n
    #expect(abs(mean) < 0.06)
    #expect(abs(variance - 1) < 0.08)
    #expect(abs(product - 0.8) < 0.08)
    #expect(chains.convergence < 1.02 && chains.acceptance > 0.1 && chains.acceptance < 0.6)
  }

  @Test("Chains that stay in different places are told")
  func disagreement() {
    // Two narrow peaks, far apart: a chain finds one of them.
    var chains: [Double] = []
    for seed in 0..<6 {
      let found = Metropolis(
        start: [0], covariance: SquareMatrix(size: 1) { _, _ in 4 }, adapting: 500, kept: 200, seed: UInt64(seed)
      ) { x in max(-0.5 * pow((x[0] - 30) / 0.3, 2), -0.5 * pow((x[0] + 30) / 0.3, 2)) }
      chains.append(found.convergence)
    }
    #expect(chains.max()! > 2)
  }
}
