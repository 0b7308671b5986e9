import Foundation
public import JSON
import Provenance
import Reports
import Statistics
import Therapy

/// Patients of several case folders, for the tables and figures of a paper.
public struct Cohort: Sendable {
  let cases: [CohortCase]

  /// Reads case folders, or folders of case folders.
  ///
  /// - Throws: a refusal for a folder without a case, a file that cannot be used, or two cases of one name.
  public init(_ paths: [String]) throws {
    let folders = try CohortCase.folders(paths)
    guard folders.count <= 1000 else {
      throw CaseError("too-many-cases", "There are \(folders.count) cases.", remedy: "Give at most 1000.")
    }
    cases = try folders.map { folder in
      do { return try CohortCase(folder: folder) } catch let error as any Refusal {
        throw CaseError(
          error.code, "Case \(fileName(folder)): \(error.reason)", remedy: error.remedy, category: error.category)
      }
    }
    guard Set(cases.map(\.name)).count == cases.count else {
      let twice = Dictionary(grouping: cases, by: \.name).first { $0.value.count > 1 }?.key ?? ""
      throw CaseError(
        "name-twice", "Two cases have the name “\(twice.prefix(60))”.", remedy: "Give every case its own pseudonym.")
    }
  }

  /// The files that went into the tables.
  var inputs: JSONValue {
    JSONValue(
      cases.map { one in
        [
          "case": JSONValue(one.name),
          "files": JSONValue(
            one.digests.map { ["input": JSONValue($0.file), "sha256": JSONValue($0.digest.hexadecimal)] }),
        ]
      })
  }

  /// Writes a text as a file, whole or not at all.
  ///
  /// - Throws: ``CaseError`` when it cannot be written.
  public static func write(_ text: String, to path: String) throws {
    do { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) } catch {
      throw CaseError(
        "file-not-written", "The file \(fileName(path)) cannot be written.",
        remedy: "Check that its folder exists and can be written to.", category: .inputOutput)
    }
  }

  /// The courses of the patients side by side.
  public func swimmer(width: Double = 680) throws -> CohortFigure {
    let lanes = cases.compactMap { one -> SwimmerPlot.Lane? in
      guard let followUp = one.followUp else { return nil }
      let file = followUp.file
      let last = file.deathDay ?? file.lastContact ?? file.results.map(\.day).max()
      guard let last, last >= file.therapyDay else { return nil }
      var events: [(day: Int, event: SwimmerPlot.Event)] = [(file.therapyDay, .therapy), (0, .graft)]
      events += file.boosts.map { ($0, .boost) }
      events += followUp.neutrophils.value.map { [($0, .neutrophils)] } ?? []
      events += followUp.platelets.value.map { [($0, .platelets)] } ?? []
      events += file.relapseDay.map { [($0, .relapse)] } ?? []
      events += file.deathDay.map { [($0, .death)] } ?? []
      return SwimmerPlot.Lane(
        name: one.name, start: file.therapyDay, end: last, isAlive: file.deathDay == nil,
        events: events.filter { $0.day <= last },
        responses: followUp.responses.compactMap { r in r.verdict.value.map { (r.day, $0.rawValue) } })
    }
    let plot = SwimmerPlot(
      title: "Courses of \(lanes.count) patients", lanes: lanes,
      note: "Responses by ELN 2022. \(Release.disclaimer)")
    guard let figure = Figure.swimmer(plot, width: width) else {
      throw CaseError(
        "figure-empty", "No case has a follow-up with a last day.",
        remedy: "Add followup.json with days.lastContact or days.death.")
    }
    var text = TextTable(["patient", "from", "to", ""], numbers: [1, 2])
    for lane in lanes { text.add([lane.name, "\(lane.start)", "\(lane.end)", lane.isAlive ? "alive" : "died"]) }
    return CohortFigure(
      figures: [figure],
      document: [
        "format": "endora-cohort-1",
        "lanes": JSONValue(
          lanes.map { lane in
            [
              "case": JSONValue(lane.name), "from": JSONValue(lane.start), "to": JSONValue(lane.end),
              "alive": JSONValue(lane.isAlive),
              "events": JSONValue(
                lane.events.map { ["day": JSONValue($0.day), "event": JSONValue($0.event.rawValue)] }),
              "responses": JSONValue(
                lane.responses.map { ["day": JSONValue($0.day), "response": JSONValue($0.text)] }),
            ]
          }), "inputs": inputs,
      ], summary: text.text)
  }
}

/// A figure of a cohort with the numbers behind it.
public struct CohortFigure: Sendable {
  let figures: [Figure]
  /// One JSON document with the numbers.
  public let document: JSONValue
  /// The same in plain text.
  public let summary: String

  /// Writes the picture; its kind is that of the name: `.svg`, `.pdf` or `.png`.
  ///
  /// - Throws: ``CaseError`` for another ending or a file that cannot be written.
  public func write(to path: String) throws { try figures.write(to: path) }
}
