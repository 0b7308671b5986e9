public import Provenance

/// The samples of a FlowJo 10 workspace (.wsp) with their compensation, scales and gates.
///
/// FlowJo does not publish the format; read is what files of versions 10.0 to 10.10 hold: rectangles, polygons, ellipses
/// and Boolean nodes on linear, logarithmic, biexponential, logicle and asinh scales.
public struct FlowJoWorkspace: Sendable {
  /// One sample.
  public struct Sample: Sendable {
    /// The name in the workspace.
    public let name: String
    /// The name of the file.
    public let file: String
    /// The gates, named by their path such as `Cells/Singlets`.
    public let gates: GateSet
    /// The same with FlowJo's table of biexponential scales and its 256 bins of each axis.
    public let binnedGates: GateSet
    /// How many events FlowJo counted in each gate, by path.
    public let counts: [String: Int]
    /// What was left out.
    public let findings: [Finding]
  }

  /// The names of the samples' files.
  public let files: [String]
  private let elements: [XMLElement]

  /// - Throws: ``LaboratoryError`` for what is no workspace.
  public init(_ bytes: [UInt8]) throws {
    let root = try XMLElement(document: bytes)
    guard root.name == "Workspace" else {
      throw LaboratoryError(
        "not-flowjo", "The root element of the document is <\(root.name.prefix(40))>.",
        remedy: "Give a FlowJo 10 workspace, .wsp.")
    }
    elements = root.descendants("Sample")
    files = elements.map(Self.file)
  }

  /// The sample of a file, by the file's name or, where none has it, the sample's, or the $FIL that the file had.
  ///
  /// - Throws: ``LaboratoryError`` when there is none or more than one, or its gates cannot be.
  public func sample(ofFile file: String) throws -> Sample {
    var found = elements.filter { Self.file($0) == file }
    if found.isEmpty { found = elements.filter { $0.first("SampleNode")?.attributes["name"] == file } }
    if found.isEmpty {
      found = elements.filter { element in
        element.first("Keywords")?.children.first { $0.attributes["name"] == "$FIL" }?.attributes["value"] == file
      }
    }
    guard let element = found.first, found.count == 1 else {
      throw LaboratoryError(
        "sample-missing", "The workspace has \(found.isEmpty ? "no" : "\(found.count)") sample of the file \(file).",
        remedy: "It has: \(files.prefix(10).joined(separator: ", ")).")
    }
    let exact = try WorkspaceSampleReader(element, isBinned: false)
    let own = Self.file(element)
    return Sample(
      name: element.first("SampleNode")?.attributes["name"] ?? own, file: own, gates: try GateSet(exact.gates),
      binnedGates: try GateSet(WorkspaceSampleReader(element, isBinned: true).gates), counts: exact.counts,
      findings: exact.findings)
  }

  private static func file(_ sample: XMLElement) -> String {
    let uri = sample.first("DataSet")?.attributes["uri"] ?? ""
    return decoded(uri.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? "")
  }

  /// The text with `%20` and the like as characters.
  private static func decoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a document is a workspace rather than Gating-ML.
  public static func begins(_ bytes: [UInt8]) -> Bool { bytes.prefix(4096).contains("<Workspace".utf8) }
}

private struct WorkspaceSampleReader {
  private(set) var gates: [Gate] = []
  private(set) var counts: [String: Int] = [:]
  private(set) var findings: [Finding] = []
  private let isBinned: Bool
  private var scales: [String: Scale] = [:]
  private var matrix: SpilloverMatrix?
  private var prefix = "Comp-"

  private static let bins = 256

  init(_ element: XMLElement, isBinned: Bool) throws {
    self.isBinned = isBinned
    let node = element.first("SampleNode")
    if let spillover = element.first("spilloverMatrix") { try readMatrix(spillover) }
    for scale in element.first("Transformations")?.children ?? [] { try readScale(scale) }
    guard let node else { return }
    try readPopulations(node, path: "")
  }

  private static func refusal(_ what: String) -> LaboratoryError {
    LaboratoryError("workspace-invalid", "In the FlowJo workspace \(what).", remedy: "Save the workspace again.")
  }

