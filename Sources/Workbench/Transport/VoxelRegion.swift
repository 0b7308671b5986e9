import Dosimetry
import Foundation
import JSON
import Quantities
import Transport
import Volumes

/// The doses of a region by each method.
struct VoxelRegion: Sendable {
  /// What one method gives.
  struct Dose: Sendable {
    let method: VoxelDosimetry.Method
    /// The energy over the mass.
    let mean: AbsorbedDose
    /// The standard error of the mean from the statistics of transport; `nil` of other methods.
    let statistical: Double?
    /// By volume.
    let histogram: DoseVolumeHistogram
  }

  let name: String
  let volume: Volume
  let mass: Mass
  let doses: [Dose]

  /// - Throws: what ``DoseVolumeHistogram`` refuses: a region in air alone.
  init(
    _ region: VoxelStudy.Region, _ voxels: PatientVoxels, _ maps: [(VoxelDosimetry.Method, [Float])],
    _ transport: VoxelTransport.Dose?
  ) throws {
    let (grid, box) = (region.occupancy.grid, region.occupancy.box)
    var parts: [(voxel: Int, share: Double)] = []
    var n = 0
    box.forEachRow { j, k in
      for i in box.columns {
        let voxel = grid.index(i, j, k)
        if region.occupancy.fractions[n] > 0, voxels.isTissue(voxel) {
          parts.append((voxel, Double(region.occupancy.fractions[n])))
        }
        n += 1
      }
    }
    let each = voxels.voxelVolume
    let grams = parts.map { $0.share * Double(voxels.densities[$0.voxel]) * each.millilitres }
    let mass = grams.reduce(0, +)
    name = region.name
    volume = region.occupancy.volume
    self.mass = .grams(mass)
    doses = try maps.map { method, map in
      var (sum, variance) = (0.0, 0.0)
      for (part, grams) in zip(parts, grams) {
        let energy = Double(map[part.voxel]) * grams
        sum += energy
        if method == .transport, let transport {
          let error = energy * Double(transport.relativeUncertainties[part.voxel])
          variance += error * error
        }
      }
      return Dose(
        method: method, mean: .grays(mass > 0 ? sum / mass : 0),
        statistical: method == .transport && sum > 0 ? variance.squareRoot() / sum : nil,
        histogram: try DoseVolumeHistogram(
          doses: parts.map { .grays(Double(map[$0.voxel])) }, volumes: parts.map { each * $0.share }))
    }
  }

  /// Means, shares of the volume, and the differences from the first method.
  func document(per activity: Activity) -> JSONValue {
    func grays(_ dose: AbsorbedDose) -> JSONValue { amount(dose.grays, "Gy") }
    let base = doses[0].mean
    return [
      "name": JSONValue(name), "volume": amount(volume.millilitres, "mL"), "mass": amount(mass.grams, "g"),
      "doses": .object(
        JSONObject(
          doses.map { dose in
            (
              dose.method.rawValue,
              [
                "mean": grays(dose.mean),
                "meanPerActivity": amount((dose.mean / activity).graysPerGigabecquerel, "Gy/GBq"),
                "maximum": grays(dose.histogram.maximum), "d98": grays(dose.histogram.dose(received: 0.98)),
                "d50": grays(dose.histogram.dose(received: 0.5)), "d2": grays(dose.histogram.dose(received: 0.02)),
                "statisticalUncertainty": JSONValue(dose.statistical),
              ]
            )
          })),
      "differences": .object(
        JSONObject(
          doses.dropFirst().map { ($0.method.rawValue, JSONValue(base > .zero ? $0.mean / base - 1 : nil)) })),
    ]
  }
}
