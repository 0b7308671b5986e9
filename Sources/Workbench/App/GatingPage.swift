import Foundation
public import JSON
import Laboratory
import Provenance

/// Gates as a person draws them on the density of two channels of a case's stained tube.
///
/// The case's folder `laboratory` holds the tubes and, once gates were drawn or proposed ones confirmed, `gates.xml` in
/// Gating-ML 2.0. A page works in places from 0 to 1 across and up the plot; this turns them into the coordinates of the
/// gates and counts.
public struct GatingPage: Sendable {
  /// Where the gates lie below a case's folder.
  static let file = "laboratory/gates.xml"
  private static let bins = 96

  private let tube: FCSDataset
  private let name: String
  private let bytes: [UInt8]
  private let gates: GateSet
  private let isProposed: Bool
  private let refused: (any Refusal)?

  /// The tubes of a case: the stained one, and the control with `isotype` in its name.
  static func tubes(in folder: String) -> (all: [String], stained: String?, control: String?) {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/laboratory")) ?? []).sorted()
    let all = names.filter { $0.lowercased().hasSuffix(".fcs") }
    let control = all.first { $0.lowercased().contains("isotype") }
    return (all, all.first { $0 != control }, control)
  }

  /// Reads the stained tube of a case and its gates.
  public init(_ folder: String) throws {
    guard let stained = Self.tubes(in: folder).stained else {
      throw CaseError(
        "no-tube", "The case has no stained tube.", remedy: "Put its FCS file into the folder laboratory.",
        category: .missing)
    }
    name = stained
    let tube = try FCSFile(path: folder + "/laboratory/" + stained).datasets[0]
    self.tube = tube
    let path = folder + "/" + Self.file
    if FileManager.default.fileExists(atPath: path) {
      bytes = try readFile(path)
      gates = try GateSet(gatingML: bytes)
      (isProposed, refused) = (false, nil)
    } else {
      bytes = []
      var why: (any Refusal)?
      do { gates = try GateProposal(tube).gates } catch {
        gates = try GateSet([])
        why = AnyRefusal(anyError: error)
      }
      isProposed = why == nil
      refused = why
    }
  }

  /// The digest of the gates' file as it is; that of nothing where there is none.
  public var digest: String { Digest(of: bytes).hexadecimal }

  // MARK: The plane

  /// Two channels and the gate whose events are shown.
  public struct Plane: Hashable, Sendable {
    let x: String
    let y: String
    let parent: String?

    public init(x: String?, y: String?, parent: String?) {
      (self.x, self.y) = (x ?? "", y ?? "")
      self.parent = parent.flatMap { $0.isEmpty ? nil : $0 }
    }
  }

  fileprivate struct Axis {
    let channel: FCSChannel
    let dimension: GateDimension
    let low: Double
    let high: Double

    /// Scatter and time are linear; all others are logicle, as proposed gates have them.
    init(_ channel: FCSChannel) throws {
      self.channel = channel
      let top = channel.scaled(channel.range)
      let isLinear = channel.isTime || channel.name.uppercased().hasPrefix("FS")
      guard !isLinear else {
        dimension = GateDimension(.channel(channel.name))
        (low, high) = (0, top > 0 ? top : 1)
        return
      }
      let scale = try Logicle(top: max(top, 1000), width: 0.5, decades: 4.5, negative: 0)
      dimension = GateDimension(.channel(channel.name), scale: BoundedScale(.logicle(scale)))
      (low, high) = (-0.02, 1.02)
    }

    func place(_ value: Double) -> Double { (value - low) / (high - low) }
    func value(_ place: Double) -> Double { low + place * (high - low) }

    /// The largest of 1, 2, 5, 10, ... of which four reach no further than the linear axis.
    private var roundStep: Double {
      let decade = pow(10, floor(log10(high / 4)))
      return decade * (high / 4 < 2 * decade ? 1 : high / 4 < 5 * decade ? 2 : 5)
    }

    var document: JSONValue {
      let ticks: [(Double, Double)] =
        if let scale = dimension.scale?.scale {
          [0, 100, 1000, 10_000, 100_000, 1_000_000].map { ($0, place(scale($0))) }
        } else { stride(from: 0, through: high, by: roundStep).map { ($0, place($0)) } }
      return [
        "name": JSONValue(channel.name), "title": JSONValue(channel.label ?? channel.name),
        "ticks": .array(
          ticks.filter { $0.1.isFinite && (0...1).contains($0.1) }.map {
            ["value": .number($0.0), "place": .number($0.1)]
          }),
      ]
    }
  }

