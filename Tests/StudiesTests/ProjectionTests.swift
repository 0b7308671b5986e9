import DICOM
import Foundation
import Quantities
import Studies
import Testing

@Suite("Projections and reconstructions")
struct ProjectionTests {
  private func interfile(_ changes: [String: String?] = [:], data: Int? = nil) throws -> (TemporaryFolder, String) {
    var keys: [(String, String?)] = [
      ("!imaging modality", "nucmed"), ("name of data file", "p.s"), ("!type of data", "Tomographic"),
      ("imagedata byte order", "LITTLEENDIAN"), ("!number format", "unsigned integer"),
      ("!number of bytes per pixel", "2"), ("!matrix size [1]", "3"), ("!matrix size [2]", "2"),
      ("scaling factor (mm/pixel) [1]", "4.8"), ("scaling factor (mm/pixel) [2]", "4.4"),
      ("!number of projections", "4"), ("extent of rotation", "360"), ("start angle", "180"),
      ("direction of rotation", "CCW"), ("radius", "250"), ("!process status", "Acquired"),
    ]
    keys = keys.map { ($0.0, changes[$0.0] ?? $0.1) }
    let folder = try TemporaryFolder()
    let text = keys.compactMap { key, value in value.map { "\(key) := \($0)\r\n" } }.joined()
    try Data(("!INTERFILE :=\r\n" + text + "; a comment := 7\r\n").utf8).write(to: URL(filePath: folder.path + "/p.hs"))
    let words: [UInt8] = (0..<48).map { $0 % 2 == 0 ? UInt8($0 / 2) : 0 }
    try Data(words.prefix(data ?? 48)).write(to: URL(filePath: folder.path + "/p.s"))
    return (folder, folder.path + "/p.hs")
  }

  @Test("Interfile projections have their angles, radius and counts")
  func projections() throws {
    let (folder, path) = try interfile()
    #expect(NuclearMedicineFile.isInterfile(path: path))
    let file = try NuclearMedicineFile(interfile: path)
    #expect(file.kind == .projections && file.columns == 3 && file.rows == 2)
    #expect(file.frames.map { $0.angle?.degrees } == [180, 90, 0, 270])
    #expect(file.frames.allSatisfy { $0.radius == .millimetres(250) })
    #expect(file.frames.map(\.totalCounts) == [15, 51, 87, 123])
    #expect(file.counts == (0..<24).map(Float.init))
    #expect(file.pixelSpacing?.down == .millimetres(4.4) && file.pixelSpacing?.along == .millimetres(4.8))
    #expect(file.findings.isEmpty)
    withExtendedLifetime(folder) {}
    let (_, big) = try interfile(["imagedata byte order": "BIGENDIAN"])
    #expect(throws: (any Error).self) { try NuclearMedicineFile(interfile: big) }
  }

  @Test(
    "A header that leads out of its folder, lacks a number or declares more than there is is refused",
    arguments: [
      ("name of data file", "../p.s", "unsafe-name"), ("name of data file", "/etc/passwd", "unsafe-name"),
      ("!number of projections", "4000", "short-pixel-data"), ("!number of projections", "1e9", "malformed-interfile"),
      ("start angle", "east", "malformed-interfile"), ("!matrix size [1]", "-3", "malformed-interfile"),
      ("!number format", "text", "malformed-interfile"), ("!process status", "Reconstructed", "not-projections"),
      ("scaling factor (mm/pixel) [1]", "0", "malformed-interfile"),
    ])
  func refused(_ key: String, _ value: String, _ code: String) throws {
    let (folder, path) = try interfile([key: value])
    #expect(#expect(throws: StudyError.self) { try NuclearMedicineFile(interfile: path) }?.code == code)
    withExtendedLifetime(folder) {}
  }

  @Test(
    "The simulated projections of the test data have the reference's sum and largest value",
    .enabled(if: TestData.folder != nil, "the test data are not on this machine"))
  func reference() throws {
    let folder = try #require(TestData.folder) + "/spect-projections-interfile/recon_test_pack/SPECT/SPECTUB"
    let file = try NuclearMedicineFile(interfile: folder + "/input.hs")
    #expect(file.frames.count == 120 && file.rows == 64 && file.columns == 128)
    let sum = file.counts.reduce(0.0) { $0 + Double($1) }
    #expect((sum / 25157262.62864092 - 1).magnitude < 1e-12)
    let largest = try #require(file.counts.max())
    #expect((Double(largest) / 162.0771026611328 - 1).magnitude < 1e-12)
    #expect(file.counts.firstIndex(of: largest) == 780473)
    #expect(file.frames[1].angle == .degrees(183))
    #expect(throws: StudyError.self) { try NuclearMedicineFile(interfile: folder + "/attMapRec.hv") }
  }