  private static func number(_ element: XMLElement, _ name: String) throws -> Double {
    guard let value = element.attributes[name].flatMap({ Double($0.trimming) }), value.isFinite else {
      throw refusal("<\(element.name)> has no number \(name)")
    }
    return value
  }

  private mutating func readMatrix(_ element: XMLElement) throws {
    prefix = element.attributes["prefix"] ?? prefix
    let rows = element.all("spillover")
    let detectors = rows.first?.all("coefficient").compactMap { $0.attributes["parameter"] } ?? []
    let names = rows.compactMap { $0.attributes["parameter"] }
    if element.attributes["spectral"] == "1", let kind = element.attributes["weightOptAlgorithmType"], kind != "OLS" {
      throw Self.refusal("a spectral matrix is weighted by \(kind.prefix(20)), where only OLS is read")
    }
    matrix = try SpilloverMatrix(
      fluorochromes: names, detectors: detectors,
      rows: rows.map { row in
        let pairs = try row.all("coefficient").map { ($0.attributes["parameter"], try Self.number($0, "value")) }
        return try detectors.map { detector in
          guard let value = pairs.first(where: { $0.0 == detector })?.1 else {
            throw Self.refusal("a row of the matrix lacks \(detector)")
          }
          return value
        }
      })
  }

  private mutating func readScale(_ element: XMLElement) throws {
    guard let parameter = element.first("parameter")?.attributes["name"] else { return }
    func number(_ name: String) throws -> Double { try Self.number(element, name) }
    switch element.name {
    case "linear": scales[parameter] = .linear(top: try number("maxRange"), negative: -(try number("minRange")))
    case "log": scales[parameter] = .flooredLogarithm(offset: try number("offset"), decades: try number("decades"))
    case "biex":
      scales[parameter] = .biexponential(
        try Biexponential(
          top: number("maxRange"), width: number("width"), positive: number("pos"), negative: number("neg"),
          resolution: isBinned ? .tabulated : .exact))
    case "logicle":
      scales[parameter] = .logicle(
        try Logicle(top: number("T"), width: number("W"), decades: number("M"), negative: number("A")))
    case "fasinh":
      scales[parameter] = .asinh(top: try number("T"), decades: try number("M"), negative: try number("A"))
    default:
      throw Self.refusal("\(parameter) is on a scale that FlowJo does not describe, <\(element.name.prefix(20))>")
    }
  }

  // MARK: Gates

