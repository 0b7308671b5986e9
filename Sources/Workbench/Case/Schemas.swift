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
  func read() throws -> JSONSchema { try JSONSchema(try text()) }

  /// The schema as a document whose parts can be shown.
  func document() throws -> SchemaDocument { SchemaDocument(root: try text().value) }

  private func text() throws -> JSONDocument {
    guard let url = Bundle.module.url(forResource: rawValue, withExtension: "json", subdirectory: "Resources") else {
      throw CaseError(
        "schema-missing", "The schema \(rawValue).json is not installed.", remedy: "Build Endora again.",
        category: .internalFault)
    }
    return try JSONDocument(try Data(contentsOf: url), dialect: .strict)
  }
}

/// A schema as forms are made of it.
struct SchemaDocument {
  fileprivate let root: JSONValue

  /// What the schema says of the value at a path, with its definitions in the place of references to them; `nil` where it
  /// names no such value.
  func part(at path: JSONPath) -> JSONValue? {
    path.steps.reduce(Optional(root)) { schema, step in
      guard let schema = schema.map(resolved) else { return nil }
      return switch step {
      case .key(let key): schema["properties"]?[key]
      case .index: schema["items"]
      }
    }.map(expanded)
  }

  /// A schema with what its reference leads to; its own words come first.
  private func resolved(_ schema: JSONValue) -> JSONValue {
    guard var members = schema.object, let name = schema["$ref"]?.string?.split(separator: "/").last,
      let target = root["$defs"]?[String(name)].map(resolved)?.object
    else { return schema }
    members["$ref"] = nil
    for (key, value) in target where members[key] == nil { members[key] = value }
    return .object(members)
  }

  private func expanded(_ schema: JSONValue) -> JSONValue {
    switch resolved(schema) {
    case .object(let members): .object(JSONObject(members.map { ($0.key, expanded($0.value)) }))
    case .array(let values): .array(values.map(expanded))
    case let other: other
    }
  }
}
