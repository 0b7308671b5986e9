import JSON
import Provenance
import Radionuclides
import Studies
import Uptake

/// Whether a series that came in can be measured, in a sentence; for one that cannot, what is missing and what to do.
struct SeriesVerdict {
  private let series: IndexedSeries
  private let text: String
  private let remedy: String?
  private let isSound: Bool

  init(_ series: IndexedSeries) {
    self.series = series
    do {
      text = try Self.sentence(series)
      (remedy, isSound) = (nil, true)
    } catch {
      let refusal = AnyRefusal(anyError: error)
      (text, remedy, isSound) = (refusal.reason, refusal.remedy, false)
    }
  }

  private static func sentence(_ series: IndexedSeries) throws -> String {
    switch series.kind {
    case .pet:
      let pet = try QuantifiedPET(series, stated: StatedFacts(), nuclides: try NuclideTable.icrp107())
      return "SUV: \(pet.factor.rule)"
    case .quantitativeSPECT:
      return "Bq/mL, Decay Correction \(try QuantitativeSeries(series).decayCorrection.rawValue)"
    case .ct, .mr: return "\(try AnatomicalSeries(series).grid.slices) slices"
    default: return series.kind.rawValue
    }
  }

  /// `{"modality", "kind", "files", "sound", "text", "remedy", "finding"}`.
  var document: JSONValue {
    let finding = series.findings.first { $0.severity != .info }
    return [
      "modality": JSONValue(series.modality), "kind": JSONValue(series.kind.rawValue),
      "files": JSONValue(series.files.count), "sound": JSONValue(isSound && finding == nil), "text": JSONValue(text),
      "remedy": JSONValue(remedy), "finding": JSONValue(finding?.text),
    ]
  }
}
