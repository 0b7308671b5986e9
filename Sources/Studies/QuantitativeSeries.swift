public import Provenance
public import Quantities
public import Volumes

/// A quantitative SPECT or PET series: activity concentration in Bq/mL and what its header tells of it.
public struct QuantitativeSeries: Sendable {
  /// The voxel values as stored, see ``decayCorrection``.
  public let image: Image<ActivityConcentration>
  /// The Study Instance UID.
  public let studyUID: String
  /// The Series Instance UID.
  public let seriesUID: String
  /// The Frame of Reference UID.
  public let frameOfReferenceUID: String
  /// The Series Description.
  public let description: String?
  /// The radionuclide, such as `Lu-177`; `nil` when the header does not name one that is known.
  public let nuclide: String?
  /// The half-life that the header gives; it may be wrong and is only to be compared with.
  public let halfLifeInHeader: Time?
  /// The administered activity in the header.
  public let injectedActivity: Activity?
  /// The administration by the clock of the series.
  public let injection: LocalTime?
  /// The patient's weight.
  public let patientWeight: Mass?
  /// The start of the acquisition: the earliest of all slices, or the start of the series when that is earlier and
  /// the values are corrected to it.
  public let acquisitionStart: LocalTime
  /// Seconds east of Greenwich of the clock of the series, where the header tells it.
  public let utcOffset: Int?
  /// How long the acquisition took; `nil` when it is not told or differs between slices.
  public let frameDuration: Time?
  /// What moment the values are corrected to.
  public let decayCorrection: DecayCorrection
  /// The corrections that were made, as DICOM abbreviates them: `ATTN`, `SCAT`, `DECY`.
  public let corrections: [String]
  /// What is worth knowing about the input.
  public let findings: [Finding]
  /// The digest of all files of the series.
  public let digest: Digest

  /// The factor that turns the voxel values into the concentration at ``acquisitionStart``; see
  /// ``DecayCorrection/factorToAcquisitionStart(decayConstant:administrationToStart:frameDuration:)``.
  public func factorToAcquisitionStart(
    decayConstant: RateConstant, administrationToStart: Time
  ) throws(StudyError) -> Double {
    try decayCorrection.factorToAcquisitionStart(
      decayConstant: decayConstant, administrationToStart: administrationToStart, frameDuration: frameDuration)
  }
}

extension QuantitativeSeries {
  /// Reads a series.
  ///
  /// Refuses units other than Bq/mL, a missing Decay Correction, slices that do not make one volume, mixed patients,
  /// frames of reference or headers, and any value that is malformed.
  public init(_ series: IndexedSeries) throws {
    let header: SeriesHeader
    if let frames = series.reconstruction {
      let file = try series.files[0].read()
      let slice = try QuantitativeSlice(file, frames)
      header = try SeriesHeader([slice], count: frames.slices.count)
      image = Image(grid: frames.grid, values: try frames.values(of: file, slope: slice.slope, slice.intercept))
      digest = slice.digest
    } else {
      let volume = try SliceVolume(series, read: { try QuantitativeSlice($0) }, check: { _ = try SeriesHeader($0) })
      header = try SeriesHeader(volume.slices)
      image = Image(grid: volume.stack.grid, values: volume.values)
      digest = .combining(Array(Set(volume.slices.map(\.digest))))
    }
    studyUID = header.studyUID
    seriesUID = series.uid
    frameOfReferenceUID = header.frameOfReferenceUID
    description = series.description
    nuclide = header.administration.nuclide
    halfLifeInHeader = header.administration.halfLife
    injectedActivity = header.administration.activity
    injection = header.administration.injection
    patientWeight = header.administration.weight
    acquisitionStart = header.acquisitionStart
    utcOffset = header.utcOffset
    frameDuration = header.frameDuration
    decayCorrection = header.decayCorrection
    corrections = header.corrections
    findings = header.findings
  }
}
