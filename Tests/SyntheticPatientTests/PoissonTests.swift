import Foundation
import Numerics
import Testing

@testable import SyntheticPatient

@Suite("Poisson numbers")
struct PoissonTests {
  @Test(
    "Poisson numbers have mean and variance of the mean asked for", arguments: [0.03, 0.7, 5, 11.9, 12.1, 40, 3000])
  func poissonMoments(mean: Double) {
    var stream = RandomStream(seed: UInt64(mean * 100))
    let n = 200_000
    let draws = (0..<n).map { _ in Double(stream.poisson(mean: mean)) }
    let average = draws.reduce(0, +) / Double(n)
    let variance = draws.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(n - 1)
    // Four standard errors: √(µ/n), and √((µ + 2µ²)/n) of the variance.
    #expect(abs(average - mean) < 4 * (mean / Double(n)).squareRoot())
    #expect(abs(variance - mean) < 4 * ((mean + 2 * mean * mean) / Double(n)).squareRoot())
  }

  @Test("Poisson probabilities are exact on both sides of the change of method", arguments: [11.0, 14])
  func poissonProbabilities(mean: Double) {
    var stream = RandomStream(seed: 11)
    let n = 400_000
    var counts = [Int](repeating: 0, count: 200)
    for _ in 0..<n { counts[stream.poisson(mean: mean)] += 1 }
    for k in 3...25 {
      let expected = Double(n) * exp(Double(k) * log(mean) - mean - lgamma(Double(k + 1)))
      #expect(abs(Double(counts[k]) - expected) < 4.5 * expected.squareRoot())
    }
    #expect(stream.poisson(mean: 0) == 0)
  }
}
