import Dispatch

/// Which events are in which gate.
public struct GatingResult: Sendable {
  /// The gates' names in the order of their set.
  public let names: [String]
  /// The number of all events.
  public let eventCount: Int
  /// The number of events in each gate.
  public let counts: [Int]
  private let membership: [UInt8]

  init(names: [String], eventCount: Int, membership: [UInt8]) {
    (self.names, self.eventCount, self.membership) = (names, eventCount, membership)
    counts = names.indices.map { gate in
      membership[(gate * eventCount)..<((gate + 1) * eventCount)].withUnsafeBufferPointer { part in
        var sum = 0
        for byte in part { sum += Int(byte) }
        return sum
      }
    }
  }

  /// Whether each event is in the gate of an index, as 0 or 1.
  public func membership(_ gate: Int) -> ArraySlice<UInt8> {
    membership[(gate * eventCount)..<((gate + 1) * eventCount)]
  }

  /// The indices of the events in a gate.
  public func events(in gate: Int) -> [Int] {
    let part = membership(gate)
    return part.indices.filter { part[$0] != 0 }.map { $0 - part.startIndex }
  }

  /// The index of a gate.
  public func index(of name: String) -> Int? { names.firstIndex(of: name) }
}

extension GateSet {
  /// Applies the gates to all events of a data set, on all processors.
  ///
  /// - Throws: ``LaboratoryError`` for a channel that the data set has not or a matrix that cannot be used.
  public func apply(to dataset: FCSDataset) throws -> GatingResult {
    var columns = GateColumns(dataset)
    let plans = try order.map { index in
      GatePlan(index: index, gate: gates[index], columns: try gates[index].dimensions.map { try columns.add($0) })
    }
    let places = Dictionary(uniqueKeysWithValues: gates.enumerated().map { ($1.name, $0) })
    let tests = try plans.map { try GateTest($0, places) }
    let count = dataset.events.count
    let chunk = 512
    let finished = columns
    let membership = [UInt8](unsafeUninitializedCapacity: gates.count * count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      nonisolated(unsafe) let members = buffer
      let chunks = (count + chunk - 1) / chunk
      let tasks = min(chunks, 64)
      DispatchQueue.concurrentPerform(iterations: tasks) { task in
        let scratch = ColumnScratch(finished, capacity: chunk)
        for part in (task * chunks / tasks)..<((task + 1) * chunks / tasks) {
          let first = part * chunk
          let length = min(chunk, count - first)
          scratch.fill(finished, from: first, count: length)
          for test in tests { test.run(scratch, members, first: first, count: length, total: count) }
        }
      }
      initialized = gates.count * count
    }
    return GatingResult(names: gates.map(\.name), eventCount: count, membership: membership)
  }
}

struct GatePlan {
  let index: Int
  let gate: Gate
  let columns: [Int]
}

/// A gate ready to test events.
struct GateTest: Sendable {
  private enum Kind: Sendable {
    case rectangle([(column: Int, minimum: Double, maximum: Double)])
    case polygon(Int, Int, [Gate.Point])
    case ellipsoid([Int], mean: [Double], inverse: [[Double]], square: Double)
    case combination(Gate.Operation, [(place: Int, isComplement: Bool)])
  }

  private let index: Int
  private let parent: Int?
  private let kind: Kind

  init(_ plan: GatePlan, _ places: [String: Int]) throws {
    index = plan.index
    parent = plan.gate.parent.flatMap { places[$0] }
    switch plan.gate.shape {
    case .rectangle(let intervals):
      kind = .rectangle(
        zip(plan.columns, intervals).map { ($0, $1.minimum ?? -.infinity, $1.maximum ?? .infinity) })
    case .polygon(_, _, let points): kind = .polygon(plan.columns[0], plan.columns[1], points)
    case .ellipsoid(_, let mean, let covariance, let square):
      guard let inverse = squareInverse(covariance) else {
        throw LaboratoryError(
          "gate-invalid", "The covariance of the ellipsoid “\(plan.gate.name)” is singular.",
          remedy: "Give a matrix with an extent in every direction.")
      }
      kind = .ellipsoid(plan.columns, mean: mean, inverse: inverse, square: square)
    case .combination(let operation, let references):
      kind = .combination(operation, references.compactMap { r in places[r.gate].map { ($0, r.isComplement) } })
    }
  }

  func run(
    _ scratch: ColumnScratch, _ members: UnsafeMutableBufferPointer<UInt8>, first: Int, count: Int, total: Int
  ) {
    guard let base = members.baseAddress else { return }
    let target = base + index * total + first
    switch kind {
    case .rectangle(let intervals):
      for i in 0..<count { target[i] = 1 }
      for interval in intervals {
        let x = scratch.column(interval.column)
        for i in 0..<count {
          target[i] &= (x[i] >= interval.minimum ? 1 : 0) & (x[i] < interval.maximum ? 1 : 0)

        }
      }
    case .polygon(let a, let b, let points):
      let (x, y) = (scratch.column(a), scratch.column(b))
      for i in 0..<count { target[i] = Self.contains(points, x[i], y[i]) ? 1 : 0 }
    case .ellipsoid(let columns, let mean, let inverse, let square):
      let columns = columns.map { scratch.column($0) }
      var delta = [Double](repeating: 0, count: columns.count)
      for i in 0..<count {
        for k in columns.indices { delta[k] = columns[k][i] - mean[k] }
        var distance = 0.0
        for j in columns.indices { for k in columns.indices { distance += delta[j] * inverse[j][k] * delta[k] } }
        target[i] = distance <= square ? 1 : 0
      }
    case .combination(let operation, let references):
      for i in 0..<count {
        var value: UInt8 = operation == .or ? 0 : 1
        for reference in references {
          let member = base[reference.place * total + first + i] ^ (reference.isComplement ? 1 : 0)
          switch operation {
          case .and: value &= member
          case .or: value |= member
          case .not: value = member ^ 1
          }
        }
        target[i] = value
      }
    }
    if let parent {
      let source = base + parent * total + first
      for i in 0..<count { target[i] &= source[i] }
    }
  }

  /// Whether a point lies inside a polygon by the even-odd rule, or on its border.
  static func contains(_ points: [Gate.Point], _ x: Double, _ y: Double) -> Bool {
    guard x.isFinite, y.isFinite else { return false }
    var isInside = false
    return points.withUnsafeBufferPointer { points in
      var a = points[points.count - 1]
      for b in points {
        let (low, high) = a.y < b.y ? (a.y, b.y) : (b.y, a.y)
        if y >= low, y <= high {
          let cross = (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)
          if cross == 0, x >= min(a.x, b.x), x <= max(a.x, b.x) { return true }
          if (a.y > y) != (b.y > y), (cross > 0) == (b.y > a.y) { isInside.toggle() }
        }
        a = b
      }
      return isInside
    }
  }
}
