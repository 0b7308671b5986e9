import Foundation
import Provenance
import Quantities
import Statistics
import Uptake

/// The PET of several patients: their sites, the tests between groups, and the uptake of entities.
public struct PETCohort: Sendable {
  /// One patient.
  struct Member: Sendable {
    let sites: PETSites
    /// After treatment; `nil` without a second study.
    let after: PETSites?

    var plan: PETCase { sites.plan }
    /// After over before, less one, of the mean SUVmax over the sites that both have; `nil` without them.
    let change: Double?
  }

  /// A case that could not be measured.
  struct Refused: Sendable {
    let name: String
    let refusal: AnyRefusal
  }

  let template: SiteTemplate
  /// By group, then by name.
  let members: [Member]
  let refused: [Refused]
  let groups: [String]
  let findings: [Finding]

  /// Measures every case of some folders: one with a `pet.json` is a case, any other holds cases.
  ///
  /// Groups come in the order in which the first case of each comes by name. A case that is refused is told of.
  /// - Throws: a refusal when there is no case, all are refused, or they do not use one template.
  public init(folders: [String]) throws {
    let paths = try folders.flatMap(Self.cases)
    guard !paths.isEmpty else {
      throw CaseError(
        "no-cases", "The folders hold no case with a pet.json.", remedy: "Name folders with cases, or the cases.",
        category: .missing)
    }
    var (found, refused): ([Member], [Refused]) = ([], [])
    for path in paths {
      do { found.append(try Member(path: path)) } catch let refusal as any Refusal {
        refused.append(Refused(name: fileName(path), refusal: AnyRefusal(refusal)))
      }
    }
    guard let first = found.first else { throw refused[0].refusal }
    guard found.allSatisfy({ $0.plan.template == first.plan.template }) else {
      throw CaseError(
        "templates-differ", "The cases use different templates.", remedy: "Measure all of a cohort by one template.")
    }
    let sorted = found.sorted { Self.precedes($0.plan.name, $1.plan.name) }
    guard Set(sorted.map(\.plan.name)).count == sorted.count else {
      throw CaseError(
        "duplicate-case", "Two cases have one name.", remedy: "Name every case differently, or name each folder once.")
    }
    var groups: [String] = []
    for group in sorted.compactMap(\.plan.cohort.group) where !groups.contains(group) { groups.append(group) }
    func place(_ member: Member) -> Int { member.plan.cohort.group.flatMap(groups.firstIndex) ?? groups.count }
    template = first.plan.template
    members = sorted.enumerated().sorted { (place($0.element), $0.offset) < (place($1.element), $1.offset) }
      .map(\.element)
    self.refused = refused
    self.groups = groups
    findings = Self.findings(members, refused)
  }

  private static func findings(_ members: [Member], _ refused: [Refused]) -> [Finding] {
    var findings = refused.map { one in
      Finding(
        .serious, code: "case-refused", title: "A case is not in the cohort.",
        "\(printable(one.name)): \(one.refusal.reason)", subject: one.name, origin: "Uptake · cohort")
    }
    let short = members.filter { $0.sites.skeleton.meanMaximum == nil }
    if !short.isEmpty {
      findings.append(
        Finding(
          .caution, code: "cases-without-mean", title: "Cases without a mean.",
          "\(short.count) of \(members.count) cases have fewer than \(SkeletalUptake.leastSites) sites and take no part "
            + "in tests.", origin: "Uptake · cohort"))
    }
    for member in members {
      guard let why = member.plan.cohort.leftOut else { continue }
      findings.append(
        Finding(
          .info, code: "left-out-of-tests", title: "A case is left out of tests.",
          "\(printable(member.plan.name)) takes no part in tests between groups: \(printable(why)).",
          subject: member.plan.name, origin: "Uptake · cohort"))
    }
    let serious = members.filter { $0.sites.findings.contains { $0.severity == .serious } }
    if !serious.isEmpty {
      findings.append(
        Finding(
          .serious, code: "cases-with-serious-findings", title: "Cases with serious findings.",
          "Look at \(serious.map { printable($0.plan.name) }.joined(separator: ", ")) with endora pet sites.",
          origin: "Uptake · cohort"))
    }
    return findings.worstFirst()
  }

  /// The cases of a folder.
  private static func cases(_ folder: String) throws -> [String] {
    let manager = FileManager.default
    func isCase(_ path: String) -> Bool { manager.fileExists(atPath: path + "/pet.json") }
    if isCase(folder) { return [folder] }
    guard let names = try? manager.contentsOfDirectory(atPath: folder) else {
      throw CaseError(
        "no-such-folder", "There is no folder \(printable(fileName(folder))) that can be read.",
        remedy: "Name folders with cases, or the cases.", category: .missing)
    }
    return names.sorted().map { folder + "/" + $0 }.filter(isCase)
  }

  /// Whether a name comes before another: numbers in them by their size.
  private static func precedes(_ a: String, _ b: String) -> Bool {
    a.compare(b, options: .numeric) == .orderedAscending
  }
}

extension PETCohort.Member {
  init(path: String) throws {
    let sites = try PETSites(case: path)
    let after = try sites.plan.followUp.map { try PETSites(case: $0) }
    if let after {
      guard after.plan.template == sites.plan.template else {
        throw CaseError(
          "templates-differ", "The case and its follow-up use different templates.",
          remedy: "Measure both by one template.")
      }
      let pairs = zip(sites.skeleton.sites, after.skeleton.sites).compactMap { before, after in
        before.maximum.flatMap { before in after.maximum.map { (before, $0) } }
      }
      let total = pairs.map(\.0).total()
      change =
        pairs.count >= SkeletalUptake.leastSites && total > .zero ? pairs.map(\.1).total() / total - 1 : nil
    } else {
      change = nil
    }
    (self.sites, self.after) = (sites, after)
  }
}
