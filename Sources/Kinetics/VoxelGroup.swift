/// One exponential in sixteen voxels.
struct VoxelGroup: VoxelModel {
  typealias Lanes = VoxelFit.Lanes

  var points: VoxelPoints
  private(set) var rate = Lanes(repeating: 1)
  private(set) var integral = Lanes.zero
  private(set) var uncertainty = Lanes.zero
  private(set) var chiSquared = Lanes.zero

  init(points: VoxelPoints) { self.points = points }

  func state(_ lane: Int) -> VoxelMaps.State {
    rate[lane] <= points.physical ? .atPhysicalDecay : rate[lane] >= VoxelFit.fastest ? .atShortestHalfLife : .fitted
  }

  /// The rate from a straight line through the logarithms, each weighted with its value squared over σ², within the bounds.
  private func seed() -> Lanes {
    var (n, t1, t2, l1, l2) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    for j in points.values.indices {
      let w = points.values[j] * points.values[j] * points.weights[j]
      let l = naturalLogarithm(larger(points.values[j], Lanes(repeating: 1e-30)))
      n += w
      t1 += w * points.times[j]
      t2 += w * (points.times[j] * points.times[j])
      l1 += w * l
      l2 += w * l * points.times[j]
    }
    let spread = larger(n * t2 - t1 * t1, Lanes(repeating: 1e-20))
    let slope = larger((t1 * l1 - n * l2) / spread, Lanes(repeating: points.physical))
    return choose(points.used, smaller(slope, Lanes(repeating: VoxelFit.fastest)), Lanes(repeating: points.physical))
  }

  mutating func fit() {
    var lower = Lanes(repeating: points.physical)
    var upper = Lanes(repeating: VoxelFit.fastest)
    rate = seed()
    var converged = ~points.used
    for _ in 0..<40 {
      let sums = Sums(self)
      let amplitude = sums.ye / sums.ee
      // −½ dχ²/dL, with the amplitude that is best at L.
      let descent = amplitude * (amplitude * sums.tee - sums.yte)
      let curvature = amplitude * amplitude * (sums.ttee - sums.tee * sums.tee / sums.ee)
      lower = choose(below(.zero, descent), rate, lower)
      upper = choose(below(descent, .zero), rate, upper)
      var next = rate + descent / larger(curvature, Lanes(repeating: 1e-30))
      let middle = (lower + upper) * 0.5
      // A step to a bound of the search is allowed, one across a rate where the slope had the other sign is not.
      let isOutside = below(next, lower) & below(Lanes(repeating: points.physical), lower)
      let isBeyond = below(upper, next) & below(upper, Lanes(repeating: VoxelFit.fastest))
      next = choose(isOutside | isBeyond, middle, smaller(larger(next, lower), upper))
      next = choose(converged, rate, next)
      let change = next - rate
      rate = next
      converged |= below(change * change, rate * rate * 1e-10)
      if converged.wrappedSum() == -16 { break }
    }
    finish()
  }

  /// Ã, its uncertainty from the inverse of JᵀWJ, and χ², at the rate that was found.
  private mutating func finish() {
    let sums = Sums(self)
    let amplitude = sums.ye / sums.ee
    chiSquared = .zero
    for j in points.values.indices {
      let residual = points.values[j] - amplitude * exponential(-rate * points.times[j])
      chiSquared += points.weights[j] * residual * residual
    }
    integral = points.scale * amplitude / rate
    let determinant = larger(sums.ee * sums.ttee - sums.tee * sums.tee, Lanes(repeating: 1e-30))
    // cᵀ(JᵀWJ)⁻¹c with c = (1, −A/L)/L and J = (e, −A t e): A cancels.
    let inverse = 1 / rate
    let free = inverse * inverse * (sums.ttee - 2 * inverse * sums.tee + inverse * inverse * sums.ee) / determinant
    let isFree = below(Lanes(repeating: points.physical), rate) & below(rate, Lanes(repeating: VoxelFit.fastest))
    uncertainty = choose(isFree, free, inverse * inverse / sums.ee).squareRoot() * points.scale
  }

  /// Sums over the points of w, y, t and e = exp(−L t).
  private struct Sums {
    var (ee, tee, ttee) = (Lanes.zero, Lanes.zero, Lanes.zero)
    var (ye, yte) = (Lanes.zero, Lanes.zero)

    @inline(__always)
    init(_ group: borrowing VoxelGroup) {
      for j in 0..<group.points.times.count {
        let t = group.points.times[j]
        let e = exponential(group.rate * -t)
        let we = group.points.weights[j] * e
        let y = we * group.points.values[j]
        let q = we * e
        ee += q
        tee += q * t
        ttee += q * (t * t)
        ye += y
        yte += y * t
      }
    }
  }
}
