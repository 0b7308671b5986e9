import Foundation

/// Uptake and clearance, F3u, in sixteen voxels.
///
/// f = A φ with φ = exp(−L t)(1 − exp(−s t))/s, s = L₂ − L: finite for every s, and Ã = A/(L L₂). A is eliminated; L and ln s
/// take Levenberg-Marquardt steps, lane by lane accepted or damped, from the best of a ladder of starts.
struct VoxelUptakeGroup: VoxelModel {
  typealias Lanes = VoxelFit.Lanes

  var points: VoxelPoints
  private(set) var rate = Lanes(repeating: 1)
  private var step = Lanes(repeating: 1)
  private(set) var integral = Lanes.zero
  private(set) var uncertainty = Lanes.zero
  private(set) var chiSquared = Lanes.zero

  /// Steps beyond these are not told from no uptake at all, or from the clearance.
  private let fastest: Float
  /// From here on what is left of the uptake at the first point, exp(−s t) below 2e-4, is no part of any measurement.
  private var unseen: Float { min(fastest, 8.4 / points.times.first { $0 > 0 }!) }
  private static let slowest: Float = 0.003
  private let steps: [Float]
  /// φ at the points, for the last parameters that were tried.
  private var shape: [Lanes]

  init(points: VoxelPoints) {
    self.points = points
    let first = points.times.first { $0 > 0 }!
    fastest = min(Float(fastestUptake), 14 / first)
    // From an uptake that fills the whole series to one that is all but over at the first point.
    let (low, high) = (2 / points.times.last!, min(4 / first, 0.5 * fastest))
    shape = points.values
    steps = (0..<5).map { low * exp(log(high / low) * Float($0) / 4) }
  }

  func state(_ lane: Int) -> VoxelMaps.State {
    rate[lane] <= points.physical
      ? .atPhysicalDecay
      : rate[lane] >= VoxelFit.fastest
        ? .atShortestHalfLife : step[lane] >= unseen ? .uptakeUnseen : .fitted
  }

  mutating func fit() {
    seed()
    var damping = Lanes(repeating: 1e-2)
    var done = ~points.used
    var sums = Sums(points, rate, step, &shape)
    chiSquared = sums.chiSquared(points, shape)
    for _ in 0..<40 {
      let (change, turn) = proposal(sums, damping)
      let nextRate = smaller(
        larger(rate + change, Lanes(repeating: points.physical)), Lanes(repeating: VoxelFit.fastest))
      // At most a factor of e at a time.
      let bounded = larger(smaller(turn, Lanes(repeating: 1)), Lanes(repeating: -1))
      let factor = exponential(smaller(bounded, -bounded))
      let grown = choose(below(.zero, bounded), step / factor, step * factor)
      let nextStep = smaller(larger(grown, Lanes(repeating: Self.slowest)), Lanes(repeating: fastest))
      let nextSums = Sums(points, nextRate, nextStep, &shape)
      let next = nextSums.chiSquared(points, shape)
      let isBetter = ~below(chiSquared, next) & ~done
      let moved = absolute(nextRate - rate) / rate + absolute(nextStep - step) / step
      let isSmall = below(moved, Lanes(repeating: 2e-5))
      done |= isSmall | below(Lanes(repeating: 1e7), damping)
      rate = choose(isBetter, nextRate, rate)
      step = choose(isBetter, nextStep, step)
      chiSquared = choose(isBetter, next, chiSquared)
      sums.take(nextSums, where: isBetter)
      damping = choose(isBetter, larger(damping * 0.1, Lanes(repeating: 1e-6)), damping * 8)
      if done.wrappedSum() == -16 { break }
    }
    finish(sums)
  }

  /// The best of a ladder of starts in every lane.
  private mutating func seed() {
    var least = Lanes(repeating: .greatestFiniteMagnitude)
    for clearance: Float in [0.002, 0.012, 0.05] {
      for uptake in steps {
        let (l, s) = (Lanes(repeating: points.physical + clearance), Lanes(repeating: uptake))
        let sums = Sums(points, l, s, &shape)
        // Less the sum of w y², which is the same for all.
        let chi = -sums.yf * sums.yf / sums.ff
        let isBetter = below(chi, least)
        least = choose(isBetter, chi, least)
        rate = choose(isBetter, l, rate)
        step = choose(isBetter, s, step)
      }
    }
  }

  /// The damped step of L and of ln s; a parameter that presses against its bound stays.
  private func proposal(_ sums: Sums, _ damping: Lanes) -> (rate: Lanes, logStep: Lanes) {
    let a = sums.yf / sums.ff
    // −½ dχ²/d(L, ln s), with the amplitude that is best there.
    let d1 = a * (a * sums.ftf - sums.ytf)
    let d2 = a * (sums.yg - a * sums.fg)
    let (m11, m12, m22) = sums.curvature(a)
    let isHeld1 =
      (~below(Lanes(repeating: points.physical), rate) & below(d1, .zero))
      | (~below(rate, Lanes(repeating: VoxelFit.fastest)) & below(.zero, d1))
    let isHeld2 =
      (~below(step, Lanes(repeating: fastest)) & below(.zero, d2))
      | (~below(Lanes(repeating: Self.slowest), step) & below(d2, .zero))
    let (n11, n22) = (m11 * (1 + damping) + 1e-20, m22 * (1 + damping) + 1e-20)
    let n12 = choose(isHeld1 | isHeld2, .zero, m12)
    let determinant = larger(n11 * n22 - n12 * n12, n11 * n22 * 1e-6)
    return (
      choose(isHeld1, .zero, (n22 * d1 - n12 * d2) / determinant),
      choose(isHeld2, .zero, (n11 * d2 - n12 * d1) / determinant)
    )
  }

