import Provenance

/// Reads the descriptions of the channels from keywords.
struct FCSChannelReader {
  private let keywords: FCSKeywords
  private let version: String

  init(_ keywords: FCSKeywords, _ version: String) {
    self.keywords = keywords
    self.version = version
  }

  func read(_ findings: inout [Finding]) throws -> [FCSChannel] {
    guard let count = keywords.integer("$PAR"), (1...10_000).contains(count) else {
      throw LaboratoryError(
        "parameters-missing", "$PAR, the number of channels, is missing or none.", remedy: "Export the file again.")
    }
    var channels: [FCSChannel] = []
    for number in 1...count { channels.append(try channel(number, &findings)) }
    reportNames(channels, &findings)
    return channels
  }

  private func channel(_ number: Int, _ findings: inout [Finding]) throws -> FCSChannel {
    let prefix = "$P\(number)"
    let storage = try storage(number)
    var name = keywords.trimmed(prefix + "N") ?? ""
    if name.isEmpty {
      name = "P\(number)"
      findings.append(
        .fcs(
          version == "2.0" ? .info : .caution, "name-missing", "A channel has no name.",
          "\(prefix)N is missing; the channel is called \(name).", subject: name))
    }
    let range = try range(number, storage)
    let amplification = amplification(number, name, storage, range, &findings)
    return FCSChannel(
      index: number - 1, name: name, label: keywords.trimmed(prefix + "S"), range: range, storage: storage,
      amplification: amplification)
  }

  private func storage(_ number: Int) throws -> FCSChannel.Storage {
    let own = version == "3.2" ? keywords.trimmed("$P\(number)DATATYPE") : nil
    let type = (own ?? keywords.trimmed("$DATATYPE") ?? "").uppercased()
    let bits = keywords.trimmed("$P\(number)B") ?? ""
    switch type {
    case "F":
      guard bits.isEmpty || Int(bits) == 32 else { throw widthRefusal(number, bits, "F, which needs 32") }
      return .float32
    case "D":
      guard bits.isEmpty || Int(bits) == 64 else { throw widthRefusal(number, bits, "D, which needs 64") }
      return .float64
    case "I":
      guard let width = Int(bits), (1...64).contains(width) else { throw widthRefusal(number, bits, "I") }
      return .integer(bits: width)
    case "A":
      if bits == "*" { return .text(characters: nil) }
      guard let width = Int(bits), (1...64).contains(width) else { throw widthRefusal(number, bits, "A") }
      return .text(characters: width)
    default:
      throw LaboratoryError(
        "data-type-unknown", "The data type of channel \(number) is “\(type.prefix(8))”.",
        remedy: "It must be I, F, D or A.")
    }
  }

  private func widthRefusal(_ number: Int, _ bits: String, _ type: String) -> LaboratoryError {
    LaboratoryError(
      "width-invalid", "$P\(number)B is “\(bits.prefix(12))” with data type \(type).",
      remedy: "Export the file again.")
  }

  private func range(_ number: Int, _ storage: FCSChannel.Storage) throws -> Double {
    let text = keywords.trimmed("$P\(number)R")
    if let text, let range = Double(text), range.isFinite, range >= 0 { return range }
    if case .integer = storage {
      throw LaboratoryError(
        "range-invalid", "$P\(number)R is “\((text ?? "").prefix(20))”.",
        remedy: "Integers need their range: export the file again.")
    }
    return 0
  }

  /// $PnE with $PnG: logarithmic integers keep their decades, an offset of 0 means 1, and the gain is not applied to them.
  private func amplification(
    _ number: Int, _ name: String, _ storage: FCSChannel.Storage, _ range: Double, _ findings: inout [Finding]
  ) -> FCSChannel.Amplification {
    func note(_ severity: Finding.Severity, _ code: String, _ title: String, _ text: String) {
      findings.append(.fcs(severity, code, title, text, subject: name))
    }
    let exponent = (keywords.trimmed("$P\(number)E") ?? "0,0").split(separator: ",").map { Double($0.trimming) }
    let decades = exponent.first.flatMap { $0 } ?? 0
    var offset = exponent.count > 1 ? exponent[1] ?? 0 : 0
    let gainText = keywords.trimmed("$P\(number)G")
    var gain = gainText.flatMap { Double($0) } ?? 1
    if !(gain > 0 && gain.isFinite) {
      note(.caution, "gain-invalid", "A gain cannot be used.", "$P\(number)G is “\(gainText ?? "")”; 1 was used.")
      gain = 1
    }
    if name.uppercased() == "TIME", let step = keywords.trimmed("$TIMESTEP").flatMap({ Double($0) }), step > 0 {
      if gain != 1, gain != step {
        note(
          .info, "gain-of-time", "Time has a gain.", "$P\(number)G \(gain) was not applied beside $TIMESTEP \(step).")
      }
      return .time(step: step)
    }
    guard decades > 0, decades.isFinite else {
      if gain != 1 {
        note(
          .info, "gain-applied", "A gain divides the values.", "$P\(number)G is \(gain): scale value = stored / gain.")
      }
      return .linear(gain: gain)
    }
    guard case .integer = storage, range > 0 else {
      note(
        .caution, "log-scale-ignored", "A logarithmic scale is stated for values that are linear.",
        "$P\(number)E \(decades),\(offset) has no meaning for floating-point data and was not applied.")
      return .linear(gain: gain)
    }
    if !(offset > 0 && offset.isFinite) {
      note(
        .info, "log-offset-zero", "A logarithmic scale begins at 0.",
        "$P\(number)E \(decades),\(offset) was read as \(decades),1, as FCS 3.1 says.")
      offset = 1
    }
    if gain != 1 {
      note(
        .caution, "gain-with-log", "A gain is stated for a logarithmic scale.",
        "$P\(number)G \(gain) was not applied: the scale of $P\(number)E already is the amplified one.")
    }
    return .logarithmic(decades: decades, offset: offset)
  }

  private func reportNames(_ channels: [FCSChannel], _ findings: inout [Finding]) {
    let groups = Dictionary(grouping: channels) { $0.name.uppercased() }
    for channel in channels where (groups[channel.name.uppercased()]?.count ?? 0) > 1 {
      if groups[channel.name.uppercased()]?.first == channel {
        findings.append(
          .fcs(
            .caution, "name-duplicate", "Channels have the same name.",
            "\(channel.name) is the name of \(groups[channel.name.uppercased()]?.count ?? 0) channels; they cannot be "
              + "told apart by name.", subject: channel.name))
      }
    }
    for channel in channels where channel.name.contains(",") {
      findings.append(
        .fcs(
          .caution, "name-with-comma", "A channel's name holds a comma.",
          "The standard forbids it: lists of names cannot be read with it.", subject: channel.name))
    }
    if channels.contains(where: { if case .text = $0.storage { true } else { false } }) {
      findings.append(
        .fcs(.info, "data-as-text", "The events are stored as text.", "FCS 3.1 deprecates it and 3.2 forbids it."))
    }
  }
}