  private func axes(_ plane: Plane) throws -> (Axis, Axis) {
    func axis(_ name: String, else usual: Int) throws -> Axis {
      try Axis(name.isEmpty ? tube.channels[min(usual, tube.channels.count - 1)] : tube.channel(named: name))
    }
    return (try axis(plane.x, else: 0), try axis(plane.y, else: 1))
  }

  /// The density of a plane with the gates that lie in it.
  public func document(_ plane: Plane) throws -> JSONValue {
    let (x, y) = try axes(plane)
    let result = try gates.apply(to: tube)
    let events = try self.events(of: plane.parent, in: gates, result)
    let (xs, ys) = (try tube.values(of: x.dimension), try tube.values(of: y.dimension))
    var counts = [Int](repeating: 0, count: Self.bins * Self.bins)
    var outside = 0
    for event in events {
      let (u, v) = (x.place(xs[event]) * Double(Self.bins), y.place(ys[event]) * Double(Self.bins))
      guard u >= 0, v >= 0, u < Double(Self.bins), v < Double(Self.bins) else {
        outside += 1
        continue
      }
      counts[Int(v) * Self.bins + Int(u)] += 1
    }
    return [
      "tube": JSONValue(name), "events": JSONValue(tube.events.count), "digest": JSONValue(digest),
      "proposed": JSONValue(isProposed), "refused": refused.map { AnyRefusal(anyError: $0).document } ?? .null,
      "channels": .array(
        tube.channels.map { ["name": JSONValue($0.name), "title": JSONValue($0.label ?? $0.name)] }),
      "x": x.document, "y": y.document, "parent": JSONValue(plane.parent), "of": JSONValue(events.count),
      "outside": JSONValue(outside), "bins": JSONValue(Self.bins), "counts": .array(counts.map { JSONValue($0) }),
      "gates": .array(
        gates.gates.indices.map { n in
          let gate = gates.gates[n]
          var counted = Self.counted(n, gates, result, tube.events.count)
          counted["outline"] = gate.parent == plane.parent ? Self.outline(gate, x, y) : .null
          return .object(counted)
        }),
    ]
  }

  private func events(of parent: String?, in gates: GateSet, _ result: GatingResult) throws -> [Int] {
    guard let parent else { return Array(0..<tube.events.count) }
    guard let index = result.index(of: parent) else {
      throw CaseError("gate-missing", "There is no gate “\(parent.prefix(60))”.", remedy: "Load the page again.")
    }
    return result.events(in: index)
  }

  private static func counted(_ index: Int, _ gates: GateSet, _ result: GatingResult, _ events: Int) -> JSONObject {
    let parent = gates.gates[index].parent.flatMap { result.index(of: $0) }.map { result.counts[$0] } ?? events
    let count = result.counts[index]
    return [
      "name": JSONValue(gates.gates[index].name), "parent": JSONValue(gates.gates[index].parent),
      "count": JSONValue(count), "of": JSONValue(parent),
      "percentOfParent": JSONValue(parent > 0 ? 100 * Double(count) / Double(parent) : nil),
    ]
  }

  private static func outline(_ gate: Gate, _ x: Axis, _ y: Axis) -> JSONValue {
    guard let (a, b, points) = GateOutline.of(gate.shape), a == x.dimension, b == y.dimension else { return .null }
    return .array(points.map { [.number(x.place($0.x)), .number(y.place($0.y))] })
  }

  // MARK: What is drawn

  /// A shape in places from 0 to 1 across and up.
  public struct Drawing: Sendable {
    private enum Kind: String { case polygon, rectangle, quadrants }
    private let kind: Kind
    private let points: [Gate.Point]
    let name: String

    /// Reads `{"kind": "polygon", "points": [[0.1, 0.2], …], "name": "blasts"}`.
    ///
    /// - Throws: ``CaseError`` for another kind, a place that is none, too few points, or a name that Gating-ML cannot hold.
    public init(_ value: JSONValue) throws {
      name = value["name"]?.string ?? "drawn"
      guard name.wholeMatch(of: /[A-Za-z][A-Za-z0-9._-]{0,39}/) != nil else {
        throw CaseError(
          "gate-name", "A gate cannot have this name.",
          remedy: "Begin with a letter; use up to 40 letters, digits, dots and hyphens.")
      }
      let points = (value["points"]?.array ?? []).compactMap { pair -> Gate.Point? in
        guard let u = pair[0]?.double, let v = pair[1]?.double, (-1...2).contains(u), (-1...2).contains(v) else {
          return nil
        }
        return Gate.Point(u, v)
      }
      guard let kind = value["kind"]?.string.flatMap(Kind.init), points.count == value["points"]?.array?.count,
        points.count <= 200, points.count >= (kind == .polygon ? 3 : kind == .rectangle ? 2 : 1)
      else {
        throw CaseError(
          "gate-drawing", "The drawing is no polygon, rectangle or quadrants.",
          remedy: "Give a polygon three points, a rectangle two corners, quadrants their middle.")
      }
      (self.kind, self.points) = (kind, points)
    }

