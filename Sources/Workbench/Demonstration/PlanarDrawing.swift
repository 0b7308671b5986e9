import Foundation
import Numerics
import Quantities
import Scintigraphy
import Studies
import SyntheticPatient
import Volumes

/// The regions of a synthetic patient as a person would draw them on the first planar scan, with what the CT says of each.
struct PlanarDrawing: Sendable {
  /// An ellipse or a box in the patient's coordinates, as seen from the front: x to the left, z to the head, in mm.
  enum Shape: Sendable {
    case ellipse(x: Double, z: Double, halfWidth: Double, halfHeight: Double)
    case box(x: ClosedRange<Double>, z: ClosedRange<Double>)

    /// In pixels.
    func region() throws -> PlanarRegion {
      let pixel = SyntheticPlanarCamera.pixel.millimetres
      switch self {
      case .ellipse(let x, let z, let halfWidth, let halfHeight):
        return try PlanarRegion(
          centre: SyntheticPlanarCamera.place(x: x, z: z), semiaxes: SIMD2(halfWidth, halfHeight) / pixel)
      case .box(let x, let z):
        let (a, b) = (
          SyntheticPlanarCamera.place(x: x.lowerBound, z: z.upperBound),
          SyntheticPlanarCamera.place(x: x.upperBound, z: z.lowerBound)
        )
        return try PlanarRegion(polygons: [[a, SIMD2(b.x, a.y), b, SIMD2(a.x, b.y)]])
      }
    }

    /// In columns and slices of a CT whose axes are the patient's.
    func region(on grid: Grid) throws -> PlanarRegion {
      func place(_ x: Double, _ z: Double) -> SIMD2<Double> {
        SIMD2((x - grid.origin.x) / grid.columnStep.x, (z - grid.origin.z) / grid.sliceStep.z)
      }
      switch self {
      case .ellipse(let x, let z, let halfWidth, let halfHeight):
        return try PlanarRegion(
          centre: place(x, z), semiaxes: SIMD2(halfWidth / grid.columnStep.x, halfHeight / grid.sliceStep.z))
      case .box(let x, let z):
        return try PlanarRegion(
          polygons: [
            [
              place(x.lowerBound, z.lowerBound), place(x.upperBound, z.lowerBound),
              place(x.upperBound, z.upperBound), place(x.lowerBound, z.upperBound),
            ]
          ])
      }
    }

    /// As the file of regions holds it.
    var text: String {
      func number(_ value: Double) -> String { String(format: "%.2f", value) }
      let pixel = SyntheticPlanarCamera.pixel.millimetres
      switch self {
      case .ellipse(let x, let z, let halfWidth, let halfHeight):
        let centre = SyntheticPlanarCamera.place(x: x, z: z)
        return "ellipse: { centre: [\(number(centre.x)), \(number(centre.y))], semiaxes: "
          + "[\(number(halfWidth / pixel)), \(number(halfHeight / pixel))] }"
      case .box(let x, let z):
        let (a, b) = (
          SyntheticPlanarCamera.place(x: x.lowerBound, z: z.upperBound),
          SyntheticPlanarCamera.place(x: x.upperBound, z: z.lowerBound)
        )
        return "polygons: [[[\(number(a.x)), \(number(a.y))], [\(number(b.x)), \(number(a.y))], "
          + "[\(number(b.x)), \(number(b.y))], [\(number(a.x)), \(number(b.y))]]]"
      }
    }
  }

  /// A region of the case.
  struct Entry: Sendable {
    /// As the case names it.
    let name: String
    /// As the structure set and the truth name it.
    let structure: String
    let shape: Shape
    let background: Shape
    let views: PlanarGeometry.Views
    let transmission: RegionTransmission
    let backgroundShares: (front: Double, back: Double)
    /// What of its counts falls into other regions, in the order of the drawing.
    let spills: [(into: String, share: PlanarSpill)]
  }

  /// The relative standard uncertainty of a transmission: the CT's conversion and the outline.
  static let transmissionUncertainty = 0.03

  let entries: [Entry]

  /// Draws the regions: each organ's own shadow with a margin of 8 mm, the background in the lower abdomen.
  init(_ patient: SyntheticPatient) throws {
    let ct = patient.tomography()
    let rays = try BodyRays(hounsfieldUnits: ct.hounsfieldUnits, on: ct.grid, conversion: .keV208)
    let structures = patient.structures()
    // The lower abdomen, where no organ takes up activity.
    let abdomen = Shape.box(x: -85...85, z: -225...(-142))
    let drawn: [(name: String, structure: String, shape: Shape)] = [
      ("Kidney left", "Left kidney", .ellipse(x: 65, z: 0, halfWidth: 36.5, halfHeight: 60.6)),
      ("Kidney right", "Right kidney", .ellipse(x: -65, z: -12, halfWidth: 34, halfHeight: 60.9)),
      ("Liver", "Liver", .ellipse(x: -65, z: 92, halfWidth: 93, halfHeight: 68.4)),
      ("Spleen", "Spleen", .ellipse(x: 110, z: 85, halfWidth: 38, halfHeight: 58)),
      ("Marrow L2-L4", SyntheticPatient.vertebralBodies, .box(x: -27...27, z: -112...0)),
    ]
    let transmissions = try inParallel(drawn.count) { n in
      guard let structure = structures.first(where: { $0.name == drawn[n].structure }) else {
        throw CaseError.internalFault("The synthetic patient has no \(drawn[n].structure).")
      }
      return try RegionTransmission(of: try Mask(of: structure, on: ct.grid), through: rays)
    }
    entries = try inParallel(drawn.count) { n in
      let one = drawn[n]
      let others = drawn.indices.filter { $0 != n }
      return Entry(
        name: one.name, structure: one.structure, shape: one.shape, background: abdomen,
        // The vertebrae lie so deep that the front sees a tenth of their photons.
        views: one.structure == SyntheticPatient.vertebralBodies ? .weighted : .geometricMean,
        transmission: transmissions[n],
        backgroundShares: try transmissions[n].backgroundShares(
          drawn: try one.shape.region(on: ct.grid), background: try abdomen.region(on: ct.grid), through: rays,
          besides: others.map { transmissions[$0] }),
        spills: try others.map { other in
          (drawn[other].name, try transmissions[n].spill(into: drawn[other].shape.region(on: ct.grid), through: rays))
        })
    }
  }

