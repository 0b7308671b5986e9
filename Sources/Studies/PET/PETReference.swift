public import Quantities

/// The moment to which values that are corrected to the start of the scan refer, and how it was found.
public struct PETReference: Hashable, Sendable {
  /// How the moment was found.
  public enum Rule: String, Hashable, Sendable {
    /// The start of the series, which is not after the first acquisition.
    case series = "series start"
    /// The start of the scan in GE's private group.
    case geScan = "GE scan start (0009,xx0D)"
    /// Computed back from the acquisition and its frame reference time.
    case frameReference = "acquisition less frame reference time"
    /// The earliest acquisition of all slices.
    case firstAcquisition = "earliest acquisition"
  }

  /// By the clock of the series.
  public let time: LocalTime
  /// How it was found.
  public let rule: Rule

  /// How far the start of a series may lie before its first acquisition: the beds of a whole body and a pause.
  private static let longestSeries = Time.hours(12)
  /// How far the moments that the slices give may differ.
  private static let agreement = Time.seconds(10)

  /// The start of the series when it is not after the first acquisition (QIBA FDG-PET profile); otherwise it is the
  /// time of some later processing, and the vendor's rule or else the earliest acquisition counts.
  init(_ slices: [PETSlice], halfLife: Time?) throws {
    guard let header = slices.first?.header, let seriesHeader = slices.first?.slice.header else {
      throw StudyError("too-few-slices", "The series has no slices.", remedy: "Export the whole series.")
    }
    let acquisitions = slices.compactMap(\.slice.acquisition)
    let earliest = acquisitions.count == slices.count ? acquisitions.min() : nil
    if let series = seriesHeader.seriesStart, earliest.map({ series <= $0 }) ?? true {
      guard earliest.map({ $0.secondsSince1970 - series.secondsSince1970 < Self.longestSeries.seconds }) ?? true else {
        throw StudyError(
          "series-long-before-acquisition",
          "The series starts at \(series), more than \(Int(Self.longestSeries.hours)) h before its first acquisition.",
          remedy: "Correct the dates, which a de-identification may have changed.")
      }
      (time, rule) = (series, .series)
      return
    }
    guard let earliest else {
      throw StudyError(
        "missing-acquisition-time", "The series does not tell when it was acquired.",
        remedy: "Export the series again with its series and acquisition date and time.")
    }
    if let start = header.geScanStart, start <= earliest {
      (time, rule) = (start, .geScan)
    } else if header.isSiemens, let halfLife, let start = try Self.backComputed(slices, halfLife) {
      (time, rule) = (start, .frameReference)
    } else {
      (time, rule) = (earliest, .firstAcquisition)
    }
  }

  private static func backComputed(_ slices: [PETSlice], _ halfLife: Time) throws -> LocalTime? {
    let moments = slices.compactMap { slice -> LocalTime? in
      guard let acquisition = slice.slice.acquisition, let frame = slice.frameReference,
        let duration = slice.slice.frameDuration, duration > 0, halfLife > .zero
      else { return nil }
      return SiemensScan.reference(
        acquisition: acquisition, frameReference: frame, duration: .seconds(duration / 1000), halfLife: halfLife)
    }
    guard moments.count == slices.count, let first = moments.min(), let last = moments.max() else { return nil }
    guard last.secondsSince1970 - first.secondsSince1970 < agreement.seconds else {
      throw StudyError(
        "reference-times-differ", "The slices refer to moments between \(first) and \(last).",
        remedy: "Export the series as the scanner reconstructed it.")
    }
    return first
  }
}
