import Foundation
public import JSON
import Provenance
import Reports

/// A figure as it stands in a page: light and dark follow the page through ``PageFigure/styles``.
public enum PageFigure {
  /// The rules for the marks of figures in a page, for `/app/figures.css`.
  public static var styles: String { Figure.styles }

  /// An SVG element with its namespace, which the page puts in place.
  static func text(_ figure: Figure) -> JSONValue {
    JSONValue("<svg xmlns=\"http://www.w3.org/2000/svg\" " + figure.svg().dropFirst("<svg ".count))
  }
}

/// The course of a case about the graft: schedule, checks, what waits for a person, and the follow-up.
public struct CoursePage: Sendable {
  /// `GET /api/course`.
  public let document: JSONValue

  /// - Parameters:
  ///   - day0: a date that replaces the schedule's; everything moves with it and the checks run again.
  ///   - width: that of the figure.
  /// - Throws: a refusal of the schedule or the follow-up; a case without either is a document that says so.
  public init(_ folder: String, day0: String? = nil, width: Double = 588) throws {
    let hasSchedule = FileManager.default.fileExists(atPath: folder + "/schedule.json")
    let file = try FollowUpFile.beside(folder)
    let plan = hasSchedule ? try ConditioningPlan.read(folder, day0: day0) : nil
    let banner = CaseBanner(folder)
    document = [
      "name": JSONValue(banner.name), "subject": JSONValue(banner.subject), "plan": plan?.document ?? nil,
      "followUp": file.map { FollowUp($0).document } ?? nil,
      "figure": plan.map { PageFigure.text($0.figure(file, width: width)) } ?? nil,
      "readings": JSONValue(
        (plan?.schedule.steps ?? []).compactMap { step -> JSONValue? in
          guard step.toConfirm != nil,
            let item = plan?.plan.items.first(where: { $0.id == step.item }), !item.readings.isEmpty
          else { return nil }
          return [
            "item": JSONValue(step.item), "title": JSONValue(step.title), "text": JSONValue(step.toConfirm),
            "doubt": JSONValue(step.doubt),
            "readings": .array(
              item.readings.map {
                ["id": JSONValue($0.id), "title": JSONValue($0.title), "text": JSONValue($0.text)]
              }),
          ]
        }),
    ]
  }
}
