import Provenance

/// Reads one data set that begins at an offset of the file.
struct FCSDatasetReader {
  private let bytes: UnsafeRawBufferPointer
  private let index: Int
  private var findings: [Finding] = []

  init(_ file: UnsafeRawBufferPointer, start: Int, index: Int) {
    bytes = UnsafeRawBufferPointer(rebasing: file[start...])
    self.index = index
  }

  mutating func read() throws -> FCSDataset {
    let version = try readVersion()
    var keywords = FCSKeywords()
    keywords.append(try textSegment())
    readSupplement(&keywords, version)
    report(keywords)
    try checkMode(keywords)
    let channels = try FCSChannelReader(keywords, version).read(&findings)
    let layout = FCSLayout(channels: channels, byteOrder: try byteOrder(keywords, version))
    try check(layout)
    let (events, strange) = try data(keywords, layout)
    reportValues(channels, events.count, strange)
    var analysis = FCSKeywords()
    readAnalysis(&analysis, keywords, version)
    return FCSDataset(
      version: version, keywords: keywords, analysis: analysis, channels: channels, events: events, findings: findings)
  }

  private mutating func note(
    _ severity: Finding.Severity, _ code: String, _ title: String, _ text: String, subject: String? = nil
  ) {
    findings.append(.fcs(severity, code, title, text, subject: subject ?? (index > 0 ? "data set \(index + 1)" : nil)))
  }

  // MARK: Header

  private func readVersion() throws -> String {
    guard bytes.count >= 6, bytes.prefix(3).elementsEqual("FCS".utf8) else {
      throw LaboratoryError(
        "not-fcs", "The file does not begin with “FCS”.", remedy: "Give a flow cytometry standard file.")
    }
    let version = String(decoding: bytes[3..<6], as: UTF8.self)
    guard ["1.0", "2.0", "3.0", "3.1", "3.2"].contains(version) else {
      throw LaboratoryError(
        "version-unknown", "The file says it is FCS \(version.filter { $0.isASCII }).",
        remedy: "Export it as FCS 2.0, 3.0, 3.1 or 3.2.")
    }
    guard version != "1.0" else {
      throw LaboratoryError(
        "version-unknown", "The file is FCS 1.0, which has no common layout.", remedy: "Export it as FCS 3.1.")
    }
    guard bytes.count >= 58 else {
      throw LaboratoryError(
        "header-cut", "The file ends after \(bytes.count) bytes, inside its header of 58.",
        remedy: "Copy the file again from the instrument.")
    }
    return version
  }

  /// A right-justified number of the header; `nil` where it is blank or none.
  private func offset(_ place: Int) -> Int? {
    Int(String(decoding: bytes[(10 + 8 * place)..<(18 + 8 * place)], as: UTF8.self).trimming)
  }

  private mutating func textSegment() throws -> UnsafeRawBufferPointer {
    guard let begin = offset(0), var end = offset(1), begin >= 58, begin < end, begin < bytes.count else {
      throw LaboratoryError(
        "text-missing", "The header does not tell where the keywords are.",
        remedy: "Copy the file again from the instrument.")
    }
    if end >= bytes.count {
      note(
        .caution, "text-cut", "TEXT ends beyond the file.",
        "The header says TEXT ends at \(end), the file has \(bytes.count) bytes; what there is was read.")
      end = bytes.count - 1
    }
    return UnsafeRawBufferPointer(rebasing: bytes[begin...end])
  }

  private mutating func readSupplement(_ keywords: inout FCSKeywords, _ version: String) {
    guard version != "2.0", let begin = keywords.integer("$BEGINSTEXT"), let end = keywords.integer("$ENDSTEXT"),
      begin > 0, end > begin
    else { return }
    if begin == offset(0) { return }
    guard end < bytes.count else {
      note(
        .caution, "supplement-cut", "Supplemental TEXT ends beyond the file.",
        "$ENDSTEXT is \(end), the file has \(bytes.count) bytes; it was left out.")
      return
    }
    keywords.append(UnsafeRawBufferPointer(rebasing: bytes[begin...end]))
  }

  private func readAnalysis(_ analysis: inout FCSKeywords, _ keywords: FCSKeywords, _ version: String) {
    var range = (offset(4) ?? 0, offset(5) ?? 0)
    if range.0 <= 0, let begin = keywords.integer("$BEGINANALYSIS"), let end = keywords.integer("$ENDANALYSIS") {
      range = (begin, end)
    }
    guard range.0 >= 58, range.1 > range.0, range.1 < bytes.count else { return }
    analysis.append(UnsafeRawBufferPointer(rebasing: bytes[range.0...range.1]))
  }

