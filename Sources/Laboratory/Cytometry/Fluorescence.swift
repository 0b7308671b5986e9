import Glibc

/// What describes the fluorescence of the events of a gate.
public struct Fluorescence: Sendable {
  /// The finite values.
  public let count: Int
  public let median: Double
  public let mean: Double
  /// The geometric mean of the values; `nil` when one is not above 0.
  public let geometricMean: Double?

  /// - Throws: ``LaboratoryError`` when no value is finite.
  public init(_ values: [Double]) throws {
    var values = values.filter(\.isFinite)
    guard !values.isEmpty else {
      throw LaboratoryError(
        "gate-empty", "A gate holds no event with a value.", remedy: "Check gates, channels and scales.")
    }
    count = values.count
    mean = values.reduce(0, +) / Double(values.count)
    geometricMean =
      values.contains { $0 <= 0 } ? nil : exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
    median = Self.quantile(0.5, of: &values)
  }

  /// The quantile p, interpolated linearly between order statistics (type 7); reorders the values.
  static func quantile(_ p: Double, of values: inout [Double]) -> Double {
    let position = p * Double(values.count - 1)
    let below = Int(position)
    let low = select(below, in: &values)
    guard below + 1 < values.count, position > Double(below) else { return low }
    var next = Double.infinity
    for i in (below + 1)..<values.count where values[i] < next { next = values[i] }
    return low + (position - Double(below)) * (next - low)
  }

  /// The order statistic of an index by quickselect; smaller values come before it, larger after.
  private static func select(_ k: Int, in values: inout [Double]) -> Double {
    values.withUnsafeMutableBufferPointer { v in
      var (left, right) = (0, v.count - 1)
      while left < right {
        let middle = left + (right - left) / 2
        let pivot = max(min(v[left], v[middle]), min(max(v[left], v[middle]), v[right]))
        var (i, j) = (left, right)
        while i <= j {
          while v[i] < pivot { i += 1 }
          while v[j] > pivot { j -= 1 }
          if i <= j {
            v.swapAt(i, j)
            i += 1
            j -= 1
          }
        }
        if k <= j { right = j } else if k >= i { left = i } else { break }
      }
      return v[k]
    }
  }
}

extension FCSDataset {
  /// The values of a dimension for all events.
  ///
  /// - Throws: ``LaboratoryError`` for a channel that is not there or a compensation that cannot be used.
  public func values(of dimension: GateDimension) throws -> [Double] {
    var columns = GateColumns(self)
    let index = try columns.add(dimension)
    let chunk = 2048
    let scratch = ColumnScratch(columns, capacity: chunk)
    return [Double](unsafeUninitializedCapacity: events.count) { buffer, initialized in
      var first = 0
      while first < events.count, let start = buffer.baseAddress {
        let count = min(chunk, events.count - first)
        scratch.fill(columns, from: first, count: count)
        (start + first).update(from: scratch.column(index), count: count)
        first += count
      }
      initialized = events.count
    }
  }
}
