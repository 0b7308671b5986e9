import DICOM
import Foundation
public import JSON
import Provenance
import Quantities
import Studies
import Volumes

/// A case file made from the images of a folder, with a question where only a person knows: `endora new`.
public struct NewCase: Sendable {
  /// What a person has to fill in, by the path of the field.
  public let questions: [(path: String, question: String)]
  /// The case in JSON5. Every question is a value that the schema refuses, so that nothing is planned before.
  public let text: String
  private let file: String

  /// Reads the quantitative SPECT and the structure set below a folder and writes `case.json` into it.
  ///
  /// - Throws: a refusal when there already is a case, or no quantitative SPECT.
  public static func write(in folder: String, named name: String? = nil) throws -> NewCase {
    let file = folder + "/case.json"
    guard !FileManager.default.fileExists(atPath: file) else {
      throw CaseError(
        "case-exists", "The folder already holds a case.json.", remedy: "Change that one, or name another folder.")
    }
    let new = try NewCase(folder: folder, file: file, named: name)
    do { try Data(new.text.utf8).write(to: URL(filePath: file), options: .atomic) } catch {
      throw CaseError(
        "case-not-written", "The case cannot be written.", remedy: "Check that the folder may be written.",
        category: .inputOutput)
    }
    return new
  }

  private init(folder: String, file: String, named name: String?) throws {
    let index = try StudyIndex.scan(folder: folder)
    try index.onePatient()
    let emission = index.series.filter { $0.kind == .quantitativeSPECT }
    guard let first = emission.first else {
      throw CaseError(
        "no-spect", "The folder holds no quantitative SPECT.", remedy: "Add the series in Bq/mL.", category: .missing)
    }
    let series = try QuantitativeSeries(first)
    let header = try DICOMHeader(path: first.files[0].path)?.dataSet
    var draft = Draft()
    draft.subject(header, weight: series.patientWeight)
    draft.administration(series)
    draft.measurements(folder, index, first)
    draft.regions(index)
    text = draft.text(named: name, nuclide: series.nuclide)
    questions = draft.questions
    self.file = file
  }

  /// What nobody has filled in yet of a case's file: line, field and question, as a new case has them.
  public static func openQuestions(in text: String) -> [(line: Int, field: String, question: String)] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line in
      line.matches(of: /(?:([A-Za-z_]+)\s*:\s*)?null \/\* \? (.+?) \*\//).map {
        (index + 1, $0.1.map { String($0) } ?? "", String($0.2))
      }
    }
  }

  /// `{"file", "questions": [{"path", "question"}]}`.
  public var document: JSONValue {
    [
      "file": JSONValue(file),
      "questions": .array(questions.map { ["path": JSONValue($0.path), "question": JSONValue($0.question)] }),
    ]
  }

  /// Where the case is, and what is to be filled in.
  public var summary: String {
    (["\(file)"] + questions.map { "\($0.path): \($0.question)" }).joined(separator: "\n") + "\n"
  }
}

/// The lines of a case file.
private struct Draft {
  var questions: [(path: String, question: String)] = []
  private var subjectLine = ""
  private var administrationLine = ""
  private var measurementLines: [String] = []
  private var regionLines: [String] = []

  /// A value, or `null` with the question beside it.
  private mutating func value(_ text: String?, _ path: String, _ question: String) -> String {
    if let text { return text }
    questions.append((path, question))
    return "null /* ? \(question) */"
  }

  mutating func subject(_ header: DataSet?, weight: Mass?) {
    let sex: String? =
      switch try? header?.string(.patientSex) {
      case "F": "\"female\""
      case "M": "\"male\""
      default: nil
      }
    var parts = ["sex: \(value(sex, "subject.sex", "female or male"))"]
    if let age = (try? header?.string(Tag(0x0010, 0x1010)))?.flatMap(Self.years) { parts.append("age_y: \(age)") }
    if let weight { parts.append("weight_kg: \(Self.number(weight.kilograms))") }
    if let height = (try? header?.decimal(Tag(0x0010, 0x1020))), height > 0.3, height < 2.6 {
      parts.append("height_m: \(Self.number(height))")
    }
    subjectLine = "{ \(parts.joined(separator: ", ")) }"
  }