  /// One file of 3 slices of 2 × 2 voxels; spacing as stated.
  private func reconstruction(spacing: Double, numbers: [UInt16] = [1, 2, 3], isMapped: Bool = false) throws -> (
    TemporaryFolder, IndexedSeries
  ) {
    let folder = try TemporaryFolder()
    var draft = DataSetDraft()
    draft.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1.20")
    for (tag, uid) in [
      (Tag.sopInstanceUID, "1.2.3.1"), (.studyInstanceUID, "1.2.3.2"), (.seriesInstanceUID, "1.2.3.3"),
      (.frameOfReferenceUID, "1.2.3.4"),
    ] { draft.put(tag, uid) }
    draft.put(.modality, "NM")
    draft.put(.imageType, "ORIGINAL", "PRIMARY", "RECON TOMO", "EMISSION")
    draft.put(.patientID, "T")
    draft.put(.acquisitionDate, "20260305")
    draft.put(.acquisitionTime, "101530")
    draft.put(.decayCorrection, "NONE")
    draft.put(.correctedImage, "ATTN", "SCAT")
    draft.put(.numberOfSlices, unsigned16: 3)
    draft.put(.sliceVector, unsigned16s: numbers)
    draft.put(.pixelSpacing, decimals: [4, 5])
    draft.put(.spacingBetweenSlices, decimal: spacing)
    var detector = DataSetDraft()
    detector.put(.imagePosition, decimals: [-10, -20, 100])
    detector.put(.imageOrientation, decimals: [1, 0, 0, 0, 1, 0])
    draft.put(.detectorInformation, items: [detector])
    if isMapped {
      var unit = DataSetDraft()
      unit.put(.codeValue, "Bq/ml")
      unit.put(.codingSchemeDesignator, "UCUM")
      unit.put(.codeMeaning, "Bq/ml")
      var mapping = DataSetDraft()
      mapping.put(.measurementUnits, items: [unit])
      mapping.put(.realWorldSlope, number: 2.5)
      mapping.put(.realWorldIntercept, number: 0)
      draft.put(.realWorldValueMapping, items: [mapping])
    } else {
      draft.put(.units, "BQML")
      draft.put(.rescaleSlope, decimal: 2.5)
    }
    draft.put(pixels: Array(1...12), rows: 2, columns: 2, frames: 3)
    try draft.write(to: folder.path + "/nm.dcm")
    return (folder, try #require(try StudyIndex.scan(folder: folder.path).series.first))
  }

  @Test("A quantitative reconstruction in one NM file is a volume, whichever way and order its slices are stored")
  func reconstructed() throws {
    let scaled = (1...12).map { Float($0) * 2.5 }
    let (folder, up) = try reconstruction(spacing: 6)
    #expect(up.kind == .quantitativeSPECT && up.spacing == [5, 4, 6])
    let first = try QuantitativeSeries(up).image
    #expect(first.grid.origin == SIMD3(-10, -20, 100) && first.grid.sliceStep == SIMD3(0, 0, 6))
    #expect(first.values == scaled)
    let (other, down) = try reconstruction(spacing: -6, numbers: [3, 1, 2], isMapped: true)
    #expect(down.kind == .quantitativeSPECT)
    let second = try QuantitativeSeries(down).image
    // Slice 1 lies at 100 mm, 3 at 88 mm: the grid begins there, with the first frame.
    #expect(second.grid.origin == SIMD3(-10, -20, 88) && second.grid.sliceStep == SIMD3(0, 0, 6))
    #expect(second.values == Array(scaled[0..<4] + scaled[8..<12] + scaled[4..<8]))
    #expect(try down.grid() == second.grid)
    let (third, double) = try reconstruction(spacing: 6, numbers: [1, 1, 2])
    #expect(throws: (any Error).self) { try QuantitativeSeries(double) }
    withExtendedLifetime((folder, other, third)) {}
  }

  @Test(
    "A reconstruction in counts has its place and is refused as a concentration",
    .enabled(if: TestData.folder != nil, "the test data are not on this machine"))
  func counts() throws {
    let path = try #require(TestData.folder) + "/nm-dynamic-tomo/Jaszack.dcm"
    let series = try #require(try StudyIndex.scan(folder: path).series.first)
    #expect(series.kind == .reconstruction)
    let grid = try series.grid()
    #expect(grid.slices == 45 && (grid.sliceStep.z - 4.12999964).magnitude < 1e-9)
    #expect((grid.origin.z + 165.199986 + 44 * 4.12999964).magnitude < 1e-6)
    #expect(throws: StudyError.self) { try QuantitativeSeries(series) }
  }
}
