import Foundation
import JSON

/// The schemas that ship with Endora and check what people write.
enum Schema: String, CaseIterable {
  case `case` = "case.schema"
  case prescription = "prescription.schema"
  case followUp = "followup.schema"
  case schedule = "schedule.schema"
  case conditioning = "protocol.schema"
  case planarRegions = "planar-regions.schema"
  case calibration = "calibration.schema"
  case recovery = "recovery.schema"
  case segmentation = "segmentation.schema"
  case dose = "dose.schema"

  /// The schema, read from the resources.
  func read() throws -> JSONSchema {
    guard let url = Bundle.module.url(forResource: rawValue, withExtension: "json", subdirectory: "Resources") else {
      throw CaseError(
        "schema-missing", "The schema \(rawValue).json is not installed.", remedy: "Build Endora again.",
        category: .internalFault)
    }
    return try JSONSchema(try JSONDocument(try Data(contentsOf: url), dialect: .strict))
  }
}
