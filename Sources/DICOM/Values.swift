extension DataSet {
  /// All values of a text attribute, without the padding at their ends.
  ///
  /// Text is read by the Specific Character Set of the data set or of the one around it. Where none is declared, or
  /// bytes do not fit it, text is taken as UTF-8 when it is valid UTF-8 and as Latin-1 otherwise.
  public func strings(_ tag: Tag) throws(DICOMError) -> [String] {
    guard let range = try range(tag) else { return [] }
    return characterSet.text(bytes[range]).unicodeScalars.split(separator: "\\", omittingEmptySubsequences: false).map {
      var part = $0
      while let first = part.first, Self.isPadding(first) { part.removeFirst() }
      while let last = part.last, Self.isPadding(last) { part.removeLast() }
      return String(part)
    }
  }

  /// The first value of a text attribute; `nil` when there is none.
  public func string(_ tag: Tag) throws(DICOMError) -> String? {
    guard let first = try strings(tag).first, !first.isEmpty else { return nil }
    return first
  }

  /// A UID: digits and full stops, at most 64 (PS3.5 9.1).
  public func uid(_ tag: Tag) throws(DICOMError) -> String? {
    guard let text = try string(tag) else { return nil }
    guard Self.isUID(text) else { throw malformed(tag, "is not a UID") }
    return text
  }

  static func isUID(_ text: String) -> Bool {
    text.utf8.count <= 64
      && text.split(separator: ".", omittingEmptySubsequences: false)
        .allSatisfy { part in !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) } }
  }

  /// The finite decimal numbers of an attribute, be they text (DS) or binary (FL, FD).
  public func decimals(_ tag: Tag) throws(DICOMError) -> [Double] {
    let numbers: [Double]
    switch self[tag]?.representation {
    case ValueRepresentation("FL"): numbers = try binary(tag, UInt32.self).map { Double(Float(bitPattern: $0)) }
    case ValueRepresentation("FD"): numbers = try binary(tag, UInt64.self).map { Double(bitPattern: $0) }
    default:
      let texts = try strings(tag)
      guard texts != [""] else { return [] }
      numbers = texts.compactMap { $0.utf8.allSatisfy(Self.isDecimalCharacter) ? Double($0) : nil }
      guard numbers.count == texts.count else { throw malformed(tag, "holds something that is not a decimal number") }
    }
    guard numbers.allSatisfy(\.isFinite) else { throw malformed(tag, "holds a number that is not finite") }
    return numbers
  }

  /// The first decimal number of an attribute.
  public func decimal(_ tag: Tag) throws(DICOMError) -> Double? { try decimals(tag).first }

  /// The whole numbers of an attribute written as text (IS) or, when the file says so, in binary.
  public func integers(_ tag: Tag) throws(DICOMError) -> [Int] {
    switch self[tag]?.representation {
    case ValueRepresentation("US"): return try binary(tag, UInt16.self).map(Int.init)
    case ValueRepresentation("SS"): return try binary(tag, Int16.self).map(Int.init)
    case ValueRepresentation("UL"): return try binary(tag, UInt32.self).map(Int.init)
    case ValueRepresentation("SL"): return try binary(tag, Int32.self).map(Int.init)
    default:
      let texts = try strings(tag)
      guard texts != [""] else { return [] }
      let numbers = texts.compactMap { Int($0) }
      guard numbers.count == texts.count else { throw malformed(tag, "holds something that is not a whole number") }
      return numbers
    }
  }

  /// The first whole number of an attribute written as text (IS).
  public func integer(_ tag: Tag) throws(DICOMError) -> Int? { try integers(tag).first }

  /// The first number of an attribute of unsigned 16-bit numbers (US), also where the file does not say so.
  public func unsigned16(_ tag: Tag) throws(DICOMError) -> Int? { try binary(tag, UInt16.self).first.map(Int.init) }

  /// All numbers of an attribute of unsigned 16-bit numbers (US), also where the file does not say so.
  public func unsigned16s(_ tag: Tag) throws(DICOMError) -> [Int] { try binary(tag, UInt16.self).map(Int.init) }

  private func binary<N: FixedWidthInteger>(_ tag: Tag, _: N.Type) throws(DICOMError) -> [N] {
    guard let range = try range(tag) else { return [] }
    let size = N.bitWidth / 8
    guard range.count.isMultiple(of: size) else { throw malformed(tag, "has a length that does not fit its numbers") }
    return stride(from: range.lowerBound, to: range.upperBound, by: size).map { order.number(bytes, at: $0, N.self) }
  }

  private static func isPadding(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\0" }

  private static func isDecimalCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}
