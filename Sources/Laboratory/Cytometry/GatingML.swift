/// Reads and writes Gating-ML 2.0 (ISAC, Spidlen 2015).
extension GateSet {
  /// Reads a document.
  ///
  /// - Throws: ``LaboratoryError`` for what is not well formed or not Gating-ML 2.0, or gates as ``init(_:)`` refuses.
  public init(gatingML bytes: [UInt8]) throws {
    try self.init(GatingMLReader(bytes).gates)
  }
}

struct GatingMLReader {
  private(set) var gates: [Gate] = []
  private(set) var firstMatrix: SpilloverMatrix?
  private var scales: [String: BoundedScale] = [:]
  private var ratios: [String: GateDimension.Source] = [:]
  private var matrices: [String: SpilloverMatrix] = [:]

  init(_ bytes: [UInt8]) throws {
    let root = try XMLElement(document: bytes)
    guard root.name == "Gating-ML" else {
      throw LaboratoryError(
        "not-gating-ml", "The root element of the document is <\(root.name.prefix(40))>.",
        remedy: "Give a Gating-ML 2.0 document.")
    }
    let elements = Self.flattened(root)
    for element in elements where element.name == "transformation" { try readTransformation(element) }
    for element in elements where element.name == "spectrumMatrix" { try readMatrix(element) }
    for element in elements { try readGate(element) }
  }

  /// Gates may lie inside other elements of an application.
  private static func flattened(_ element: XMLElement) -> [XMLElement] {
    let known = [
      "transformation", "spectrumMatrix", "RectangleGate", "PolygonGate", "EllipsoidGate", "QuadrantGate",
      "BooleanGate",
    ]
    return element.children.flatMap { known.contains($0.name) ? [$0] : flattened($0) }
  }

  private static func refusal(_ what: String) -> LaboratoryError {
    LaboratoryError("gating-ml-invalid", "In the Gating-ML document \(what).", remedy: "Correct the document.")
  }

  private static func text(_ element: XMLElement, _ name: String) throws -> String {
    guard let value = element.attributes[name]?.trimming, !value.isEmpty else {
      throw refusal("<\(element.name)> lacks \(name)")
    }
    return value
  }

  private static func optionalNumber(_ element: XMLElement, _ name: String) throws -> Double? {
    guard let text = element.attributes[name]?.trimming else { return nil }
    guard let value = Double(text), value.isFinite else {
      throw refusal("\(name) of <\(element.name)> is no number: “\(text.prefix(20))”")
    }
    return value
  }

  private static func number(_ element: XMLElement, _ name: String) throws -> Double {
    guard let value = try optionalNumber(element, name) else { throw refusal("<\(element.name)> lacks \(name)") }
    return value
  }

  // MARK: Transformations

  private mutating func readTransformation(_ element: XMLElement) throws {
    let id = try Self.text(element, "id")
    guard scales[id] == nil, ratios[id] == nil else { throw Self.refusal("two transformations are called \(id)") }
    guard let kind = element.children.first(where: { $0.name != "custom_info" }) else {
      throw Self.refusal("the transformation \(id) is empty")
    }
    func value(_ name: String) throws -> Double { try Self.number(kind, name) }
    func positive(_ name: String) throws -> Double {
      let number = try value(name)
      guard number > 0 else { throw Self.refusal("\(name) of \(id) is \(number), not above 0") }
      return number
    }
    let scale: Scale
    switch kind.name {
    case "fratio":
      let names = try kind.all("fcs-dimension").map { try Self.text($0, "name") }
      guard names.count == 2 else { throw Self.refusal("the ratio \(id) has not two channels") }
      ratios[id] = .ratio(names[0], names[1], a: try value("A"), b: try value("B"), c: try value("C"))
      return
    case "flin":
      let (top, negative) = (try value("T"), try value("A"))
      guard top + negative > 0 else { throw Self.refusal("T + A of \(id) is not above 0") }
      scale = .linear(top: top, negative: negative)
    case "flog": scale = .logarithmic(top: try positive("T"), decades: try positive("M"))
    case "fasinh":
      let (decades, negative) = (try positive("M"), try value("A"))
      guard decades + negative > 0 else { throw Self.refusal("M + A of \(id) is not above 0") }
      scale = .asinh(top: try positive("T"), decades: decades, negative: negative)
    case "logicle":
      scale = .logicle(
        try Logicle(top: value("T"), width: value("W"), decades: value("M"), negative: value("A")))
    case "hyperlog":
      scale = .hyperlog(
        try Hyperlog(top: value("T"), width: value("W"), decades: value("M"), negative: value("A")))
    default: throw Self.refusal("the transformation \(id) is of an unknown kind, <\(kind.name)>")
    }
    scales[id] = BoundedScale(
      scale, lower: try Self.optionalNumber(element, "boundMin"), upper: try Self.optionalNumber(element, "boundMax"))
  }

