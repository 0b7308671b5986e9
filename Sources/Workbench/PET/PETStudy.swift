import Provenance
import Radionuclides
import Studies

/// The one PET series of a folder that is meant, with its factor.
struct PETStudy: Sendable {
  let pet: QuantifiedPET

  /// Chooses the series: the one named, or else the one in a frame of reference, or else the only one that has a factor.
  init(folder: String, series uid: String?, frameOfReference: String?, stated: StatedText) throws {
    let candidates = try Self.candidates(folder: folder, series: uid, frameOfReference: frameOfReference)
    let (facts, nuclides) = (try stated.facts(), try NuclideTable.icrp107())
    var (found, refusals): ([QuantifiedPET], [AnyRefusal]) = ([], [])
    for one in candidates {
      do { found.append(try QuantifiedPET(one, stated: facts, nuclides: nuclides)) } catch let refusal as any Refusal {
        refusals.append(AnyRefusal(refusal))
      }
    }
    guard let first = found.first else { throw refusals[0] }
    guard found.count == 1 else {
      throw CaseError(
        "several-series", "The folder holds \(found.count) PET series with a factor.",
        remedy: "Name one with --series: \(found.prefix(8).map(\.series.seriesUID).joined(separator: ", ")).")
    }
    pet = first
  }

  /// The PET series of a folder that may be meant; at least one.
  static func candidates(
    folder: String, series uid: String?, frameOfReference: String?
  ) throws -> [IndexedSeries] {
    let index = try StudyIndex.scan(folder: folder)
    if let refused = index.refused.first {
      throw CaseError(
        refused.code, "\(printable(fileName(refused.path))): \(refused.reason)",
        remedy: "Export the file again, or remove it from the folder.")
    }
    let candidates = index.series.filter {
      $0.modality == "PT" && (uid == nil || $0.uid == uid)
        && (uid != nil || frameOfReference == nil || $0.frameOfReferenceUID == frameOfReference)
    }
    guard !candidates.isEmpty else {
      throw CaseError(
        "no-pet", "The folder holds no PET series\(uid == nil ? "" : " with that UID") that fits the regions.",
        remedy: "Name the folder of the PET study; endora pet suv lists its series.", category: .missing)
    }
    return candidates
  }
}
