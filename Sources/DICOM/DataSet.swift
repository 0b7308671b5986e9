/// One attribute of a data set: where its value lies in the file.
struct Element: Sendable {
  enum Content: Sendable {
    case bytes(Range<Int>)
    case items([DataSet])
    case fragments([Range<Int>])
  }

  let tag: Tag
  /// Unknown when the transfer syntax is implicit.
  let representation: ValueRepresentation?
  let content: Content
}

/// The two letters that tell how a value is encoded (PS3.5 6.2).
struct ValueRepresentation: Hashable, Sendable {
  let first: UInt8
  let second: UInt8

  init(_ first: UInt8, _ second: UInt8) {
    self.first = first
    self.second = second
  }

  init(_ name: StaticString) {
    self.init(name.utf8Start[0], name.utf8Start[1])
  }

  static let sequence = Self("SQ")
  static let unknown = Self("UN")
  static let otherWord = Self("OW")

  /// Those whose length has two bytes; all others, also those not yet invented, have four (PS3.5 7.1.2).
  static let withShortLength: Set<Self> = [
    Self("AE"), Self("AS"), Self("AT"), Self("CS"), Self("DA"), Self("DS"), Self("DT"), Self("FD"), Self("FL"),
    Self("IS"), Self("LO"), Self("LT"), Self("PN"), Self("SH"), Self("SL"), Self("SS"), Self("ST"), Self("TM"),
    Self("UI"), Self("UL"), Self("US"),
  ]
}

/// The attributes of a file or of one item of a sequence.
///
/// A value is decoded when it is asked for. Every accessor gives `nil` (or nothing) when the attribute is absent or
/// empty, and throws when it is there and malformed.
public struct DataSet: Sendable {
  let bytes: [UInt8]
  let order: ByteOrder
  let elements: [Element]
  let isExplicit: Bool
  let depth: Int
  let characterSet: CharacterSet

  subscript(_ tag: Tag) -> Element? {
    var low = 0
    var high = elements.count
    while low < high {
      let middle = (low + high) / 2
      if elements[middle].tag < tag { low = middle + 1 } else { high = middle }
    }
    return low < elements.count && elements[low].tag == tag ? elements[low] : nil
  }

  /// The tags that are present, in ascending order.
  public var tags: [Tag] { elements.map(\.tag) }

  /// Whether the attribute is present, be it empty.
  public func contains(_ tag: Tag) -> Bool { self[tag] != nil }

  /// The items of a sequence; none when it is absent.
  public func items(_ tag: Tag) throws(DICOMError) -> [DataSet] {
    guard let element = self[tag] else { return [] }
    switch element.content {
    case .items(let items): return items
    case .bytes(let range) where element.representation == nil || element.representation == .unknown:
      var parser = Parser(bytes: bytes, order: order, characterSet: characterSet)
      var position = range.lowerBound
      return try parser.items(
        of: tag, from: &position, to: range.upperBound, isExplicit: false, isDelimited: false, depth: depth + 1)
    default: throw malformed(tag, "is not a sequence")
    }
  }

  /// The first item of a sequence.
  public func item(_ tag: Tag) throws(DICOMError) -> DataSet? { try items(tag).first }

  /// Where the value of an attribute that is no sequence lies; `nil` when it is absent or empty.
  func range(_ tag: Tag) throws(DICOMError) -> Range<Int>? {
    guard let element = self[tag] else { return nil }
    guard case .bytes(let range) = element.content else { throw malformed(tag, "is a sequence") }
    return range.isEmpty ? nil : range
  }

  func malformed(_ tag: Tag, _ what: String) -> DICOMError {
    DICOMError(
      "malformed-value", "The attribute \(tag) \(what).",
      remedy: "Export the study again, or correct the attribute at its source.")
  }
}