  private mutating func readMatrix(_ element: XMLElement) throws {
    let id = try Self.text(element, "id")
    guard matrices[id] == nil, element.attributes["matrix-inverted-already"] != "true" else {
      throw Self.refusal("the matrix \(id) occurs twice or is already inverted, which is not read")
    }
    func names(_ name: String) throws -> [String] {
      try element.first(name)?.all("fcs-dimension").map { try Self.text($0, "name") } ?? []
    }
    matrices[id] = try SpilloverMatrix(
      fluorochromes: names("fluorochromes"), detectors: names("detectors"),
      rows: element.all("spectrum").map { try $0.all("coefficient").map { try Self.number($0, "value") } })
    firstMatrix = firstMatrix ?? matrices[id]
  }

  // MARK: Gates

  private func dimension(_ element: XMLElement) throws -> GateDimension {
    let compensation: GateDimension.Compensation
    switch try Self.text(element, "compensation-ref") {
    case "uncompensated": compensation = .none
    case "FCS": compensation = .stated
    case let id:
      guard let matrix = matrices[id] else { throw Self.refusal("there is no matrix \(id)") }
      compensation = .matrix(matrix)
    }
    let scale = try element.attributes["transformation-ref"].map { id in
      guard let scale = scales[id.trimming] else { throw Self.refusal("there is no transformation \(id)") }
      return scale
    }
    if let new = element.first("new-dimension") {
      let id = try Self.text(new, "transformation-ref")
      guard let ratio = ratios[id] else { throw Self.refusal("there is no ratio \(id)") }
      return GateDimension(ratio, compensation: compensation, scale: scale)
    }
    guard let channel = element.first("fcs-dimension") else {
      throw Self.refusal("a <\(element.name)> names no channel")
    }
    return GateDimension(.channel(try Self.text(channel, "name")), compensation: compensation, scale: scale)
  }

  private static func coordinates(_ element: XMLElement) throws -> [Double] {
    try element.all("coordinate").map { try number($0, "value") }
  }

  private mutating func readGate(_ element: XMLElement) throws {
    guard ["RectangleGate", "PolygonGate", "EllipsoidGate", "QuadrantGate", "BooleanGate"].contains(element.name) else {
      return
    }
    let id = try Self.text(element, "id")
    let parent = element.attributes["parent_id"]?.trimming
    func add(_ shape: Gate.Shape) { gates.append(Gate(id, parent: parent, shape)) }
    let dimensions = element.all("dimension")
    switch element.name {
    case "RectangleGate":
      add(
        .rectangle(
          try dimensions.map {
            .init(
              try dimension($0), minimum: try Self.optionalNumber($0, "min"),
              maximum: try Self.optionalNumber($0, "max"))
          }))
    case "PolygonGate":
      let vertices = try element.all("vertex").map(Self.coordinates)
      guard dimensions.count == 2, vertices.allSatisfy({ $0.count == 2 }) else {
        throw Self.refusal("the polygon \(id) is not of two dimensions")
      }
      add(.polygon(try dimension(dimensions[0]), try dimension(dimensions[1]), vertices.map { .init($0[0], $0[1]) }))
    case "EllipsoidGate":
      guard let mean = element.first("mean"), let covariance = element.first("covarianceMatrix"),
        let square = element.first("distanceSquare")
      else { throw Self.refusal("the ellipsoid \(id) lacks its mean, covariance or distance") }
      add(
        .ellipsoid(
          try dimensions.map(dimension), mean: try Self.coordinates(mean),
          covariance: try covariance.all("row").map { try $0.all("entry").map { try Self.number($0, "value") } },
          distanceSquare: try Self.number(square, "value")))
    case "QuadrantGate": try readQuadrants(element, parent)
    default:
      guard let operation = element.children.first(where: { ["and", "or", "not"].contains($0.name) }),
        let kind = Gate.Operation(rawValue: operation.name)
      else { throw Self.refusal("the Boolean gate \(id) has neither and, or nor not") }
      add(
        .combination(
          kind,
          try operation.all("gateReference").map {
            .init(try Self.text($0, "ref"), isComplement: ["true", "1"].contains($0.attributes["use-as-complement"]))
          }))
    }
  }

  /// Every quadrant is the rectangle between the dividers around its place.
  private mutating func readQuadrants(_ element: XMLElement, _ parent: String?) throws {
    var dividers: [String: (dimension: GateDimension, values: [Double])] = [:]
    for divider in element.all("divider") {
      let values = try divider.all("value").map { value in
        guard let number = Double(value.text.trimming), number.isFinite else {
          throw Self.refusal("a divider's value is no number")
        }
        return number
      }
      dividers[try Self.text(divider, "id")] = (try dimension(divider), values.sorted())
    }
    for quadrant in element.all("Quadrant") {
      let intervals = try quadrant.all("position").map { position -> Gate.Interval in
        guard let divider = dividers[try Self.text(position, "divider_ref")] else {
          throw Self.refusal("a quadrant refers to no divider")
        }
        let location = try Self.number(position, "location")
        return .init(
          divider.dimension, minimum: divider.values.last { $0 <= location },
          maximum: divider.values.first { $0 > location })
      }
      gates.append(Gate(try Self.text(quadrant, "id"), parent: parent, .rectangle(intervals)))
    }
  }
}
