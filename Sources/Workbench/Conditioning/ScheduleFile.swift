import Foundation

/// A conditioning as a file.
public struct ScheduleFile: Sendable {
  /// What it can be written as.
  public enum Format: String, CaseIterable, Sendable { case svg, pdf, png, csv, ics, fhir }

  private let format: Format
  private let bytes: [UInt8]

  init(_ format: Format, _ bytes: [UInt8]) { (self.format, self.bytes) = (format, bytes) }

  /// The text.
  ///
  /// - Throws: ``CaseError`` for PDF and PNG, which are not text.
  public func text() throws -> String {
    guard format != .pdf, format != .png else {
      throw CaseError(
        "picture-needs-file", "A \(format.rawValue.uppercased()) is not written to standard output.",
        remedy: "Add --output with a file's name.", category: .usage)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes the file whole or not at all.
  public func write(to path: String) throws {
    do { try Data(bytes).write(to: URL(filePath: path), options: .atomic) } catch {
      throw CaseError(
        "file-not-written", "The file \(fileName(path)) cannot be written.",
        remedy: "Check that its folder exists and can be written to.", category: .inputOutput)
    }
  }
}

extension ConditioningPlan {
  /// The plan as a file; pictures show the counts of a follow-up where there is one.
  public func file(_ format: ScheduleFile.Format, followUp: FollowUpFile?) throws -> ScheduleFile {
    switch format {
    case .csv: ScheduleFile(format, Array(csv.utf8))
    case .ics: ScheduleFile(format, Array(calendar.utf8))
    case .svg: ScheduleFile(format, Array(svg(followUp: followUp).utf8))
    case .pdf: ScheduleFile(format, try pdf(followUp: followUp))
    case .png: ScheduleFile(format, try png(followUp: followUp))
    case .fhir: ScheduleFile(format, Array((try fhir.text() + "\n").utf8))
    }
  }
}