  /// Ã and its uncertainty from the inverse of JᵀWJ, parameters at a bound held.
  private mutating func finish(_ sums: Sums) {
    // Where the points do not show the uptake it takes a minute, the circulation of blood.
    let isUnseen = ~below(step, Lanes(repeating: unseen))
    let a = sums.yf / sums.ff
    let fast = rate + choose(isUnseen, Lanes(repeating: Float(fastestUptake)), step)
    let whole = a / (rate * fast) * choose(isUnseen, Float(fastestUptake) / step, Lanes(repeating: 1))
    integral = points.scale * whole
    // The gradient of ln Ã by ln A, L and ln s, and what is left of it once A follows.
    let (g1, g2) = (-(1 / rate + 1 / fast), 1 - Sums.held(points, step) - step / fast)
    let h1 = g1 + sums.ftf / sums.ff
    let h2 = g2 - sums.fg / sums.ff
    let (m11, m12, m22) = sums.curvature(a)
    let isFree2 =
      below(step, Lanes(repeating: unseen)) & below(Lanes(repeating: Self.slowest), step)
      & below(a * a * sums.gg * 1e-5, m22)
    let isFree1 = below(Lanes(repeating: points.physical), rate) & below(rate, Lanes(repeating: VoxelFit.fastest))
    let cross = choose(isFree1 & isFree2, m12, .zero)
    let determinant = larger(m11 * m22 - cross * cross, m11 * m22 * 1e-6 + 1e-30)
    let v1 = choose(isFree1, h1 * h1 * m22 / determinant, .zero)
    let v2 = choose(isFree2, h2 * h2 * m11 / determinant, .zero)
    let both = choose(isFree1 & isFree2, 2 * h1 * h2 * cross / determinant, .zero)
    let variance = 1 / (a * a * sums.ff) + larger(v1 + v2 - both, .zero)
    uncertainty = whole * variance.squareRoot() * points.scale
  }

  /// Sums over the points of w, y, φ and its derivatives −t φ by L and g by ln s: t exp(−L₂ t) with A/s held, less φ with A held
  /// where s is so small that the two would be parallel.
  private struct Sums {
    var (ff, ftf, fttf, fg, gtf, gg) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    var (yf, ytf, yg) = (Lanes.zero, Lanes.zero, Lanes.zero)

    /// 1 in the lanes where g is taken with A held, 0 where A/s is.
    @inline(__always)
    static func held(_ points: borrowing VoxelPoints, _ step: Lanes) -> Lanes {
      choose(below(step * points.times.last!, Lanes(repeating: 3)), Lanes(repeating: 1), .zero)
    }

    @inline(__always)
    init(_ points: borrowing VoxelPoints, _ rate: Lanes, _ step: Lanes, _ shape: inout [Lanes]) {
      let inverse = 1 / step
      let held = Self.held(points, step)
      for j in 0..<points.times.count {
        let t = points.times[j]
        let slow = exponential(rate * -t)
        let fast = slow * exponential(step * -t)
        let f = (slow - fast) * inverse
        let g = fast * t - held * f
        shape[j] = f
        let w = points.weights[j]
        let (wf, wg, y) = (w * f, w * g, points.values[j])
        ff += wf * f
        ftf += wf * f * t
        fttf += wf * f * (t * t)
        fg += wf * g
        gtf += wg * f * t
        gg += wg * g
        yf += wf * y
        ytf += wf * y * t
        yg += wg * y
      }
    }

    /// χ² with the best amplitude, from the residuals themselves.
    @inline(__always)
    func chiSquared(_ points: borrowing VoxelPoints, _ shape: borrowing [Lanes]) -> Lanes {
      let a = yf / ff
      var sum = Lanes.zero
      for j in 0..<points.times.count {
        let residual = points.values[j] - a * shape[j]
        sum += points.weights[j] * residual * residual
      }
      return sum
    }

    /// Takes the sums of other parameters in some lanes.
    @inline(__always)
    mutating func take(_ other: Sums, where mask: LaneMask) {
      ff = choose(mask, other.ff, ff)
      ftf = choose(mask, other.ftf, ftf)
      fttf = choose(mask, other.fttf, fttf)
      fg = choose(mask, other.fg, fg)
      gtf = choose(mask, other.gtf, gtf)
      gg = choose(mask, other.gg, gg)
      yf = choose(mask, other.yf, yf)
      ytf = choose(mask, other.ytf, ytf)
      yg = choose(mask, other.yg, yg)
    }

    /// The second derivatives of ½ χ² by L and ln s after Gauss and Newton, A following.
    @inline(__always)
    func curvature(_ a: Lanes) -> (Lanes, Lanes, Lanes) {
      let square = a * a
      return (
        square * (fttf - ftf * ftf / ff), square * (fg * ftf / ff - gtf), square * (gg - fg * fg / ff)
      )
    }
  }
}

/// |a|.
@inline(__always)
private func absolute(_ a: SIMD16<Float>) -> SIMD16<Float> { larger(a, -a) }
