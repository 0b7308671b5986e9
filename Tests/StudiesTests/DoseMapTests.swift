import DICOM
import Foundation
import Quantities
import Testing
import Volumes

@testable import Studies

@Suite("Dose maps")
struct DoseMapTests {
  /// Two columns, three rows, four planes; a dose of its own in every voxel.
  static let stored = (0..<24).map { UInt16(100 + 7 * $0) }

  func write(_ change: (inout DataSetDraft) -> Void = { _ in }) throws -> String {
    var draft = DataSetDraft()
    draft.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1.481.2")
    draft.put(.sopInstanceUID, "1.2.3.4")
    draft.put(.studyInstanceUID, "1.2.3")
    draft.put(.seriesInstanceUID, "1.2.3.1")
    draft.put(.modality, "RTDOSE")
    draft.put(.frameOfReferenceUID, "1.2.9")
    draft.put(.imagePosition, decimals: [-10, -20, -30])
    draft.put(.imageOrientation, decimals: [1, 0, 0, 0, 1, 0])
    draft.put(.pixelSpacing, decimals: [2.5, 3])
    draft.put(Tag(0x3004, 0x0002), "GY")
    draft.put(Tag(0x3004, 0x0004), "PHYSICAL")
    draft.put(Tag(0x3004, 0x000A), "PLAN")
    draft.put(Tag(0x3004, 0x000C), decimals: [0, 4, 8, 12])
    draft.put(Tag(0x3004, 0x000E), decimal: 0.01)
    draft.put(.numberOfFrames, integer: 4)
    // All frames as one tall one, then the rows of a frame.
    draft.put(pixels: Self.stored, rows: 12, columns: 2)
    draft.put(Tag(0x0028, 0x0010), unsigned16: 3)
    change(&draft)
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("dose-\(UUID().uuidString).dcm").path
    try draft.write(to: path)
    return path
  }

  @Test("Voxels have the stored dose at the place the header gives")
  func reading() throws {
    let path = try write()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let map = try DoseMap(path: path)
    let grid = map.image.grid
    #expect(grid.columns == 2 && grid.rows == 3 && grid.slices == 4)
    #expect(grid.position(1, 2, 3) == SIMD3(-7, -15, -18))
    #expect(abs(grid.voxelVolume.millilitres - 0.03) < 1e-12)
    for (index, stored) in Self.stored.enumerated() {
      #expect(abs(Double(map.image.values[index]) - Double(stored) * 0.01) < 1e-6)
    }
    #expect(map.kind == .physical && map.summation == "PLAN" && map.frameOfReferenceUID == "1.2.9")
  }

  @Test("Planes that run to the feet stand where they stand")
  func downward() throws {
    let path = try write { $0.put(Tag(0x3004, 0x000C), decimals: [0, -4, -8, -12]) }
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try DoseMap(path: path).image.grid.position(0, 0, 3).z == -42)
  }

  @Test("Planes of a transverse dose may be told by where they lie, others only from the first")
  func coordinates() throws {
    let vector = Tag(0x3004, 0x000C)
    let upright = try write { $0.put(vector, decimals: [-30, -26, -22, -18]) }
    let turned = try write {
      $0.put(vector, decimals: [-30, -26, -22, -18])
      $0.put(.imageOrientation, decimals: [1, 0, 0, 0, -1, 0])
    }
    let other = try write { $0.put(vector, decimals: [5, 9, 13, 17]) }
    defer { for path in [upright, turned, other] { try? FileManager.default.removeItem(atPath: path) } }
    #expect(try DoseMap(path: upright).image.grid.position(0, 0, 3).z == -18)
    for path in [turned, other] {
      #expect(#expect(throws: StudyError.self) { try DoseMap(path: path) }?.code == "dose-planes")
    }
  }

  @Test("A map that is no absorbed dose on a regular grid is refused")
  func refusals() throws {
    let changes: [(String, (inout DataSetDraft) -> Void)] = [
      ("not-a-dose-map", { $0.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1.2") }),
      ("dose-without-unit", { $0.put(Tag(0x3004, 0x0002), "RELATIVE") }),
      ("dose-without-unit", { $0.put(Tag(0x3004, 0x000E), decimal: 0) }),
      ("dose-type", { $0.put(Tag(0x3004, 0x0004), "ERROR") }),
      ("unequal-spacing", { $0.put(Tag(0x3004, 0x000C), decimals: [0, 4, 8, 13]) }),
      ("unequal-spacing", { $0.put(Tag(0x3004, 0x000C), decimals: [0, 0, 0, 0]) }),
      ("dose-planes", { $0.put(Tag(0x3004, 0x000C), decimals: [0, 4]) }),
      ("missing-frame-of-reference", { $0.put(.frameOfReferenceUID) }),
      ("missing-geometry", { $0.put(.pixelSpacing) }),
    ]
    for (code, change) in changes {
      let path = try write(change)
      defer { try? FileManager.default.removeItem(atPath: path) }
      let error = #expect(throws: (any Error).self, "\(code)") { try DoseMap(path: path) }
      #expect((error as? StudyError)?.code == code, "\(code): \(String(describing: error))")
    }
  }
}