  private mutating func readPopulations(_ node: XMLElement, path: String) throws {
    for child in node.first("Subpopulations")?.children ?? [] {
      let operations: [String: Gate.Operation] = ["AndNode": .and, "OrNode": .or, "NotNode": .not]
      guard child.name == "Population" || operations[child.name] != nil else { continue }
      guard let own = child.attributes["name"], !own.isEmpty else { throw Self.refusal("a population has no name") }
      let name = path.isEmpty ? own : "\(path)/\(own)"
      let parent = path.isEmpty ? nil : path
      if let operation = operations[child.name] {
        let references = child.first("Dependents")?.all("Dependent").compactMap { $0.attributes["name"] } ?? []
        guard operation == .not ? references.count == 1 : references.count >= 2 else {
          leaveOut(name, "It combines \(references.count) populations.")
          continue
        }
        gates.append(Gate(name, parent: parent, .combination(operation, references.map { .init($0) })))
      } else {
        guard let element = child.first("Gate")?.children.first(where: { $0.name.hasSuffix("Gate") }),
          let shape = try shape(element)
        else {
          leaveOut(name, "Its kind of gate is not read.")
          continue
        }
        if element.attributes["eventsInside"] == "0" {
          gates.append(Gate(name + " (inside)", parent: parent, shape))
          gates.append(Gate(name, parent: parent, .combination(.not, [.init(name + " (inside)")])))
        } else {
          gates.append(Gate(name, parent: parent, shape))
        }
      }
      counts[name] = child.attributes["count"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
      try readPopulations(child, path: name)
    }
  }

  private mutating func leaveOut(_ name: String, _ why: String) {
    findings.append(
      .fcs(
        .serious, "population-left-out", "A population of the workspace was left out.",
        why + " All that lie within it are left out too.", subject: name))
  }

  private func dimension(_ element: XMLElement) throws -> (GateDimension, Scale?) {
    guard let written = element.first("fcs-dimension")?.attributes["name"] else {
      throw Self.refusal("a <dimension> names no channel")
    }
    let isCompensated = !prefix.isEmpty && written.hasPrefix(prefix)
    let channel = isCompensated ? String(written.dropFirst(prefix.count)) : written
    let scale = scales[written] ?? scales[channel]
    let compensation: GateDimension.Compensation =
      if !isCompensated { .none } else if let matrix { .matrix(matrix) } else { .stated }
    return (
      GateDimension(
        .channel(channel), compensation: compensation,
        scale: scale.map { BoundedScale($0, bins: isBinned ? Self.bins : nil) }), scale
    )
  }

  private static func vertices(_ element: XMLElement?) throws -> [Gate.Point] {
    try (element?.all("vertex") ?? []).map { vertex in
      let values = try vertex.all("coordinate").map { try number($0, "value") }
      guard values.count == 2 else { throw refusal("a vertex has not two coordinates") }
      return .init(values[0], values[1])
    }
  }

  private func shape(_ element: XMLElement) throws -> Gate.Shape? {
    let dimensions = try element.all("dimension").map { ($0, try dimension($0)) }
    switch element.name {
    case "RectangleGate":
      return .rectangle(
        try dimensions.map { node, found in
          func bound(_ name: String) throws -> Double? {
            guard node.attributes[name] != nil else { return nil }
            let value = try Self.number(node, name)
            return found.1?(value) ?? value
          }
          return .init(found.0, minimum: try bound("min"), maximum: try bound("max"))
        })
    case "PolygonGate":
      guard dimensions.count == 2 else { throw Self.refusal("a polygon has not two dimensions") }
      let (x, y) = (dimensions[0].1, dimensions[1].1)
      return .polygon(
        x.0, y.0, try Self.vertices(element).map { .init(x.1?($0.x) ?? $0.x, y.1?($0.y) ?? $0.y) })
    case "EllipsoidGate":
      guard dimensions.count == 2 else { return nil }
      return try ellipse(element, dimensions.map(\.1))
    default: return nil
    }
  }

  /// FlowJo writes an ellipse by its foci and the ends of its axes, on scales of 256 bins.
  private func ellipse(_ element: XMLElement, _ dimensions: [(GateDimension, Scale?)]) throws -> Gate.Shape? {
    let foci = try Self.vertices(element.first("foci"))
    let ends = try Self.vertices(element.first("edge"))
    guard foci.count == 2, ends.count >= 2, dimensions.allSatisfy({ $0.1 != nil }) else { return nil }
    let scale = Double(Self.bins)
    let centre = ((foci[0].x + foci[1].x) / 2 / scale, (foci[0].y + foci[1].y) / 2 / scale)
    let (fx, fy) = ((foci[0].x - foci[1].x) / 2 / scale, (foci[0].y - foci[1].y) / 2 / scale)
    let focal = fx * fx + fy * fy
    let major =
      ends.map { end in
        let (dx, dy) = (end.x / scale - centre.0, end.y / scale - centre.1)
        return dx * dx + dy * dy
      }.max() ?? 0
    let minor = major - focal
    guard minor > 0 else { throw Self.refusal("an ellipse has its foci outside of it") }
    // The covariance has the squared half axes along and across the line of the foci.
    let (ux, uy) = focal > 0 ? (fx / focal.squareRoot(), fy / focal.squareRoot()) : (1, 0)
    let covariance = [
      [major * ux * ux + minor * uy * uy, (major - minor) * ux * uy],
      [(major - minor) * ux * uy, major * uy * uy + minor * ux * ux],
    ]
    return .ellipsoid(
      dimensions.map(\.0), mean: [centre.0, centre.1], covariance: covariance, distanceSquare: 1)
  }
}
