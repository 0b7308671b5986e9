public import Provenance
public import Quantities
public import Volumes

/// A PET series: rescaled pixel values in the unit of its header, and what the header tells of the patient, the
/// administration and the moment to which the values are corrected.
///
/// Nothing of it is plausible yet: the values are those of the header.
public struct PETSeries: Sendable {
  /// Where the voxels lie.
  public let grid: Grid
  /// Slope times stored value plus intercept, slice by slice, in ``unit``.
  public let values: [Float]
  /// What the values are.
  public let unit: PETUnit
  /// The Series Instance UID.
  public let seriesUID: String
  /// The Study Instance UID.
  public let studyUID: String
  /// The Frame of Reference UID.
  public let frameOfReferenceUID: String
  /// The Series Description.
  public let description: String?
  /// What moment the values are corrected to; `nil` when the header does not tell it.
  public let decayCorrection: DecayCorrection?
  /// The corrections that were made, as DICOM abbreviates them.
  public let corrections: [String]
  /// The radionuclide, such as `Ga-68`; `nil` when the header does not name one that is known.
  public let nuclide: String?
  /// The half-life of the header, be it impossible.
  public let halfLife: Time?
  /// The administered activity of the header read in Bq, be it impossible.
  public let administered: Activity?
  /// The administration by the clock of the series.
  public let injection: LocalTime?
  /// The moment to which values corrected to the start of the scan refer; `nil` when they are no concentration.
  public let reference: PETReference?
  /// How long every frame took; `nil` when it is not told or differs.
  public let frameDuration: Time?
  /// The first and the last start of an acquisition; `nil` unless all slices tell it.
  public let acquisitions: ClosedRange<LocalTime>?
  /// Whether the header says that there was an administration.
  public let hasAdministration: Bool
  /// The patient's weight in the header, be it impossible.
  public let weight: Mass?
  /// The patient's height in the header, be it impossible.
  public let height: Length?
  /// The patient's sex.
  public let sex: PatientSex?
  /// SUVbw per rescaled pixel value as Canon's private attribute has it, for verification alone; `nil` when it is not
  /// there or the slices have different slopes.
  public let canonFactor: Double?
  /// What is worth knowing about the input.
  public let findings: [Finding]
  /// The digest of all files of the series.
  public let digest: Digest

  /// Where the largest value lies: its index on the grid and the value in ``unit``.
  public var maximum: (voxel: SIMD3<Int>, value: Float) {
    values.withUnsafeBufferPointer { values in
      var (place, largest) = (0, -Float.infinity)
      for i in values.indices where values[i] > largest { (place, largest) = (i, values[i]) }
      let (row, i) = place.quotientAndRemainder(dividingBy: grid.columns)
      let (k, j) = row.quotientAndRemainder(dividingBy: grid.rows)
      return (SIMD3(i, j, k), largest)
    }
  }

  /// Reads a series.
  ///
  /// Refuses slices that do not make one volume, mixed patients, frames of reference or headers, several
  /// radiopharmaceuticals, times that contradict one another, and any value that is malformed. One slice is a volume
  /// when its thickness is known.
  /// - Parameter injection: the administration as a person states it, against which the header's is not looked at.
  public init(_ series: IndexedSeries, injection stated: LocalTime? = nil) throws {
    let volume = try SliceVolume(
      series, read: PETSlice.init, check: Self.checkAgreement,
      stack: { try $0.count == 1 ? SliceStack($0[0]) : SliceStack($0.map(\.plane)) })
    let (slices, stack) = (volume.slices, volume.stack)
    let first = slices[0]
    let header = first.slice.header
    let administration = header.administration
    let duration = Set(slices.map(\.slice.frameDuration)).count == 1 ? first.slice.frameDuration : nil
    let starts = slices.compactMap(\.slice.acquisition).sorted()
    var findings = Self.findings(slices)

    let halfLife = administration?.halfLife.map { Time.seconds($0) }
    let reference = first.header.unit.isConcentration ? try PETReference(slices, halfLife: halfLife) : nil
    var injection: LocalTime?
    if stated == nil, let reference,
      let moment = try administration?.moment(before: reference.time, utcOffset: header.utcOffset)
    {
      injection = moment.time
      findings += moment.findings
    }
    grid = stack.grid
    values = volume.values
    unit = first.header.unit
    seriesUID = series.uid
    studyUID = header.studyUID
    frameOfReferenceUID = first.slice.frameOfReferenceUID
    description = series.description
    decayCorrection = try Self.decayCorrection(header.decayCorrection)
    corrections = header.corrections
    nuclide = administration?.nuclide
    self.halfLife = halfLife
    administered = administration?.activity.map { .becquerels($0) }
    self.injection = injection
    self.reference = reference
    frameDuration = duration.flatMap { $0 > 0 ? .seconds($0 / 1000) : nil }
    acquisitions = starts.count == slices.count ? starts[0]...starts[starts.count - 1] : nil
    hasAdministration = administration != nil
    weight = header.weight.map { .kilograms($0) }
    height = first.header.height
    sex = first.header.sex
    let isUniform = slices.allSatisfy { $0.slice.slope == first.slice.slope && $0.slice.intercept == 0 }
    canonFactor = isUniform ? first.header.canonUptakePerStored.map { $0 / first.slice.slope } : nil
    self.findings = findings
    digest = .combining(Array(Set(slices.map(\.slice.digest))))
  }

  private static func checkAgreement(_ slices: [PETSlice]) throws {
    try SeriesHeader.checkAgreement(slices.map(\.slice), slices[0].slice)
    guard slices.allSatisfy({ $0.header == slices[0].header }) else {
      throw StudyError(
        "mixed-headers", "The slices of the series differ in unit, vendor's factors or the patient's measures.",
        remedy: "Export each reconstruction as its own series.")
    }
  }

  private static func decayCorrection(_ text: String?) throws -> DecayCorrection? {
    guard let text else { return nil }
    guard let correction = DecayCorrection(rawValue: text) else {
      throw StudyError(
        "unknown-decay-correction", "The series has a Decay Correction that is not START, ADMIN or NONE.",
        remedy: "Export it with Decay Correction (0054,1102) of DICOM.")
    }
    return correction
  }
}

extension PETUnit {
  /// Whether the values become an uptake value by the administered activity.
  var isConcentration: Bool {
    switch self {
    case .activityConcentration: true
    case .counts(let factors): factors.suv == nil
    case .uptake, .other: false
    }
  }
}

extension SliceStack {
  /// One slice, which is as thick as it says.
  init(_ slice: PETSlice) throws {
    let plane = slice.slice.plane
    guard let thickness = slice.thickness, (0.01...1000).contains(thickness) else {
      throw StudyError(
        "missing-thickness", "The series has one slice, which does not tell how thick it is.",
        remedy: "Export the whole series, or the slice with its thickness.")
    }
    order = [0]
    grid = Grid(
      columns: plane.columns, rows: plane.rows, slices: 1, origin: plane.axes.origin,
      columnStep: plane.axes.columnStep, rowStep: plane.axes.rowStep, sliceStep: plane.axes.normal * thickness)
  }
}
