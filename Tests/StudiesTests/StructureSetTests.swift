import DICOM
import Foundation
import Provenance
import Studies
import Testing
import Volumes

@Suite struct StructureSetTests {
  private static let square: [SIMD3<Double>] = [
    SIMD3(0, 0, 1003), SIMD3(10, 0, 1003), SIMD3(10, 10, 1003), SIMD3(0, 10, 1003),
  ]

  private func read(_ structures: [Structure], in study: SyntheticStudy) throws -> StructureSet {
    let ct = try study.writer.writeCT(
      [Int16](repeating: -1000, count: study.image.grid.count), grid: study.image.grid, description: "CT", number: 2,
      frameOfReference: "body", acquired: SyntheticStudy.start, to: study.folder.path + "/ct")
    try study.writer.writeStructureSet(
      structures, name: "Organs", number: 3, on: ct, drawn: SyntheticStudy.start,
      to: study.folder.path + "/structures/rs.dcm")
    let index = try StudyIndex.scan(folder: study.folder.path)
    let series = try #require(index.series.first { $0.modality == "RTSTRUCT" })
    return try StructureSet(series)
  }

  @Test("What is written is read again, on the series that shares its frame of reference")
  func roundTrip() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    let structures = [
      Structure(name: "Kidney left", contours: [Self.square, Self.square.map { $0 + SIMD3(0, 0, 3) }]),
      Structure(name: "Läsion 1", contours: [Self.square.map { $0 + SIMD3(1.2345, -7.5, 6) }]),
    ]
    let set = try read(structures, in: study)
    #expect(set.name == "Organs")
    #expect(set.structures == structures)
    #expect(set.findings.isEmpty)
    try set.requireFrameOfReference(of: study.read())
  }

  @Test("A long contour outlives the limit of 65 534 bytes of a short length")
  func long() throws {
    let circle = (0..<5000).map { i in
      let angle = 2 * Double.pi * Double(i) / 5000
      return SIMD3((40 * cos(angle) * 1e4).rounded() / 1e4, (40 * sin(angle) * 1e4).rounded() / 1e4, 1000)
    }
    let set = try read([Structure(name: "Circle", contours: [circle])], in: try SyntheticStudy())
    #expect(set.structures.first?.contours == [circle])
  }

  @Test("Another frame of reference is refused")
  func otherFrame() throws {
    let study = try SyntheticStudy()
    let uid = try study.write().frameOfReferenceUID
    let set = try read([Structure(name: "A", contours: [Self.square])], in: study)
    try study.changeAll(uid, to: String(uid.dropLast()) + (uid.last == "1" ? "2" : "1"))
    let series = try study.read()
    let error = #expect(throws: StudyError.self) { try set.requireFrameOfReference(of: series) }
    #expect(error?.code == "other-frame-of-reference")
  }

  @Test("Two structures of one name are told, empty ones and points are skipped and told")
  func findings() throws {
    let set = try read(
      [
        Structure(name: "A", contours: [Self.square]), Structure(name: "A", contours: [Self.square]),
        Structure(name: "Empty", contours: []), Structure(name: "Line", contours: [Array(Self.square.prefix(2))]),
      ], in: try SyntheticStudy())
    #expect(set.structures.map(\.name) == ["A", "A"])
    #expect(
      set.findings.map(\.code).sorted() == [
        "duplicate-structure-name", "empty-structure", "empty-structure", "skipped-contours",
      ])
  }

  @Test(
    "Contours of areas are used, those of another kind are skipped and told",
    arguments: [("OPEN_PLANAR", false), ("CLOSED_PLANAR", true), ("CLOSEDPLANAR_XOR", true)])
  func kinds(_ kind: String, _ isUsed: Bool) throws {
    let folder = try TemporaryFolder()
    var draft = DataSetDraft()
    draft.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1.481.3")
    for (n, tag) in [Tag.sopInstanceUID, .studyInstanceUID, .seriesInstanceUID, .frameOfReferenceUID].enumerated() {
      draft.put(tag, "2.25.\(n + 1)")
    }
    draft.put(.modality, "RTSTRUCT")
    var (region, drawing, contour) = (DataSetDraft(), DataSetDraft(), DataSetDraft())
    region.put(.roiNumber, integer: 1)
    region.put(.roiName, "A")
    contour.put(.contourGeometricType, kind)
    contour.put(.contourData, decimals: Self.square.flatMap { [$0.x, $0.y, $0.z] })
    drawing.put(.referencedROINumber, integer: 1)
    drawing.put(.contour, items: [contour])
    draft.put(.structureSetROI, items: [region])
    draft.put(.roiContour, items: [drawing])
    try draft.write(to: folder.path + "/rs.dcm")
    let set = try StructureSet(try #require(try StudyIndex.scan(folder: folder.path).series.first))
    #expect(set.structures.map(\.contours) == (isUsed ? [[Self.square]] : []))
    #expect(set.findings.map(\.code) == (isUsed ? [] : ["skipped-contours", "empty-structure"]))
  }

  @Test("A contour that is not planar is refused")
  func nonPlanar() throws {
    var bent = Self.square
    bent[2].z += 1
    let error = #expect(throws: StudyError.self) {
      try read([Structure(name: "A", contours: [bent])], in: try SyntheticStudy())
    }
    #expect(error?.code == "non-planar-contour")
  }
}
