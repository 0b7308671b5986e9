import Foundation
public import JSON
import Provenance
import Reports
import Statistics

/// All patients of an archive's folder side by side: uptake by site, groups, changes, courses, survival, tables.
public struct CohortPage: Sendable {
  /// `GET /api/cohort`.
  public let document: JSONValue

  /// - Parameters:
  ///   - folder: the folder of the archive. A case that cannot be read is told of and left out.
  ///   - width: that of the courses.
  public init(_ folder: String, width: Double = 680) throws {
    let paths = CaseIndexing(folder: folder).caseFolders().map { folder + "/" + $0 }
    var refused: [(name: String, refusal: AnyRefusal)] = []
    let usable = paths.filter { path in
      do {
        _ = try CohortCase(folder: path)
        return true
      } catch {
        refused.append((fileName(path), AnyRefusal(anyError: error)))
        return false
      }
    }
    var figures: [(name: String, figure: Figure)] = []
    var notes: [JSONValue] = []
    /// What one part has none of is a sentence in its place.
    func part(_ name: String, _ make: () throws -> [(name: String, figure: Figure)]) {
      do { figures += try make() } catch {
        notes.append(["part": JSONValue(name), "refused": AnyRefusal(anyError: error).document])
      }
    }
    var uptake: JSONValue = nil
    let scanned = usable.filter { FileManager.default.fileExists(atPath: $0 + "/pet.json") }
    if !scanned.isEmpty {
      part("uptake") {
        let cohort = try PETCohort(folders: scanned)
        uptake = try cohort.document()
        return try cohort.figures()
      }
    }
    var tables: JSONValue = []
    if !usable.isEmpty {
      let cohort = try Cohort(usable)
      tables = cohort.document(nil)["tables"] ?? []
      part("courses") { try cohort.swimmer(width: width).figures.map { ("courses", $0) } }
      part("survival") {
        let table = try DataTable(Array(cohort.file(.data, as: .csv).utf8), file: "cohort")
        let survival = try SurvivalStatistics(
          table, time: "survival_d", event: "died", titles: ("Days after the graft", "death")
        ).survival(by: nil, scale: .logLog, at: [100, 365], landmark: nil)
        return survival.figures.map { ("survival", $0) }
      }
    }
    let found = figures
    document = [
      "n": JSONValue(usable.count),
      "figures": .array(
        found.map {
          ["name": JSONValue($0.name), "label": JSONValue($0.figure.label), "svg": PageFigure.text($0.figure)]
        }),
      "tables": tables, "tests": uptake["tests"] ?? [], "notes": .array(notes),
      "refused": .array(refused.map { ["case": JSONValue($0.name), "refused": $0.refusal.document] }),
    ]
  }
}
