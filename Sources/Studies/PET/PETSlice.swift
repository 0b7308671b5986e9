import DICOM
import Quantities

/// One slice of a PET series: what every quantitative slice has, and what the uptake value needs beside.
struct PETSlice: ImageSlice {
  /// What all slices of a series have in common.
  struct Header: Hashable, Sendable {
    let unit: PETUnit
    let sex: PatientSex?
    let height: Length?
    let geScanStart: LocalTime?
    let isSiemens: Bool
    let canonUptakePerStored: Double?
    let hasOldTime: Bool
    let hasHostileText: Bool
  }

  let slice: QuantitativeSlice
  let header: Header
  let thickness: Double?
  let frameReference: Time?
  let surplusBytes: Int

  var plane: SlicePlane { slice.plane }
  var slope: Double { slice.slope }
  var intercept: Double { slice.intercept }

  init(_ file: DICOMFile) throws {
    slice = try QuantitativeSlice(file)
    let dataSet = file.dataSet
    let start = try dataSet.item(.radiopharmaceuticalInformation)?.string(.radiopharmaceuticalStartTime)
    header = Header(
      unit: try Self.unit(dataSet), sex: try dataSet.string(.patientSex).flatMap(PatientSex.init(rawValue:)),
      height: try dataSet.decimal(.patientSize).flatMap { $0 == 0 ? nil : .centimetres($0 * 100) },
      geScanStart: try GEScan.start(dataSet), isSiemens: try SiemensScan.isMaker(dataSet),
      canonUptakePerStored: try CanonScan.uptakePerStored(dataSet),
      hasOldTime: start?.contains(":") == true, hasHostileText: try Self.hasHostileText(dataSet))
    thickness = try dataSet.decimal(.sliceThickness).flatMap { $0 > 0 ? $0 : nil }
    frameReference = try dataSet.decimal(.frameReferenceTime).flatMap { $0 > 0 ? .seconds($0 / 1000) : nil }
    surplusBytes = try file.surplusPixelBytes()
  }

  private static func unit(_ dataSet: DataSet) throws -> PETUnit {
    guard let term = try dataSet.string(.units) ?? (dataSet.activityConcentrationMapping() == nil ? nil : "BQML")
    else {
      throw StudyError(
        "units", "The series does not name the unit of its values.", remedy: "Export it with Units (0054,1001).")
    }
    let kind = try dataSet.string(.suvType)
    switch term {
    case "BQML": return .activityConcentration
    case "CM2ML":
      guard kind == nil || kind == SUVKind.bodySurface.rawValue else { throw contradiction(term) }
      return .uptake(.bodySurface)
    case "GML":
      guard let kind else { return .uptake(.bodyWeight) }
      guard let kind = SUVKind(rawValue: kind), kind != .bodySurface else { throw contradiction(term) }
      return .uptake(kind)
    case "CNTS": return try PhilipsFactors(dataSet).map { .counts($0) } ?? .other(term)
    default: return .other(term.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } ? term : "an unknown unit")
    }
  }

  private static func contradiction(_ unit: String) -> StudyError {
    StudyError(
      "suv-type", "The series is in \(unit) with an SUV Type that does not fit it.",
      remedy: "Export the series in BQML.")
  }

  /// Whether the patient's name or number holds what could harm where it is shown, or is longer than DICOM allows.
  private static func hasHostileText(_ dataSet: DataSet) throws -> Bool {
    try [Tag.patientName, .patientID].flatMap { try dataSet.strings($0) }.contains { text in
      text.utf8.count > 324 || text.contains("..")
        || text.unicodeScalars.contains { hostile.contains($0) || $0.value < 0x20 }
        || "=+@".contains(text.first ?? " ")
    }
  }

  private static let hostile = Set<Unicode.Scalar>("<>\";%`${}|\u{7F}".unicodeScalars)
}
