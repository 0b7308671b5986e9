import Provenance
import Statistics
import Therapy

/// Values of a laboratory: a CSV table, or Observations of FHIR R4.
struct LaboratoryFile: Sendable {
  let results: [LaboratoryResult]
  /// The limits of normal that the laboratory states alike with every value.
  let ranges: [Analyte: ReferenceRange]
  let findings: [Finding]
  let digest: Digest

  /// - Parameter day0: the date of the graft, from which dates of Observations are counted.
  static func read(_ path: String, day0: String?) throws -> LaboratoryFile {
    guard path.hasSuffix(".json") else {
      let table = try DataTable.read(path)
      return LaboratoryFile(results: try results(table), ranges: [:], findings: [], digest: table.digest)
    }
    return try ObservationFile(readFile(path), file: fileName(path), day0: day0).laboratory
  }

  static func analyte(_ word: String) throws -> Analyte {
    guard let analyte = Analyte(rawValue: word) else {
      let near = Suggestion.nearest(to: word, among: Analyte.allCases.map(\.rawValue))
      throw CaseError(
        "analyte-unknown", "“\(word.prefix(40))” is no analyte of the rules.",
        remedy: near.map { "Did you mean “\($0)”?" }
          ?? "Write one of \(Analyte.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    return analyte
  }

  private static func results(_ table: DataTable) throws -> [LaboratoryResult] {
    let (days, names) = (try table.texts("day"), try table.texts("analyte"))
    let (values, units) = (try table.texts("value"), try table.texts("unit"))
    return try (0..<table.count).compactMap { row in
      guard let text = values[row] else { return nil }
      func refuse(_ code: String, _ found: String, _ remedy: String) -> CaseError {
        CaseError(code, "Row \(row + 1) of the laboratory table: \(found).", remedy: remedy)
      }
      guard let day = days[row].flatMap({ Int($0) }), (-400...10_000).contains(day) else {
        throw refuse("day-invalid", "the day is “\((days[row] ?? "").prefix(20))”", "Count whole days from the graft.")
      }
      let analyte = try analyte(names[row] ?? "")
      guard let number = ExactDecimal(text), number >= 0 else {
        throw refuse(
          "value-invalid", "the value is “\(text.prefix(20))”", "Give a number of 0 or more with a decimal point.")
      }
      guard let unit = units[row], let value = analyte.value(number, unit: unit) else {
        throw refuse(
          "unit-unknown", "the unit of \(analyte.rawValue) is “\((units[row] ?? "").prefix(20))”",
          "Give it in \(analyte.unit).")
      }
      return LaboratoryResult(day: day, analyte: analyte, value: value)
    }
  }
}
