public import JSON
import Provenance
import Quantities
import Studies
import Uptake
public import Volumes

/// A volume as the viewer gets it: 16 bits a voxel with the line that leads back to values, and what the values mean.
public struct ViewedVolume: Sendable {
  /// A quantity that is read off a value by a factor.
  struct Reading: Sendable {
    let name: String
    let unit: String
    let factor: Double
  }

  /// What the values are, which decides how regions are measured.
  enum Quantity: Sendable {
    case uptake, concentration, dose, hounsfield, signal, pixel
  }

  /// Values, or whole numbers above ``intercept`` where that loses nothing and takes half of the memory.
  enum Store: Sendable {
    case values([Float])
    case steps([UInt16])
  }

  /// Where the voxels lie.
  public let grid: Grid
  let uid: String
  let frameOfReferenceUID: String
  let quantity: Quantity
  let readings: [Reading]
  let store: Store
  /// The value of a stored number u is slope · u + intercept.
  let slope: Double
  let intercept: Double
  let maximum: Double
  /// What is shown from the lowest to the highest colour at first.
  let window: ClosedRange<Double>
  /// Why an uptake value is not there; `nil` when it is or is not looked for.
  let withoutUptake: AnyRefusal?
  let rule: String?
  let findings: [Finding]

  init(
    _ quantity: Quantity, grid: Grid, values: [Float], uid: String, frameOfReferenceUID: String, readings: [Reading],
    window: ClosedRange<Double>? = nil, withoutUptake: AnyRefusal? = nil, rule: String? = nil, findings: [Finding] = []
  ) throws {
    let range = values.withUnsafeBufferPointer { values in
      var (low, high) = (Float.infinity, -Float.infinity)
      for i in values.indices {
        let value = values[i]
        if value < low { low = value }
        if value > high { high = value }
      }
      return (low: Double(low), high: Double(high))
    }
    guard range.low.isFinite, range.high.isFinite else {
      throw CaseError(
        "voxel-not-finite", "The series holds a voxel that is no finite number.",
        remedy: "Reconstruct or export the image again.")
    }
    let isWhole = quantity == .hounsfield && range.high - range.low <= 65535
    slope = isWhole ? 1 : range.high > range.low ? (range.high - range.low) / 65535 : 1
    intercept = isWhole ? range.low.rounded(.down) : range.low
    store = isWhole ? .steps(Self.steps(values[...], slope, intercept)) : .values(values)
    maximum = range.high
    self.window = window ?? 0...max(range.high, 1e-9)
    (self.quantity, self.grid, self.uid, self.frameOfReferenceUID) = (quantity, grid, uid, frameOfReferenceUID)
    (self.readings, self.withoutUptake, self.rule, self.findings) = (readings, withoutUptake, rule, findings)
  }

  /// What it takes in memory.
  public var byteCount: Int {
    switch store {
    case .values: grid.count * 4
    case .steps: grid.count * 2
    }
  }

  static func steps(_ values: ArraySlice<Float>, _ slope: Double, _ intercept: Double) -> [UInt16] {
    values.withUnsafeBufferPointer { values in
      [UInt16](unsafeUninitializedCapacity: values.count) { steps, count in
        let (scale, start) = (Float(1 / slope), Float(intercept))
        for i in values.indices {
          (steps.baseAddress! + i).initialize(to: UInt16(min(max((values[i] - start) * scale, 0), 65535).rounded()))
        }
        count = values.count
      }
    }
  }

  /// The stored numbers of slices that follow one another, 16 bits each, the lower byte first.
  ///
  /// - Throws: ``CaseError`` for slices that are not there.
  public func bytes(first: Int, count: Int) throws -> [UInt8] {
    guard first >= 0, count > 0, count <= grid.slices, first <= grid.slices - count else {
      throw CaseError(
        "no-such-slice", "The volume has \(grid.slices) slices, from 0.", remedy: "Ask for slices inside it.",
        category: .missing)
    }
    let size = grid.columns * grid.rows
    let range = first * size..<(first + count) * size
    let steps =
      switch store {
      case .steps(let steps): steps[range]
      case .values(let values): Self.steps(values[range], slope, intercept)[...]
      }
    return steps.withUnsafeBytes { Array($0) }
  }

  /// The values of a block of the grid.
  func values(in box: VoxelBox) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(box.count)
    box.forEachRow { j, k in
      let range = grid.index(box.columns.lowerBound, j, k)..<grid.index(box.columns.upperBound, j, k)
      switch store {
      case .values(let all): values += all[range]
      case .steps(let steps): values += steps[range].map { Float(Double($0) * slope + intercept) }
      }
    }
    return values
  }

  /// `{"uid", "quantity", "grid", "slope", "intercept", "readings", "window", "maximum", ...}`.
  public var document: JSONValue {
    [
      "uid": .string(uid), "frameOfReference": .string(frameOfReferenceUID), "quantity": .string("\(quantity)"),
      "grid": grid.document, "slope": .number(slope), "intercept": .number(intercept),
      "readings": .array(
        readings.map { ["name": .string($0.name), "unit": .string($0.unit), "factor": .number($0.factor)] }),
      "window": [.number(window.lowerBound), .number(window.upperBound)], "maximum": .number(maximum),
      "isodoses": .array(roundIsodoses.map { .number($0) }), "rule": JSONValue(rule),
      "withoutUptake": withoutUptake?.document ?? .null,
      "findings": .array(findings.worstFirst().map(\.document)),
    ]
  }
}

extension Grid {
  /// Sizes, origin and steps in mm.
  var document: JSONValue {
    func point(_ p: SIMD3<Double>) -> JSONValue { [.number(p.x), .number(p.y), .number(p.z)] }
    return [
      "columns": JSONValue(columns), "rows": JSONValue(rows), "slices": JSONValue(slices), "originMm": point(origin),
      "columnStepMm": point(columnStep), "rowStepMm": point(rowStep), "sliceStepMm": point(sliceStep),
    ]
  }

  /// Reads what ``document`` writes; refuses sizes that no image has.
  init(_ node: JSONNode) throws {
    func size(_ key: String) throws -> Int {
      let size = try node.required(key).int()
      guard (1...4096).contains(size) else {
        throw node.refusal("grid-size", found: "\(key) is \(size)", remedy: "Give 1 to 4096.")
      }
      return size
    }
    func point(_ key: String) throws -> SIMD3<Double> {
      let numbers = try node.required(key).list().map { try $0.double() }
      guard numbers.count == 3, numbers.allSatisfy({ $0.magnitude < 1e6 }) else {
        throw node.refusal("grid-vector", found: "\(key) is no vector in mm", remedy: "Give x, y and z in mm.")
      }
      return SIMD3(numbers[0], numbers[1], numbers[2])
    }
    self.init(
      columns: try size("columns"), rows: try size("rows"), slices: try size("slices"), origin: try point("originMm"),
      columnStep: try point("columnStepMm"), rowStep: try point("rowStepMm"), sliceStep: try point("sliceStepMm"))
    _ = try GridPlaces(self)
  }
}
