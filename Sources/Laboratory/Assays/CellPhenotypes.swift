/// Cells of a tissue section with place and phenotype, as multiplex immunofluorescence tables list them.
public struct CellPhenotypes: Sendable {
  /// One cell.
  public struct Cell: Sendable {
    public let x: Double
    public let y: Double
    public let phenotype: String
    public let tissue: String?
    public let sample: String?
    public init(x: Double, y: Double, phenotype: String, tissue: String?, sample: String?) {
      (self.x, self.y, self.phenotype, self.tissue, self.sample) = (x, y, phenotype, tissue, sample)
    }
  }

  /// Distances from each cell of one phenotype to the nearest of another.
  public struct Nearest: Sendable {
    public let from: String
    public let to: String
    /// One distance a cell of `from`, in the unit of the places.
    public let distances: [Double]
  }

  /// Cells of one phenotype that have one of another within a radius.
  public struct Within: Sendable {
    public let fromCount: Int
    public let toCount: Int
    /// How many of `from` have at least one of `to`.
    public let fromWith: Int
    /// The mean number of `to` around a cell of `from`.
    public let mean: Double
  }

  public let cells: [Cell]
  /// The phenotypes in alphabetical order.
  public let phenotypes: [String]

  public init(_ cells: [Cell]) {
    self.cells = cells
    phenotypes = Set(cells.map(\.phenotype)).sorted()
  }

  /// How many cells have a phenotype.
  public var counts: [String: Int] { cells.reduce(into: [:]) { $0[$1.phenotype, default: 0] += 1 } }

  /// The distances from one phenotype to the nearest cell of another in the same sample, never to the cell itself.
  public func nearest(from: String, to: String) -> Nearest {
    let index = PlaceIndex(cells.indices.filter { cells[$0].phenotype == to }, cells)
    let distances = cells.indices.filter { cells[$0].phenotype == from }.compactMap { index.nearest(to: $0) }
    return Nearest(from: from, to: to, distances: distances)
  }

  /// Counts cells of another phenotype within a radius of each cell of one, in the same sample; a cell counts itself
  /// where both phenotypes are the same.
  public func within(from: String, to: String, radius: Double) -> Within {
    let index = PlaceIndex(cells.indices.filter { cells[$0].phenotype == to }, cells)
    let sources = cells.indices.filter { cells[$0].phenotype == from }
    let found = sources.map { index.count(around: $0, radius: radius) }
    return Within(
      fromCount: sources.count, toCount: index.count, fromWith: found.count { $0 > 0 },
      mean: sources.isEmpty ? 0 : Double(found.reduce(0, +)) / Double(sources.count))
  }
}

/// Places sorted along x, for neighbours.
private struct PlaceIndex {
  private let sorted: [Int]
  private let xs: [Double]
  private let cells: [CellPhenotypes.Cell]

  init(_ indices: [Int], _ cells: [CellPhenotypes.Cell]) {
    sorted = indices.sorted { cells[$0].x < cells[$1].x }
    xs = sorted.map { cells[$0].x }
    self.cells = cells
  }

  var count: Int { sorted.count }

  private func lowerBound(_ x: Double) -> Int {
    var (low, high) = (0, xs.count)
    while low < high {
      let middle = (low + high) / 2
      if xs[middle] < x { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func nearest(to cell: Int) -> Double? {
    let own = cells[cell]
    var best = Double.infinity
    var (left, right) = (lowerBound(own.x) - 1, lowerBound(own.x))
    func consider(_ place: Int) {
      let other = cells[sorted[place]]
      guard sorted[place] != cell, other.sample == own.sample else { return }
      let (dx, dy) = (other.x - own.x, other.y - own.y)
      best = min(best, (dx * dx + dy * dy).squareRoot())
    }
    while left >= 0 || right < xs.count {
      if right < xs.count {
        if xs[right] - own.x > best { right = xs.count } else { consider(right); right += 1 }
      }
      if left >= 0 {
        if own.x - xs[left] > best { left = -1 } else { consider(left); left -= 1 }
      }
    }
    return best.isFinite ? best : nil
  }

  func count(around cell: Int, radius: Double) -> Int {
    let own = cells[cell]
    var total = 0
    var place = lowerBound(own.x - radius)
    while place < xs.count, xs[place] <= own.x + radius {
      let other = cells[sorted[place]]
      let (dx, dy) = (other.x - own.x, other.y - own.y)
      if other.sample == own.sample, dx * dx + dy * dy <= radius * radius { total += 1 }
      place += 1
    }
    return total
  }
}
