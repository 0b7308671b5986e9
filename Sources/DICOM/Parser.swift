/// Finds the attributes in a file's bytes without trusting a single length.
///
/// Nothing is allocated by a declared length: memory grows with what was found, sequences nest at most
/// ``nestingLimit`` deep, and a file holds at most ``elementLimit`` attributes and items.
struct Parser {
  static let nestingLimit = 64
  static let elementLimit = 4_000_000
  private static let undefinedLength = 0xFFFF_FFFF

  let bytes: [UInt8]
  let order: ByteOrder
  /// How long the file is when `bytes` are only its beginning and pixel data are not to be entered.
  let fileSize: Int?
  private var found = 0
  /// That of the data set which is being read.
  private var characterSet: CharacterSet

  init(
    bytes: [UInt8], order: ByteOrder, characterSet: CharacterSet = .undeclared, beginningOf fileSize: Int? = nil
  ) {
    self.bytes = bytes
    self.order = order
    self.characterSet = characterSet
    self.fileSize = fileSize
  }

  /// The file meta information: explicit little endian, group 2 only (PS3.10 7.1).
  mutating func fileMeta(from position: inout Int) throws(DICOMError) -> DataSet {
    try dataSet(
      from: &position, to: bytes.count, isExplicit: true, isDelimited: false, onlyGroup: 2, depth: 0)
  }

  /// A data set up to `end`, or up to its delimiter.
  mutating func dataSet(
    from position: inout Int, to end: Int, isExplicit: Bool, isDelimited: Bool, onlyGroup: UInt16? = nil, depth: Int
  ) throws(DICOMError) -> DataSet {
    var elements: [Element] = []
    let around = characterSet
    defer { characterSet = around }
    while position < end || isDelimited {
      let tag = try self.tag(at: position, end: end)
      if tag == .itemDelimitation, isDelimited {
        try require(8, at: position, end: end, in: tag)
        position += 8
        break
      }
      if let onlyGroup, tag.group != onlyGroup { break }
      guard tag.group != 0xFFFE else { throw malformed("A delimiter \(tag) stands at byte \(position)") }
      if let last = elements.last?.tag, last >= tag {
        throw malformed("Attribute \(tag) at byte \(position) follows \(last)")
      }
      try count()
      if let fileSize, depth == 0, Tag.pixels.contains(tag) {
        let (_, length) = try header(of: tag, at: &position, end: end, isExplicit: isExplicit)
        guard length == Self.undefinedLength || length <= fileSize - position else {
          throw DICOMError(
            "short-pixel-data", "The file ends at byte \(fileSize), inside its pixel data.",
            remedy: "Copy or export the file again.")
        }
        break
      }
      let element = try element(tag, at: &position, end: end, isExplicit: isExplicit, depth: depth)
      if tag == .specificCharacterSet, case .bytes(let range) = element.content {
        let terms = String(decoding: bytes[range], as: UTF8.self)
          .split(separator: "\\", omittingEmptySubsequences: false)
        characterSet = CharacterSet(terms: terms.map { $0.trimmingSpaces() })
      }
      elements.append(element)
    }
    return DataSet(
      bytes: bytes, order: order, elements: elements, isExplicit: isExplicit, depth: depth,
      characterSet: characterSet)
  }

  private mutating func element(
    _ tag: Tag, at position: inout Int, end: Int, isExplicit: Bool, depth: Int
  ) throws(DICOMError) -> Element {
    let (representation, length) = try header(of: tag, at: &position, end: end, isExplicit: isExplicit)
    guard length == Self.undefinedLength else {
      try require(length, at: position, end: end, in: tag)
      let range = position..<position + length
      position = range.upperBound
      guard representation == .sequence else {
        return Element(tag: tag, representation: representation, content: .bytes(range))
      }
      var start = range.lowerBound
      let items = try items(
        of: tag, from: &start, to: range.upperBound, isExplicit: isExplicit, isDelimited: false, depth: depth + 1)
      return Element(tag: tag, representation: representation, content: .items(items))
    }
    if tag == .pixelData {
      let fragments = try fragments(from: &position, end: end)
      return Element(tag: tag, representation: representation, content: .fragments(fragments))
    }
    guard representation == nil || representation == .sequence || representation == .unknown else {
      throw malformed("Attribute \(tag) has no length")
    }
    // A sequence of unknown representation is implicit inside (PS3.5 6.2.2).
    let items = try items(
      of: tag, from: &position, to: end, isExplicit: isExplicit && representation != .unknown, isDelimited: true,
      depth: depth + 1)
    return Element(tag: tag, representation: representation, content: .items(items))
  }

