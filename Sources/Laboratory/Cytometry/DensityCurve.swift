import Glibc

/// The smoothed distribution of values on a scale, with its peaks and valleys.
struct DensityCurve {
  private let lower: Double
  private let step: Double
  private let density: [Double]

  /// A Gaussian kernel estimate on 512 places with the bandwidth 0.9·min(s, IQR/1.34)·n^(−1/5) (Silverman 1986), from
  /// the 0.1 to the 99.9 percentile.
  init?(_ values: [Double]) {
    var sorted = values.filter(\.isFinite)
    sorted.sort()
    guard sorted.count >= 50 else { return nil }
    func quantile(_ p: Double) -> Double { sorted[Int(p * Double(sorted.count - 1))] }
    let (low, high) = (quantile(0.001), quantile(0.999))
    guard high > low else { return nil }
    let mean = sorted.reduce(0, +) / Double(sorted.count)
    let deviation = (sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sorted.count)).squareRoot()
    let spread = min(deviation, max((quantile(0.75) - quantile(0.25)) / 1.34, (high - low) / 100))
    let bandwidth = 0.9 * spread * pow(Double(sorted.count), -0.2)
    let places = 512
    let margin = 3 * bandwidth
    let lower = low - margin
    let step = (high - low + 2 * margin) / Double(places - 1)
    (self.lower, self.step) = (lower, step)
    var counts = [Double](repeating: 0, count: places)
    for value in sorted where value >= low && value <= high {
      counts[min(places - 1, max(0, Int(((value - lower) / step).rounded())))] += 1
    }
    let reach = max(1, Int((4 * bandwidth / step).rounded(.up)))
    let kernel = (-reach...reach).map { exp(-0.5 * pow(Double($0) * step / bandwidth, 2)) }
    let tallies = counts
    density = tallies.indices.map { i in
      (-reach...reach).reduce(0) { sum, k in
        tallies.indices.contains(i + k) ? sum + tallies[i + k] * kernel[k + reach] : sum
      }
    }
  }

  private func place(_ index: Int) -> Double { lower + Double(index) * step }

  /// Peaks at least `share` of the highest, parted by valleys at most half as high as the lower of their two peaks.
  private func separatedPeaks(share: Double) -> [Int] {
    let top = density.max() ?? 0
    var peaks = density.indices.filter { i in
      density[i] >= share * top && (i == 0 || density[i] > density[i - 1])
        && (i == density.count - 1 || density[i] >= density[i + 1])
    }
    var index = 0
    while index + 1 < peaks.count {
      let valley = density[peaks[index]...peaks[index + 1]].min() ?? 0
      let lowest = min(density[peaks[index]], density[peaks[index + 1]])
      if valley > 0.5 * lowest {
        peaks.remove(at: density[peaks[index]] < density[peaks[index + 1]] ? index : index + 1)
        index = 0
      } else {
        index += 1
      }
    }
    return peaks
  }

  private func valley(_ a: Int, _ b: Int) -> Double {
    place((a...b).min { density[$0] < density[$1] } ?? a)
  }

  /// The places of the peaks, ascending.
  func peaks(share: Double = 0.01) -> [Double] { separatedPeaks(share: share).map(place) }

  /// The valleys between neighbouring peaks, ascending.
  func valleys(share: Double = 0.01) -> [Double] {
    let peaks = separatedPeaks(share: share)
    return zip(peaks, peaks.dropFirst()).map { valley($0, $1) }
  }

  /// The first valley above the highest peak.
  func valleyAboveMainPeak(share: Double = 0.005) -> Double? {
    let peaks = separatedPeaks(share: share)
    guard let main = peaks.max(by: { density[$0] < density[$1] }), let next = peaks.first(where: { $0 > main }) else {
      return nil
    }
    return valley(main, next)
  }
}

/// The median and the scaled median absolute deviation of values.
struct RobustSpread {
  let median: Double
  let deviation: Double

  init?(_ values: [Double]) {
    var finite = values.filter(\.isFinite)
    guard finite.count >= 10 else { return nil }
    let centre = Fluorescence.quantile(0.5, of: &finite)
    var distances = finite.map { abs($0 - centre) }
    median = centre
    deviation = 1.482602218505602 * Fluorescence.quantile(0.5, of: &distances)
  }
}