  private mutating func report(_ keywords: FCSKeywords) {
    if keywords.isUnclosed {
      note(.info, "text-unclosed", "TEXT does not end in its delimiter.", "The last value was taken to the end.")
    }
    if keywords.hasSurplus {
      note(.info, "text-surplus", "TEXT holds bytes after its last value.", "They were left out.")
    }
    if !keywords.empty.isEmpty {
      note(
        .info, "value-empty", "Keywords have empty values.",
        "Empty: \(keywords.empty.prefix(8).joined(separator: ", ")). The standard forbids empty values.")
    }
    if !keywords.contradictions.isEmpty {
      note(
        .caution, "keyword-repeated", "Keywords occur twice with different values.",
        "The first value counts: \(keywords.contradictions.prefix(8).joined(separator: ", ")).")
    }
  }

  private func checkMode(_ keywords: FCSKeywords) throws {
    let mode = keywords.trimmed("$MODE")?.uppercased() ?? "L"
    guard mode == "L" else {
      throw LaboratoryError(
        "mode-histogram", "$MODE is \(mode.prefix(4)): the file holds histograms, no list of events.",
        remedy: "Export the list mode data.")
    }
  }

  private mutating func byteOrder(_ keywords: FCSKeywords, _ version: String) throws -> [Int] {
    guard let text = keywords.trimmed("$BYTEORD") else {
      throw LaboratoryError(
        "byte-order-missing", "The file does not state its byte order, $BYTEORD.", remedy: "Export it again.")
    }
    let order = text.split(separator: ",").compactMap { Int($0.trimming) }
    guard !order.isEmpty, order.sorted() == Array(1...order.count) else {
      throw LaboratoryError(
        "byte-order-invalid", "$BYTEORD is “\(text.prefix(40))”.",
        remedy: "It must be a permutation such as 1,2,3,4 or 4,3,2,1.")
    }
    let isPlain = order == order.sorted() || order == order.sorted(by: >)
    if !isPlain {
      note(
        version >= "3.1" ? .caution : .info, "byte-order-mixed", "The byte order is mixed.",
        "$BYTEORD \(text) was applied as written; FCS 3.1 and later forbid it.")
    }
    return order
  }

  private func check(_ layout: FCSLayout) throws {
    let isText = layout.channels.map { if case .text = $0.storage { true } else { false } }
    let widths = layout.channels.compactMap { channel -> Int? in
      switch channel.storage {
      case .integer(let bits): bits
      case .float32: 32
      case .float64: 64
      case .text: nil
      }
    }
    guard isText.allSatisfy({ $0 }) || !isText.contains(true) else {
      throw LaboratoryError(
        "data-type-mixed", "The file mixes text and binary values.", remedy: "Export it as FCS 3.1.")
    }
    if widths.contains(where: { $0 % 8 != 0 }) {
      guard layout.channels.allSatisfy({ if case .integer = $0.storage { true } else { false } }) else {
        throw LaboratoryError(
          "widths-mixed", "The file packs integers by bits beside other values.", remedy: "Export it as FCS 3.1.")
      }
      return
    }
    guard widths.allSatisfy({ layout.order($0 / 8) != nil }) else {
      throw LaboratoryError(
        "byte-order-unusable", "The byte order does not tell how wider values are stored.",
        remedy: "Export the file with byte order 1,2,3,4 or 4,3,2,1.")
    }
  }

  // MARK: Data

  private mutating func data(_ keywords: FCSKeywords, _ layout: FCSLayout) throws -> (EventTable, strange: [Int]) {
    let total = keywords.integer("$TOT").flatMap { $0 >= 0 ? $0 : nil }
    if keywords["$TOT"] != nil, total == nil {
      note(.caution, "total-invalid", "$TOT is no number.", "The events were counted from the length of DATA.")
    }
    guard let segment = try dataSegment(keywords, layout, total) else {
      return try layout.decode(UnsafeRawBufferPointer(start: nil, count: 0), count: 0)
    }
    guard let bits = layout.eventBits else {
      let found = try layout.decode(segment, count: min(total ?? segment.count, segment.count))
      reportCount(total, found.table.count)
      return found
    }
    let (available, overflow) = segment.count.multipliedReportingOverflow(by: 8)
    guard bits > 0, !overflow else { throw PlaneMemory.tooLarge }
    let whole = available / bits
    let count = min(whole, total ?? whole)
    reportCount(total, whole)
    if let total, total > 0, count == 0 {
      throw LaboratoryError(
        "data-missing", "The file states \(total) events and holds none of them.",
        remedy: "Copy the file again from the instrument.")
    }
    return try layout.decode(segment, count: count)
  }

