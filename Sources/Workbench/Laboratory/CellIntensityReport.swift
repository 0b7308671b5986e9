import JSON
import Laboratory

/// Brightness of every cell of an OME-TIFF image in given masks, and a table of the cells that ``phenotypeReport`` reads.
///
/// Thresholds such as `CD3=80,CXCR4=120` make the phenotype, a marker being positive from its threshold of the mean on;
/// without them every cell's phenotype is “cell”. Places and areas are in µm where the image states the size of a pixel.
public func cellIntensityReport(
  image: String, masks: String, thresholds: String?, savingTo saved: String?
) throws -> LaboratoryReport {
  let result = try CellIntensities(image: image, masks: masks)
  let bounds = try (thresholds ?? "").split(separator: ",").map {
    text -> (marker: CellIntensities.Marker, from: Double) in
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let from = Double(parts[1]), from.isFinite,
      let marker = result.markers.first(where: { $0.name == parts[0] })
    else {
      throw LaboratoryError(
        "threshold-invalid", "The threshold “\(text)” names no marker of the image or no number.",
        remedy: "Write MARKER=MEAN; there are: \(result.markers.map(\.name).joined(separator: ", ")).")
    }
    return (marker, from)
  }
  let micrometres = result.pixel.map { (1000 * $0.width.millimetres, 1000 * $0.height.millimetres) }
  let (sx, sy) = micrometres ?? (1, 1)
  let unit = micrometres == nil ? "px" : "µm"
  let phenotypes = result.cells.indices.map { index in
    bounds.isEmpty
      ? "cell" : bounds.map { $0.marker.name + ($0.marker.means[index] >= $0.from ? "+" : "-") }.joined(separator: " ")
  }
  if let saved {
    let suffix = micrometres == nil ? "" : " (micron)"
    let area = micrometres == nil ? "pixels" : "square microns"
    let header =
      ["Sample Name", "Cell ID", "Phenotype", "Cell X Position\(suffix)", "Cell Y Position\(suffix)"]
      + ["Entire Cell Area (\(area))", "Tissue Category Area (\(area))"]
      + result.markers.flatMap { marker in ["Mean", "Median", "Total"].map { "Entire Cell \(marker.name) \($0)" } }
    let tissue = "\(Double(result.width * result.height) * sx * sy)"
    let rows = result.cells.enumerated().map { index, cell in
      [
        fileName(image), "\(cell.label)", phenotypes[index], "\(cell.x * sx)", "\(cell.y * sy)",
        "\(Double(cell.pixels) * sx * sy)", tissue,
      ] + result.markers.flatMap { ["\($0.means[index])", "\($0.medians[index])", "\($0.totals[index])"] }
    }
    try writeText(csvText([header] + rows), to: saved)
  }
  var counts: [String: Int] = [:]
  for phenotype in phenotypes { counts[phenotype, default: 0] += 1 }
  let names = counts.keys.sorted()
  let markers = try result.markers.map { marker in
    (marker.name, try Fluorescence(marker.means).median, marker.means.min(), marker.means.max())
  }
  let areas = try Fluorescence(result.cells.map { Double($0.pixels) * sx * sy })
  let findings = result.findings.worstFirst()
  return LaboratoryReport(
    [
      "image": JSONValue(fileName(image)), "masks": JSONValue(fileName(masks)),
      "width": amount(Double(result.width) * sx, unit), "height": amount(Double(result.height) * sy, unit),
      "pixel": micrometres.map { [amount($0.0, "µm"), amount($0.1, "µm")] } ?? nil,
      "cells": JSONValue(result.cells.count), "medianArea": amount(areas.median, unit == "µm" ? "µm²" : "px"),
      "phenotypes": .object(JSONObject(names.map { ($0, JSONValue(counts[$0] ?? 0)) })),
      "markers": JSONValue(
        markers.map { name, median, least, most in
          [
            "name": JSONValue(name),
            "cellMeans": ["median": JSONValue(median), "min": JSONValue(least), "max": JSONValue(most)],
          ]
        }), "findings": JSONValue(findings.map(\.document)),
    ],
    ["\(result.cells.count) cells, median area \(short(areas.median)) \(unit == "µm" ? "µm²" : "px")"]
      + markers.map { "  \($0.0): median of the cells' means \(short($0.1))" }
      + (bounds.isEmpty ? [] : names.map { "  \($0): \(counts[$0] ?? 0) cells" }) + findingLines(findings))
}