  /// With all digits but the noise of conversions between units.
  private static func number(_ value: Double) -> String {
    let number = Double(String(format: "%.12g", value)) ?? value
    return number == number.rounded() && number.magnitude < 1e15 ? String(Int(number)) : "\(number)"
  }

  private static func years(_ text: String) -> Int? { text.hasSuffix("Y") ? Int(text.dropLast()) : nil }

  mutating func administration(_ series: QuantitativeSeries) {
    let activity = value(
      series.injectedActivity.map { Self.number($0.megabecquerels) }, "administrations[0].activity_MBq",
      "the administered activity in MBq")
    let start = value(
      series.injection.flatMap { moment in
        series.utcOffset.map { JSONValue(moment.at(utcOffset: $0).description).line }
      }, "administrations[0].start",
      series.injection.map { "the header says \($0) without a time zone; write it with its offset" }
        ?? "the start of the administration with the offset of the time zone")
    administrationLine = "{ activity_MBq: \(activity), start: \(start) }"
  }

  mutating func measurements(_ folder: String, _ index: StudyIndex, _ first: IndexedSeries) {
    let path = (first.files[0].path as NSString).deletingLastPathComponent
    let inside = path == folder ? "." : path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
    // The folder that holds all series.
    let root = index.series.count > 1 ? (inside.split(separator: "/").first.map(String.init) ?? ".") : inside
    measurementLines = [
      "folder: \(JSONValue(root).line),",
      "calibrationUncertainty: "
        + value(
          nil, "measurements.spect.calibrationUncertainty",
          "relative standard uncertainty of the camera's calibration, such as 0.05") + ",",
      "recovery: "
        + value(
          nil, "measurements.spect.recovery",
          "{ method: \"region-based\", fwhm_mm, fwhmUncertainty_mm } of the reconstruction, or { method: \"none\" }")
        + ",",
    ]
    let outline = index.series.first { $0.kind == .ct } ?? first
    let voxel = outline.spacing.first.map { Self.number($0) }
    let width = value(
      nil, "measurements.spect.outlineImage.fwhm_mm", "resolution in mm of the image on which the regions were drawn")
    measurementLines.append(
      "outlineImage: { voxel_mm: "
        + value(voxel, "measurements.spect.outlineImage.voxel_mm", "voxels in mm of the image with the outlines")
        + ", fwhm_mm: \(width) },")
  }

  mutating func regions(_ index: StudyIndex) {
    let sets = index.series.filter { $0.kind == .structureSet }
    let names = (try? sets.first.map { try StructureSet($0).structures.map(\.name) }) ?? []
    for (n, name) in names.enumerated() {
      let organ = Self.organ(name)
      let text = value(
        organ.map { "\"\($0)\"" }, "regions[\(n)].organ", "which organ is it; other for none")
      regionLines.append(
        "{ name: \(JSONValue(name).line), organ: \(text), structure: \(JSONValue(name).line) },"
          + (organ == nil ? "" : "  // the organ follows from the name: check it"))
    }
    if names.isEmpty {
      regionLines.append(
        value(nil, "regions[0]", "a region: { name, organ, structure }; no structure set was found") + ",")
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

  mutating func text(named name: String?, nuclide: String?) -> String {
    let name = value(name.map { JSONValue($0).line }, "name", "a pseudonym, never the patient's name")
    let nuclideText = value(nuclide.map { "\"\($0)\"" }, "nuclide", "such as Lu-177")
    let agent = value(nil, "agent", "such as [177Lu]Pentixather")
    return """
      {
        // Made from the images. Wherever null stands with a question, only a person knows the answer.
        format: "endora-case-1",
        name: \(name),
        nuclide: \(nuclideText),
        agent: \(agent),
        subject: \(subjectLine),
        administrations: [\(administrationLine)],
        measurements: {
          spect: {
            \(measurementLines.joined(separator: "\n      "))
          },
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
  fileprivate var line: String { (try? text()) ?? "null" }
}
