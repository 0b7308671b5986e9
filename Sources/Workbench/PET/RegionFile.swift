import JSON
import Provenance
import Quantities
import Studies
import Volumes

/// Regions by name: the structures of an RTSTRUCT, or spheres and boxes in a JSON5 file.
struct RegionFile: Sendable {
  /// A region before it is laid on an image.
  enum Shape: Sendable {
    case structure(Structure)
    case sphere(centre: SIMD3<Double>, diameter: Length)
    case box(centre: SIMD3<Double>, size: SIMD3<Double>)

    /// The voxels whose centres it holds.
    func mask(on grid: Grid) throws(VolumeError) -> Mask {
      switch self {
      case .structure(let structure): try Mask(of: structure, on: grid)
      case .sphere(let centre, let diameter): try Mask(sphereAt: centre, radius: diameter * 0.5, on: grid)
      case .box(let centre, let size): try Mask(boxAt: centre, size: size, on: grid)
      }
    }
  }

  let regions: [(name: String, shape: Shape)]
  /// The structure set, when the file is one.
  let structureSet: StructureSet?
  let findings: [Finding]

  /// Reads `{"regions": [{"name", "sphere": {"centreMm", "diameterMm"}}, {"name", "box": {"centreMm", "sizeMm"}}]}`
  /// or an RTSTRUCT.
  init(path: String) throws {
    let bytes = try readFile(path)
    if bytes.count > 132, bytes[128..<132].elementsEqual("DICM".utf8) {
      let set = try StructureSet(path: path)
      regions = set.structures.map { ($0.name, .structure($0)) }
      structureSet = set
      findings = set.findings
    } else {
      let root = try JSONDocument(bytes).root
      regions = try root.required("regions").list().map { node in
        (try node.required("name").string(), try Shape(node))
      }
      structureSet = nil
      findings = []
    }
    guard !regions.isEmpty else {
      throw CaseError("no-regions", "The file of regions holds none.", remedy: "Draw or name at least one.")
    }
  }
}

extension RegionFile.Shape {
  /// A sphere or a box of a JSON node.
  init(_ node: JSONNode) throws {
    if let sphere = node["sphere"] {
      self = .sphere(
        centre: try Self.point(sphere, "centreMm"), diameter: .millimetres(try sphere.required("diameterMm").double()))
    } else if let box = node["box"] {
      self = .box(centre: try Self.point(box, "centreMm"), size: try Self.point(box, "sizeMm"))
    } else {
      throw node.refusal("region-shape", found: "the region has neither sphere nor box", remedy: "Give one of them.")
    }
  }

  private static func point(_ node: JSONNode, _ key: String) throws -> SIMD3<Double> {
    let numbers = try node.required(key).list().map { try $0.double() }
    guard numbers.count == 3 else {
      throw node.refusal("region-shape", found: "\(key) has \(numbers.count) numbers", remedy: "Give x, y and z in mm.")
    }
    return SIMD3(numbers[0], numbers[1], numbers[2])
  }
}
