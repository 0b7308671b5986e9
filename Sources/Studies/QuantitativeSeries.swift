import Numerics
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
    let slices = try inParallel(series.files.count) { try QuantitativeSlice(series.files[$0].read()) }
    let header = try SeriesHeader(slices)
    let stack = try SliceStack(slices.map(\.plane))

    let grid = stack.grid
    let pixels = grid.columns * grid.rows
    let values = try [Float](unsafeUninitializedCapacity: grid.count) { buffer, count in
      nonisolated(unsafe) let voxels = buffer
      _ = try inParallel(grid.slices) { k in
        _ = UnsafeMutableBufferPointer(rebasing: voxels[k * pixels..<(k + 1) * pixels])
          .initialize(fromContentsOf: try slices[stack.order[k]].values())
      }
      count = grid.count
    }
    image = Image(grid: grid, values: values)
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
    digest = .combining(slices.map(\.file.digest))
  }
}
