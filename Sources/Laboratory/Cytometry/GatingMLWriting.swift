extension GateSet {
  /// The gates as a Gating-ML 2.0 document, valid by ISAC's schema.
  ///
  /// Its identifiers begin with a letter and hold letters, digits, `.`, `-` and `_`; other characters of a name become `_`.
  ///
  /// - Throws: ``LaboratoryError`` for gates on a channel by index, which Gating-ML cannot name.
  public func gatingML() throws -> String {
    var writer = GatingMLWriter(gates.map(\.name))
    let body = try gates.map { try writer.gate($0) }
    return writer.document(body)
  }
}

extension SpilloverMatrix {
  /// The matrix as a Gating-ML 2.0 document.
  public func gatingML() -> String {
    var writer = GatingMLWriter([])
    writer.define(self)
    return writer.document([])
  }

  /// Reads the first matrix of a Gating-ML 2.0 document.
  ///
  /// - Throws: ``LaboratoryError`` for what is no such document or has no matrix.
  public init(gatingML bytes: [UInt8]) throws {
    guard let matrix = try GatingMLReader(bytes).firstMatrix else {
      throw LaboratoryError(
        "matrix-missing", "The Gating-ML document has no spectrum matrix.",
        remedy: "Make one with lab cytometry compensation.")
    }
    self = matrix
  }
}

private struct GatingMLWriter {
  private(set) var definitions: [String] = []
  private var scales: [BoundedScale: String] = [:]
  private var ratios: [GateDimension.Source: String] = [:]
  private var matrices: [SpilloverMatrix: String] = [:]
  private var identifiers: [String: String] = [:]

