import Foundation

/// Draws from a probability density that is known but for a factor: several chains of random-walk Metropolis steps whose
/// scale and shape adapt before, not while, draws are kept (Haario et al., Bernoulli 2001;7:223).
public struct Metropolis: Sendable {
  /// Draws kept, one row each, chains one after the other.
  public let draws: [[Double]]
  /// The largest ratio √(V̂/W) of the variances with and within halves of the chains over the parameters; 1 when they agree
  /// (Gelman and Rubin, with the chains split).
  public let convergence: Double
  /// The share of proposals that were accepted.
  public let acceptance: Double

  /// - Parameters:
  ///   - start: where the density is above zero.
  ///   - covariance: roughly the density's, for the first steps.
  ///   - chains: 2 or more.
  ///   - adapting: steps of a chain before draws are kept.
  ///   - kept: draws of a chain, every `thinning`th step one.
  ///   - logDensity: the logarithm of the density, −∞ where it is zero.
  public init(
    start: [Double], covariance: SquareMatrix, chains: Int = 4, adapting: Int = 2000, kept: Int = 2500,
    thinning: Int = 4,
    seed: UInt64, logDensity: (_ parameters: [Double]) -> Double
  ) {
    precondition(start.count == covariance.size && chains >= 2 && kept >= 10, "chains to compare")
    let p = start.count
    var draws: [[Double]] = []
    var accepted = 0
    for chain in 0..<chains {
      var stream = RandomStream(seed: seed &+ UInt64(chain) &* 0x9e37_79b9, stream: "metropolis")
      var factor = covariance.choleskyFactor()
      var scale = 2.38 / Double(p).squareRoot()
      var x = start
      var value = logDensity(x)
      // Moments of what the chain has seen, forgotten once half way.
      var (count, mean) = (0.0, [Double](repeating: 0, count: p))
      var moments = SquareMatrix(size: p)
      for step in 0..<(adapting + kept * thinning) {
        let z = (0..<p).map { _ in stream.normal() }
        let proposal = (0..<p).map { row in
          x[row] + scale * (0...row).reduce(0) { $0 + factor[row, $1] * z[$1] }
        }
        let next = logDensity(proposal)
        let isAccepted = next > value || log(stream.uniform()) < next - value
        if isAccepted { (x, value) = (proposal, next) }
        if step < adapting {
          scale *= exp((isAccepted ? 0.7 : -0.3) / (1 + Double(step) / 50).squareRoot())
          if step == adapting / 4 { (count, mean, moments) = (0, Array(repeating: 0, count: p), SquareMatrix(size: p)) }
          count += 1
          let before = mean
          for k in 0..<p { mean[k] += (x[k] - mean[k]) / count }
          for a in 0..<p { for b in 0..<p { moments[a, b] += (x[a] - before[a]) * (x[b] - mean[b]) } }
          if step > adapting / 4, step % 100 == 0, count > 100 {
            let learnt = moments.scaled(by: 1 / count)
            if (0..<p).allSatisfy({ learnt[$0, $0] > 0 }) { factor = learnt.choleskyFactor() }
          }
        } else {
          if isAccepted { accepted += 1 }
          if (step - adapting) % thinning == thinning - 1 { draws.append(x) }
        }
      }
    }
    self.draws = draws
    acceptance = Double(accepted) / Double(chains * kept * thinning)
    convergence = (0..<p).map { k in Self.convergence(draws.map { $0[k] }, parts: 2 * chains) }.max() ?? 1
  }

  private static func convergence(_ values: [Double], parts: Int) -> Double {
    let n = values.count / parts
    let halves = (0..<parts).map { Array(values[$0 * n..<($0 + 1) * n]) }
    let means = halves.map { $0.reduce(0, +) / Double(n) }
    let mean = means.reduce(0, +) / Double(parts)
    let between = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(parts - 1)
    let within =
      zip(halves, means).reduce(0) { sum, half in
        sum + half.0.reduce(0) { $0 + ($1 - half.1) * ($1 - half.1) } / Double(n - 1)
      } / Double(parts)
    guard within > 0 else { return between > 0 ? .infinity : 1 }
    return ((Double(n - 1) / Double(n) * within + between) / within).squareRoot()
  }
}
