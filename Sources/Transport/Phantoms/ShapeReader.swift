import JSON

extension Shape {
  /// Reads a shape of the format `endora-stylised-phantoms-1`.
  init(_ node: JSONNode) throws {
    if let operation = node["op"] {
      let parts = try node.required("args").list().map { try Shape($0) }
      switch try operation.string() {
      case "and" where !parts.isEmpty: self = .all(parts)
      case "or" where !parts.isEmpty: self = .any(parts)
      case "sub" where parts.count > 1: self = .without(parts[0], Array(parts.dropFirst()))
      case "mirror_x" where parts.count == 1: self = .mirrored(parts[0])
      default: throw operation.refusal("shape", found: "the operation is unknown", remedy: "Use and, or, sub.")
      }
      return
    }
    let shape = try Self.primitive(node)
    guard let frame = node["frame"] else {
      self = shape
      return
    }
    let rows = try frame.required("R").list().map { try $0.triple() }
    guard rows.count == 3 else {
      throw frame.refusal("frame", found: "it has \(rows.count) rows", remedy: "Write three.")
    }
    self = .framed(shape, origin: try frame.required("origin").triple(), rows: (rows[0], rows[1], rows[2]))
  }

  private static func primitive(_ node: JSONNode) throws -> Shape {
    func axis() throws -> Int {
      let letter = try node.required("axis").string()
      guard let index = ["x", "y", "z"].firstIndex(of: letter) else {
        throw node.refusal("axis", found: "found \(letter)", remedy: "Write x, y or z.")
      }
      return index
    }
    func number(_ key: String) throws -> Double { try node.required(key).double() }
    switch try node.required("prim").string() {
    case "ellipsoid":
      return .ellipsoid(centre: try node.required("c").triple(), axes: try node.required("s").triple())
    case "ecyl":
      return .cylinder(
        axis: try axis(), centre: try node.required("c").pair(), axes: try node.required("s").pair(),
        range: try node.required("range").range())
    case "econe":
      return .cone(
        range: try node.required("z").range(), z0: try number("zr"), centre: try node.required("c").pair(),
        lean: try node.required("dc").pair(), axes: try node.required("s").pair(),
        widening: try node.required("ds").pair())
    case "half": return .halfSpace(normal: try node.required("n").triple(), distance: try number("d"))
    case "slab": return .slab(axis: try axis(), range: try node.required("range").range())
    case "torus":
      return .torus(
        axis: try axis(), centre: try node.required("c").triple(), radius: try number("R"),
        axes: try node.required("s").pair())
    case "slats":
      return .slats(from: try node.required("z").range().lowerBound, height: try number("c"))
    case "thyroid_notch":
      return .thyroidNotch(y0: try number("y0"), z0: try number("z0"), height: try number("c"))
    default: throw node.refusal("shape", found: "the shape is unknown", remedy: "Use a known shape.")
    }
  }
}

extension JSONNode {
  fileprivate func values(_ count: Int) throws -> [Double] {
    let values = try numbers()
    guard values.count == count else {
      throw refusal("count", found: "it has \(values.count) numbers", remedy: "Write \(count).")
    }
    return values
  }

  fileprivate func triple() throws -> SIMD3<Double> { SIMD3(try values(3)) }

  fileprivate func pair() throws -> SIMD2<Double> { SIMD2(try values(2)) }

  fileprivate func range() throws -> Range<Double> {
    let ends = try values(2)
    guard ends[0] <= ends[1] else {
      throw refusal("range", found: "it falls", remedy: "Write the lower end first.")
    }
    return ends[0]..<ends[1]
  }
}