  private func header(
    of tag: Tag, at position: inout Int, end: Int, isExplicit: Bool
  ) throws(DICOMError) -> (ValueRepresentation?, Int) {
    try require(8, at: position, end: end, in: tag)
    defer { position += 8 }
    guard isExplicit else { return (nil, length32(at: position + 4)) }
    let representation = ValueRepresentation(bytes[position + 4], bytes[position + 5])
    guard (65...90).contains(representation.first), (65...90).contains(representation.second) else {
      throw malformed("Attribute \(tag) at byte \(position) has no value representation")
    }
    if ValueRepresentation.withShortLength.contains(representation) {
      return (representation, Int(order.number(bytes, at: position + 6, UInt16.self)))
    }
    try require(12, at: position, end: end, in: tag)
    position += 4
    return (representation, length32(at: position + 4))
  }

  /// The items of a sequence up to `end`, or up to its delimiter.
  mutating func items(
    of tag: Tag, from position: inout Int, to end: Int, isExplicit: Bool, isDelimited: Bool, depth: Int
  ) throws(DICOMError) -> [DataSet] {
    guard depth <= Self.nestingLimit else {
      throw DICOMError(
        "nested-too-deeply", "Sequences are nested more than \(Self.nestingLimit) deep at byte \(position).",
        remedy: "Leave the file out: no scanner writes such a file.")
    }
    var items: [DataSet] = []
    while position < end || isDelimited {
      let marker = try self.tag(at: position, end: end)
      try require(8, at: position, end: end, in: tag)
      let length = length32(at: position + 4)
      position += 8
      if marker == .sequenceDelimitation, isDelimited { break }
      guard marker == .item else {
        throw malformed("\(marker) stands where an item of \(tag) should begin")
      }
      try count()
      guard length != Self.undefinedLength else {
        items.append(
          try dataSet(from: &position, to: end, isExplicit: isExplicit, isDelimited: true, depth: depth))
        continue
      }
      try require(length, at: position, end: end, in: tag)
      items.append(
        try dataSet(
          from: &position, to: position + length, isExplicit: isExplicit, isDelimited: false, depth: depth))
    }
    return items
  }

  /// The fragments of compressed pixel data without the offset table that comes first (PS3.5 A.4).
  private mutating func fragments(from position: inout Int, end: Int) throws(DICOMError) -> [Range<Int>] {
    var fragments: [Range<Int>] = []
    while true {
      let marker = try tag(at: position, end: end)
      try require(8, at: position, end: end, in: .pixelData)
      let length = length32(at: position + 4)
      position += 8
      if marker == .sequenceDelimitation { return Array(fragments.dropFirst()) }
      guard marker == .item else {
        throw malformed("\(marker) stands where a fragment of the pixel data should begin")
      }
      try count()
      try require(length, at: position, end: end, in: .pixelData)
      fragments.append(position..<position + length)
      position += length
    }
  }

  private func tag(at position: Int, end: Int) throws(DICOMError) -> Tag {
    try require(4, at: position, end: end, in: nil)
    return Tag(
      order.number(bytes, at: position, UInt16.self), order.number(bytes, at: position + 2, UInt16.self))
  }

  private func length32(at position: Int) -> Int { Int(order.number(bytes, at: position, UInt32.self)) }

  private mutating func count() throws(DICOMError) {
    found += 1
    guard found <= Self.elementLimit else {
      throw DICOMError(
        "too-many-attributes", "The file holds more than \(Self.elementLimit) attributes and items.",
        remedy: "Leave the file out: no scanner writes such a file.")
    }
  }

  private func require(_ length: Int, at position: Int, end: Int, in tag: Tag?) throws(DICOMError) {
    guard length > end - position else { return }
    guard length > bytes.count - position else {
      throw malformed("At byte \(position), \(place(tag)), a length reaches beyond the item that holds it")
    }
    throw DICOMError(
      "truncated", "The file ends at byte \(bytes.count), \(place(tag)).", remedy: "Copy or export the file again.")
  }

  private func place(_ tag: Tag?) -> String {
    tag.map { "inside attribute \($0)" } ?? "where an attribute should begin"
  }

  private func malformed(_ what: String) -> DICOMError {
    DICOMError("malformed-structure", "\(what), which DICOM does not allow.", remedy: "Export the study again.")
  }
}

extension Tag {
  /// The attributes that hold pixel values.
  static let pixels: [Tag] = [.floatPixelData, .doubleFloatPixelData, .pixelData]
  static let item = Tag(0xFFFE, 0xE000)
  static let itemDelimitation = Tag(0xFFFE, 0xE00D)
  static let sequenceDelimitation = Tag(0xFFFE, 0xE0DD)
}

extension Substring {
  /// Without the padding of DICOM at its ends.
  fileprivate func trimmingSpaces() -> String {
    String(drop { $0 == " " || $0 == "\0" }.reversed().drop { $0 == " " || $0 == "\0" }.reversed())
  }
}