    fileprivate func gates(_ x: Axis, _ y: Axis, parent: String?) -> [Gate] {
      func box(_ name: String, _ left: Double?, _ right: Double?, _ low: Double?, _ high: Double?) -> Gate {
        Gate(
          name, parent: parent,
          .rectangle([
            .init(x.dimension, minimum: left, maximum: right), .init(y.dimension, minimum: low, maximum: high),
          ]))
      }
      switch kind {
      case .polygon:
        return [
          Gate(
            name, parent: parent,
            .polygon(x.dimension, y.dimension, points.map { Gate.Point(x.value($0.x), y.value($0.y)) }))
        ]
      case .rectangle:
        let (a, b) = (points[0], points[1])
        return [
          box(
            name, x.value(min(a.x, b.x)), x.value(max(a.x, b.x)), y.value(min(a.y, b.y)), y.value(max(a.y, b.y)))
        ]
      case .quadrants:
        let (u, v) = (x.value(points[0].x), y.value(points[0].y))
        return [
          box(name + "-Q1", nil, u, v, nil), box(name + "-Q2", u, nil, v, nil), box(name + "-Q3", u, nil, nil, v),
          box(name + "-Q4", nil, u, nil, v),
        ]
      }
    }
  }

  /// What a drawing would count, without keeping it.
  public func measured(_ drawing: Drawing, in plane: Plane) throws -> JSONValue {
    let (x, y) = try axes(plane)
    let kept = Set(gates.gates.map(\.name))
    let drawn = drawing.gates(x, y, parent: plane.parent).map { gate in
      kept.contains(gate.name) ? Gate(Self.free(gate.name, kept), parent: gate.parent, gate.shape) : gate
    }
    let set = try GateSet(gates.gates + drawn)
    let result = try set.apply(to: tube)
    return [
      "gates": .array(
        drawn.indices.map { .object(Self.counted(gates.gates.count + $0, set, result, tube.events.count)) })
    ]
  }

  private static func free(_ name: String, _ taken: Set<String>) -> String {
    var free = name
    while taken.contains(free) { free += "_" }
    return free
  }

  // MARK: Changes

  /// A change of the gates: its words and the text that the file has then.
  public func change(_ asked: JSONValue) throws -> (what: String, bytes: [UInt8]) {
    func text(_ gates: [Gate]) throws -> [UInt8] {
      gates.isEmpty ? [] : Array(try GateSet(gates).gatingML().utf8)
    }
    let kept = isProposed ? [] : gates.gates
    switch asked["kind"]?.string {
    case "confirm":
      guard isProposed else {
        throw CaseError("nothing-proposed", "There are no proposed gates.", remedy: "Load the page again.")
      }
      return ("proposed gates confirmed", try text(gates.gates))
    case "add":
      let drawing = try Drawing(asked["drawing"] ?? .null)
      let plane = Plane(x: asked["x"]?.string, y: asked["y"]?.string, parent: asked["parent"]?.string)
      if isProposed, plane.parent != nil {
        throw CaseError(
          "gates-proposed", "The gate above this one is only proposed.", remedy: "Confirm the proposed gates first.")
      }
      let (x, y) = try axes(plane)
      let drawn = drawing.gates(x, y, parent: plane.parent)
      let names = Set(drawn.map(\.name))
      // Gates below one that is drawn again follow it.
      let others = kept.filter { !names.contains($0.name) }
      return ("gate \(drawing.name) drawn", try text(others + drawn))
    case "remove":
      guard let name = asked["name"]?.string, kept.contains(where: { $0.name == name }) else {
        throw CaseError("gate-missing", "There is no such gate.", remedy: "Load the page again.")
      }
      if let below = kept.first(where: { $0.parent == name }) {
        throw CaseError(
          "gate-needed", "The gate “\(below.name)” lies below it.", remedy: "Remove that one first.")
      }
      return ("gate \(name) removed", try text(kept.filter { $0.name != name }))
    default:
      throw CaseError("change-invalid", "The change lacks its kind.", remedy: "Load the page again.")
    }
  }
}
