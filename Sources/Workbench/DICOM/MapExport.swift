import Provenance
public import Quantities
import Studies
import Volumes

/// What a map in every voxel holds.
public enum MapQuantity: String, CaseIterable, Sendable {
  case dose
  case doseRate = "dose-rate"
  case timeIntegratedActivity = "tia"
  case uptake = "suv"

  /// The units in which maps come, each with its size in the unit that is written: Gy, Gy/s, Bq s/mL, g/mL.
  fileprivate var units: [String: Double] {
    switch self {
    case .dose: ["Gy": 1, "mGy": 1e-3, "cGy": 1e-2]
    case .doseRate: ["Gy/s": 1, "mGy/s": 1e-3, "Gy/h": 1 / 3600, "mGy/h": 1e-3 / 3600]
    case .timeIntegratedActivity:
      ["Bq s/mL": 1, "Bq h/mL": 3600, "kBq h/mL": 3.6e6, "MBq s/mL": 1e6, "MBq h/mL": 3.6e9]
    case .uptake: ["g/mL": 1]
    }
  }

  fileprivate var coded: CodedQuantity {
    switch self {
    case .dose: .absorbedDose
    case .doseRate: .absorbedDoseRate
    case .timeIntegratedActivity: .timeIntegratedConcentration
    case .uptake: .uptakeByWeight
    }
  }
}

extension ResultExport {
  /// Writes a map in NIfTI as objects of the study of its images: a dose as RT Dose and Parametric Map, others as a
  /// Parametric Map in Gy/s, Bq s/mL or g/mL.
  ///
  /// The unit is what `unit` states, or else what stands behind the last comma of the map's description, as Endora writes
  /// it; it tells the quantity when that is not stated.
  /// - Throws: a refusal when the map does not lie on the lattice of the images, or its unit is unknown.
  public static func map(
    _ path: String, images folder: String, series uid: String?, quantity stated: MapQuantity?, unit: String?,
    to output: String, created: Timestamp
  ) throws -> ResultExport {
    let map = try NIfTIMap(path: path)
    let name = unit ?? map.description.split(separator: ",").last.map { $0.drop { $0 == " " } }.map(String.init) ?? ""
    let candidates = stated.map { [$0] } ?? MapQuantity.allCases
    guard let quantity = candidates.first(where: { $0.units[name] != nil }), let factor = quantity.units[name] else {
      let known = candidates.flatMap { $0.units.keys.sorted() }.joined(separator: ", ")
      throw CaseError(
        "map-unit", "The unit of the map is \u{201C}\(printable(String(name.prefix(40))))\u{201D}.",
        remedy: "State it with --unit, one of \(known).")
    }
    let (source, grid) = try Self.source(in: folder, series: uid, on: map.grid)
    let values = factor == 1 ? map.values : map.values.map { Float(Double($0) * factor) }
    let writer = try ResultWriter(source: source, created: created)
    let title = "Endora \(quantity.coded.quantity.meaning)"
    var written: [WrittenResult] = []
    if quantity == .dose {
      written.append(
        try writer.writeDose(
          Image(grid: grid, values: values), name: title, number: 921, to: output + "/dose.dcm"))
    }
    written.append(
      try writer.writeParametricMap(
        values, grid: grid, quantity: quantity.coded, name: title + " map", number: 922,
        to: output + "/\(quantity.rawValue)-map.dcm"))
    return ResultExport(written: written)
  }

  /// The series on whose lattice a map lies, with that lattice: NIfTI rounds it to single precision.
  private static func source(
    in folder: String, series uid: String?, on grid: Grid
  ) throws -> (series: IndexedSeries, grid: Grid) {
    let series = try StudyIndex.scan(folder: folder).series.filter { uid == nil || $0.uid == uid }
    guard !series.isEmpty else {
      throw CaseError(
        "no-such-series", "The folder holds no series, or none of this UID.",
        remedy: "Name one that endora dicom index lists.", category: .missing)
    }
    for one in series where [.quantitativeSPECT, .pet, .ct, .reconstruction].contains(one.kind) {
      guard let own = try? one.grid(), own.isAlike(grid) else { continue }
      return (one, own)
    }
    throw CaseError(
      "other-grid", "The map does not lie on the lattice of \(uid == nil ? "any series" : "the series").",
      remedy: "Name the images from which it was made, or resample it to them.")
  }
}

extension Grid {
  /// Whether voxels lie in the same places within 0.01 mm.
  fileprivate func isAlike(_ other: Grid) -> Bool {
    guard columns == other.columns, rows == other.rows, slices == other.slices else { return false }
    return [(0, 0, 0), (columns - 1, 0, 0), (0, rows - 1, 0), (0, 0, slices - 1)].allSatisfy { i, j, k in
      let offset = position(i, j, k) - other.position(i, j, k)
      return (offset * offset).sum() < 1e-4
    }
  }
}
