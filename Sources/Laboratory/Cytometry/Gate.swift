public import Provenance

/// A coordinate in which events are gated.
public struct GateDimension: Hashable, Sendable {
  /// What is measured.
  public enum Source: Hashable, Sendable {
    /// A channel by name or, with a matrix, a fluorochrome.
    case channel(String)
    /// A channel by its index, where names are ambiguous.
    case index(Int)
    /// A·(x − B) / (y − C) of two channels.
    case ratio(String, String, a: Double, b: Double, c: Double)
  }

  /// Which spillover is taken out.
  public enum Compensation: Hashable, Sendable {
    case none
    /// The one that the file states, where it states one for the channel.
    case stated
    case matrix(SpilloverMatrix)
  }

  public let source: Source
  public let compensation: Compensation
  /// The scale of the gate's coordinates; `nil` for the channel's own.
  public let scale: BoundedScale?

  public init(_ source: Source, compensation: Compensation = .stated, scale: BoundedScale? = nil) {
    (self.source, self.compensation, self.scale) = (source, compensation, scale)
  }
}

/// A scale whose places are cut at bounds.
public struct BoundedScale: Hashable, Sendable {
  public let scale: Scale
  /// Places below are taken as this one.
  public let lower: Double?
  /// Places above are taken as this one.
  public let upper: Double?
  /// Into how many equal bins the scale is divided, whose middles stand for the places in them; `nil` for none.
  public let bins: Int?

  public init(_ scale: Scale, lower: Double? = nil, upper: Double? = nil, bins: Int? = nil) {
    (self.scale, self.lower, self.upper, self.bins) = (scale, lower, upper, bins)
  }
}

/// A region of events.
public struct Gate: Sendable {
  /// A dimension with its bounds: minimum ≤ x < maximum.
  public struct Interval: Hashable, Sendable {
    public let dimension: GateDimension
    public let minimum: Double?
    public let maximum: Double?

    public init(_ dimension: GateDimension, minimum: Double?, maximum: Double?) {
      (self.dimension, self.minimum, self.maximum) = (dimension, minimum, maximum)
    }
  }

  /// A point of a plane.
  public struct Point: Hashable, Sendable {
    public let x: Double
    public let y: Double
    public init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  /// A gate in a Boolean combination.
  public struct Reference: Hashable, Sendable {
    public let gate: String
    public let isComplement: Bool
    public init(_ gate: String, isComplement: Bool = false) { (self.gate, self.isComplement) = (gate, isComplement) }
  }

  public enum Operation: String, Sendable { case and, or, not }

  public enum Shape: Sendable {
    /// Within all intervals.
    case rectangle([Interval])
    /// Inside by the even-odd rule, or on the border.
    case polygon(GateDimension, GateDimension, [Point])
    /// (x − μ)ᵀ C⁻¹ (x − μ) ≤ D².
    case ellipsoid([GateDimension], mean: [Double], covariance: [[Double]], distanceSquare: Double)
    case combination(Operation, [Reference])
  }

  public let name: String
  /// The gate whose events it divides further; `nil` for all events.
  public let parent: String?
  public let shape: Shape

  public init(_ name: String, parent: String? = nil, _ shape: Shape) {
    (self.name, self.parent, self.shape) = (name, parent, shape)
  }

  var dimensions: [GateDimension] {
    switch shape {
    case .rectangle(let intervals): intervals.map(\.dimension)
    case .polygon(let x, let y, _): [x, y]
    case .ellipsoid(let dimensions, _, _, _): dimensions
    case .combination: []
    }
  }

  var references: [String] {
    var names = parent.map { [$0] } ?? []
    if case .combination(_, let references) = shape { names += references.map(\.gate) }
    return names
  }
}

/// Gates that refer to each other by name.
public struct GateSet: Sendable {
  /// The gates as given.
  public let gates: [Gate]
  /// What is odd about them.
  public let findings: [Finding]
  /// Their indices such that every gate follows those it refers to.
  let order: [Int]

  /// - Throws: ``LaboratoryError`` for a name that occurs twice, a reference to no gate or in a circle, or a shape that
  ///   cannot be one.
  public init(_ gates: [Gate]) throws {
    var places: [String: Int] = [:]
    for (index, gate) in gates.enumerated() {
      guard places.updateValue(index, forKey: gate.name) == nil else {
        throw LaboratoryError(
          "gate-duplicate", "There are two gates “\(gate.name)”.", remedy: "Give every gate a name of its own.")
      }
      try Self.check(gate)
    }
    var order: [Int] = []
    var state = [Int](repeating: 0, count: gates.count)
    func visit(_ index: Int, depth: Int) throws {
      guard state[index] != 2 else { return }
      guard state[index] == 0, depth < 200 else {
        throw LaboratoryError(
          "gate-circle", "The gate “\(gates[index].name)” refers to itself over others.",
          remedy: "Let gates refer to earlier ones.")
      }
      state[index] = 1
      for name in gates[index].references {
        guard let place = places[name] else {
          throw LaboratoryError(
            "gate-missing", "The gate “\(gates[index].name)” refers to “\(name)”, which is no gate.",
            remedy: "Add the gate.")
        }
        try visit(place, depth: depth + 1)
      }
      state[index] = 2
      order.append(index)
    }
    for index in gates.indices { try visit(index, depth: 0) }
    self.gates = gates
    self.order = order
    findings = gates.compactMap { gate in
      guard case .ellipsoid(_, _, let rows, _) = gate.shape,
        rows.indices.contains(where: { i in rows.indices.contains { rows[i][$0] != rows[$0][i] } })
      else { return nil }
      return .fcs(
        .caution, "covariance-asymmetric", "The covariance of an ellipsoid is not symmetric.",
        "The gate is applied as written, but its border is no ellipsoid of that covariance.", subject: gate.name)
    }
  }

  private static func check(_ gate: Gate) throws {
    let isSound: Bool
    switch gate.shape {
    case .rectangle(let intervals): isSound = !intervals.isEmpty
    case .polygon(_, _, let points): isSound = points.count >= 3 && points.allSatisfy { $0.x.isFinite && $0.y.isFinite }
    case .ellipsoid(let dimensions, let mean, let covariance, let square):
      isSound =
        !dimensions.isEmpty && mean.count == dimensions.count && covariance.count == dimensions.count
        && covariance.allSatisfy { $0.count == dimensions.count } && square >= 0
    case .combination(let operation, let references):
      isSound = operation == .not ? references.count == 1 : references.count >= 2
    }
    guard isSound else {
      throw LaboratoryError(
        "gate-invalid", "The shape of the gate “\(gate.name)” is incomplete.",
        remedy: "Give a rectangle bounds, a polygon three points, an ellipsoid mean and covariance of its dimensions.")
    }
  }
}
