import Dosimetry
import Foundation
import JSON
import Provenance
import Quantities
import Therapy

/// What the files of one case folder say of a patient; what a file does not say is missing.
///
/// Read are `schedule.json` (with the protocol), `followup.json`, `pet.json`, `case.json`, the results of `plan` before
/// the therapy in `results`, and those after it in `post-therapy/results`.
struct CohortCase: Sendable {
  /// Doses per activity of one measurement.
  typealias Doses = [Organ: AbsorbedDosePerActivity]

  /// Organs of the tables.
  enum Organ: String, CaseIterable, Sendable {
    case kidneys, liver, spleen, marrow
  }

  let name: String
  let sex: Sex?
  let age: Double?
  let diagnosis: String?
  let donor: Donor?
  let irradiation: AbsorbedDose?
  let protocolName: String?
  let steps: [Schedule.Step]
  /// Of the therapy: given, or to be given.
  let activity: Activity?
  let agent: String?
  let prescribed: Activity?
  let before: Doses
  let after: Doses
  let uptake: PETSites?
  let followUp: FollowUp?
  let digests: [(file: String, digest: Digest)]

  private static let files = ["schedule.json", "followup.json", "pet.json", "case.json", "results/results.json"]

  /// The case folders that paths name: a folder with a case, or all such folders directly within one, by name.
  ///
  /// - Throws: ``CaseError`` for a path that holds none.
  static func folders(_ paths: [String]) throws -> [String] {
    try paths.flatMap { path -> [String] in
      func isCase(_ folder: String) -> Bool {
        files.contains { FileManager.default.fileExists(atPath: folder + "/" + $0) }
      }
      if isCase(path) { return [path] }
      let inner = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted().map { path + "/" + $0 }
        .filter(isCase)
      guard !inner.isEmpty else {
        throw CaseError(
          "no-cases", "The folder \(fileName(path)) holds no case.",
          remedy: "Name case folders, or a folder of them; a case has one of \(files.joined(separator: ", ")).",
          category: .missing)
      }
      return inner
    }
  }

  /// - Throws: the refusal of a file that is there and cannot be used.
  init(folder: String) throws {
    func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/" + name) }
    let plan = try isThere("schedule.json") ? ConditioningPlan.read(folder) : nil
    let file = try FollowUpFile.beside(folder)
    let subject = try isThere("case.json") ? CaseFile.read(folder).file : nil
    var digests: [(String, Digest)] = []
    for name in Self.files where isThere(name) { digests.append((name, Digest(of: try readFile(folder + "/" + name)))) }
    self.digests = digests
    name = plan?.name ?? file?.name ?? subject?.name ?? fileName(folder)
    sex = plan?.schedule.request.body?.sex ?? file?.subject?.sex ?? subject?.subject?.sex
    age = plan?.age ?? file?.subject?.age ?? subject?.subject?.age
    diagnosis = subject?.subject?.diagnosis
    donor = plan?.schedule.request.donor
    irradiation = plan.flatMap { plan in
      plan.schedule.steps.contains { $0.kind == .irradiation }
        ? .grays(2 * Double(plan.schedule.request.irradiationFractions)) : nil
    }
    protocolName = plan?.plan.name
    steps = plan?.schedule.steps ?? []
    activity = plan?.activity
    agent = plan?.schedule.steps.first { $0.kind == .radiopharmaceutical }?.title ?? subject?.agent
    let results = try Self.results(folder + "/results/results.json")
    before = results?.doses ?? [:]
    prescribed = results?.prescribed
    after = try Self.results(folder + "/post-therapy/results/results.json")?.doses ?? [:]
    uptake = try isThere("pet.json") ? PETSites(case: folder) : nil
    followUp = file.map(FollowUp.init)
  }

  private static func results(_ path: String) throws -> (doses: Doses, prescribed: Activity?)? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let root = try JSONDocument(try readFile(path), dialect: .strict).root
    var doses: Doses = [:]
    for organ in try root["organs"]?.list() ?? [] {
      let name = try organ.required("name").string().lowercased()
      guard let known = Organ.allCases.first(where: { name.hasPrefix($0.rawValue) }) else { continue }
      doses[known] = .graysPerGigabecquerel(try organ.required("dosePerActivity").required("value").double())
    }
    return (doses, try root["prescription"]?["activity"].map { .gigabecquerels(try $0.required("value").double()) })
  }

  // MARK: Outcome

  var meanUptake: Double? { uptake?.skeleton.meanMaximum?.base }

  /// The best response after the graft.
  var bestResponse: LeukaemiaResponse? {
    let order: [LeukaemiaResponse] = [
      .complete, .completePartialRecovery, .completeIncompleteRecovery, .leukaemiaFree, .partial, .none, .refractory,
      .notEvaluable,
    ]
    let found = followUp?.responses.compactMap(\.verdict.value) ?? []
    return order.first { found.contains($0) }
  }

  /// Whether the best response is MLFS or better; `nil` without an assessment.
  var hasResponded: Bool? {
    bestResponse.map {
      [.complete, .completePartialRecovery, .completeIncompleteRecovery, .leukaemiaFree].contains($0)
    }
  }

  /// Days from the graft to death or the last contact, and whether it was death.
  var survival: (days: Int, died: Bool)? {
    guard let file = followUp?.file else { return nil }
    if let death = file.deathDay { return death >= 0 ? (death, true) : nil }
    return file.lastContact.flatMap { $0 >= 0 ? ($0, false) : nil }
  }

  /// Days from the graft to relapse, death without it, or the last contact: 1 relapse, 2 death without relapse, 0 neither.
  var eventFree: (days: Int, cause: Int)? {
    guard let file = followUp?.file else { return nil }
    if let relapse = file.relapseDay { return relapse >= 0 ? (relapse, 1) : nil }
    return survival.map { ($0.days, $0.died ? (file.diedOfDisease == true ? 1 : 2) : 0) }
  }

  /// The dose of an organ that the therapy gave: after it where that was measured, else before it.
  func dose(_ organ: Organ) -> AbsorbedDose? {
    (after[organ] ?? before[organ]).flatMap { d in activity.map { d * $0 } }
  }
}
