import Foundation
import JSON
import Provenance

/// What `therapy prescribe` is asked for: a case, or a table of published doses.
public struct PrescriptionRequest: Sendable {
  /// What came of it.
  public enum Answer: Sendable {
    case published(PublishedPrescriptions)
    case decision(Decision)
  }

  private let path: String
  private let risk: Double?
  private let nuclides: String?
  private let cohort: String?

  /// - Throws: ``CaseError`` for a risk outside 0 to 1.
  public init(path: String, risk: Double?, nuclides: String?, cohort: String? = nil) throws {
    if let risk, !(risk > 0 && risk < 1) {
      throw CaseError(
        "risk-out-of-range", "The accepted risk is \(risk).",
        remedy: "Give a probability between 0 and 1, such as 0.05.",
        category: .usage)
    }
    self.path = path
    self.risk = risk
    self.nuclides = nuclides
    self.cohort = cohort
  }

  /// Prescribes.
  public func answer() throws -> Answer {
    guard try isCase(path) else {
      guard nuclides == nil, cohort == nil else {
        throw CaseError(
          "no-curves", "A table of doses has no curves that could be translated or taught.",
          remedy: "Name a case folder, or leave --nuclides and --cohort out.", category: .usage)
      }
      return .published(try PublishedDoses.read(path, risk: risk).prescribed())
    }
    return .decision(try Decision.make(path, risk: risk, nuclides: nuclides, cohort: cohort))
  }
}

/// Whether a path is a case: a folder, or a file that says so.
func isCase(_ path: String) throws -> Bool {
  var isFolder: ObjCBool = false
  if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue { return true }
  return try JSONDocument(readFile(path)).root["format"]?.value.string == "endora-case-1"
}