  /// As planar quantification takes them.
  func regions() throws -> [PlanarRegionOfInterest] {
    try entries.map { entry in
      PlanarRegionOfInterest(
        name: entry.name, region: try entry.shape.region(), background: try entry.background.region(),
        geometry: PlanarGeometry(
          coefficient: Uncertain(.perCentimetre(0.135), relative: 0),
          method: .transmission(
            front: entry.transmission.front, back: entry.transmission.back,
            relativeUncertainty: Self.transmissionUncertainty),
          scaling: .stated(
            front: entry.backgroundShares.front, back: entry.backgroundShares.back),
          views: entry.views), spills: Dictionary(uniqueKeysWithValues: entry.spills.map { ($0.into, $0.share) }))
    }
  }

  /// The file of regions.
  func text() -> String {
    func number(_ value: Double) -> String { String(format: "%.5f", value) }
    let body = entries.map { entry in
      let spills = entry.spills.filter { max($0.share.front, $0.share.back, $0.share.uncertainty) >= 5e-6 }.map {
        """
                { into: "\($0.into)", front: \(number($0.share.front)), back: \(number($0.share.back)), \
        uncertainty: \(number($0.share.uncertainty)) },

        """
      }
      let spilled =
        spills.isEmpty
        ? ""
        : "\n        // What of the organ's counts falls into other outlines, from the CT.\n        spills: [\n\(spills.joined())        ],"
      return """
            {
              name: "\(entry.name)",
              \(entry.shape.text),\(entry.views == .weighted ? "\n        views: \"weighted\"," : "")
              background: {
                \(entry.background.text),
                // What of the background lies before and behind the organ, from the CT.
                scaling: { front: \(number(entry.backgroundShares.front)), back: \(number(entry.backgroundShares.back)) },
              },
              // What of the organ's photons reaches each detector, from the CT.
              attenuation: {
                front: \(number(entry.transmission.front)), back: \(number(entry.transmission.back)), \
        relativeUncertainty: \(Self.transmissionUncertainty),
              },\(spilled)
            },
        """
    }
    return """
      {
        format: "endora-planar-regions-1",
        drawnOn: "planar-1.dcm",
        regions: [
      \(body.joined(separator: "\n"))
        ],
      }

      """
  }
}

extension Demonstration {
  /// Writes the planar scans and the drawing of their regions.
  static func writePlanar(_ patient: SyntheticPatient, _ writer: (String, Timestamp) -> StudyWriter, to folder: String)
    throws
  {
    for (index, scan) in try patient.planarScans().enumerated() {
      let names = ["208 keV", "208 keV lower", "208 keV upper"]
      let windows = zip(names, SyntheticPlanarCamera.windows).enumerated().map { n, window in
        WholeBodyDraft.Window(
          name: window.0, limits: .kiloelectronvolts(window.1.0)...(.kiloelectronvolts(window.1.1)),
          front: scan.front[n], back: scan.back[n])
      }
      try writer("Planar \(index + 1)", scan.start).writeWholeBody(
        WholeBodyDraft(
          description: "Whole body", number: 1, rows: SyntheticPlanarCamera.rows,
          columns: SyntheticPlanarCamera.columns, pixel: SyntheticPlanarCamera.pixel, windows: windows,
          start: scan.start, duration: scan.duration,
          velocity: SyntheticPlanarCamera.fieldOfView / scan.exposure.seconds, nuclide: "Lu-177"),
        to: folder + "/planar/planar-\(index + 1).dcm")
    }
    try Data(try PlanarDrawing(patient).text().utf8)
      .write(to: URL(fileURLWithPath: folder + "/planar-regions.json"), options: .atomic)
  }

  /// `measurements.planar` of a patient's case file.
  static func planarText(_ patient: SyntheticPatient) -> String {
    """
    // Whole-body scans for `endora nm planar`; the SPECT of the second day scales the hybrid.
        planar: {
          folder: "planar",
          regions: "planar-regions.json",
          windows: { main: 1, lower: 2, upper: 3 },
          scatter: { method: "triple-window" },
          deadTime: { model: "paralysable", tau_us: \(SyntheticPlanarCamera.deadTime.seconds * 1e6) },
          bed: { fieldOfView_cm: \(SyntheticPlanarCamera.fieldOfView.centimetres) },
          calibration: {
            sensitivity_cps_per_MBq: \(SyntheticPlanarCamera.countsPerSecondPerMegabecquerel), \
    relativeUncertainty: \(SyntheticPlanarCamera.sensitivityUncertainty),
          },
          hybridSpect: [3],
        },
    """
  }
}