  private mutating func reportCount(_ total: Int?, _ whole: Int) {
    guard let total, total != whole else { return }
    if total > whole {
      note(
        .serious, "events-missing", "Events are missing.",
        "$TOT is \(total), DATA holds \(whole) whole events; those were read.")
    } else {
      note(
        .caution, "events-surplus", "DATA holds more than $TOT events.",
        "$TOT is \(total), DATA has room for \(whole); the first \(total) were read.")
    }
  }

  /// DATA where header or keywords say; the one whose length fits $TOT, else that of the header.
  private mutating func dataSegment(
    _ keywords: FCSKeywords, _ layout: FCSLayout, _ total: Int?
  ) throws -> UnsafeRawBufferPointer? {
    struct Place: Equatable { let begin: Int, end: Int }
    func place(_ begin: Int?, _ end: Int?) -> Place? {
      guard let begin, let end, begin >= 58, end >= begin - 1, begin < bytes.count || total == 0 else { return nil }
      return Place(begin: begin, end: end)
    }
    let header = place(offset(2), offset(3))
    let text = place(keywords.integer("$BEGINDATA"), keywords.integer("$ENDDATA"))
    let expected = total.flatMap(layout.byteCount(of:))
    func fits(_ place: Place) -> Bool {
      let length = place.end - place.begin + 1
      return place.end < bytes.count + 1 && expected.map { length == $0 || length == $0 + 1 } ?? true
    }
    let candidates = [header, text].compactMap { $0 }
    let exact = candidates.first { place in expected.map { place.end - place.begin + 1 == $0 } ?? false }
    guard let chosen = exact ?? candidates.first(where: fits) ?? candidates.first else {
      if total == 0 { return nil }
      throw LaboratoryError(
        "data-missing", "Neither header nor keywords tell where the events are.",
        remedy: "Copy the file again from the instrument.")
    }
    if let header, let text, header != text {
      note(
        .caution, "data-offsets-differ", "Header and keywords place DATA differently.",
        "Header \(header.begin)–\(header.end), keywords \(text.begin)–\(text.end); \(chosen.begin)–\(chosen.end) fits.")
    } else if header == nil, let stated = [offset(2), offset(3)].compactMap({ $0 }).first(where: { $0 > 0 }) {
      note(
        .caution, "header-offsets-wrong", "The header places DATA beyond the file.",
        "It says \(stated); the keywords' place was used.")
    } else if text == nil, keywords["$BEGINDATA"] == nil, bytes[3] != UInt8(ascii: "2") {
      note(
        .caution, "data-offsets-missing", "$BEGINDATA or $ENDDATA is missing.", "The header's place was used.")
    }
    let length = chosen.end - chosen.begin + 1
    if let expected, length == expected + 1 {
      note(
        .caution, "data-end-late", "DATA ends one byte too late.", "The byte after the last event was left out.")
    }
    if chosen.end >= bytes.count {
      if expected.map({ chosen.begin + $0 > bytes.count }) ?? true {
        note(
          .serious, "data-cut", "The file ends inside DATA.",
          "DATA should end at byte \(chosen.end), the file has \(bytes.count) bytes.")
      }
    }
    let end = min(chosen.end, bytes.count - 1)
    guard end >= chosen.begin else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: bytes[chosen.begin...end])
  }

  private mutating func reportValues(_ channels: [FCSChannel], _ events: Int, _ strange: [Int]) {
    for channel in channels {
      if case .integer(let bits) = channel.storage, bits > 53 {
        note(
          .info, "integer-wide", "Integers are wider than 53 bits.",
          "Values above 9007199254740992 are rounded.", subject: channel.name)
      }
      if strange[channel.index] > 0 {
        note(
          .serious, "values-not-finite", "Values are infinite or no numbers.",
          "\(strange[channel.index]) of \(events) values of channel \(channel.name); statistics leave them out.",
          subject: channel.name)
      }
    }
  }
}
