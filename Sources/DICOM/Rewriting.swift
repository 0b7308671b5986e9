import CDCMTK

/// An attribute where it stands in a file that is written anew.
public struct AttributeInPlace: Sendable {
  /// Its tag.
  public let tag: Tag
  /// Its representation, such as `UI`: as the file says or else as the dictionary does; `nil` where neither knows.
  public let representation: String?
  /// The data set or item that holds it.
  public let dataSet: DataSet
  /// Whether it is of the data set itself, not of an item.
  public let isOutermost: Bool

  /// Whether a vendor defined it (PS3.5 7.8).
  public var isPrivate: Bool { tag.group % 2 == 1 }
  /// Its values as text; none where it is no text.
  public func strings() -> [String] { (try? dataSet.strings(tag)) ?? [] }
}

/// What becomes of an attribute in a file that is written anew.
public enum Rewrite: Hashable, Sendable {
  /// Stays; the attributes of its items are asked one by one.
  case keep
  /// Is not written.
  case remove
  /// Has no value.
  case empty
  /// Has this text, in plain letters.
  case text(String)
}

extension DICOMFile {
  /// The file with its attributes changed one by one, those of items included; the encoding stays, but for deflated
  /// files, which are written unpacked.
  ///
  /// Of the file meta information the transfer syntax and the class are kept, and the instance as the data set has it.
  ///
  /// - Parameters:
  ///   - added: attributes of the data set that are written besides, with their representation and text.
  ///   - rewrite: what becomes of an attribute.
  /// - Throws: ``DICOMError`` for sequences that are malformed.
  public func rewritten(
    adding added: [(tag: Tag, representation: String, text: String)],
    _ rewrite: @escaping (AttributeInPlace) throws(DICOMError) -> Rewrite
  ) throws(DICOMError) -> [UInt8] {
    let body = try Encoder(order: transferSyntax.order, rewrite: rewrite).dataSet(dataSet, adding: added)
    let syntax = transferSyntax.isDeflated ? "1.2.840.10008.1.2.1" : transferSyntax.uid
    let isInDataSet = try dataSet.uid(.sopInstanceUID) != nil
    let place = AttributeInPlace(
      tag: isInDataSet ? .sopInstanceUID : .mediaStorageSOPInstanceUID, representation: "UI",
      dataSet: isInDataSet ? dataSet : meta, isOutermost: true)
    let instanceUID = if case .text(let uid) = try rewrite(place) { uid } else { place.strings().first ?? "" }
    var classUID = try dataSet.uid(.sopClassUID)
    if classUID == nil { classUID = try meta.uid(.mediaStorageSOPClassUID) }
    var head: [UInt8] = Encoder.explicit(Tag(0x0002, 0x0001), "OB", [0, 1])
    for (element, text) in [
      (UInt16(0x0002), classUID ?? ""), (0x0003, instanceUID), (0x0010, syntax),
      (0x0012, "2.25.235114722474384021806174405297061482957"),
    ] {
      head += Encoder.explicit(Tag(0x0002, element), "UI", Encoder.padded(text, "UI"))
    }
    let length = withUnsafeBytes(of: UInt32(head.count).littleEndian) { Array($0) }
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + Encoder.explicit(Tag(0x0002, 0x0000), "UL", length)
      + head + body
  }
}

/// Writes data sets in the encoding in which they were read.
private struct Encoder {
  let order: ByteOrder
  let rewrite: (AttributeInPlace) throws(DICOMError) -> Rewrite

  func dataSet(
    _ dataSet: DataSet, adding added: [(tag: Tag, representation: String, text: String)] = [], isOutermost: Bool = true
  ) throws(DICOMError) -> [UInt8] {
    var output: [UInt8] = []
    var more = added.sorted { $0.tag < $1.tag }[...]
    func addNext() {
      guard let next = more.popFirst() else { return }
      output += header(next.tag, next.representation, Self.padded(next.text, next.representation), dataSet.isExplicit)
    }
    for element in dataSet.elements where element.tag.element != 0 {
      while let next = more.first, next.tag < element.tag { addNext() }
      guard more.first?.tag != element.tag else {
        addNext()
        continue
      }
      output += try attribute(element, of: dataSet, isOutermost)
    }
    while !more.isEmpty { addNext() }
    return output
  }

  private func attribute(_ element: Element, of dataSet: DataSet, _ isOutermost: Bool) throws(DICOMError) -> [UInt8] {
    let told = element.representation.flatMap { $0 == .unknown ? nil : $0.name }
    let isSequence = if case .items = element.content { true } else { false }
    let name = told ?? (isSequence ? "SQ" : Self.dictionary(element.tag))
    let place = AttributeInPlace(
      tag: element.tag, representation: name, dataSet: dataSet, isOutermost: isOutermost)
    let written = element.representation?.name ?? name ?? "UN"
    switch try rewrite(place) {
    case .remove: return []
    case .empty: return header(element.tag, written, [], dataSet.isExplicit)
    case .text(let text):
      return header(element.tag, written, Self.padded(text, name ?? "LO"), dataSet.isExplicit)
    case .keep: break
    }
    switch element.content {
    case .bytes(let range) where name != "SQ":
      return header(element.tag, written, dataSet.bytes[range], dataSet.isExplicit)
    case .fragments(let fragments):
      var output = header(element.tag, written, [], dataSet.isExplicit, length: .max) + item(0)
      for fragment in fragments { output += item(UInt32(fragment.count)) + dataSet.bytes[fragment] }
      return output + tag(.sequenceDelimitation) + number(0)
    case .items, .bytes:
      var content: [UInt8] = []
      for item in try dataSet.items(element.tag) {
        let bytes = try self.dataSet(item, isOutermost: false)
        content += self.item(UInt32(bytes.count)) + bytes
      }
      return header(element.tag, written, content, dataSet.isExplicit)
    }
  }

  private func header(
    _ tag: Tag, _ representation: String, _ value: some Collection<UInt8>, _ isExplicit: Bool, length: UInt32? = nil
  ) -> [UInt8] {
    let count = length ?? UInt32(value.count)
    guard isExplicit else { return self.tag(tag) + number(count) + value }
    let letters = Array(representation.utf8)
    let isShort = ValueRepresentation.withShortLength.contains(ValueRepresentation(letters[0], letters[1]))
    let size = isShort ? word(UInt16(truncatingIfNeeded: count)) : [0, 0] + number(count)
    return self.tag(tag) + letters + size + value
  }

  private func item(_ length: UInt32) -> [UInt8] { tag(.item) + number(length) }
  private func tag(_ tag: Tag) -> [UInt8] { word(tag.group) + word(tag.element) }
  private func word(_ word: UInt16) -> [UInt8] { withUnsafeBytes(of: order.converted(word)) { Array($0) } }
  private func number(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: order.converted(number)) { Array($0) } }

  static func padded(_ text: String, _ representation: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    return bytes.count.isMultiple(of: 2) ? bytes : bytes + [representation == "UI" ? 0 : 0x20]
  }

  static func explicit(_ tag: Tag, _ representation: String, _ value: [UInt8]) -> [UInt8] {
    Encoder(order: .little) { (_) throws(DICOMError) in .keep }.header(tag, representation, value, true)
  }

  private static func dictionary(_ tag: Tag) -> String? {
    var letters = [CChar](repeating: 0, count: 3)
    return cdcmtk_representation(tag.group, tag.element, &letters) ? text(letters) : nil
  }
}

extension ValueRepresentation {
  var name: String { String(decoding: [first, second], as: UTF8.self) }
}
