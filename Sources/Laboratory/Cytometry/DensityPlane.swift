import Glibc

/// The smoothed distribution of points of a plane, parted into modes along the valleys between them.
///
/// Counts in 128 × 128 cells from the 0.1 to the 99.9 percentile of both axes are smoothed by a Gaussian of the bandwidth
/// 0.6·min(s, IQR/1.34)·n^(−1/6). Cells flood from the densest down; each joins its densest neighbour. Where two floods
/// meet, the lower stays a mode of its own if the valley is at most half as high as it and lies below it by four standard
/// deviations of counting; otherwise both become one.
struct DensityPlane {
  /// One mode.
  struct Mode {
    /// Where it is densest.
    let peak: Gate.Point
    /// How many of the points lie on its side of the valleys.
    let count: Int
    /// The line along the valleys and, where there are none, at a hundredth of its highest density.
    let border: [Gate.Point]
  }

  private static let size = 128
  /// The modes from the one with the most points.
  let modes: [Mode]

  /// - Parameter share: the least share of all points that makes a mode.
  init?(_ x: [Double], _ y: [Double], share: Double = 0.01) {
    let places = x.indices.filter { x[$0].isFinite && y[$0].isFinite }
    guard places.count >= 100, let across = GridAxis(places.map { x[$0] }, cells: Self.size),
      let up = GridAxis(places.map { y[$0] }, cells: Self.size)
    else { return nil }
    let size = Self.size
    var counts = [Double](repeating: 0, count: size * size)
    for place in places {
      if let i = across.cell(x[place]), let j = up.cell(y[place]) { counts[j * size + i] += 1 }
    }
    let density = up.smoothed(across.smoothed(counts, stride: 1), stride: size)
    let noise = 1 / (4 * Double.pi * across.sigma * up.sigma)
    let basins = Basins(density, size: size, noise: noise)
    var sums: [Int: Double] = [:]
    for (cell, basin) in basins.labels.enumerated() where basin >= 0 { sums[basin, default: 0] += counts[cell] }
    modes = sums.filter { $0.value >= share * Double(places.count) }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .compactMap { basin, sum in
        let border = CellBorder(size: size, from: basin) { cell in
          basins.labels[cell] == basin && density[cell] >= 0.01 * density[basin]
        }.points
        guard border.count >= 3 else { return nil }
        return Mode(
          peak: .init(across.place(Double(basin % size) + 0.5), up.place(Double(basin / size) + 0.5)),
          count: Int(sum), border: border.map { .init(across.place($0.x), up.place($0.y)) })
      }
  }
}

/// Cells of equal width along an axis, with the bandwidth of a Gaussian in cells.
private struct GridAxis {
  private let lower: Double
  private let step: Double
  private let cells: Int
  let sigma: Double

  init?(_ values: [Double], cells: Int) {
    let sorted = values.sorted()
    func quantile(_ p: Double) -> Double { sorted[Int(p * Double(sorted.count - 1))] }
    let (low, high) = (quantile(0.001), quantile(0.999))
    guard high > low else { return nil }
    let count = Double(sorted.count)
    let mean = sorted.reduce(0, +) / count
    let deviation = (sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    let spread = min(deviation, max((quantile(0.75) - quantile(0.25)) / 1.34, (high - low) / 50))
    let bandwidth = 0.6 * spread * pow(count, -1 / 6.0)
    (self.cells, lower) = (cells, low - 3 * bandwidth)
    step = (high - low + 6 * bandwidth) / Double(cells)
    sigma = max(1, bandwidth / step)
  }

  func cell(_ value: Double) -> Int? {
    let cell = (value - lower) / step
    return cell >= 0 && cell < Double(cells) ? Int(cell) : nil
  }

  func place(_ cells: Double) -> Double { lower + step * cells }

  /// A square map smoothed along one of its axes.
  func smoothed(_ source: [Double], stride: Int) -> [Double] {
    let reach = Int((4 * sigma).rounded(.up))
    let weights = (-reach...reach).map { exp(-0.5 * pow(Double($0) / sigma, 2)) }
    let sum = weights.reduce(0, +)
    return source.indices.map { place in
      let along = stride == 1 ? place % cells : place / cells
      var total = 0.0
      for k in max(-reach, -along)...min(reach, cells - 1 - along) {
        total += weights[k + reach] * source[place + k * stride]
      }
      return total / sum
    }
  }
}

/// The cells around each peak of a square map; a basin is named by its densest cell.
private struct Basins {
  /// The basin of each cell, −1 where nothing is.
  private(set) var labels: [Int]

