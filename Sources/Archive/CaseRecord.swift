import Provenance

/// What the archive knows of a case folder. The folder stays the truth: a record can be made from it again.
public struct CaseRecord: Hashable, Sendable {
  /// How far the work on a case has come.
  public enum Stage: String, CaseIterable, Sendable {
    /// There is a case and nothing was measured.
    case open
    /// Uptake was looked at and the patient was selected.
    case selected
    /// There are images or time-activity data.
    case measured
    /// There are absorbed doses.
    case dosed
    /// An activity was prescribed.
    case prescribed
    /// The delivered dose was measured.
    case verified
  }

  /// A series of images of the case.
  public struct Series: Hashable, Sendable {
    /// The Series Instance UID.
    public let uid: String
    /// The modality.
    public let modality: String?
    /// What it holds.
    public let kind: String
    /// How many files it has.
    public let instances: Int

    public init(uid: String, modality: String?, kind: String, instances: Int) {
      (self.uid, self.modality, self.kind, self.instances) = (uid, modality, kind, instances)
    }
  }

  /// A file of results.
  public struct Result: Hashable, Sendable {
    /// Its path below the case's results.
    public let name: String
    /// Its content.
    public let bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) { (self.name, self.bytes) = (name, bytes) }
  }

  /// The folder of the case below the folder of the archive.
  public let path: String
  /// The name that the case gives itself, or its folder's.
  public let name: String
  /// How far the work has come.
  public let stage: Stage
  /// The findings that deserve a look in the worklist: code and text, worst first.
  public let findings: [String]
  /// Its series.
  public let series: [Series]
  /// The names of its regions.
  public let regions: [String]
  /// The settings that were chosen, by name, as JSON.
  public let settings: [String: String]
  /// Its results.
  public let results: [Result]

  public init(
    path: String, name: String, stage: Stage, findings: [String] = [], series: [Series] = [], regions: [String] = [],
    settings: [String: String] = [:], results: [Result] = []
  ) {
    (self.path, self.name, self.stage, self.findings) = (path, name, stage, findings)
    (self.series, self.regions, self.settings, self.results) = (series, regions, settings, results)
  }

  /// One digest of all of it: equal records need no new row.
  func digest(results digests: [String]) -> String {
    var parts = [name, stage.rawValue] + findings + [""]
    parts += series.sorted { $0.uid < $1.uid }.map { "\($0.uid) \($0.modality ?? "") \($0.kind) \($0.instances)" }
    parts += [""] + regions.sorted() + [""] + settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    parts += [""] + zip(results.map(\.name), digests).map { "\($0) \($1)" }.sorted()
    return Digest(of: parts.map { "\($0.utf8.count):\($0)" }.joined(separator: "\n").utf8).hexadecimal
  }
}
