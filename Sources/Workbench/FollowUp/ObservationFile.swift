import JSON
import Provenance
import Quantities
import Therapy

/// Laboratory values as Observations of FHIR R4: a Bundle, or an array of resources.
///
/// Codes are LOINC, units UCUM. Only final, amended and corrected values count. A value below or above a bound of the
/// method ("<0.1") is refused like in a table, since leaving it out could hide the worst grade.
struct ObservationFile {
  let laboratory: LaboratoryFile

  private static let codes: [String: Analyte] = [
    "751-8": .neutrophils, "26499-4": .neutrophils, "753-4": .neutrophils, "777-3": .platelets, "26515-7": .platelets,
    "6690-2": .leukocytes, "26464-8": .leukocytes, "731-0": .lymphocytes, "26474-7": .lymphocytes,
    "718-7": .haemoglobin, "2160-0": .creatinine, "1975-2": .bilirubin, "1742-6": .alt, "1920-8": .ast,
    "3084-1": .urate, "2823-3": .potassium, "6298-4": .potassium, "2777-1": .phosphate, "17861-6": .calcium,
    "1751-7": .albumin,
  ]

  init(_ bytes: [UInt8], file: String, day0: String?) throws {
    guard let graft = day0.flatMap({ LocalTime(iso8601: $0 + "T00:00") }) else {
      throw CaseError(
        "day0-missing", "Observations carry dates, and the date of the graft is not given.",
        remedy: "Write day0 into followup.json, such as 2026-06-17.")
    }
    let root = try JSONDocument(bytes, dialect: .strict).root
    let resources = try Self.resources(root)
    var results: [LaboratoryResult] = []
    var ranges: [Analyte: Set<ReferenceRange>] = [:]
    var subjects: Set<String> = []
    var (otherCodes, notFinal, empty) = (0, 0, 0)
    for node in resources where try node["resourceType"]?.string() == "Observation" {
      if let subject = try node["subject"]?["reference"]?.string() { subjects.insert(subject) }
      guard let analyte = try Self.analyte(node) else {
        otherCodes += 1
        continue
      }
      guard ["final", "amended", "corrected"].contains(try node.required("status").string()) else {
        notFinal += 1
        continue
      }
      guard let quantity = node["valueQuantity"], quantity["value"] != nil else {
        empty += 1
        continue
      }
      results.append(
        LaboratoryResult(
          day: try Self.day(node, from: graft), analyte: analyte, value: try Self.value(quantity, analyte)))
      ranges[analyte, default: []].insert(try Self.range(node, analyte))
    }
    guard subjects.count <= 1 else {
      throw CaseError(
        "two-patients", "The Observations of \(file) are of \(subjects.count) subjects.",
        remedy: "Give the Observations of one patient alone.")
    }
    guard !results.isEmpty else {
      throw CaseError(
        "observations-empty", "The file \(file) holds no final Observation of an analyte of the rules.",
        remedy: "Give Observations with LOINC codes, such as 777-3 for platelets.")
    }
    var findings: [Finding] = []
    func note(_ count: Int, _ severity: Finding.Severity, _ code: String, _ title: String, _ text: String) {
      guard count > 0 else { return }
      findings.append(
        Finding(severity, code: code, title: title, "\(count) \(text)", origin: "Workbench"))
    }
    note(
      notFinal, .caution, "observations-not-final", "Values that are not final.",
      "Observations are preliminary, cancelled or entered in error and took no part.")
    note(empty, .caution, "observations-empty", "Observations without a value.", "Observations have no value.")
    note(
      otherCodes, .info, "observations-other", "Other Observations.",
      "Observations have codes that no rule asks for.")
    laboratory = LaboratoryFile(
      results: results, ranges: ranges.compactMapValues { $0.count == 1 ? $0.first : nil }, findings: findings,
      digest: Digest(of: bytes))
  }

  private static func resources(_ root: JSONNode) throws -> [JSONNode] {
    if root.value.array != nil { return try root.list() }
    switch try root.required("resourceType").string() {
    case "Bundle": return try root["entry"]?.list().compactMap { $0["resource"] } ?? []
    case "Observation": return [root]
    default:
      throw root.refusal(
        "not-observations", found: "the resource is neither a Bundle nor an Observation",
        remedy: "Export the laboratory values as a Bundle of Observations.")
    }
  }

  private static func analyte(_ node: JSONNode) throws -> Analyte? {
    for coding in try node.required("code")["coding"]?.list() ?? []
    where try coding["system"]?.string() == "http://loinc.org" {
      if let analyte = try coding["code"].flatMap({ codes[try $0.string()] }) { return analyte }
    }
    return nil
  }

  private static func day(_ node: JSONNode, from graft: LocalTime) throws -> Int {
    let when = node["effectiveDateTime"] ?? node["effectiveInstant"] ?? node["effectivePeriod"]?["start"]
    guard let when else { return try node.required("effectiveDateTime").int() }
    guard let date = LocalTime(iso8601: String(try when.string().prefix(10)) + "T00:00") else {
      throw when.refusal("date-invalid", found: "the time has no day", remedy: "Give the date of the sample.")
    }
    let day = (date.secondsSince1970 - graft.secondsSince1970) / 86400
    guard (-400...10_000).contains(day) else {
      throw when.refusal(
        "day-invalid", found: "the day is \(Int(day)) after the graft", remedy: "Check the dates and day0.")
    }
    return Int(day.rounded())
  }

  private static func value(_ quantity: JSONNode, _ analyte: Analyte) throws -> ExactDecimal {
    let node = try quantity.required("value")
    if quantity["comparator"] != nil {
      throw node.refusal(
        "value-bounded", found: "the value of \(analyte.rawValue) is a bound, not a number",
        remedy: "Give the number that was measured, or leave the Observation out.")
    }
    guard let number = ExactDecimal(try node.double()), number >= 0 else {
      throw node.refusal("value-invalid", found: "the value is no plain number of 0 or more", remedy: "Correct it.")
    }
    let unit = try quantity["code"]?.string() ?? quantity["unit"]?.string() ?? ""
    guard let value = analyte.value(number, unit: unit) else {
      throw node.refusal(
        "unit-unknown", found: "the unit of \(analyte.rawValue) is “\(unit.prefix(20))”",
        remedy: "Give it in \(analyte.unit).")
    }
    return value
  }

  private static func range(_ node: JSONNode, _ analyte: Analyte) throws -> ReferenceRange {
    guard let range = node["referenceRange"]?[0] else { return ReferenceRange() }
    return ReferenceRange(
      lower: try range["low"].map { try value($0, analyte) }, upper: try range["high"].map { try value($0, analyte) })
  }
}
