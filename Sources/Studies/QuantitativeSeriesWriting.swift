import DICOM
public import Quantities
public import Volumes

/// A quantitative SPECT series that is to be written.
public struct QuantitativeSeriesDraft: Sendable {
  /// How stored numbers become Bq/mL.
  public enum Scaling: Sendable {
    /// Each slice has its own slope, as many scanners do.
    case slopePerSlice
    /// All slices share one slope.
    case slopePerSeries
  }

  /// The concentration at the start of the acquisition.
  public let image: Image<ActivityConcentration>
  /// The Series Description.
  public let description: String
  /// The number of the series; it tells the series of a study apart.
  public let number: Int
  /// The name of the frame of reference, see ``StudyWriter/frameOfReferenceUID(_:)``.
  public let frameOfReference: String
  /// The start of the acquisition; its offset becomes the time zone of the series.
  public let acquisitionStart: Timestamp
  /// How long the acquisition took.
  public let frameDuration: Time
  /// The name of the radionuclide, such as `Lu-177`.
  public let nuclide: String
  /// The half-life that the header is to give.
  public let halfLife: Time
  /// The administered activity.
  public let injectedActivity: Activity
  /// The moment of the administration.
  public let injection: Timestamp
  /// How stored numbers become Bq/mL.
  public let scaling: Scaling

  public init(
    image: Image<ActivityConcentration>, description: String, number: Int, frameOfReference: String,
    acquisitionStart: Timestamp, frameDuration: Time, nuclide: String, halfLife: Time, injectedActivity: Activity,
    injection: Timestamp, scaling: Scaling = .slopePerSlice
  ) {
    self.image = image
    self.description = description
    self.number = number
    self.frameOfReference = frameOfReference
    self.acquisitionStart = acquisitionStart
    self.frameDuration = frameDuration
    self.nuclide = nuclide
    self.halfLife = halfLife
    self.injectedActivity = injectedActivity
    self.injection = injection
    self.scaling = scaling
  }
}

extension StudyWriter {
  /// Writes a quantitative SPECT series as PET images in Bq/mL with 16 bits, Decay Correction START.
  ///
  /// A voxel differs from what it should be by at most half a slope, which is the greatest value of its slice (or of
  /// the series) divided by 65535. Refuses values that are negative or not finite.
  public func write(_ series: QuantitativeSeriesDraft, to folder: String) throws -> WrittenSeries {
    let image = series.image
    guard image.values.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw StudyError(
        "unwritable-value", "The image holds a concentration that is negative or not finite.",
        remedy: "Correct the image before it is written.", category: .internalFault)
    }
    let positron = "1.2.840.10008.5.1.4.1.1.128"
    var common = header(
      sopClassUID: positron, modality: "PT", series: series.description, number: series.number,
      acquired: series.acquisitionStart, frameOfReferenceUID: frameOfReferenceUID(series.frameOfReference))
    put(series, into: &common)
    let size = image.grid.columns * image.grid.rows
    let whole = series.scaling == .slopePerSeries ? image.values.max() : nil
    return try writeSlices(
      common, number: series.number, sopClassUID: positron, grid: image.grid,
      frameOfReferenceUID: frameOfReferenceUID(series.frameOfReference), to: folder
    ) { k, draft in
      let slice = image.values[k * size..<(k + 1) * size]
      let slope = Self.slope(greatest: whole ?? slice.max() ?? 0)
      draft.put(.rescaleSlope, slope.text)
      draft.put(.imageIndex, unsigned16: UInt16(k + 1))
      draft.put(
        pixels: slice.map { UInt16(min((Double($0) / slope.value).rounded(), 65535)) }, rows: image.grid.rows,
        columns: image.grid.columns)
    }
  }

  private func put(_ series: QuantitativeSeriesDraft, into draft: inout DataSetDraft) {
    draft.put(.imageType, "ORIGINAL", "PRIMARY")
    draft.put(.acquisitionDate, date: series.acquisitionStart.calendarDate)
    draft.put(.acquisitionTime, time: series.acquisitionStart.clockTime)
    draft.put(.contentDate, date: series.acquisitionStart.calendarDate)
    draft.put(.contentTime, time: series.acquisitionStart.clockTime)
    draft.put(.actualFrameDuration, integer: Int((series.frameDuration.seconds * 1000).rounded()))
    draft.put(.patientPosition, "HFS")
    draft.put(.correctedImage, "ATTN", "SCAT", "DECY")
    draft.put(.rescaleIntercept, decimal: 0)
    draft.put(.numberOfSlices, unsigned16: UInt16(clamping: series.image.grid.slices))
    draft.put(.patientOrientationCode, items: [])
    draft.put(.patientGantryRelationshipCode, items: [])
    draft.put(.seriesType, "STATIC", "IMAGE")
    draft.put(.units, "BQML")
    draft.put(.countsSource, "EMISSION")
    draft.put(.collimatorType, "PARA")
    draft.put(.decayCorrection, "START")
    draft.put(.frameReferenceTime, decimal: 0)
    draft.put(.decayFactor, decimal: 1)

    var nuclide = DataSetDraft()
    let code = RadionuclideName.code(of: series.nuclide)
    nuclide.put(.codeValue, code.value)
    nuclide.put(.codingSchemeDesignator, code.scheme)
    nuclide.put(.codeMeaning, series.nuclide)
    var administration = DataSetDraft()
    administration.put(.radiopharmaceuticalStartTime, time: series.injection.on(series.acquisitionStart).clockTime)
    administration.put(.radionuclideTotalDose, decimal: series.injectedActivity.becquerels)
    administration.put(.radionuclideHalfLife, decimal: series.halfLife.seconds)
    administration.put(.radiopharmaceuticalStartDateTime, dateTime: series.injection.dateAndTime)
    administration.put(.radionuclideCode, items: [nuclide])
    draft.put(.radiopharmaceuticalInformation, items: [administration])
  }

  /// A slope that brings the greatest value to at most 65535, as its decimal string reads back.
  private static func slope(greatest: Float) -> (text: String, value: Double) {
    let value = greatest > 0 ? Double(greatest) / 65535 : 1
    let text = decimalString(value)
    return (text, Double(text) ?? value)
  }
}
