import Foundation
public import JSON
import Provenance
import Quantities
import Therapy

extension ConditioningPlan {
  /// One JSON document: steps with days, dates and doses, checks, what waits for a person.
  public var document: JSONValue {
    [
      "format": "endora-schedule-result-1", "endora": JSONValue(Release.version),
      "disclaimer": JSONValue(Release.disclaimer), "name": JSONValue(name),
      "protocol": [
        "name": JSONValue(plan.name), "version": JSONValue(plan.version), "source": JSONValue(plan.source.citation),
        "sha256": JSONValue(digests.plan.hexadecimal),
      ],
      "donor": JSONValue(schedule.request.donor.rawValue), "day0": JSONValue(date(of: 0)),
      "surface": schedule.request.body.map {
        amount($0.surface(schedule.request.surfaceFormula).squareMetres, "m²")
      } ?? nil,
      "steps": JSONValue(
        schedule.steps.map { step in
          [
            "item": JSONValue(step.item), "title": JSONValue(step.title), "kind": JSONValue(step.kind.rawValue),
            "days": JSONValue(step.days.map { JSONValue($0) }),
            "dates": JSONValue(step.days.map { JSONValue(date(of: $0)) }),
            "through": step.through.map { JSONValue($0) } ?? nil, "text": JSONValue(step.text),
            "dailyDose": step.dailyDose.map { amount($0.grams * 1000, "mg") } ?? nil,
            "toConfirm": JSONValue(step.toConfirm), "doubt": JSONValue(step.doubt),
            "confirmed": step.confirmation.map {
              ["reading": JSONValue($0.reading), "by": JSONValue($0.person), "reason": JSONValue($0.reason)]
            } ?? nil,
          ]
        }),
      "checks": JSONValue(
        checks.map { check in
          [
            "id": JSONValue(check.id), "title": JSONValue(check.title), "state": JSONValue(check.state.rawValue),
            "text": JSONValue(check.text),
          ]
        }),
      "marrow": marrow.map { course in
        [
          "remaining": amount(
            course.remaining(after: .days(Double(-schedule.request.therapyDay))).grays, "Gy",
            course.relativeUncertainty.map {
              $0 * course.remaining(after: .days(Double(-schedule.request.therapyDay))).grays
            }),
          "limit": amount(course.limit.grays, "Gy"), "fromPlan": JSONValue(marrowIsPlanned),
        ]
      } ?? nil,
      "activity": activity.map { amount($0.gigabecquerels, "GBq") } ?? nil,
      "findings": JSONValue(findings.map(\.document)),
      "inputs": [["input": "schedule.json", "sha256": JSONValue(digests.file.hexadecimal)]],
    ]
  }

  /// The day table and the checks in plain text.
  public var summary: String {
    var table = TextTable(["day", "date", "step", "what", "mg this day"], numbers: [0, 4])
    for row in rows {
      table.add([signed(row.day), row.date, row.step.title, what(row.step, on: row.day), dose(row.step)])
    }
    var list = TextTable(["check", "", "found"], numbers: [])
    for check in checks { list.add([check.title, check.state.rawValue, check.text]) }
    return "\(name), \(schedule.request.donor.rawValue), \(plan.name). \(Release.disclaimer)\n\n" + table.text + "\n"
      + list.text + findings.map { "\n\($0.title) \($0.text)\n" }.joined()
  }

  /// The day table as CSV (RFC 4180).
  public var csv: String {
    let lines = rows.map { row in
      [
        "\(row.day)", row.date, row.step.item, row.step.title, what(row.step, on: row.day), dose(row.step),
        row.step.toConfirm.map { "to confirm: \($0)" } ?? "",
      ].map(Self.quoted).joined(separator: ",")
    }
    return (["day,date,item,step,what,day_dose_mg,open"] + lines).joined(separator: "\r\n") + "\r\n"
  }

