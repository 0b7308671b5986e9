import Foundation
import JSON
public import Provenance
import Quantities
import Therapy

/// The conditioning of one patient: `schedule.json` of a case folder, laid out by its protocol.
public struct ConditioningPlan: Sendable {
  let name: String
  let plan: ConditioningProtocol
  let graft: LocalTime
  let schedule: Schedule
  let checks: [ScheduleCheck]
  let marrow: MarrowDoseCourse?
  /// Whether the marrow's dose comes from the results of `plan` in the same folder.
  let marrowIsPlanned: Bool
  /// Of the patient, in years.
  let age: Double?
  /// That is or was given, or that the plan prescribes.
  let activity: Activity?
  /// The steps that schedule.json itself confirms.
  let written: Set<String>
  /// What a person should know of the plan besides its checks.
  public let findings: [Finding]
  let digests: (file: Digest, plan: Digest)

  /// Reads `schedule.json` in a folder, or the file itself, and lays it out.
  ///
  /// - Parameter day0: a date that replaces the file's: everything moves with it and the checks run again.
  /// - Throws: ``CaseError``, `JSONError` or `TherapyError` with what was found.
  public static func read(_ path: String, day0: String? = nil) throws -> ConditioningPlan {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard isThere, !isFolder.boolValue || FileManager.default.fileExists(atPath: path + "/schedule.json") else {
      throw CaseError(
        "schedule-missing", "There is no schedule.json at \(path).",
        remedy: "Name a folder that holds a schedule.json.", category: .missing)
    }
    let folder = isFolder.boolValue ? path : (path as NSString).deletingLastPathComponent
    return try ConditioningPlan(
      readFile(isFolder.boolValue ? path + "/schedule.json" : path), folder: folder.isEmpty ? "." : folder, day0: day0)
  }

  private init(_ bytes: [UInt8], folder: String, day0: String?) throws {
    let document = try JSONDocument(bytes)
    try Schema.schedule.read().check(document)
    let root = document.root
    name = try root.required("name").string()
    let (plan, digest) = try ConditioningProtocol.read(try root["protocol"]?.string() ?? "braitsch-2025", in: folder)
    self.plan = plan
    digests = (Digest(of: bytes), digest)
    let graft = try Self.date(try day0 ?? root.required("day0").string())
    self.graft = graft
    let confirmations =
      try root["confirmations"]?.list().map { node in
        try Confirmation(
          item: try node.required("item").string(), reading: try node.required("reading").string(),
          person: try node.required("by").string(), reason: try node.required("reason").string())
      } ?? []
    written = Set(confirmations.map(\.item))
    let stored = try ConfirmationFile.read(in: folder)
    let patient = root["patient"]
    let body = try patient.map { node in
      try BodySize(
        sex: try node.required("sex").string() == "male" ? .male : .female,
        weight: .kilograms(try node.required("weight_kg").double()),
        height: .centimetres(try node.required("height_cm").double()))
    }
    schedule = try Schedule(
      plan,
      Schedule.Request(
        donor: Donor(rawValue: try root.required("donor").string()) ?? .matchedRelated,
        therapyDay: try root["radiopharmaceutical"].map { try Self.day($0, from: graft) } ?? -14, body: body,
        surfaceFormula: try root["surface"].flatMap { BodySize.SurfaceFormula(rawValue: try $0.string()) } ?? .duBois,
        weightChoice: try root["weight"].flatMap { BodySize.WeightChoice(rawValue: try $0.string()) } ?? .actual,
        irradiationFractions: (try root["tbi_Gy"]?.int() ?? 10) / 2,
        confirmations: confirmations + stored.valid(for: digest)))
    let given = try root["activity_GBq"].map { Activity.gigabecquerels(try $0.double()) }
    let stated = try root["marrow"].map { node in
      try MarrowDoseCourse(
        total: .grays(try node.required("total_Gy").double()),
        effectiveHalfLife: .hours(try node.required("effectiveHalfLife_h").double()),
        limit: .grays(try node["limit_Gy"]?.double() ?? 1),
        relativeUncertainty: try node["u_total_Gy"].map { try $0.double() / node.required("total_Gy").double() })
    }
    let planned = try stated == nil ? PlannedMarrow.read(in: folder, activity: given) : nil
    let marrow = stated ?? planned?.course
    self.marrow = marrow
    marrowIsPlanned = planned != nil
    activity = given ?? planned?.activity
    let lapsed = stored.lapsed(for: digest)
    findings =
      lapsed.isEmpty
      ? []
      : [
        Finding(
          .serious, code: "confirmation-lapsed", title: "Confirmations hold no more.",
          "The protocol has changed since these steps were confirmed: \(lapsed.joined(separator: ", ")).",
          origin: "Workbench")
      ]
    age = try patient?["age_y"]?.double()
    var clearance: Clearance?
    if let body, let age,
      let creatinine = try patient?["creatinine_mg_per_dL"].flatMap({ ExactDecimal(try $0.double()) })
    {
      clearance = try body.creatinineClearance(ageInYears: age, creatinine: creatinine)
    }
    checks = schedule.checks(marrow: marrow, clearance: clearance)
  }

  private static func date(_ text: String) throws -> LocalTime {
    guard let date = LocalTime(iso8601: text + "T00:00") else {
      throw CaseError(
        "date-invalid", "“\(text.prefix(20))” is no date.", remedy: "Write a date such as 2026-06-17.")
    }
    return date
  }

  private static func day(_ node: JSONNode, from graft: LocalTime) throws -> Int {
    guard node.value.int == nil else { return try node.int() }
    return Int((try date(try node.string()).secondsSince1970 - graft.secondsSince1970) / 86400)
  }

  /// The date of a day, day n being n days after the graft.
  func date(of day: Int) -> String {
    LocalTime(secondsSince1970: graft.secondsSince1970 + Double(day) * 86400).date
  }
}
