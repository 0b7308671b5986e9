import DICOM
import Foundation
import Studies
import Testing
import Volumes

@Suite struct RegistrationTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func write(_ matrices: [(type: String, numbers: [Double])]) throws -> String {
    var draft = DataSetDraft()
    draft.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1.66.1")
    draft.put(.sopInstanceUID, "1.2.3")
    draft.put(.modality, "REG")
    draft.put(.frameOfReferenceUID, "1.2.10")
    var registration = DataSetDraft()
    registration.put(
      Tag(0x0070, 0x030A),
      items: matrices.map { type, numbers in
        var matrix = DataSetDraft()
        matrix.put(Tag(0x0070, 0x030C), type)
        matrix.put(Tag(0x3006, 0x00C6), decimals: numbers)
        return matrix
      })
    var image = DataSetDraft()
    image.put(.frameOfReferenceUID, "1.2.20")
    image.put(Tag(0x0070, 0x0309), items: [registration])
    draft.put(Tag(0x0070, 0x0308), items: [image])
    let path = folder.path + "/reg.dcm"
    try draft.write(to: path)
    return path
  }

  /// A quarter turn about z, then 10 mm to the left.
  private let turn = [0.0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
  private let shift = [1.0, 0, 0, 10, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]

  @Test("Matrices are applied one after the other, and back")
  func composition() throws {
    let registration = try Registration(path: write([("RIGID", turn), ("RIGID", shift)]))
    #expect(registration.frameOfReferenceUID == "1.2.10")
    let transform = try #require(registration.transforms["1.2.20"])
    #expect(transform(SIMD3(1, 2, 3)) == SIMD3(8, 1, 3))
    #expect(transform.inverse(SIMD3(8, 1, 3)) == SIMD3(1, 2, 3))
  }

  @Test(
    "A transform that scales, shears, mirrors or is called otherwise is refused",
    arguments: [
      ("RIGID", [2.0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
      ("RIGID", [1, 0.1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
      ("RIGID", [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
      ("AFFINE", [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
    ])
  func refused(_ type: String, _ numbers: [Double]) throws {
    let path = try write([(type, numbers)])
    #expect(throws: (any Error).self) { try Registration(path: path) }
  }
}