  /// The steps as all-day events of a calendar (RFC 5545).
  ///
  /// Stamps are those of the graft's date, so that the same plan gives the same bytes.
  public var calendar: String {
    func stamp(_ day: Int) -> String { date(of: day).filter(\.isNumber) }
    var lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Endora//Conditioning//EN", "CALSCALE:GREGORIAN"]
    for (start, end, step) in stretches {
      let open = step.toConfirm.map { " (to confirm: \($0))" } ?? ""
      let mass = step.dailyDose.map { _ in ", \(dose(step)) mg a day" } ?? ""
      lines += [
        "BEGIN:VEVENT", "UID:\(step.item)-\(start)-\(digests.file.hexadecimal.prefix(16))@endora",
        "DTSTAMP:\(stamp(0))T000000Z", "DTSTART;VALUE=DATE:\(stamp(start))", "DTEND;VALUE=DATE:\(stamp(end + 1))",
        "SUMMARY:" + Self.calendarText("Day \(signed(start)): \(step.title)\(open)"),
        "DESCRIPTION:" + Self.calendarText("\(what(step))\(mass). \(Release.disclaimer)"), "TRANSP:TRANSPARENT",
        "END:VEVENT",
      ]
    }
    lines.append("END:VCALENDAR")
    return lines.map(Self.folded).joined(separator: "\r\n") + "\r\n"
  }

  // MARK: Rows

  var rows: [(day: Int, date: String, step: Schedule.Step)] {
    schedule.steps.flatMap { step in step.days.map { ($0, date(of: $0), step) } }
      .enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element)
  }

  /// Days in a row of one step.
  var stretches: [(start: Int, end: Int, step: Schedule.Step)] {
    schedule.steps.flatMap { step in
      var result: [(start: Int, end: Int, step: Schedule.Step)] = []
      for day in step.days.sorted() {
        if let last = result.last, last.end + 1 == day {
          result[result.count - 1].end = day
        } else {
          result.append((day, day, step))
        }
      }
      if let through = step.through, let last = result.indices.last {
        result[last].end = max(result[last].end, through)
      }
      return result
    }
  }

  private func what(_ step: Schedule.Step, on day: Int) -> String {
    step.kind == .irradiation ? step.text(on: day) : what(step)
  }

  func what(_ step: Schedule.Step) -> String {
    guard step.toConfirm == nil else { return "printed: \(step.text)" }
    guard step.kind == .radiopharmaceutical, let activity else { return step.text }
    return String(format: "%.2f GBq", activity.gigabecquerels)
  }

  /// To whole mg from 100 mg, else to 0.1 mg.
  func dose(_ step: Schedule.Step) -> String {
    guard let milligrams = step.dailyDose.map({ $0.grams * 1000 }) else { return "" }
    return milligrams >= 100 ? "\(Int(milligrams.rounded()))" : "\((milligrams * 10).rounded() / 10)"
  }

  /// A cell; a text that a spreadsheet would take for a formula is set off by an apostrophe.
  private static func quoted(_ cell: String) -> String {
    let isNumber = Double(cell) != nil
    let safe = !isNumber && ["=", "+", "-", "@"].contains(cell.prefix(1)) ? "'" + cell : cell
    guard safe.contains(where: { ",\"\r\n".contains($0) }) else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }

  private static func calendarText(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing(";", with: "\\;").replacing(",", with: "\\,")
      .replacing("\r", with: "").replacing("\n", with: "\\n")
  }

  /// Lines of at most 75 octets, continued after a space; no character is cut.
  private static func folded(_ line: String) -> String {
    var (result, length) = ("", 0)
    for character in line {
      let size = character.utf8.count
      if length + size > 74 {
        result += "\r\n "
        length = 1
      }
      result.append(character)
      length += size
    }
    return result
  }
}

/// A day with its sign.
func signed(_ day: Int) -> String { day > 0 ? "+\(day)" : day < 0 ? "−\(-day)" : "0" }
