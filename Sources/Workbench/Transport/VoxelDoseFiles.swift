import Foundation
public import JSON
import Provenance
public import Quantities
import Reports
import Studies
import Transport
import Volumes

extension VoxelDosimetry {
  /// What was computed: the regions by each method with their differences, and what stands behind them.
  public var document: JSONValue {
    let activity = study.file.administration.administered(decay: study.nuclide.decayConstant)
    return [
      "method": JSONValue(options.choice.rawValue), "nuclide": JSONValue(study.nuclide.name),
      "withProgeny": JSONValue(options.withProgeny), "administered": amount(activity.megabecquerels, "MBq"),
      "times_h": JSONValue(study.times.map { JSONValue($0.hours) }), "model": JSONValue(options.model?.rawValue),
      "halfLife": options.halfLife.map { amount($0, "h") } ?? .null, "threshold": JSONValue(options.threshold),
      "grid": [
        "columns": JSONValue(study.grid.columns), "rows": JSONValue(study.grid.rows),
        "slices": JSONValue(study.grid.slices),
        "voxel": JSONValue(study.voxels.spacing.map { amount($0.millimetres, "mm") }),
      ],
      "tissues": study.hasCT ? JSONValue(options.tissues) : .null, "decays": JSONValue(study.voxels.totalDecays),
      "regions": JSONValue(rows.map { $0.document(per: activity) }),
      "differencesFrom": maps.count > 1 ? JSONValue(maps[0].method.rawValue) : .null,
      "transport": transport.map { dose in
        [
          "histories": JSONValue(dose.histories), "seed": JSONValue(String(options.seed)),
          "uncertainty": JSONValue(dose.uncertainty), "wanted": JSONValue(options.uncertainty),
          "escaped": JSONValue(dose.escaped), "energyImbalance": JSONValue(dose.imbalance),
        ]
      } ?? .null,
      "kernels": JSONValue(kernelNotes),
      "inputs": JSONValue(
        study.inputs.map { ["input": JSONValue($0.input), "digest": JSONValue($0.digest.hexadecimal)] }),
      "findings": JSONValue(findings.map(\.document)),
    ]
  }

  /// Writes every dose map as NIfTI and RT Dose, of transport its uncertainty too, the document, and where there are several
  /// methods a figure that compares them, into a folder that is exchanged as a whole.
  ///
  /// - Parameter created: the time that the DICOM objects state.
  /// - Throws: ``CaseError`` when the folder holds other things, or cannot be written.
  public func write(to folder: String, created: Timestamp) throws {
    var files: [(name: String, bytes: [UInt8])] = [("dose.json", Array((try document.text() + "\n").utf8))]
    for (method, doses) in maps {
      let file = try NIfTIFile(grid: study.grid, name: "dose", description: "absorbed dose by \(method.rawValue), Gy")
      files.append(("dose-\(method.rawValue).nii", file.bytes(of: doses)))
    }
    if let transport {
      let file = try NIfTIFile(grid: study.grid, name: "u", description: "relative statistical uncertainty of the dose")
      files.append(("uncertainty-transport.nii", file.bytes(of: transport.relativeUncertainties)))
    }
    if maps.count > 1, let figure = comparison { files.append(("comparison.svg", Array(figure.standaloneSVG().utf8))) }
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("endora-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let writer = try ResultWriter(source: study.source, created: created)
    for (number, map) in maps.enumerated() {
      let path = scratch.appendingPathComponent("dose-\(map.method.rawValue).dcm").path
      _ = try writer.writeDose(
        Image(grid: study.grid, values: map.doses), name: "Absorbed dose, \(map.method.rawValue)", number: 920 + number,
        to: path)
      files.append(("dose-\(map.method.rawValue).dcm", try readFile(path)))
    }
    let names = Method.allCases.flatMap { ["dose-\($0.rawValue).nii", "dose-\($0.rawValue).dcm"] }
    let target = try ResultsFolder(
      at: folder, holding: Set(names + ["dose.json", "uncertainty-transport.nii", "comparison.svg"]))
    try target.replace(with: files)
  }

  /// The mean dose of every region by each method over that by the first.
  private var comparison: Figure? {
    Figure.methodComparison(
      reference: maps[0].method.rawValue, methods: maps.dropFirst().map(\.method.rawValue),
      rows: rows.compactMap { row in
        let base = row.doses[0].mean
        guard base > .zero else { return nil }
        return (row.name, row.doses.dropFirst().map { $0.mean / base - 1 })
      })
  }
}
