import DICOM
import Testing

@Suite struct RewritingTests {
  private func sample(_ syntax: String) -> [UInt8] {
    var file = ByteFile(transferSyntax: syntax)
    func put(_ group: UInt16, _ element: UInt16, _ vr: String, _ value: [UInt8]) {
      if syntax.hasSuffix("1.2") {
        file.implicit(group, element, value)
      } else {
        file.explicit(group, element, vr, value)
      }
    }
    put(0x0008, 0x0016, "UI", text("1.2.840.10008.5.1.4.1.1.2\0"))
    put(0x0008, 0x0018, "UI", text("1.2.30"))
    let inner = syntax.hasSuffix("1.2") ? [] : text("UI")
    let reference: [UInt8] = inner.isEmpty ? le(UInt32(6)) : inner + le(UInt16(6))
    let item = le(UInt16(0x0008)) + le(UInt16(0x1155)) + reference + text("1.2.40")
    put(0x0008, 0x1140, "SQ", le(UInt16(0xFFFE)) + le(UInt16(0xE000)) + le(UInt32(item.count)) + item)
    put(0x0010, 0x0010, "PN", text("Doe^John"))
    put(0x0028, 0x0010, "US", le(UInt16(3)))
    return file.bytes
  }

  @Test(
    "What is kept comes back, what is changed is changed also in items",
    arguments: [
      "1.2.840.10008.1.2", "1.2.840.10008.1.2.1",
    ])
  func rewrite(_ syntax: String) throws {
    let file = try DICOMFile(bytes: sample(syntax))
    let bytes = try file.rewritten(adding: [(Tag(0x0012, 0x0062), "CS", "YES")]) { (place) throws(DICOMError) in
      switch place.tag {
      case .patientName: .empty
      case .rows: .remove
      default:
        place.representation == "UI" && place.strings().first?.hasPrefix("1.2.840") == false ? .text("2.25.7") : .keep
      }
    }
    let other = try DICOMFile(bytes: bytes)
    #expect(other.transferSyntaxUID == syntax)
    #expect(try other.dataSet.uid(.sopInstanceUID) == "2.25.7")
    #expect(try other.dataSet.uid(.sopClassUID) == "1.2.840.10008.5.1.4.1.1.2")
    #expect(try other.dataSet.item(Tag(0x0008, 0x1140))?.uid(.referencedSOPInstanceUID) == "2.25.7")
    #expect(other.dataSet.contains(.patientName))
    #expect(try other.dataSet.string(.patientName) == nil)
    #expect(!other.dataSet.contains(.rows))
    #expect(try other.dataSet.string(Tag(0x0012, 0x0062)) == "YES")
    #expect(!String(decoding: bytes, as: UTF8.self).contains("Doe"))
  }
}
