import DICOM
import Quantities

/// GE: a series that was processed later may carry a new series time; the start of the scan, to which START corrects,
/// is then in (0009,xx0D), creator "GEMS_PETD_01".
///
/// Source: GE PET DICOM conformance statement as the QIBA FDG-PET profile cites it.
enum GEScan {
  static let creator = "GEMS_PETD_01"
  static let group: UInt16 = 0x0009
  static let startElement: UInt8 = 0x0D

  static func start(_ dataSet: DataSet) throws -> LocalTime? {
    guard try dataSet.isMade(by: "ge medical"),
      let place = try dataSet.privateTag(group, startElement, creator: creator),
      let moment = try dataSet.dateTime(place.tag)
    else { return nil }
    return try LocalTime(moment.date, moment.time)
  }
}
