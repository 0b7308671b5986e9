import Foundation
import SyntheticPatient
import Testing

@Suite("Random streams")
struct RandomStreamTests {
  @Test("SplitMix64 gives its published first numbers")
  func referenceSequence() {
    // The state is mixed once from the seed; the seed that mixes to 0 is 0.
    var stream = RandomStream(seed: 0)
    #expect(stream.next() == 0xe220_a839_7b1d_cdaf)
    #expect(stream.next() == 0x6e78_9e6a_a1b9_65f4)
  }

  @Test(
    "Poisson numbers have mean and variance of the mean asked for", arguments: [0.03, 0.7, 5, 11.9, 12.1, 40, 3000])
  func poissonMoments(mean: Double) {
    var stream = RandomStream(seed: 7, key: [UInt64(mean * 100)])
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

  @Test("Normal numbers have mean 0, variance 1 and the tails of the normal distribution")
  func normalMoments() {
    var stream = RandomStream(seed: 3)
    let n = 200_000
    let draws = (0..<n).map { _ in stream.normal() }
    #expect(abs(draws.reduce(0, +) / Double(n)) < 4 / Double(n).squareRoot())
    #expect(abs(draws.reduce(0) { $0 + $1 * $1 } / Double(n) - 1) < 4 * (2 / Double(n)).squareRoot())
    #expect(abs(Double(draws.count { abs($0) > 1.959_964 }) / Double(n) - 0.05) < 0.002)
  }

  @Test("Streams of different keys differ, of equal keys agree")
  func keys() {
    var (a, b, c) = (
      RandomStream(seed: 1, key: [2, 3]), RandomStream(seed: 1, key: [3, 2]), RandomStream(seed: 1, key: [2, 3])
    )
    let first = a.next()
    #expect(first != b.next() && first == c.next())
  }
}
