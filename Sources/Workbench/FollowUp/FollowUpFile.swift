import Foundation
import JSON
public import Provenance
import Therapy

/// What is known of a patient after the therapy: `followup.json` of a case folder and the laboratory table it names.
public struct FollowUpFile: Sendable {
  struct Assessment: Sendable {
    let day: Int
    var findings: LeukaemiaResponse.Findings
  }

  struct Settings: Sendable {
    let usesCRh: Bool
    let bothLow: LeukaemiaResponse.BothLow
    let failureDay: Int?
    let fullBound: Chimerism.FullBound
    let lysisBounds: TumourLysis.BoundReading
  }

  let name: String
  let graft: Engraftment.Graft
  let therapyDay: Int
  let conditioningDay: Int
  let deathDay: Int?
  let results: [LaboratoryResult]
  let ranges: [Analyte: ReferenceRange]
  let transfusions: [Int]
  let chimerism: [(day: Int, donor: ExactDecimal?)]
  let responses: [Assessment]
  let comorbidity: ComorbidityIndex?
  let settings: Settings
  /// Of `followup.json` and of the laboratory table.
  public let digests: (file: Digest, laboratory: Digest)

  /// Reads and checks `followup.json` in a folder, or the file itself.
  ///
  /// - Throws: ``CaseError`` or `JSONError` with the field or line, what was found and what was expected.
  public static func read(_ path: String) throws -> FollowUpFile {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard isThere, !isFolder.boolValue || FileManager.default.fileExists(atPath: path + "/followup.json") else {
      throw CaseError(
        "followup-missing", "There is no followup.json at \(path).",
        remedy: "Name a folder that holds a followup.json.", category: .missing)
    }
    let folder = isFolder.boolValue ? path : (path as NSString).deletingLastPathComponent
    return try FollowUpFile(
      readFile(isFolder.boolValue ? path + "/followup.json" : path), folder: folder.isEmpty ? "." : folder)
  }

  /// The follow-up of a case folder, where it has one.
  public static func beside(_ folder: String) throws -> FollowUpFile? {
    FileManager.default.fileExists(atPath: folder + "/followup.json") ? try read(folder) : nil
  }

  private init(_ bytes: [UInt8], folder: String) throws {
    let document = try JSONDocument(bytes)
    try Schema.followUp.read().check(document)
    let root = document.root
    name = try root.required("name").string()
    graft = try root["graft"].flatMap { Engraftment.Graft(rawValue: try $0.string()) } ?? .peripheralBlood
    let days = try root.required("days")
    therapyDay = try days.required("radiopharmaceutical").int()
    conditioningDay = try days.required("conditioning").int()
    deathDay = try days["death"]?.int()
    let table = try root.required("laboratory").string()
    guard !table.hasPrefix("/"), !table.split(separator: "/").contains("..") else {
      throw CaseError(
        "path-outside", "The laboratory table lies outside the folder.", remedy: "Put it beside followup.json.")
    }
    let laboratory = try DataTable.read(folder + "/" + table)
    results = try Self.results(laboratory)
    digests = (Digest(of: bytes), laboratory.digest)
    var ranges: [Analyte: ReferenceRange] = [:]
    for (key, node) in root["ranges"]?.members ?? [] {
      ranges[try Self.analyte(key)] = ReferenceRange(
        lower: try node["lower"].map(Self.decimal), upper: try node["upper"].map(Self.decimal))
    }
    self.ranges = ranges
    transfusions = try root["plateletTransfusions"]?.list().map { try $0.int() } ?? []
    chimerism =
      try root["chimerism"]?.list().map { node in
        (try node.required("day").int(), try node["donor_percent"].map(Self.decimal))
      } ?? []
    responses = try root["responses"]?.list().map(Self.assessment) ?? []
    let items: Set<ComorbidityIndex.Item>? = try root["comorbidities"]?.list().reduce(into: []) { items, node in
      let word = try node.string()
      guard let item = ComorbidityIndex.Item(rawValue: word) else {
        let near = Suggestion.nearest(to: word, among: ComorbidityIndex.Item.allCases.map(\.rawValue))
        throw node.refusal(
          "comorbidity-unknown", found: "“\(word.prefix(40))” is no item of the index",
          remedy: near.map { "Did you mean “\($0)”?" } ?? "Write an item such as infection.")
      }
      items.insert(item)
    }
    comorbidity = try items.map { try ComorbidityIndex($0) }
    let settings = root["settings"]
    self.settings = Settings(
      usesCRh: try settings?["usesCRh"]?.bool() ?? true,
      bothLow: try settings?["A10-1"].flatMap { LeukaemiaResponse.BothLow(rawValue: try $0.string()) }
        ?? .leukaemiaFree,
      failureDay: try settings?["A10-2"]?.int(),
      fullBound: try settings?["A10-3"].flatMap { Chimerism.FullBound(rawValue: try $0.string()) } ?? .atLeast95,
      lysisBounds: try settings?["tumourLysisBounds"].flatMap { TumourLysis.BoundReading(rawValue: try $0.string()) }
        ?? .inclusive)
  }

  private static func assessment(_ node: JSONNode) throws -> Assessment {
    var findings = LeukaemiaResponse.Findings(marrowBlasts: try node["marrowBlasts_percent"].map(decimal))
    findings.marrowBlastsBefore = try node["marrowBlastsBefore_percent"].map(decimal)
    findings.hasExtramedullaryDisease = try node["extramedullaryDisease"]?.bool()
    findings.hasCirculatingBlasts = try node["circulatingBlasts"]?.bool()
    findings.marrowIsAdequate = try node["marrowAdequate"]?.bool()
    findings.residualDisease = try node["residualDisease"]?.bool()
    findings.isPastLandmark = try node["pastLandmark"]?.bool() ?? false
    return Assessment(day: try node.required("day").int(), findings: findings)
  }

  private static func decimal(_ node: JSONNode) throws -> ExactDecimal {
    guard let value = ExactDecimal(try node.double()) else {
      throw node.refusal(
        "number-invalid", found: "the number has more than 15 digits", remedy: "Write it as the laboratory printed it.")
    }
    return value
  }

  private static func analyte(_ word: String) throws -> Analyte {
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
