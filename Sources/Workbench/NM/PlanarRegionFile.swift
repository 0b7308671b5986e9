import Foundation
import JSON
import Quantities
import Scintigraphy

/// Regions drawn on a planar scan, in pixels: `endora-planar-regions-1`.
struct PlanarRegionFile: Sendable {
  /// The file on which they were drawn, by its name; the first scan when left out.
  let drawnOn: String?
  /// Where a new case keeps them.
  static let name = "planar-regions.json"
  let regions: [PlanarRegionOfInterest]

  /// - Parameter tomography: reads the CT, when a region asks for it.
  init(
    path: String, coefficient: Uncertain<AttenuationCoefficient>, tomography: () throws -> PlanarTomography
  ) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw CaseError(
        "planar-undrawn", "No regions are drawn on the planar scans: there is no \(fileName(path)).",
        remedy: "Draw them on the page Planar of the case, or write the file.", category: .missing)
    }
    let document = try JSONDocument(try readFile(path))
    try Schema.planarRegions.read().check(document)
    try self.init(document.root, coefficient: coefficient, tomography: tomography)
  }

  /// Refuses what is no file of planar regions.
  static func check(_ content: JSONValue) throws {
    try Schema.planarRegions.read().check(JSONDocument(Array(try content.text().utf8)))
  }

  /// Reads what was checked.
  init(
    _ root: JSONNode, coefficient: Uncertain<AttenuationCoefficient>, tomography: () throws -> PlanarTomography
  ) throws {
    drawnOn = try root["drawnOn"]?.string()
    var ct: PlanarTomography?
    func read() throws -> PlanarTomography {
      if let ct { return ct }
      let found = try tomography()
      ct = found
      return found
    }
    let drawn = try root.required("regions").list().map { node in
      let structure = node["attenuation"]?["structure"]
      return Drawn(
        node: node, name: try node.required("name").string(), region: try Self.shape(node),
        structure: try structure?.string(),
        transmission: try structure.map { try read().transmission(of: try $0.string()) })
    }
    regions = try drawn.map { one in
      let node = one.node
      let around = node["background"]
      let background = try around.map(Self.shape)
      var geometry = try Self.geometry(node, around, coefficient)
      // Those whose counts a CT tells apart from this one's.
      let others = try drawn.filter { other in
        guard one.transmission != nil, other.transmission != nil, other.structure != one.structure else { return false }
        return try one.region.isBeside(other.region)
      }
      if let transmission = one.transmission {
        geometry.method = .transmission(
          front: transmission.front, back: transmission.back,
          relativeUncertainty: try node.required("attenuation").required("relativeUncertainty").double())
      }
      if let background, around?["scaling"]?.value.string == "ct" {
        guard let transmission = one.transmission else {
          throw node.refusal(
            "background-scaling", found: "the background is scaled by a CT without a structure",
            remedy: "Give attenuation.structure, or another rule.")
        }
        let shares = try read().backgroundShares(
          of: transmission, drawn: one.region, background: background, besides: others.compactMap(\.transmission))
        geometry.scaling = .stated(front: shares.front, back: shares.back)
      }
      var spills: [String: PlanarSpill] = [:]
      if let transmission = one.transmission, try read().isPlaced {
        for other in others { spills[other.name] = try read().spill(of: transmission, into: other.region) }
      }
      for item in try node["spills"]?.list() ?? [] {
        let into = item["into"]
        guard let name = try into?.string(), drawn.contains(where: { $0.name == name }), name != one.name else {
          throw item.refusal(
            "spill-region", found: "the drawing has no other region of this name",
            remedy: "Name the region into which counts fall.")
        }
        spills[name] = try PlanarSpill(
          front: try item.required("front").double(), back: try item.required("back").double(),
          uncertainty: try item.required("uncertainty").double())
      }
      return PlanarRegionOfInterest(
        name: one.name, region: one.region, background: background, geometry: geometry,
        mirrorOf: try node["mirrorOf"]?.string(), spills: spills)
    }
  }

  /// A region before others are considered.
  private struct Drawn {
    let node: JSONNode
    let name: String
    let region: PlanarRegion
    let structure: String?
    /// Of the structure on the CT.
    let transmission: RegionTransmission?
  }

  private static func shape(_ node: JSONNode) throws -> PlanarRegion {
    func pair(_ node: JSONNode) throws -> SIMD2<Double> {
      let numbers = try node.list()
      return SIMD2(try numbers[0].double(), try numbers[1].double())
    }
    if let box = node["box"] {
      let (columns, rows) = (
        try box.required("columns").list().map { try $0.int() }, try box.required("rows").list().map { try $0.int() }
      )
      guard columns[0] <= columns[1], rows[0] <= rows[1] else {
        throw box.refusal("box-reversed", found: "its last pixel comes before its first", remedy: "Swap them.")
      }
      return try PlanarRegion(columns: columns[0]...columns[1], rows: rows[0]...rows[1])
    }
    if let ellipse = node["ellipse"] {
      return try PlanarRegion(
        centre: try pair(ellipse.required("centre")), semiaxes: try pair(ellipse.required("semiaxes")))
    }
    if let polygons = node["polygons"] {
      return try PlanarRegion(polygons: try polygons.list().map { try $0.list().map(pair) })
    }
    throw node.refusal(
      "region-shape", found: "there is no box, ellipse or polygons", remedy: "Give one of them, in pixels.")
  }

  private static func geometry(
    _ node: JSONNode, _ background: JSONNode?, _ coefficient: Uncertain<AttenuationCoefficient>
  ) throws -> PlanarGeometry {
    func length(_ key: String) throws -> Uncertain<Length>? {
      guard let item = node[key + "_cm"] else { return nil }
      return Uncertain(
        .centimetres(try item.double()),
        standardUncertainty: try node[key + "Uncertainty_cm"].map { .centimetres(try $0.double()) })
    }
    let attenuation = try node.required("attenuation")
    let method: PlanarGeometry.Method =
      if attenuation["front"] != nil {
        .transmission(
          front: try attenuation.required("front").double(), back: try attenuation.required("back").double(),
          relativeUncertainty: try attenuation.required("relativeUncertainty").double())
      } else {
        attenuation.value.string == "thickness" ? .thickness : .none
      }
    var scaling = PlanarGeometry.Scaling.area
    if let item = background?["scaling"] {
      if item["front"] != nil {
        scaling = .stated(front: try item.required("front").double(), back: try item.required("back").double())
      } else {
        switch item.value.string {
        case "thickness": scaling = .thickness
        case "attenuated": scaling = .attenuated
        default: break
        }
      }
    }
    return PlanarGeometry(
      coefficient: coefficient, body: try length("bodyThickness"), organ: try length("organThickness"),
      depth: try node["depth_cm"].map { .centimetres(try $0.double()) }, method: method, scaling: scaling,
      views: try node["views"].flatMap { PlanarGeometry.Views(rawValue: try $0.string()) } ?? .geometricMean)
  }
}
