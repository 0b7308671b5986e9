import Foundation
import JSON
import Provenance
import Quantities
import Therapy

/// What the results of `plan` in the same folder say of the marrow, for the check at day 0.
struct PlannedMarrow: Sendable {
  let course: MarrowDoseCourse
  /// That the results prescribe.
  let activity: Activity
  let digest: Digest

  /// Reads `results/results.json` beside a schedule; `nil` when there is none, or it limits no marrow dose after day 0.
  ///
  /// The limit's dose at the planned graft, carried on with the half-life of the late phase, is what remains on any other
  /// day of that phase; it scales with the activity.
  ///
  /// - Parameter activity: what is or was given; the prescribed activity by default.
  /// - Throws: ``CaseError`` when the results are of another state of the case file.
  static func read(in folder: String, activity: Activity?) throws -> PlannedMarrow? {
    let path = folder + "/results/results.json"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let bytes = try readFile(path)
    let root = try JSONDocument(bytes, dialect: .strict).root
    guard try root["format"]?.string() == "endora-results-1" else { return nil }
    if FileManager.default.fileExists(atPath: folder + "/case.json"),
      try root["case"]?["digest"]?.string() != Digest(of: readFile(folder + "/case.json")).hexadecimal
    {
      throw CaseError(
        "results-outdated", "The results in this folder are of another state of case.json.",
        remedy: "Run 'endora plan' again, or state marrow in schedule.json.")
    }
    guard let prescription = root["prescription"], prescription["refused"] == nil,
      let limit = try prescription["limits"]?.list().first(where: {
        try $0.required("reading").string() == LimitReading.afterGraft.meaning
      }),
      let organ = try root["organs"]?.list().first(where: { try $0.required("name").string().hasPrefix("Marrow") })
    else { return nil }
    func number(_ node: JSONNode, _ key: String, _ part: String = "value") throws -> Double {
      try node.required(key).required(part).double()
    }
    let prescribed = Activity.gigabecquerels(try number(prescription, "activity"))
    let dose = try limit.required("dose")
    let value = try dose.required("value").double()
    guard value > 0, prescribed.base > 0 else { return nil }
    return PlannedMarrow(
      course: try .late(
        remaining: .grays(value * ((activity ?? prescribed) / prescribed)),
        after: .days(try number(prescription, "graftDay")),
        effectiveHalfLife: .hours(try number(organ, "effectiveHalfLife")),
        limit: .grays(try number(limit, "limit") - (try number(limit, "priorDose"))),
        relativeUncertainty: try dose["standardUncertainty"].map { try $0.double() / value }),
      activity: prescribed, digest: Digest(of: bytes))
  }
}
