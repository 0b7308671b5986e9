public import Provenance

/// A flow cytometry file: FCS 2.0, 3.0, 3.1 or 3.2 with one or several data sets.
///
/// Sources: ISAC FCS 2.0 (1990), 3.0 (1997), 3.1 (Spidlen 2010), 3.2 (Spidlen 2021).
public struct FCSFile: Sendable {
  /// The data sets in the order of the file; at least one.
  public let datasets: [FCSDataset]
  /// Deviations from the standard and what was done about them.
  public let findings: [Finding]

  /// Reads a file.
  ///
  /// - Throws: ``LaboratoryError`` for what is no FCS file, holds histograms instead of events, or lacks what reading
  ///   needs.
  public init(path: String) throws {
    self = try InstrumentFile.read(path) { try FCSFile(mapped: $0) }
  }

  /// Reads a file from memory.
  public init(bytes: [UInt8]) throws {
    self = try bytes.withUnsafeBytes { try FCSFile(mapped: $0) }
  }

  private init(mapped bytes: UnsafeRawBufferPointer) throws {
    var datasets: [FCSDataset] = []
    var findings: [Finding] = []
    var start = 0
    while true {
      let dataset: FCSDataset
      do {
        var reader = FCSDatasetReader(bytes, start: start, index: datasets.count)
        dataset = try reader.read()
      } catch let error as LaboratoryError {
        guard !datasets.isEmpty else { throw error }
        findings.append(
          .fcs(
            .caution, "next-data-unreadable", "A later data set cannot be read.",
            "Data set \(datasets.count + 1) was left out: \(error.reason)"))
        break
      }
      datasets.append(dataset)
      guard let next = dataset.keywords.integer("$NEXTDATA"), next > 0 else { break }
      guard next < bytes.count - start, datasets.count < 1000 else {
        findings.append(
          .fcs(
            .caution, "next-data-beyond-end", "$NEXTDATA points beyond the file.",
            "It says \(next), the file ends before; the data sets up to there were read."))
        break
      }
      start += next
    }
    self.datasets = datasets
    self.findings = (datasets.flatMap(\.findings) + findings).worstFirst()
  }
}

/// One data set of an FCS file.
public struct FCSDataset: Sendable {
  /// Such as `3.1`.
  public let version: String
  /// The keywords of TEXT and supplemental TEXT.
  public let keywords: FCSKeywords
  /// The keywords of ANALYSIS.
  public let analysis: FCSKeywords
  /// The channels.
  public let channels: [FCSChannel]
  /// The stored channel values.
  public let events: EventTable
  /// Deviations from the standard.
  public let findings: [Finding]
  /// The spillover matrix that counts instead of what the keywords state.
  private(set) var assigned: SpilloverMatrix?

  /// The data set with a spillover matrix that counts as the stated one.
  ///
  /// - Throws: ``LaboratoryError`` for a matrix that is singular or whose detectors the data set has not.
  public func stating(_ matrix: SpilloverMatrix) throws -> FCSDataset {
    _ = try Compensation(matrix, of: self)
    var copy = self
    copy.assigned = matrix
    return copy
  }

  /// Makes a data set of measured values, as ``written()`` writes it.
  ///
  /// - Throws: ``LaboratoryError`` unless the table has a column for every channel, in their order.
  public init(channels: [FCSChannel], events: EventTable) throws {
    guard channels.map(\.index) == Array(0..<events.channelCount) else {
      throw LaboratoryError(
        "channels-unequal", "\(channels.count) channels describe a table of \(events.channelCount) columns.",
        remedy: "Describe every column by the channel of its index.")
    }
    version = "3.1"
    keywords = FCSKeywords()
    analysis = FCSKeywords()
    self.channels = channels
    self.events = events
    findings = []
  }

  init(
    version: String, keywords: FCSKeywords, analysis: FCSKeywords, channels: [FCSChannel], events: EventTable,
    findings: [Finding]
  ) {
    self.version = version
    self.keywords = keywords
    self.analysis = analysis
    self.channels = channels
    self.events = events
    self.findings = findings
  }

  /// The values of one channel on its scale.
  public func scaled(_ channel: FCSChannel) -> [Double] {
    let values = events[channel: channel.index]
    return channel.isIdentity ? values : values.map(channel.scaled)
  }

  /// The channel of a short name or, where none has it, of a label; without regard to case and outer white space.
  ///
  /// - Throws: ``LaboratoryError`` when there is none or more than one.
  public func channel(named name: String) throws -> FCSChannel {
    let wanted = name.trimming.uppercased()
    var found = channels.filter { $0.name.trimming.uppercased() == wanted }
    if found.isEmpty { found = channels.filter { $0.label?.trimming.uppercased() == wanted } }
    guard let channel = found.first, found.count == 1 else {
      throw LaboratoryError(
        found.isEmpty ? "channel-missing" : "channel-ambiguous",
        found.isEmpty ? "The file has no channel “\(name)”." : "The file has \(found.count) channels “\(name)”.",
        remedy: "Its channels are: \(channels.map(\.name).joined(separator: ", ")).")
    }
    return channel
  }
}

extension Finding {
  static func fcs(
    _ severity: Severity, _ code: String, _ title: String, _ text: String, subject: String? = nil
  ) -> Finding {
    Finding(severity, code: code, title: title, text, subject: subject, origin: "Laboratory")
  }
}
