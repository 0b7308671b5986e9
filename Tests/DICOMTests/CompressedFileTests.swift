import DICOM
import Foundation
import Testing

@Suite(.enabled(if: TestData.folder != nil, "the test data are not on this machine"))
struct CompressedFileTests {
  private func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: try #require(TestData.folder) + "/" + path)))
  }

  private func unsigned16(_ bytes: [UInt8]) throws -> [UInt16] {
    switch try DICOMFile(bytes: bytes).samples() {
    case .unsigned16(let samples): return samples
    case .signed16(let samples): return samples.map(UInt16.init(bitPattern:))
    default: throw DICOMError("other-samples", "", remedy: "")
    }
  }

  @Test("Lossless JPEG decodes to the pixels of the uncompressed file")
  func losslessJPEG() throws {
    let plain = try unsigned16(bytes("nm-planar/wg04_nm1/NM1_UNC"))
    #expect(try unsigned16(bytes("nm-planar/wg04_nm1/NM1_JPLL")) == plain)
    #expect(plain.contains { $0 > 0 })
  }

  @Test("Compressions that are not read are refused by name", arguments: ["JPLY", "JLSN", "J2KR", "J2KI"])
  func refused(_ name: String) throws {
    let bytes = try bytes("nm-planar/wg04_nm1/NM1_\(name)")
    let error = #expect(throws: DICOMError.self) { try DICOMFile(bytes: bytes).samples() }
    #expect(error?.code == "compression")
  }

  @Test(
    "Compressed pixels whose end is lost are refused, not filled in",
    arguments: [
      "nm-planar/wg04_nm1/NM1_JPLL", "pet-single-slices/cps1023_jpegls_weight0.dcm",
      "pet-single-slices/ge_discovery_ste_propcps_jpegll.dcm",
    ])
  func damaged(_ path: String) throws {
    let whole = try bytes(path)
    #expect(try !unsigned16(whole).isEmpty)
    for part in [0.5, 0.8, 0.95] {
      var cut = whole
      let start = cut.count - Int(Double(cut.count) * (1 - part) * 0.9)
      for i in start..<cut.count - 8 { cut[i] = 0 }
      let damaged = cut
      #expect(throws: DICOMError.self, "zero from \(start) of \(cut.count)") { try unsigned16(damaged) }
    }
  }
}
