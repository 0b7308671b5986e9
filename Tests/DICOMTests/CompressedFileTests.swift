import DICOM
import Foundation
import Testing

@Suite(.enabled(if: TestData.folder != nil, "the test data are not on this machine"))
struct CompressedFileTests {
  private func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: try #require(TestData.folder) + "/" + path)))
  }

  private func counts(_ bytes: [UInt8]) throws -> [Int] { try counts(DICOMFile(bytes: bytes)) }

  private func counts(_ file: DICOMFile, allowingLoss: Bool = false) throws -> [Int] {
    switch try file.samples(allowingLoss: allowingLoss) {
    case .unsigned16(let samples): return samples.map(Int.init)
    case .signed16(let samples): return samples.map(Int.init)
    default: throw DICOMError("other-samples", "", remedy: "")
    }
  }

  @Test("Lossless compressions decode to the pixels of the uncompressed file", arguments: ["JPLL", "J2KR"])
  func lossless(_ name: String) throws {
    let plain = try counts(bytes("nm-planar/wg04_nm1/NM1_UNC"))
    #expect(try counts(bytes("nm-planar/wg04_nm1/NM1_\(name)")) == plain)
    #expect(plain.contains { $0 > 0 })
  }

  /// Total counts by another decoder; JPLY is JPEG with 12 bits, which that one cannot read.
  @Test(
    "What was compressed with loss is refused as a measurement and shown as a picture",
    arguments: [("JPLY", nil), ("JLSN", 3_651_263), ("J2KI", 3_527_976)])
  func lossy(_ name: String, _ counts: Int?) throws {
    let file = try DICOMFile(bytes: bytes("nm-planar/wg04_nm1/NM1_\(name)"))
    let error = #expect(throws: DICOMError.self) { try file.samples() }
    #expect(error?.code == "compression")
    let total = try self.counts(file, allowingLoss: true).reduce(0, +)
    #expect(counts == nil || total == counts)
    #expect(abs(Double(total) / 3_596_452 - 1) < 0.05)
  }

  @Test(
    "Compressed pixels whose end is lost are refused, not filled in",
    arguments: [
      "nm-planar/wg04_nm1/NM1_JPLL", "nm-planar/wg04_nm1/NM1_J2KR", "pet-single-slices/cps1023_jpegls_weight0.dcm",
      "pet-single-slices/ge_discovery_ste_propcps_jpegll.dcm",
    ])
  func damaged(_ path: String) throws {
    let whole = try bytes(path)
    #expect(try !counts(whole).isEmpty)
    for part in [0.5, 0.8, 0.95] {
      var cut = whole
      let start = cut.count - Int(Double(cut.count) * (1 - part) * 0.9)
      for i in start..<cut.count - 8 { cut[i] = 0 }
      let damaged = cut
      #expect(throws: DICOMError.self, "zero from \(start) of \(cut.count)") { try counts(damaged) }
    }
  }
}
