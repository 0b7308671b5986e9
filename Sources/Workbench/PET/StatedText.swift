import JSON
import Quantities
import Studies
import Uptake

/// Facts about a PET study as a person types them, each with its unit.
public struct StatedText: Hashable, Sendable {
  /// The patient's weight: `70 kg`.
  public var weight: String?
  /// The patient's height: `175 cm`.
  public var height: String?
  /// The patient's sex: `M` or `F`.
  public var sex: String?
  /// The activity in the syringe: `150 MBq`.
  public var administered: String?
  /// What was left over, at the administration: `5 MBq`.
  public var residual: String?
  /// The administration by the scanner's clock: `2026-03-04T09:30:00`.
  public var injected: String?
  /// The nuclide: `Ga-68`.
  public var nuclide: String?
  /// Whether a single frame that is not corrected for decay is to be corrected.
  public var correctsFrames = false

  public init() {}

  /// What the `pet` of a case states.
  init(_ node: JSONNode) throws {
    try node.checkKeys([
      "folder", "series", "weight", "height", "sex", "administered", "residual", "injected", "nuclide",
    ])
    weight = try node["weight"]?.string()
    height = try node["height"]?.string()
    sex = try node["sex"]?.string()
    administered = try node["administered"]?.string()
    residual = try node["residual"]?.string()
    injected = try node["injected"]?.string()
    nuclide = try node["nuclide"]?.string()
  }

  /// - Throws: ``CaseError`` for a text that cannot be read.
  func facts() throws -> StatedFacts {
    var facts = StatedFacts()
    facts.weight = try weight.map { .kilograms(try Self.number($0, "weight", unit: "kg")) }
    facts.height = try height.map { .centimetres(try Self.number($0, "height", unit: "cm")) }
    facts.sex = try sex.map {
      guard let sex = PatientSex(rawValue: $0.uppercased()) else { throw Self.refusal("sex", "M or F") }
      return sex
    }
    facts.administered = try administered.map { try CurveRequest.activity($0) }
    facts.residual = try residual.map { try CurveRequest.activity($0) }
    facts.injection = try injected.map {
      guard let time = LocalTime(iso8601: $0) else { throw Self.refusal("time", "2026-03-04T09:30:00") }
      return time
    }
    facts.nuclide = nuclide
    facts.correctsFrames = correctsFrames
    return facts
  }

  private static func number(_ text: String, _ what: String, unit: String) throws -> Double {
    let parts = text.split(separator: " ")
    guard parts.count == 2, parts[1] == unit, let value = Double(parts[0]), value.isFinite else {
      throw refusal(what, "a number and its unit, \(unit)")
    }
    return value
  }

  private static func refusal(_ what: String, _ expected: String) -> CaseError {
    CaseError(
      "stated-\(what)", "The \(what) that was stated cannot be read.", remedy: "Give \(expected).", category: .usage)
  }
}
