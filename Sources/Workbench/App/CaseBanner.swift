public import JSON

/// Who a case is of, as every one of its pages says it.
public struct CaseBanner: Sendable {
  /// The case's own name; that of its schedule, or of its folder, where it tells none.
  public let name: String
  /// Who, in a line below the name: never more than the case itself says.
  public let subject: String

  /// - Parameter folder: the case's folder; one whose file cannot be read is named as the folder is.
  public init(_ folder: String) {
    if let file = try? CaseFile.read(folder).file {
      (name, subject) = (file.name, file.subjectLine)
    } else {
      (name, subject) = ((try? ConditioningPlan.read(folder).name) ?? fileName(folder), "")
    }
  }

  /// `GET /api/banner`.
  public var document: JSONValue { ["name": JSONValue(name), "subject": JSONValue(subject)] }
}

extension CaseFile {
  /// Who, in a line.
  var subjectLine: String {
    var parts = notes
    if let subject {
      parts.append((subject.sex == .female ? "F" : "M") + (subject.age.map { ", \(Int($0)) y" } ?? ""))
      if let weight = subject.weight { parts.append("\(shortNumber(weight.kilograms)) kg") }
      if let diagnosis = subject.diagnosis { parts.append(diagnosis) }
    }
    return parts.joined(separator: " · ")
  }
}
