public import JSON
import Numerics
import Provenance
import Quantities
import Volumes

/// How regions of the viewer share the dose of a map, as `endora dose dvh` tells it.
public struct RegionDoses: Sendable {
  /// More regions are refused.
  private static let mostRegions = 100
  /// Points of each curve.
  private static let steps = 200

  private let rows: [RegionHistogram]
  private let alpha: Double?

  /// - Parameter root: `structures`, names of what was drawn before; `regions`, shapes with names as the regions' file holds
  ///   them, with the `frameOfReference` in which they were drawn; `alpha` in 1/Gy of the equivalent uniform dose.
  /// - Throws: a refusal for a volume of other values or another frame of reference; a region that does not lie on the map
  ///   is a row with its reason.
  public init(_ root: JSONNode, in volume: ViewedVolume, of images: CaseImages) throws {
    guard volume.quantity == .dose else {
      throw CaseError(
        "no-dose-map", "The series holds no doses.", remedy: "Choose a dose map of the case.", category: .input)
    }
    alpha = try root["alpha"].map { node in
      let value = try node.double()
      guard value > 0, value <= 100 else {
        throw node.refusal("alpha", found: "it is \(value)", remedy: "Give α in 1/Gy, above 0 and up to 100.")
      }
      return value
    }
    let names = try root["structures"]?.list().map { try $0.string() } ?? []
    let drawn = try root["regions"]?.list() ?? []
    guard (0...Self.mostRegions).contains(names.count + drawn.count) else {
      throw CaseError(
        "region-count", "Doses are told of up to \(Self.mostRegions) regions.", remedy: "Name fewer.", category: .input)
    }
    func check(_ frame: String?) throws {
      guard frame == nil || frame == volume.frameOfReferenceUID else {
        throw CaseError(
          "other-frame-of-reference", "The region was drawn in another frame of reference than the dose map has.",
          remedy: "Choose a dose map of the images on which it was drawn.")
      }
    }
    if !drawn.isEmpty { try check(try root["frameOfReference"]?.string()) }
    let shapes =
      try names.compactMap { name -> (String, RegionFile.Shape)? in
        guard let shape = images.structures[name] else {
          throw CaseError(
            "no-such-structure", "The case has no structure of this name.", remedy: "Open the viewer again.",
            category: .missing)
        }
        return images.framesOfStructures[name].map { $0 == volume.frameOfReferenceUID } ?? true ? (name, shape) : nil
      } + drawn.map { node in (try node.required("name").string(), try RegionFile.Shape(node)) }
    let image: Image<AbsorbedDose> = volume.cut(to: VoxelBox(all: volume.grid))
    rows = try inParallel(shapes.count) { n in
      RegionHistogram(shapes[n].0, shapes[n].1, on: image, border: .fractional)
    }
  }

  /// `{"regions": [{"name", "volume", "mean", "minimum", "maximum", "d98", "d90", "d50", "d2", "eud"?, "curve"}]}`, the curve
  /// as pairs of dose in Gy and share of the volume.
  public var document: JSONValue {
    [
      "regions": .array(
        rows.map { row in
          row.document(steps: Self.steps) { histogram in
            alpha.map { [("eud", amount(histogram.equivalentUniformDose(alpha: $0).grays, "Gy"))] } ?? []
          }
        })
    ]
  }
}
