import Foundation

/// Sixteen voxels that are fitted together.
struct VoxelGroup {
  typealias Lanes = VoxelFit.Lanes

  private let times: [Float]
  private let physical: Float
  private let relativeUncertainty: Float
  private var values: [Lanes]
  private var weights: [Lanes]
  private var scale = Lanes(repeating: 1)
  /// All bits set in the lanes that are fitted.
  private var used = LaneMask.zero
  private(set) var rate = Lanes(repeating: 1)
  private(set) var integral = Lanes.zero
  private(set) var uncertainty = Lanes.zero
  private(set) var chiSquared = Lanes.zero

  init(times: [Float], physical: Float, relativeUncertainty: Float) {
    self.times = times
    self.physical = physical
    self.relativeUncertainty = relativeUncertainty
    values = Array(repeating: .zero, count: times.count)
    weights = values
  }

  func isUsed(_ lane: Int) -> Bool { used[lane] != 0 }

  func state(_ lane: Int) -> VoxelMaps.State {
    rate[lane] <= physical ? .atPhysicalDecay : rate[lane] >= VoxelFit.fastest ? .atShortestHalfLife : .fitted
  }

  /// Takes the voxels from a place on; false when none of them is to be fitted.
  mutating func load(_ volumes: [[Float]], _ start: Int, _ count: Int, threshold: Float) -> Bool {
    var largest = Lanes.zero
    var above = LaneMask.zero
    var finite = LaneMask(repeating: -1)
    for j in values.indices {
      var y = Lanes.zero
      volumes[j].withUnsafeBufferPointer { volume in
        if count == 16 {
          y = UnsafeRawPointer(volume.baseAddress! + start).loadUnaligned(as: Lanes.self)
        } else {
          for lane in 0..<count { y[lane] = volume[start + lane] }
        }
      }
      let bits = unsafeBitCast(y, to: LaneMask.self)
      let isFinite = ((bits & 0x7fff_ffff) &- 0x7f80_0000) &>> 31
      finite &= isFinite
      y = unsafeBitCast(bits & isFinite & ~(bits &>> 31), to: Lanes.self)
      largest = larger(largest, y)
      above &-= below(Lanes(repeating: threshold), y)
      values[j] = y
    }
    // Curves are fitted relative to their largest value, so that no unit overflows single precision.
    used =
      finite & ~((above &- 2) &>> 31) & below(Lanes(repeating: 1e-30), largest) & below(largest, Lanes(repeating: 1e30))
    guard used != .zero else { return false }
    scale = choose(used, largest, Lanes(repeating: 1))
    let inverse = 1 / scale
    for j in values.indices {
      let y = choose(used, values[j] * inverse, .zero)
      let sigma = larger(y, Lanes(repeating: 0.01)) * relativeUncertainty
      values[j] = y
      weights[j] = 1 / (sigma * sigma)
    }
    return true
  }

  /// The rate from a straight line through the logarithms, each weighted with its value squared over σ², within the bounds.
  private func seed() -> Lanes {
    var (n, t1, t2, l1, l2) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    for j in values.indices {
      let w = values[j] * values[j] * weights[j]
      let l = naturalLogarithm(larger(values[j], Lanes(repeating: 1e-30)))
      n += w
      t1 += w * times[j]
      t2 += w * (times[j] * times[j])
      l1 += w * l
      l2 += w * l * times[j]
    }
    let spread = larger(n * t2 - t1 * t1, Lanes(repeating: 1e-20))
    let slope = larger((t1 * l1 - n * l2) / spread, Lanes(repeating: physical))
    return choose(used, smaller(slope, Lanes(repeating: VoxelFit.fastest)), Lanes(repeating: physical))
  }

  mutating func fit() {
    var lower = Lanes(repeating: physical)
    var upper = Lanes(repeating: VoxelFit.fastest)
    rate = seed()
    var converged = ~used
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
      let isOutside = below(next, lower) & below(Lanes(repeating: physical), lower)
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
    for j in values.indices {
      let residual = values[j] - amplitude * exponential(-rate * times[j])
      chiSquared += weights[j] * residual * residual
    }
    integral = scale * amplitude / rate
    let determinant = larger(sums.ee * sums.ttee - sums.tee * sums.tee, Lanes(repeating: 1e-30))
    // cᵀ(JᵀWJ)⁻¹c with c = (1, −A/L)/L and J = (e, −A t e): A cancels.
    let inverse = 1 / rate
    let free = inverse * inverse * (sums.ttee - 2 * inverse * sums.tee + inverse * inverse * sums.ee) / determinant
    let isFree = below(Lanes(repeating: physical), rate) & below(rate, Lanes(repeating: VoxelFit.fastest))
    uncertainty = choose(isFree, free, inverse * inverse / sums.ee).squareRoot() * scale
  }

  /// Sums over the points of w, y, t and e = exp(−L t).
  private struct Sums {
    var (ee, tee, ttee) = (Lanes.zero, Lanes.zero, Lanes.zero)
    var (ye, yte) = (Lanes.zero, Lanes.zero)

    @inline(__always)
    init(_ group: borrowing VoxelGroup) {
      for j in 0..<group.times.count {
        let t = group.times[j]
        let e = exponential(group.rate * -t)
        let we = group.weights[j] * e
        let y = we * group.values[j]
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
