import Dosimetry
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

  /// The patient on the day of the graft.
  struct Subject: Sendable {
    let sex: Sex
    let age: Double
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
  /// The day of a relapse, and the last day on which the patient was known to live.
  let relapseDay: Int?
  let lastContact: Int?
  /// Whether a death was of the disease, where it is said.
  let diedOfDisease: Bool?
  let subject: Subject?
  /// Days on which more cells of the donor were given.
  let boosts: [Int]
  let results: [LaboratoryResult]
  let ranges: [Analyte: ReferenceRange]
  let transfusions: [Int]
  let chimerism: [(day: Int, donor: ExactDecimal?, share: DonorShare?)]
  let responses: [Assessment]
  let comorbidity: ComorbidityIndex?
  let settings: Settings
  /// What was left out of the laboratory file.
  public let findings: [Finding]
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
    relapseDay = try days["relapse"]?.int()
    lastContact = try days["lastContact"]?.int()
    if let last = [deathDay, relapseDay].compactMap({ $0 }).max(), let contact = lastContact, contact < last {
      throw CaseError(
        "contact-early", "The last contact is day \(contact), before day \(last) of a relapse or death.",
        remedy: "Give the last day on which the patient was known to live, or leave it out after a death.")
    }
    diedOfDisease = try root["deathOf"].map { try $0.string() == "disease" }
    subject = try root["patient"].map { node in
      Subject(
        sex: try node.required("sex").string() == "male" ? .male : .female,
        age: try node.required("age_y").double())
    }
    boosts = try root["boosts"]?.list().map { try $0.int() }.sorted() ?? []
    let table = try root.required("laboratory").string()
    guard !table.hasPrefix("/"), !table.split(separator: "/").contains("..") else {
      throw CaseError(
        "path-outside", "The laboratory table lies outside the folder.", remedy: "Put it beside followup.json.")
    }
    let laboratory = try LaboratoryFile.read(folder + "/" + table, day0: try root["day0"]?.string())
    results = laboratory.results
    findings = laboratory.findings
    digests = (Digest(of: bytes), laboratory.digest)
    var ranges = laboratory.ranges
    for (key, node) in root["ranges"]?.members ?? [] {
      ranges[try LaboratoryFile.analyte(key)] = ReferenceRange(
        lower: try node["lower"].map(Self.decimal), upper: try node["upper"].map(Self.decimal))
    }
    self.ranges = ranges
    transfusions = try root["plateletTransfusions"]?.list().map { try $0.int() } ?? []
    chimerism =
      try root["chimerism"]?.list().map { node in
        let share = try node["droplets"].map { droplets in
          try DonorShare(donor: Self.droplets(droplets, "donor"), recipient: Self.droplets(droplets, "recipient"))
        }
        let donor = try node["donor_percent"].map(Self.decimal)
        return (
          try node.required("day").int(), donor ?? share.flatMap { ExactDecimal(($0.percent * 1e4).rounded() / 1e4) },
          share
        )
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

  private static func droplets(_ node: JSONNode, _ marker: String) throws -> DonorShare.Droplets {
    let counts = try node.required(marker)
    return try DonorShare.Droplets(
      positives: try counts.required("positives").int(), negatives: try counts.required("negatives").int())
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
}