  init(_ names: [String]) {
    var taken: Set<String> = []
    for name in names {
      var identifier = String(
        name.map { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) ? $0 : "_" })
      if !(identifier.first?.isLetter ?? false) { identifier = "_" + identifier }
      while !taken.insert(identifier).inserted { identifier += "_" }
      identifiers[name] = identifier
    }
  }

  func document(_ body: [String]) -> String {
    let isac = "http://www.isac-net.org/std/Gating-ML/v2.0"
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <gating:Gating-ML
          xmlns:gating="\(isac)/gating"
          xmlns:transforms="\(isac)/transformations"
          xmlns:data-type="\(isac)/datatypes">

      """ + definitions.joined() + body.joined() + "</gating:Gating-ML>\n"
  }

  mutating func define(_ matrix: SpilloverMatrix) { _ = self.matrix(matrix) }

  private func identifier(_ gate: String) -> String { identifiers[gate] ?? gate }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
  }

  private static func name(_ text: String) -> String {
    "<data-type:fcs-dimension data-type:name=\"\(escaped(text))\" />"
  }

  private mutating func scale(_ bounded: BoundedScale) throws -> String {
    if let known = scales[bounded] { return known }
    let id = "scale\(scales.count + 1)"
    scales[bounded] = id
    func kind(_ name: String, _ parameters: [(String, Double)]) -> String {
      "<transforms:\(name)" + parameters.map { " transforms:\($0.0)=\"\($0.1)\"" }.joined() + " />"
    }
    let inner =
      switch bounded.scale {
      case .linear(let top, let negative): kind("flin", [("T", top), ("A", negative)])
      case .logarithmic(let top, let decades): kind("flog", [("T", top), ("M", decades)])
      case .asinh(let top, let decades, let negative): kind("fasinh", [("T", top), ("M", decades), ("A", negative)])
      case .logicle(let s): kind("logicle", [("T", s.top), ("W", s.width), ("M", s.decades), ("A", s.negative)])
      case .hyperlog(let s): kind("hyperlog", [("T", s.top), ("W", s.width), ("M", s.decades), ("A", s.negative)])
      case .biexponential, .flooredLogarithm:
        throw LaboratoryError(
          "scale-unwritable", "A gate is on a scale of FlowJo, which Gating-ML does not have.",
          remedy: "Keep the workspace as the record of these gates.")
      }
    let bounds =
      (bounded.lower.map { " transforms:boundMin=\"\($0)\"" } ?? "")
      + (bounded.upper.map { " transforms:boundMax=\"\($0)\"" } ?? "")
    definitions.append(
      "  <transforms:transformation transforms:id=\"\(id)\"\(bounds)>\(inner)</transforms:transformation>\n")
    return id
  }

  private mutating func matrix(_ matrix: SpilloverMatrix) -> String {
    if let known = matrices[matrix] { return known }
    let id = "matrix\(matrices.count + 1)"
    matrices[matrix] = id
    let rows = matrix.rows.map { row in
      "    <transforms:spectrum>"
        + row.map { "<transforms:coefficient transforms:value=\"\($0)\" />" }.joined() + "</transforms:spectrum>\n"
    }
    definitions.append(
      "  <transforms:spectrumMatrix transforms:id=\"\(id)\">\n    <transforms:fluorochromes>"
        + matrix.fluorochromes.map(Self.name).joined() + "</transforms:fluorochromes>\n    <transforms:detectors>"
        + matrix.detectors.map(Self.name).joined() + "</transforms:detectors>\n" + rows.joined()
        + "  </transforms:spectrumMatrix>\n")
    return id
  }

  private mutating func dimension(
    _ dimension: GateDimension, _ bounds: String = "", tag: String = "dimension"
  ) throws -> String {
    let compensation =
      switch dimension.compensation {
      case .none: "uncompensated"
      case .stated: "FCS"
      case .matrix(let matrix): self.matrix(matrix)
      }
    let transformation = try dimension.scale.map { " gating:transformation-ref=\"\(try scale($0))\"" } ?? ""
    let inner: String
    switch dimension.source {
    case .channel(let channel): inner = Self.name(channel)
    case .ratio(let x, let y, let a, let b, let c):
      let id = ratios[dimension.source] ?? "ratio\(ratios.count + 1)"
      if ratios.updateValue(id, forKey: dimension.source) == nil {
        definitions.append(
          "  <transforms:transformation transforms:id=\"\(id)\"><transforms:fratio transforms:A=\"\(a)\" "
            + "transforms:B=\"\(b)\" transforms:C=\"\(c)\">\(Self.name(x))\(Self.name(y))</transforms:fratio>"
            + "</transforms:transformation>\n")
      }
      inner = "<data-type:new-dimension data-type:transformation-ref=\"\(id)\" />"
    case .index(let index):
      throw LaboratoryError(
        "channel-unnamed", "A gate is on channel \(index + 1) by number.", remedy: "Name the channel.")
    }
    return
      "    <gating:\(tag) gating:compensation-ref=\"\(compensation)\"\(transformation)\(bounds)>\(inner)</gating:\(tag)>\n"
  }

  private static func coordinate(_ value: Double) -> String { "<gating:coordinate data-type:value=\"\(value)\" />" }

  mutating func gate(_ gate: Gate) throws -> String {
    let head =
      "gating:id=\"\(identifier(gate.name))\""
      + (gate.parent.map { " gating:parent_id=\"\(identifier($0))\"" } ?? "")
    switch gate.shape {
    case .rectangle(let intervals):
      let inner = try intervals.map { interval in
        try dimension(
          interval.dimension,
          (interval.minimum.map { " gating:min=\"\($0)\"" } ?? "")
            + (interval.maximum.map { " gating:max=\"\($0)\"" } ?? ""))
      }
      return "  <gating:RectangleGate \(head)>\n\(inner.joined())  </gating:RectangleGate>\n"
    case .polygon(let x, let y, let points):
      let vertices = points.map { point in
        "    <gating:vertex>\(Self.coordinate(point.x))\(Self.coordinate(point.y))</gating:vertex>\n"
      }
      return "  <gating:PolygonGate \(head)>\n\(try dimension(x))\(try dimension(y))\(vertices.joined())"
        + "  </gating:PolygonGate>\n"
    case .ellipsoid(let dimensions, let mean, let covariance, let square):
      let inner = try dimensions.map { try dimension($0) }.joined()
      let rows = covariance.map { row in
        "<gating:row>" + row.map { "<gating:entry data-type:value=\"\($0)\" />" }.joined() + "</gating:row>"
      }
      return "  <gating:EllipsoidGate \(head)>\n\(inner)    <gating:mean>\(mean.map(Self.coordinate).joined())"
        + "</gating:mean>\n    <gating:covarianceMatrix>\(rows.joined())</gating:covarianceMatrix>\n"
        + "    <gating:distanceSquare data-type:value=\"\(square)\" />\n  </gating:EllipsoidGate>\n"
    case .combination(let operation, let references):
      let inner = references.map { reference in
        "<gating:gateReference gating:ref=\"\(identifier(reference.gate))\""
          + (reference.isComplement ? " gating:use-as-complement=\"true\"" : "") + " />"
      }
      return "  <gating:BooleanGate \(head)>\n    <gating:\(operation.rawValue)>\(inner.joined())"
        + "</gating:\(operation.rawValue)>\n  </gating:BooleanGate>\n"
    }
  }
}
