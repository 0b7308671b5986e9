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

  /// The voxels as uptake values of a kind; all but that by body weight need the body's measures.
  func image(_ kind: SUVKind = .bodyWeight) throws -> Image<UptakeValue> {
    guard kind == .bodyWeight || factor.body != nil else {
      throw CaseError(
        "missing-weight", "The patient's weight is not known.", remedy: "State it with --weight, or use --type bw.")
    }
    let scale = Float(factor.value * (try factor.body?.normOverWeight(kind) ?? 1))
    return Image(grid: series.grid, values: series.values.map { $0 * scale })
  }

  var factorDocument: JSONValue {
    [
      "factor": .number(factor.value),
      "injectedAtReferenceBq": JSONValue(factor.injectedAtReference?.becquerels),
      "referenceTime": JSONValue(factor.referenceTime?.description), "rule": .string(factor.rule),
    ]
  }

  var document: JSONValue {
    let maximum = series.maximum
    let voxel = maximum.voxel
    let position = series.grid.position(voxel.x, voxel.y, voxel.z)
    return [
      "uid": .string(series.seriesUID), "units": .string(series.unit.term),
      "decayCorrection": JSONValue(series.decayCorrection?.rawValue), "radionuclide": JSONValue(factor.nuclide),
      "suvbw": factorDocument,
      "max": [
        "suvbw": .number(Double(maximum.value) * factor.value),
        "voxel": JSONValue([voxel.x, voxel.y, voxel.z].map { JSONValue($0) }),
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
