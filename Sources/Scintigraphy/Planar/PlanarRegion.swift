import Glibc

/// A region drawn on planar images, in pixels: (column, row) with the centre of the first pixel at (0, 0).
public struct PlanarRegion: Hashable, Sendable {
  /// Closed polygons; a point is inside when it lies inside an odd number of them.
  public let polygons: [[SIMD2<Double>]]

  /// - Throws: ``ScintigraphyError`` when a polygon has fewer than three points or more than 10 000, or a point is no
  ///   number or far outside any image.
  public init(polygons: [[SIMD2<Double>]]) throws(ScintigraphyError) {
    guard !polygons.isEmpty, polygons.count <= 1000, polygons.allSatisfy({ (3...10_000).contains($0.count) }),
      polygons.joined().allSatisfy({ $0.x.magnitude < 1e5 && $0.y.magnitude < 1e5 })
    else {
      throw ScintigraphyError(
        "region-drawing", "A region's polygon has fewer than 3 or more than 10000 points, or a point that is none.",
        remedy: "Draw it as closed polygons in pixels.")
    }
    self.polygons = polygons
  }

  /// Whole pixels, from the first to the last of both.
  public init(columns: ClosedRange<Int>, rows: ClosedRange<Int>) throws(ScintigraphyError) {
    let (left, right) = (Double(columns.lowerBound) - 0.5, Double(columns.upperBound) + 0.5)
    let (top, bottom) = (Double(rows.lowerBound) - 0.5, Double(rows.upperBound) + 0.5)
    try self.init(polygons: [[SIMD2(left, top), SIMD2(right, top), SIMD2(right, bottom), SIMD2(left, bottom)]])
  }

  /// An upright ellipse as a polygon of 72 points with its area.
  public init(centre: SIMD2<Double>, semiaxes: SIMD2<Double>) throws(ScintigraphyError) {
    let angle = 2 * Double.pi / 72
    let sameArea = (angle / sin(angle)).squareRoot()
    try self.init(
      polygons: [
        (0..<72).map { n in
          centre + semiaxes * sameArea * SIMD2(cos(Double(n) * angle), sin(Double(n) * angle))
        }
      ])
  }

  /// The region after its points have moved.
  public func moved(by move: (SIMD2<Double>) -> SIMD2<Double>) throws(ScintigraphyError) -> PlanarRegion {
    try PlanarRegion(polygons: polygons.map { $0.map(move) })
  }

  /// How much of each pixel it fills.
  ///
  /// - Throws: ``ScintigraphyError`` when it reaches outside the image or fills nothing.
  public func coverage(columns: Int, rows: Int) throws(ScintigraphyError) -> PlanarCoverage {
    let points = polygons.joined()
    let low = points.reduce(SIMD2(repeating: Double.infinity)) { pointwiseMin($0, $1) }
    let high = points.reduce(SIMD2(repeating: -Double.infinity)) { pointwiseMax($0, $1) }
    guard low.x >= -0.501, low.y >= -0.501, high.x <= Double(columns) - 0.499, high.y <= Double(rows) - 0.499 else {
      throw ScintigraphyError(
        "region-outside-image", "A region reaches outside the image of \(columns) × \(rows) pixels.",
        remedy: "Draw it inside, or check the shift between the times.")
    }
    let columnRange = max(0, Int(low.x.rounded()))..<min(columns, Int(high.x.rounded()) + 1)
    let rowRange = max(0, Int(low.y.rounded()))..<min(rows, Int(high.y.rounded()) + 1)
    let width = columnRange.count
    var fractions = [Float](repeating: 0, count: width * rowRange.count)
    let lines = 10
    for (n, row) in rowRange.enumerated() {
      for line in 0..<lines {
        let y = Double(row) - 0.5 + (Double(line) + 0.5) / Double(lines)
        let crossings = crossings(at: y)
        for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
          let (from, to) = (crossings[pair], crossings[pair + 1])
          for i in (Int(from.rounded())..<Int(to.rounded()) + 1).clamped(to: columnRange) {
            let covered = min(to, Double(i) + 0.5) - max(from, Double(i) - 0.5)
            if covered > 0 { fractions[n * width + i - columnRange.lowerBound] += Float(covered / Double(lines)) }
          }
        }
      }
    }
    let coverage = PlanarCoverage(columns: columnRange, rows: rowRange, fractions: fractions)
    guard coverage.pixels > 0 else {
      throw ScintigraphyError("region-empty", "A region fills no pixel.", remedy: "Draw it larger.")
    }
    return coverage
  }

  /// Whether neither of two regions covers more than half of the other.
  ///
  /// - Throws: ``ScintigraphyError`` when one lies before the first pixel or fills nothing.
  public func isBeside(_ other: PlanarRegion) throws(ScintigraphyError) -> Bool {
    let (own, another) = (
      try coverage(columns: 1 << 17, rows: 1 << 17), try other.coverage(columns: 1 << 17, rows: 1 << 17)
    )
    return max(own.overlap(with: another), another.overlap(with: own)) <= 0.5
  }

  private func crossings(at y: Double) -> [Double] {
    var crossings: [Double] = []
    for polygon in polygons {
      var last = polygon[polygon.count - 1]
      for point in polygon {
        if (last.y <= y) != (point.y <= y) {
          crossings.append(last.x + (y - last.y) / (point.y - last.y) * (point.x - last.x))
        }
        last = point
      }
    }
    return crossings.sorted()
  }
}

/// How much of each pixel of a block a region fills.
public struct PlanarCoverage: Hashable, Sendable {
  public let columns: Range<Int>
  public let rows: Range<Int>
  /// The filled fractions, row after row.
  public let fractions: [Float]

  /// The area in pixels.
  public var pixels: Double { fractions.reduce(0) { $0 + Double($1) } }

  /// The mean row.
  public var middleRow: Double {
    var sum = 0.0
    for (n, row) in rows.enumerated() {
      for i in 0..<columns.count { sum += Double(row) * Double(fractions[n * columns.count + i]) }
    }
    return sum / pixels
  }

  /// The counts inside, those of cut pixels by their fraction.
  public func counts(of image: [Float], width: Int) -> Counted {
    var (sum, variance) = (0.0, 0.0)
    for (n, row) in rows.enumerated() {
      for (i, column) in columns.enumerated() {
        let (f, c) = (Double(fractions[n * columns.count + i]), Double(image[row * width + column]))
        sum += f * c
        variance += f * f * c
      }
    }
    return Counted(counts: sum, variance: variance)
  }

  /// The part of its own area that it shares with another region.
  public func overlap(with other: PlanarCoverage) -> Double {
    var shared = 0.0
    for row in rows.clamped(to: other.rows) {
      for column in columns.clamped(to: other.columns) {
        let a = fractions[(row - rows.lowerBound) * columns.count + column - columns.lowerBound]
        let b = other.fractions[
          (row - other.rows.lowerBound) * other.columns.count + column - other.columns.lowerBound]
        shared += Double(min(a, b))
      }
    }
    return shared / pixels
  }
}
