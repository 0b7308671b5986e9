import Provenance
import Quantities

/// What the headers of all slices of a quantitative series tell together.
struct SeriesHeader {
  let studyUID: String
  let frameOfReferenceUID: String
  let decayCorrection: DecayCorrection
  let corrections: [String]
  let acquisitionStart: LocalTime
  let utcOffset: Int?
  let frameDuration: Time?
  let administration: CheckedAdministration
  private(set) var findings: [Finding] = []

  /// - Parameter count: how many slices there are, where one file holds all.
  init(_ slices: [QuantitativeSlice], count: Int? = nil) throws {
    guard let first = slices.first else {
      throw StudyError("too-few-slices", "The series has no slices.", remedy: "Export the whole series.")
    }
    try Self.checkAgreement(slices, first)
    if let declared = first.header.declaredSlices, declared > count ?? slices.count {
      throw StudyError(
        "missing-slice", "The series declares \(declared) slices and holds \(count ?? slices.count).",
        remedy: "Export the whole series.")
    }
    let header = first.header
    decayCorrection = try Self.decayCorrection(header)
    studyUID = header.studyUID
    frameOfReferenceUID = first.frameOfReferenceUID
    corrections = header.corrections
    utcOffset = header.utcOffset
    let durations = Set(slices.map(\.frameDuration))
    frameDuration = durations.count == 1 ? first.frameDuration.flatMap { $0 > 0 ? .seconds($0 / 1000) : nil } : nil

    let acquisitions = slices.compactMap(\.acquisition)
    let earliest = acquisitions.count == slices.count ? acquisitions.min() : nil
    guard let start = earliest ?? header.seriesStart else {
      throw StudyError.missingAcquisitionTime
    }
    let isCorrectedToSeries = decayCorrection == .start && header.seriesStart.map { $0 < start } == true
    acquisitionStart = isCorrectedToSeries ? header.seriesStart ?? start : start
    administration = try CheckedAdministration(
      header.administration, weight: header.weight, start: acquisitionStart, utcOffset: utcOffset)
    findings = administration.findings

    if earliest == nil {
      note(
        .caution, "series-time", "Series time instead of acquisition time",
        "Not every slice has an acquisition date and time; the start of the series is taken.")
    }
    if start.secondsSince1970 - acquisitionStart.secondsSince1970 > 60 {
      note(
        .caution, "series-before-acquisition", "Series starts before the acquisition",
        "The series starts at \(acquisitionStart), the first acquisition at \(start); the values are corrected to the "
          + "start of the series, which is taken.")
    }
    if Set(acquisitions).count > 1 {
      guard decayCorrection != .none else {
        throw StudyError(
          "several-acquisition-times", "The series is not corrected for decay and its slices start at different times.",
          remedy: "Export it corrected for decay.")
      }
      note(
        .info, "several-acquisition-times", "Slices acquired one after another",
        "The slices were acquired at \(Set(acquisitions).count) different times; the earliest counts.")
    }
    noteCorrections()
  }

  private mutating func noteCorrections() {
    for (flag, name) in [("ATTN", "attenuation"), ("SCAT", "scatter")] where !corrections.contains(flag) {
      note(
        .caution, "no-\(name)-correction", "No \(name) correction",
        "The header does not say that the series was corrected for \(name); the concentration may be wrong.")
    }
    let saysCorrected = corrections.contains("DECY") || corrections.contains("DECAY")
    if saysCorrected != (decayCorrection != .none) {
      note(
        .serious, "contradicting-decay-correction", "Decay correction contradicts itself",
        "Decay Correction is \(decayCorrection.rawValue), but Corrected Image \(saysCorrected ? "names" : "omits") it; "
          + "Decay Correction is followed.")
    }
  }

  /// Refuses slices of different patients, frames of reference or headers.
  static func checkAgreement(_ slices: [QuantitativeSlice], _ first: QuantitativeSlice) throws(StudyError) {
    guard slices.allSatisfy({ $0.patient == first.patient }) else { throw mixedPatients() }
    guard slices.allSatisfy({ $0.frameOfReferenceUID == first.frameOfReferenceUID }) else {
      throw StudyError(
        "mixed-frames-of-reference", "The series holds slices of different frames of reference.",
        remedy: "Export each reconstruction as its own series.")
    }
    guard slices.allSatisfy({ $0.header == first.header }) else {
      throw StudyError(
        "mixed-headers", "The slices of the series differ in units, corrections, administration or start.",
        remedy: "Export each reconstruction as its own series.")
    }
  }

  static func mixedPatients() -> StudyError {
    StudyError(
      "mixed-patients", "The series holds slices of different patients.", remedy: "Export each patient's series anew.")
  }

  private static func decayCorrection(_ header: QuantitativeSlice.Header) throws(StudyError) -> DecayCorrection {
    guard header.units == "BQML" else {
      throw StudyError(
        "units", "The series is in \(header.units ?? "unnamed units"), not in BQML.",
        remedy: "Export the quantitative reconstruction in Bq/mL.")
    }
    guard let text = header.decayCorrection else {
      throw StudyError(
        "missing-decay-correction", "The series does not tell what moment its values are corrected to.",
        remedy: "Export it with Decay Correction (0054,1102).")
    }
    guard let correction = DecayCorrection(rawValue: text) else {
      throw StudyError(
        "unknown-decay-correction", "The series has a Decay Correction that is not START, ADMIN or NONE.",
        remedy: "Export it with Decay Correction (0054,1102) of DICOM.")
    }
    return correction
  }

  private mutating func note(_ severity: Finding.Severity, _ code: String, _ title: String, _ text: String) {
    findings.append(Finding(severity, code: code, title: title, text, origin: "Studies"))
  }
}
