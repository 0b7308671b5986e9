/// Something worth knowing about a result that was nevertheless computed.
public struct Finding: Hashable, Sendable {
  /// How much a finding weighs, worst first.
  public enum Severity: String, Comparable, CaseIterable, Sendable {
    /// May overturn the result.
    case serious
    /// Needs a look.
    case caution
    /// Good to know.
    case info

    public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
    private var rank: Int { Self.allCases.firstIndex(of: self)! }
  }

  /// How much it weighs.
  public let severity: Severity
  /// A stable, machine-readable name in lower-case words joined by hyphens.
  public let code: String
  /// A few words that name it.
  public let title: String
  /// One or two sentences: what was found and what it means for the result.
  public let text: String
  /// The region, file or setting it speaks of.
  public let subject: String?
  /// The room and, where there is one, the setting of the ambiguity register: `Kinetics · A5-1`.
  public let origin: String

  public init(
    _ severity: Severity, code: String, title: String, _ text: String, subject: String? = nil, origin: String
  ) {
    self.severity = severity
    self.code = code
    self.title = title
    self.text = text
    self.subject = subject
    self.origin = origin
  }
}

extension Sequence where Element == Finding {
  /// The findings, worst first, each once, otherwise in the order in which they were made.
  public func worstFirst() -> [Finding] {
    var seen: Set<Finding> = []
    let unique = filter { seen.insert($0).inserted }
    return Finding.Severity.allCases.flatMap { severity in unique.filter { $0.severity == severity } }
  }
}
