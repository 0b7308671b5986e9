import Foundation
import Quantities
import Scintigraphy
import Studies
import Volumes

/// The one CT of a folder with the structures drawn on it.
struct CaseTomography: Sendable {
  let series: AnatomicalSeries
  let hounsfieldUnits: [Int16]
  let structures: [Structure]

  /// - Parameter needsStructures: whether a folder without a structure set is refused.
  init(folder: String, needsStructures: Bool) throws {
    guard FileManager.default.fileExists(atPath: folder) else {
      throw CaseError(
        "imaging-missing", "There is no folder \(fileName(folder)).", remedy: "Put the DICOM files of the CT there.",
        category: .missing)
    }
    let index = try StudyIndex.scan(folder: folder)
    let tomographies = index.series.filter { $0.modality == "CT" }
    guard tomographies.count == 1 else {
      throw CaseError(
        "tomographies", "The folder \(fileName(folder)) holds \(tomographies.count) CT series.",
        remedy: "Keep the one on which the regions were drawn.")
    }
    series = try AnatomicalSeries(tomographies[0])
    hounsfieldUnits = series.values.map { Int16(max(-1024, min(3071, $0)).rounded()) }
    let drawn = index.series.filter { $0.modality == "RTSTRUCT" }
    guard drawn.count == 1 else {
      guard drawn.isEmpty, !needsStructures else {
        throw CaseError(
          "structure-sets", "The folder \(fileName(folder)) holds \(drawn.count) structure sets.",
          remedy: "Keep the one RTSTRUCT series in which the regions are drawn.")
      }
      structures = []
      return
    }
    let set = try StructureSet(drawn[0])
    try set.requireFrameOfReference(series.frameOfReferenceUID)
    structures = set.structures
  }

  /// The voxels of a structure.
  func mask(of name: String) throws -> Mask {
    let found = structures.filter { $0.name == name }
    guard found.count == 1 else {
      throw CaseError(
        found.isEmpty ? "structure-missing" : "structure-twice",
        "The structure “\(name)” is on the CT \(found.count) times.",
        remedy: "The structure set holds \(structures.map { "“\($0.name)”" }.joined(separator: ", ")).")
    }
    return try Mask(of: found[0], on: series.grid)
  }
}

/// What a CT says of the regions of planar scans: transmissions and shares of the background.
struct PlanarTomography: Sendable {
  private let ct: CaseTomography
  private let rays: BodyRays
  private let origin: SIMD2<Double>?
  /// The edge of a planar pixel in mm.
  private let pixel: Double

  /// - Parameter window: the main window; about 113 keV its attenuation is taken, else that of 208 keV.
  init(_ tomography: CaseFile.Planar.Tomography, folder: String, window: ClosedRange<Energy>?, pixel: Length) throws {
    ct = try CaseTomography(
      folder: tomography.folder.hasPrefix("/") ? tomography.folder : folder + "/" + tomography.folder,
      needsStructures: true)
    let grid = ct.series.grid
    guard grid.columnStep.y == 0, grid.columnStep.z == 0, grid.sliceStep.x == 0, grid.sliceStep.y == 0 else {
      throw CaseError(
        "ct-not-upright", "The slices of the CT are oblique to the patient's axes.",
        remedy: "Use the axial CT of the SPECT/CT.")
    }
    let low = window.map { $0.contains(.kiloelectronvolts(112.9)) } ?? false
    rays = try BodyRays(hounsfieldUnits: ct.hounsfieldUnits, on: grid, conversion: low ? .keV113 : .keV208)
    origin = tomography.origin
    self.pixel = pixel.millimetres
  }

  func transmission(of structure: String) throws -> RegionTransmission {
    try RegionTransmission(of: try ct.mask(of: structure), through: rays)
  }

  /// Whether the place of the planar scans on the CT is known.
  var isPlaced: Bool { origin != nil }

  /// The shares of the background for a region drawn around a structure.
  func backgroundShares(
    of structure: RegionTransmission, drawn: PlanarRegion, background: PlanarRegion,
    besides others: [RegionTransmission]
  ) throws -> (front: Double, back: Double) {
    try structure.backgroundShares(
      drawn: try place(drawn), background: try place(background), through: rays, besides: others)
  }

  /// What of a structure's counts falls into a region; `nil` where that reaches beyond the CT.
  func spill(of structure: RegionTransmission, into drawn: PlanarRegion) throws -> PlanarSpill? {
    do {
      return try structure.spill(into: try place(drawn), through: rays)
    } catch let error as ScintigraphyError where error.code == "region-outside-image" {
      return nil
    }
  }

  /// From pixels of the planar scan to columns and slices of the CT.
  private func place(_ region: PlanarRegion) throws -> PlanarRegion {
    guard let origin else {
      throw CaseError(
        "origin-missing", "Where the planar scans lie on the CT is not known.",
        remedy: "Give measurements.planar.ct.originPixel, or scale the background by another rule.")
    }
    let grid = ct.series.grid
    return try region.moved { point in
      let x = (point.x - origin.x) * pixel
      let z = (origin.y - point.y) * pixel
      return SIMD2((x - grid.origin.x) / grid.columnStep.x, (z - grid.origin.z) / grid.sliceStep.z)
    }
  }
}
