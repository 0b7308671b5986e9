public import JSON
import Kinetics
import Provenance
import Quantities
import Volumes

/// Maps of a fit in every voxel of a series of quantitative images: `tac voxel`.
public struct VoxelMapping: Sendable {
  /// What is fitted in every voxel.
  public enum Model: String, CaseIterable, Sendable { case F2, F3u }

  private let series: VoxelSeries
  private let model: Model
  private let relativeUncertainty: Double
  private let threshold: Double
  private let maps: VoxelMaps

  /// A map and what it holds.
  private struct File: Sendable {
    let name: String
    let title: String
    let unit: String
    let what: String
  }

  private static let files = [
    File(
      name: "time-integrated-activity.nii", title: "TIA", unit: "Bq h/mL",
      what: "time-integrated activity concentration"),
    File(name: "effective-half-life.nii", title: "T_eff", unit: "h", what: "effective half-life of the late phase"),
    File(name: "standard-uncertainty.nii", title: "u(TIA)", unit: "Bq h/mL", what: "standard uncertainty of the fit"),
    File(name: "goodness.nii", title: "chi2/dof", unit: "1", what: "chi-squared over the degrees of freedom"),
    File(
      name: "state.nii", title: "state", unit: "1", what: "0 none 1 fitted 2 physical decay 3 too fast 4 uptake unseen"),
  ]

  /// Reads and fits.
  ///
  /// - Parameters:
  ///   - relativeUncertainty: σ of a voxel's value over the value, from 1e-6 to 1.
  ///   - threshold: voxels below that fraction of the largest value of all images are left out, 0 to 1.
  /// - Throws: a refusal when the images do not make one series, or an option is outside its range.
  public init(
    folder: String, model: Model, nuclide: String?, injected: String?, relativeUncertainty: Double, threshold: Double
  ) throws {
    guard threshold >= 0, threshold < 1 else {
      throw CaseError(
        "threshold", "The threshold is \(threshold) of the largest value.", remedy: "Give a fraction from 0 to 1.",
        category: .usage)
    }
    var series = try VoxelSeries(folder: folder, nuclide: nuclide, injected: injected)
    let largest = series.volumes.reduce(0) { max($0, $1.lazy.filter(\.isFinite).max() ?? 0) }
    let fit = try VoxelFit(
      model == .F2 ? .F2 : .F3u, times: series.times, physicalDecay: series.nuclide.decayConstant,
      relativeUncertainty: relativeUncertainty, threshold: threshold * Double(largest))
    var maps = try fit.maps(of: series.volumes)
    series.forgetVolumes()
    let freedom = Float(max(1, series.times.count - (model == .F2 ? 2 : 3)))
    for k in maps.chiSquared.indices { maps.chiSquared[k] /= freedom }
    self.series = series
    self.model = model
    self.relativeUncertainty = relativeUncertainty
    self.threshold = threshold
    self.maps = maps
  }

  /// Writes the maps and a description of them into a folder, which is exchanged as a whole.
  ///
  /// - Throws: ``CaseError`` when the folder holds other things, or cannot be written.
  public func write(to folder: String) throws {
    let target = try ResultsFolder(at: folder, holding: Set(Self.files.map(\.name) + ["maps.json"]))
    let values = [maps.timeIntegrated, maps.halfLife, maps.standardUncertainty, maps.chiSquared]
    var files = try zip(Self.files, values).map { file, map in (file.name, try nifti(file).bytes(of: map)) }
    files.append((Self.files[4].name, try nifti(Self.files[4]).bytes(of: maps.state)))
    files.append(("maps.json", Array((try document.text() + "\n").utf8)))
    try target.replace(with: files)
  }

  private func nifti(_ file: File) throws -> NIfTIFile {
    try NIfTIFile(grid: series.grid, name: file.title, description: "\(file.what), \(file.unit)")
  }

  private func count(_ state: VoxelMaps.State) -> Int { maps.state.reduce(0) { $0 + ($1 == state.rawValue ? 1 : 0) } }

  /// Σ of the time-integrated activity over the volume, in MBq h.
  private var total: Double {
    maps.timeIntegrated.reduce(0) { $0 + Double($1) } * series.grid.voxelVolume.millilitres * 1e-6
  }

  /// What was fitted and what the files hold.
  public var document: JSONValue {
    [
      "nuclide": JSONValue(series.nuclide.name), "model": JSONValue(model.rawValue),
      "times_h": JSONValue(series.times.map { JSONValue($0.hours) }),
      "relativeUncertainty": JSONValue(relativeUncertainty), "threshold": JSONValue(threshold),
      "degreesOfFreedom": JSONValue(series.times.count - (model == .F2 ? 2 : 3)),
      "grid": [
        "columns": JSONValue(series.grid.columns), "rows": JSONValue(series.grid.rows),
        "slices": JSONValue(series.grid.slices),
        "voxelVolume": amount(series.grid.voxelVolume.millilitres, "mL"),
      ],
      "voxels": [
        "notFitted": JSONValue(count(.notFitted)), "fitted": JSONValue(count(.fitted)),
        "atPhysicalDecay": JSONValue(count(.atPhysicalDecay)),
        "atShortestHalfLife": JSONValue(count(.atShortestHalfLife)), "uptakeUnseen": JSONValue(count(.uptakeUnseen)),
      ],
      "total": amount(total, "MBq h"),
      "files": JSONValue(
        Self.files.map { ["file": JSONValue($0.name), "quantity": JSONValue($0.what), "unit": JSONValue($0.unit)] }),
      "inputs": JSONValue(series.digest.description), "findings": JSONValue(series.findings.map(\.document)),
    ]
  }

  /// A few lines for people.
  public func summary(folder: String) -> String {
    let times = series.times.map { shortNumber($0.hours) }.joined(separator: ", ")
    var text =
      "\(model.rawValue) in \(maps.state.count - count(.notFitted)) of \(maps.state.count) voxels of \(series.nuclide.name) at "
      + "\(times) h: \(shortNumber(total)) MBq h in all.\n"
    if count(.atPhysicalDecay) > 0 {
      text += "\(count(.atPhysicalDecay)) voxels fall no faster than the nuclide decays and hold its half-life.\n"
    }
    text += series.findings.filter { $0.severity != .info }.map { "\($0.title) \($0.text)\n" }.joined()
    let names = Self.files.map(\.name).joined(separator: ", ")
    return text + "Written to \(folder): \(names), maps.json.\n"
  }
}
