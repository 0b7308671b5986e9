import Dosimetry
import JSON
import Provenance
import Quantities
import Volumes

/// A region on a dose map with its histogram, or why it has none.
struct RegionHistogram: Sendable {
  let name: String
  let histogram: Result<DoseVolumeHistogram, AnyRefusal>

  init(_ name: String, _ shape: RegionFile.Shape, on image: Image<AbsorbedDose>, border: DoseVolume.Border) {
    self.name = name
    histogram = Result { try Self.histogram(of: shape, on: image, border) }.mapError { AnyRefusal(anyError: $0) }
  }

  private static func histogram(
    of shape: RegionFile.Shape, on image: Image<AbsorbedDose>, _ border: DoseVolume.Border
  ) throws -> DoseVolumeHistogram {
    let voxel = image.grid.voxelVolume
    if border == .fractional, case .structure(let structure) = shape {
      let occupancy = try Occupancy(of: structure, on: image.grid)
      var doses: [AbsorbedDose] = []
      var volumes: [Volume] = []
      var place = 0
      occupancy.box.forEachRow { j, k in
        let start = image.grid.index(0, j, k)
        for i in occupancy.box.columns {
          let fraction = Double(occupancy.fractions[place])
          if fraction > 0 {
            doses.append(.grays(Double(image.values[start + i])))
            volumes.append(voxel * fraction)
          }
          place += 1
        }
      }
      return try DoseVolumeHistogram(doses: doses, volumes: volumes)
    }
    let indices = try shape.mask(on: image.grid).gridIndices()
    return try DoseVolumeHistogram(
      doses: indices.map { .grays(Double(image.values[$0])) }, volumes: indices.map { _ in voxel })
  }

  /// Volume, statistics, what else is asked of the histogram, and the curve; or the refusal.
  func document(steps: Int, further: (DoseVolumeHistogram) -> [(String, JSONValue)]) -> JSONValue {
    let histogram: DoseVolumeHistogram
    switch self.histogram {
    case .failure(let refusal): return ["name": JSONValue(name), "refused": refusal.document]
    case .success(let found): histogram = found
    }
    func gray(_ dose: AbsorbedDose) -> JSONValue { amount(dose.grays, "Gy") }
    let members: [(String, JSONValue)] = [
      ("name", JSONValue(name)), ("volume", amount(histogram.volume.millilitres, "mL")),
      ("mean", gray(histogram.mean)), ("minimum", gray(histogram.minimum)), ("maximum", gray(histogram.maximum)),
      ("d98", gray(histogram.dose(received: 0.98))), ("d90", gray(histogram.dose(received: 0.90))),
      ("d50", gray(histogram.dose(received: 0.50))), ("d2", gray(histogram.dose(received: 0.02))),
    ]
    let curve = histogram.curve(steps: steps).map { point -> JSONValue in
      [JSONValue(point.dose.grays), JSONValue(point.volume / histogram.volume)]
    }
    return .object(JSONObject(members + further(histogram) + [("curve", JSONValue(curve))]))
  }
}
