import Foundation
import JSON
import Provenance
import Testing
import Therapy

@testable import Workbench

private let codes: [Analyte: (String, String)] = [
  .neutrophils: ("26499-4", "10*9/L"), .platelets: ("777-3", "10*3/uL"), .haemoglobin: ("718-7", "g/dL"),
  .creatinine: ("2160-0", "mg/dL"), .bilirubin: ("1975-2", "mg/dL"), .alt: ("1742-6", "U/L"),
  .urate: ("3084-1", "mg/dL"), .potassium: ("2823-3", "mmol/L"), .phosphate: ("2777-1", "mg/dL"),
  .calcium: ("17861-6", "mg/dL"),
]

private func observation(
  _ code: String, _ value: String, _ unit: String, _ date: String, status: String = "final",
  subject: String = "Patient/1",
  more: String = ""
) -> String {
  """
  {"resource": {"resourceType": "Observation", "status": "\(status)", "subject": {"reference": "\(subject)"},
  "code": {"coding": [{"system": "http://loinc.org", "code": "\(code)"}]}, "effectiveDateTime": "\(date)"\(more),
  "valueQuantity": {"value": \(value), "system": "http://unitsofmeasure.org", "code": "\(unit)"}}}
  """
}

private func bundle(_ entries: [String]) -> [UInt8] {
  Array("{\"resourceType\": \"Bundle\", \"type\": \"collection\", \"entry\": [\(entries.joined(separator: ","))]}".utf8)
}

private func refusal(_ entries: [String], day0: String? = "2026-06-17") -> String? {
  do { _ = try ObservationFile(bundle(entries), file: "o.json", day0: day0) } catch let error as any Refusal {
    return error.code
  } catch { return "other" }
  return nil
}

@Suite("Laboratory values as Observations of FHIR")
struct ObservationTests {
  @Test("The example's table as Observations gives the same verdicts")
  func sameVerdicts() throws {
    let course = repository + "/Examples/synthetic-course"
    let table = try FollowUpFile.read(course)
    let folder = NSTemporaryDirectory() + "endora-\(UUID().uuidString)"
    try FileManager.default.copyItem(atPath: course, toPath: folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let entries = table.results.compactMap { result -> String? in
      guard let (code, unit) = codes[result.analyte] else { return nil }
      let date = Date(timeIntervalSince1970: 1_781_654_400 + Double(result.day) * 86400)
      let text = ISO8601DateFormatter().string(from: date).prefix(10)
      return observation(code, result.value.description, unit, text + "T06:30:00+02:00")
    }
    #expect(entries.count == table.results.count)
    try Data(bundle(entries)).write(to: URL(filePath: folder + "/observations.json"))
    let file = try String(contentsOfFile: folder + "/followup.json", encoding: .utf8)
    try file.replacingOccurrences(
      of: "laboratory: \"laboratory.csv\"", with: "day0: \"2026-06-17\", laboratory: \"observations.json\""
    ).write(toFile: folder + "/followup.json", atomically: true, encoding: .utf8)
    let (a, b) = (FollowUp(table).document, FollowUp(try FollowUpFile.read(folder)).document)
    for key in ["toxicity", "tumourLysis", "engraftment", "responses", "kidneys", "years"] {
      #expect(a[key] == b[key], "\(key)")
    }
  }

  @Test("Only final values count; what was left out is found; limits of normal are taken where all agree")
  func leftOut() throws {
    let range = ", \"referenceRange\": [{\"low\": {\"value\": 150, \"code\": \"10*9/L\"}}]"
    let file = try ObservationFile(
      bundle([
        observation("777-3", "40", "10*9/L", "2026-06-20", more: range),
        observation("777-3", "30", "10*9/L", "2026-06-16", more: range),
        observation("777-3", "5", "10*9/L", "2026-06-21", status: "entered-in-error"),
        observation("4544-3", "30", "%", "2026-06-20"),
      ]), file: "o.json", day0: "2026-06-17"
    ).laboratory
    #expect(file.results.map(\.day) == [3, -1] && file.results.map(\.value) == [40, 30])
    #expect(file.findings.map(\.code).sorted() == ["observations-not-final", "observations-other"])
    #expect(file.ranges[.platelets]?.lower == 150)
  }

  @Test("Two patients, a unit that does not convert, a bound for a value, no date and no day 0 are refused")
  func refused() {
    let good = observation("777-3", "40", "10*9/L", "2026-06-20")
    #expect(refusal([good]) == nil)
    #expect(refusal([good, observation("777-3", "4", "10*9/L", "2026-06-20", subject: "Patient/2")]) == "two-patients")
    #expect(refusal([observation("2160-0", "88", "umol/L", "2026-06-20")]) == "unit-unknown")
    #expect(refusal([observation("777-3", "40", "10*9/L", "summer")]) == "date-invalid")
    #expect(refusal([observation("777-3", "40", "10*9/L", "1990-06-20")]) == "day-invalid")
    #expect(refusal([observation("777-3", "-1", "10*9/L", "2026-06-20")]) == "value-invalid")
    #expect(refusal([good], day0: nil) == "day0-missing")
    #expect(refusal([]) == "observations-empty")
    let bounded = good.replacingOccurrences(of: "\"value\": 40", with: "\"value\": 40, \"comparator\": \"<\"")
    #expect(refusal([bounded]) == "value-bounded")
  }
}