  init(_ density: [Double], size: Int, noise: Double) {
    labels = [Int](repeating: -1, count: density.count)
    var joined = Array(density.indices)
    func top(_ label: Int) -> Int {
      var label = label
      while joined[label] != label { label = joined[label] }
      return label
    }
    let floor = 1e-6 * (density.max() ?? 0)
    for cell in density.indices.filter({ density[$0] > floor }).sorted(by: {
      (density[$1], $0) < (density[$0], $1)
    }) {
      let (i, j) = (cell % size, cell / size)
      var neighbours: [Int] = []
      for b in max(0, j - 1)...min(size - 1, j + 1) {
        for a in max(0, i - 1)...min(size - 1, i + 1) where labels[b * size + a] >= 0 {
          neighbours.append(b * size + a)
        }
      }
      guard let steepest = neighbours.max(by: { (density[$0], $1) < (density[$1], $0) }) else {
        labels[cell] = cell
        continue
      }
      labels[cell] = labels[steepest]
      let tops = Set(neighbours.map { top(labels[$0]) }).sorted { (density[$1], $0) < (density[$0], $1) }
      for lower in tops.dropFirst() {
        let drop = density[lower] - density[cell]
        if drop < 0.5 * density[lower] || drop < 4 * ((density[lower] + density[cell]) * noise).squareRoot() {
          joined[lower] = tops[0]
        }
      }
    }
    for cell in labels.indices where labels[cell] >= 0 { labels[cell] = top(labels[cell]) }
  }
}

/// The outer border of the cells that hang together with one over common sides, corners cut, in units of cells.
private struct CellBorder {
  private(set) var points: [Gate.Point] = []

  init(size: Int, from start: Int, _ isIn: (Int) -> Bool) {
    var inside = Set<Int>()
    var open = [start]
    while let cell = open.popLast() {
      guard isIn(cell), inside.insert(cell).inserted else { continue }
      let (i, j) = (cell % size, cell / size)
      if i > 0 { open.append(cell - 1) }
      if i + 1 < size { open.append(cell + 1) }
      if j > 0 { open.append(cell - size) }
      if j + 1 < size { open.append(cell + size) }
    }
    guard let first = inside.min() else { return }
    func has(_ i: Int, _ j: Int) -> Bool {
      (0..<size).contains(i) && (0..<size).contains(j) && inside.contains(j * size + i)
    }
    // Along sides of cells with the inside at the left; at a corner the first of left, ahead and right that is a side.
    var (x, y) = (first % size, first / size)
    let origin = (x, y)
    var (dx, dy) = (1, 0)
    repeat {
      points.append(.init(Double(x) + Double(dx) / 2, Double(y) + Double(dy) / 2))
      (x, y) = (x + dx, y + dy)
      for (a, b) in [(-dy, dx), (dx, dy), (dy, -dx)] {
        // The cells left and right of the side that begins at this corner.
        let left = (x + (a - b - 1) / 2, y + (b + a - 1) / 2)
        let right = (x + (a + b - 1) / 2, y + (b - a - 1) / 2)
        if has(left.0, left.1), !has(right.0, right.1) {
          (dx, dy) = (a, b)
          break
        }
      }
    } while (x, y) != origin || (dx, dy) != (1, 0)
    points = Self.simplified(points)
  }

  /// The points without those that lie within a cell of the lines between others (Douglas and Peucker 1973).
  private static func simplified(_ ring: [Gate.Point]) -> [Gate.Point] {
    guard ring.count > 4 else { return ring }
    func square(_ a: Gate.Point, _ b: Gate.Point) -> Double { (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) }
    let far = ring.indices.max { square(ring[$0], ring[0]) < square(ring[$1], ring[0]) } ?? 0
    let line = ring + [ring[0]]
    var kept: Set<Int> = [0, far]
    var open = [(0, far), (far, line.count - 1)]
    while let (a, b) = open.popLast() {
      let length = square(line[a], line[b]).squareRoot()
      func distance(_ k: Int) -> Double {
        guard length > 0 else { return square(line[k], line[a]).squareRoot() }
        let cross =
          (line[b].x - line[a].x) * (line[k].y - line[a].y) - (line[b].y - line[a].y) * (line[k].x - line[a].x)
        return abs(cross) / length
      }
      guard b > a + 1, let most = ((a + 1)..<b).max(by: { distance($0) < distance($1) }), distance(most) > 1
      else { continue }
      kept.insert(most)
      open += [(a, most), (most, b)]
    }
    return kept.sorted().map { ring[$0] }
  }
}
