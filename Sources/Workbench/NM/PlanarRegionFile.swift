import JSON
import Quantities
import Scintigraphy

/// Regions drawn on a planar scan, in pixels: `endora-planar-regions-1`.
struct PlanarRegionFile: Sendable {
  /// The file on which they were drawn, by its name; the first scan when left out.
  let drawnOn: String?
  let regions: [PlanarRegionOfInterest]

  /// - Parameter tomography: reads the CT, when a region asks for it.
  init(
    path: String, coefficient: Uncertain<AttenuationCoefficient>, tomography: () throws -> PlanarTomography
  ) throws {
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
    regions = try root.required("regions").list().map { node in
      let around = node["background"]
      let (region, background) = (try Self.shape(node), try around.map(Self.shape))
      var geometry = try Self.geometry(node, around, coefficient)
      if let item = node["attenuation"]?["structure"] {
        let transmission = try read().transmission(of: try item.string())
        geometry.method = .transmission(
          front: transmission.front, back: transmission.back,
          relativeUncertainty: try node.required("attenuation").required("relativeUncertainty").double())
      }
      if let background, around?["scaling"]?.value.string == "ct" {
        guard let structure = node["attenuation"]?["structure"] else {
          throw node.refusal(
            "background-scaling", found: "the background is scaled by a CT without a structure",
            remedy: "Give attenuation.structure, or another rule.")
        }
        let shares = try read().backgroundShares(
          of: try structure.string(), drawn: region, background: background)
        geometry.scaling = .stated(front: shares.front, back: shares.back)
      }
      return PlanarRegionOfInterest(
        name: try node.required("name").string(), region: region, background: background, geometry: geometry,
        mirrorOf: try node["mirrorOf"]?.string())
    }
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
