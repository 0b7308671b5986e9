import DICOM
import Foundation
import JSON
import Quantities
import Studies
import Volumes

/// The lines of a case file that is made from images.
struct CaseDraft {
  private(set) var questions: [(path: String, question: String)] = []
  private var subjectLine = ""
  private var administrationLine = ""
  private var regionLines: [String] = []
  var measurementLines: [String] = []

  /// A value, or `null` with the question beside it.
  mutating func value(_ text: String?, _ path: String, _ question: String) -> String {
    if let text { return text }
    questions.append((path, question))
    return "null /* ? \(question) */"
  }

  /// What all headers agree on; where they do not, the question tells what they say.
  private mutating func value(agreed texts: [String], _ path: String, _ question: String) -> String {
    let told = texts.unique
    guard told.count > 1 else { return value(told.first, path, question) }
    return value(nil, path, "the headers say \(told.joined(separator: " and ")): \(question)")
  }

  mutating func subject(_ images: CaseSources) {
    let header = images.header
    let sex: String? =
      switch try? header?.string(.patientSex) {
      case "F": "\"female\""
      case "M": "\"male\""
      default: nil
      }
    var parts = ["sex: \(value(sex, "subject.sex", "female or male"))"]
    if let age = (try? header?.string(Tag(0x0010, 0x1010)))?.flatMap(Self.years) { parts.append("age_y: \(age)") }
    let weights = images.administrations.compactMap(\.weight).map { Self.number($0.kilograms) }
    if !weights.isEmpty {
      parts.append("weight_kg: \(value(agreed: weights, "subject.weight_kg", "the weight in kg"))")
    }
    if let height = (try? header?.decimal(Tag(0x0010, 0x1020))), height > 0.3, height < 2.6 {
      parts.append("height_m: \(Self.number(height))")
    }
    subjectLine = "{ \(parts.joined(separator: ", ")) }"
  }

  /// With all digits but the noise of conversions between units.
  static func number(_ value: Double) -> String {
    let number = Double(String(format: "%.12g", value)) ?? value
    return number == number.rounded() && number.magnitude < 1e15 ? String(Int(number)) : "\(number)"
  }

  private static func years(_ text: String) -> Int? { text.hasSuffix("Y") ? Int(text.dropLast()) : nil }

  mutating func administration(_ images: CaseSources) {
    let told = images.administrations
    let activity = value(
      agreed: told.compactMap(\.activity).map { Self.number($0.megabecquerels) }, "administrations[0].activity_MBq",
      "the administered activity in MBq")
    var sure: [Timestamp] = []
    for one in told where !one.isDateInferred {
      guard let moment = one.injection, let offset = one.utcOffset else { continue }
      let time = moment.at(utcOffset: offset)
      if !sure.contains(where: { $0.secondsSince1970 == time.secondsSince1970 }) { sure.append(time) }
    }
    let question: String
    if let unsure = sure.isEmpty ? told.first(where: { $0.injection != nil }) : nil, let moment = unsure.injection {
      question =
        unsure.isDateInferred
        ? "the header says the time without the date, \(moment) is the last one before the scan; write it with its offset"
        : "the header says \(moment) without a time zone; write it with its offset"
    } else {
      question = "the start of the administration with the offset of the time zone"
    }
    let start = value(
      agreed: sure.map { JSONValue($0.description).line }, "administrations[0].start", question)
    administrationLine = "{ activity_MBq: \(activity), start: \(start) }"
  }

  mutating func regions(_ images: CaseSources) {
    guard !images.tomographies.isEmpty else {
      regionLines = [
        value(nil, "regions[0]", "a region of the drawing: { name, organ }, with mass_g where a dose is wanted") + ","
      ]
      return
    }
    let sets = images.structureSets
    let names = sets.count == 1 ? ((try? StructureSet(sets[0]).structures.map(\.name)) ?? []) : []
    for (n, name) in names.enumerated() {
      let organ = Self.organ(name)
      let text = value(
        organ.map { "\"\($0)\" /* ? the organ follows from the name: check it */" }, "regions[\(n)].organ",
        "which organ is it; other for none")
      regionLines.append("{ name: \(JSONValue(name).line), organ: \(text), structure: \(JSONValue(name).line) },")
    }
    if names.isEmpty {
      let found = sets.count > 1 ? "there are \(sets.count) structure sets" : "no structure set was found"
      regionLines.append(
        value(nil, "regions[0]", "a region: { name, organ, structure }; \(found)") + ",")
    }
  }

  private static func organ(_ name: String) -> String? {
    let words = name.lowercased()
    let isLeft = words.contains("left") || words.contains("links") || words.hasSuffix("_l") || words.hasSuffix(" l")
    let isRight = words.contains("right") || words.contains("rechts") || words.hasSuffix("_r") || words.hasSuffix(" r")
    if words.contains("lesion") || words.contains("tumor") || words.contains("tumour") { return "lesion" }
    if words.contains("kidney") || words.contains("niere") {
      return isLeft == isRight ? (isLeft ? nil : "kidneys") : isLeft ? "kidney-left" : "kidney-right"
    }
    if words.contains("liver") || words.contains("leber") { return "liver" }
    if words.contains("spleen") || words.contains("milz") { return "spleen" }
    return nil
  }

  mutating func text(named name: String?, _ images: CaseSources) -> String {
    let name = value(name.map { JSONValue($0).line }, "name", "a pseudonym, never the patient's name")
    let nuclide = value(
      agreed: images.administrations.compactMap(\.nuclide).map { "\"\($0)\"" }, "nuclide", "such as Lu-177")
    let agent = value(nil, "agent", "such as [177Lu]Pentixather")
    return """
      {
        // Made from the images. Wherever null stands with a question, only a person knows the answer.
        format: "endora-case-1",
        name: \(name),
        nuclide: \(nuclide),
        agent: \(agent),
        subject: \(subjectLine),
        administrations: [\(administrationLine)],
        measurements: {
          \(measurementLines.joined(separator: "\n    "))
        },
        regions: [
          \(regionLines.joined(separator: "\n    "))
        ],
      }

      """
  }
}

extension JSONValue {
  /// On one line.
  var line: String { (try? text()) ?? "null" }
}

extension [String] {
  /// Each once, in their order.
  fileprivate var unique: [String] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
