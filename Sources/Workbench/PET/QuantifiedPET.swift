import JSON
import Quantities
import Radionuclides
import Studies
import Uptake
import Volumes

/// A PET series with its factor.
struct QuantifiedPET: Sendable {
  let series: PETSeries
  let factor: UptakeFactor

  init(_ indexed: IndexedSeries, stated: StatedFacts, nuclides: NuclideTable) throws {
    series = try PETSeries(indexed, injection: stated.injection)
    factor = try UptakeFactor(series, stated: stated, nuclides: nuclides)
  }

  /// The voxels as SUV by body weight.
  var image: Image<UptakeValue> {
    let factor = Float(factor.value)
    return Image(grid: series.grid, values: series.values.map { $0 * factor })
  }

  var document: JSONValue {
    let maximum = series.maximum
    let voxel = maximum.voxel
    let position = series.grid.position(voxel.x, voxel.y, voxel.z)
    return [
      "uid": .string(series.seriesUID), "units": .string(series.unit.term),
      "decayCorrection": JSONValue(series.decayCorrection?.rawValue), "radionuclide": JSONValue(factor.nuclide),
      "suvbw": [
        "factor": .number(factor.value),
        "injectedAtReferenceBq": JSONValue(factor.injectedAtReference?.becquerels),
        "referenceTime": JSONValue(factor.referenceTime?.description), "rule": .string(factor.rule),
      ],
      "max": [
        "suvbw": .number(Double(maximum.value) * factor.value), "voxel": JSONValue([voxel.x, voxel.y, voxel.z].map { JSONValue($0) }),
        "positionMm": JSONValue([position.x, position.y, position.z].map { .number($0) }),
      ],
      "findings": JSONValue(factor.findings.map(\.document)),
    ]
  }

  var summary: String {
    let maximum = series.maximum
    let lines = [
      "  SUVbw = \(factor.value) × pixel (\(series.unit.term))",
      "  \(factor.rule)",
      "  SUVmax \(shortNumber(Double(maximum.value) * factor.value)) at voxel \(maximum.voxel.x), \(maximum.voxel.y), "
        + "\(maximum.voxel.z)",
    ]
    return (lines + factor.findings.map { "  \($0.severity.rawValue): \($0.text)" }).joined(separator: "\n")
  }
}
