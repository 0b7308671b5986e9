import DICOM
import Foundation
import Quantities
import Studies
import Testing
import Volumes

/// Results go out and come back as they were.
@Suite struct ResultWritingTests {
  let study: SyntheticStudy
  let source: IndexedSeries
  let writer: ResultWriter

  init() throws {
    study = try SyntheticStudy()
    _ = try study.write()
    source = try #require(try StudyIndex.scan(folder: study.spect).series.first)
    writer = try ResultWriter(source: source, created: SyntheticStudy.start)
  }

  private var output: String { study.folder.path + "/out.dcm" }
  private var grid: Grid { study.image.grid }

  private func mask(_ belongs: (Int) -> Bool) -> Mask {
    Mask(
      grid: grid, box: VoxelBox(columns: 0..<grid.columns, rows: 0..<grid.rows, slices: 0..<grid.slices),
      members: (0..<grid.count).map(belongs))!
  }

  @Test("A parametric map comes back bit for bit, with grid, unit and quantity")
  func map() throws {
    let values = (0..<grid.count).map { Float($0) * 0.1 - 3 }
    let written = try writer.writeParametricMap(
      values, grid: grid, quantity: .absorbedDoseRate, name: "Dose rate", number: 9, to: output)
    let map = try ParametricMap(path: written.path)
    #expect(map.values.map(\.bitPattern) == values.map(\.bitPattern))
    #expect(map.unit.value == "Gy/s")
    #expect(map.quantity?.value == "DOSE-RATE")
    #expect(map.frameOfReferenceUID == source.frameOfReferenceUID)
    #expect(map.grid.columns == grid.columns && map.grid.slices == grid.slices)
    for k in [0, 5] {
      let (a, b) = (map.grid.position(4, 3, k), grid.position(4, 3, k))
      #expect(max(abs(a.x - b.x), abs(a.y - b.y), abs(a.z - b.z)) < 1e-9)
    }
  }

  @Test("Viewers are told to window the values of a map exactly, be they ever so small")
  func window() throws {
    let values = (0..<grid.count).map { Float($0) * 1e-6 }
    let written = try writer.writeParametricMap(
      values, grid: grid, quantity: .absorbedDoseRate, name: "Dose rate", number: 9, to: output)
    let groups = try #require(try DICOMFile(path: written.path).dataSet.item(.sharedFunctionalGroups))
    let window = try #require(try groups.item(.frameVOILUT))
    #expect(try window.string(.windowFunction) == "LINEAR_EXACT")
    let (width, centre) = (try #require(try window.decimal(.windowWidth)), try window.decimal(.windowCenter))
    #expect(abs(width / Double(values[grid.count - 1]) - 1) < 1e-6 && centre == width / 2)
  }

  @Test("A map with a value that is not finite is not written")
  func infinite() {
    var values = [Float](repeating: 1, count: grid.count)
    values[3] = .nan
    #expect(throws: StudyError.self) {
      try writer.writeParametricMap(
        values, grid: grid, quantity: .uptakeByWeight, name: "SUV", number: 9, to: output)
    }
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test("Segments that overlap come back voxel for voxel")
  func segmentation() throws {
    let masks = [mask { $0 % 3 == 0 }, mask { $0 > 40 && $0 < 90 }]
    let written = try writer.writeSegmentation(
      [SegmentDraft(name: "Niere", mask: masks[0]), SegmentDraft(name: "Läsion", mask: masks[1])], name: "Regions",
      number: 8, to: output)
    let segmentation = try Segmentation(path: written.path)
    #expect(segmentation.segments.map(\.name) == ["Niere", "Läsion"])
    for (segment, mask) in zip(segmentation.segments, masks) {
      #expect(segment.mask.count == mask.count)
      for k in 0..<grid.slices {
        for j in 0..<grid.rows {
          for i in 0..<grid.columns { #expect(segment.mask.contains(i, j, k) == mask.contains(i, j, k)) }
        }
      }
    }
  }

  @Test("A dose comes back within half a step of its scale, in gray")
  func dose() throws {
    let values = (0..<grid.count).map { Float($0 * $0) * 1e-3 }
    let written = try writer.writeDose(
      Image(grid: grid, values: values), name: "Dose", number: 7, to: output)
    let file = try DICOMFile(path: written.path)
    guard case .unsigned32(let samples) = try file.samples() else {
      Issue.record("the dose has no 32-bit samples")
      return
    }
    let scaling = try #require(try file.dataSet.decimal(Tag(0x3004, 0x000E)))
    let worst = zip(samples, values).map { abs(Double($0) * scaling - Double($1)) }.max() ?? 1
    #expect(worst <= 0.5001 * scaling)
    #expect(try file.dataSet.string(Tag(0x3004, 0x0002)) == "GY")
    #expect(try file.dataSet.decimals(Tag(0x3004, 0x000C)) == (0..<6).map { Double($0) * 3 })
  }

  @Test("A report holds its numbers with units, bit for bit, under their regions")
  func report() throws {
    let value = 0.1 + 0.2
    let report = MeasurementReport(
      title: "Doses",
      groups: [
        .init(
          name: "Kidneys", site: Code("64033007", "SCT", "Kidney"),
          measurements: [.init(.absorbedDose, value, MeasurementReport.Measurement.mean)])
      ])
    let written = try writer.write(report, number: 6, to: output)
    let root = try DICOMFile(path: written.path).dataSet
    let content = Tag(0x0040, 0xA730)
    let group = try #require(try root.items(content).last?.item(content))
    let number = try #require(try group.items(content).last)
    let measured = try #require(try number.item(Tag(0x0040, 0xA300)))
    #expect(try measured.decimal(Tag(0x0040, 0xA161)) == value)
    #expect(try measured.item(Tag(0x0040, 0x08EA))?.string(.codeValue) == "Gy")
    #expect(try number.item(Tag(0x0040, 0xA043))?.string(.codeValue) == "128513")
    #expect(try root.string(.patientID) == "T1")
    #expect(try root.uid(.studyInstanceUID) == source.studyUID)
  }

  @Test("Doses of a patient stand in gray with uncertainty, model and the report they rest on")
  func patientDose() throws {
    let basis = try writer.write(
      MeasurementReport(
        title: "Doses", groups: [.init(name: "Kidneys", measurements: [.init(.mass, 310)])]), number: 6, to: output)
    let (dose, uncertainty) = (0.1 + 0.2, 0.07)
    func report(_ value: Double) -> PatientDoseReport {
      PatientDoseReport(
        title: "Administered",
        organs: [
          .init(
            name: "Kidneys", site: Code("64033007", "SCT", "Kidney"),
            dose: Uncertain(.grays(value), standardUncertainty: .grays(uncertainty)))
        ], nuclide: "Lu-177", administered: .megabecquerels(7400), model: .female, method: "MIRD", basis: basis)
    }
    #expect(throws: StudyError.self) { try writer.write(report(.nan), number: 7, to: output) }
    let written = try writer.write(report(dose), number: 7, to: output)
    let root = try DICOMFile(path: written.path).dataSet
    #expect(try root.uid(.sopClassUID) == "1.2.840.10008.5.1.4.1.1.88.73")
    #expect(try root.item(.contentTemplate)?.string(.templateIdentifier) == "10030")
    func named(_ code: String, in parent: DataSet?) throws -> DataSet? {
      try parent?.items(.content).first { try $0.item(.conceptName)?.string(.codeValue) == code }
    }
    func number(_ item: DataSet?) throws -> (Double?, String?) {
      let measured = try item?.item(.measuredValue)
      return (try measured?.decimal(.floatingPointValue), try measured?.item(.measurementUnits)?.string(.codeValue))
    }
    let estimate = try named("128402", in: root)
    let kidneys = try named("128533", in: estimate)
    #expect(try number(kidneys) == (dose, "Gy"))
    #expect(try number(named("386136009", in: kidneys)) == (uncertainty, "Gy"))
    #expect(try named("363698007", in: kidneys)?.item(.conceptCode)?.string(.codeValue) == "64033007")
    let methodology = try named("128415", in: estimate)
    let used = try named("128416", in: methodology)?.item(.referencedSOPs)
    #expect(try used?.uid(.referencedSOPInstanceUID) == basis.sopInstanceUID)
    let parameters = try named("128434", in: named("128476", in: methodology))
    #expect(try number(named("113507", in: parameters)) == (7400, "MBq"))
    #expect(try named("89457008", in: parameters)?.item(.conceptCode)?.string(.codeValue) == "447553000")
    let model = try named("128500", in: methodology)
    #expect(try named("128417", in: model)?.item(.conceptCode)?.string(.codeValue) == "128404")
  }

  @Test("A PDF and a picture come back byte for byte")
  func documents() throws {
    let pdf = Array("%PDF-1.7 something%%EOF\n".utf8)
    let document = try writer.writeDocument(pdf: pdf, title: "Report", number: 5, to: output)
    let length = try #require(try DICOMFile(path: document.path).dataSet.integer(Tag(0x0042, 0x0015)))
    #expect(length == pdf.count)
    let bytes = try Data(contentsOf: URL(filePath: document.path))
    #expect(bytes.range(of: Data(pdf)) != nil)
    let frames: [[UInt8]] = [[1, 2, 3, 4, 5, 6], [9, 8, 7, 6, 5, 4]]
    let picture = try writer.writePicture(
      frames: frames, rows: 2, columns: 3, milliseconds: 100, name: "MIP", number: 4, to: output)
    guard case .unsigned8(let samples) = try DICOMFile(path: picture.path).samples() else {
      Issue.record("the picture has no 8-bit samples")
      return
    }
    #expect(samples == frames.flatMap { $0 })
  }

  @Test("A Study ID that is longer than DICOM allows stays empty")
  func longStudyID() throws {
    let long = "A number of a study"
    for file in source.files {
      var bytes = try Data(contentsOf: URL(filePath: file.path))
      let place = try #require(bytes.range(of: Data(attribute(.studyID, "SH", []))))
      bytes.replaceSubrange(place, with: attribute(.studyID, "SH", Array((long + " ").utf8)))
      try bytes.write(to: URL(filePath: file.path))
    }
    let changed = try #require(try StudyIndex.scan(folder: study.spect).series.first)
    let written = try ResultWriter(source: changed, created: SyntheticStudy.start).writeDocument(
      pdf: Array("%PDF-1.7\n".utf8), title: "Report", number: 5, to: output)
    let dataSet = try DICOMFile(path: written.path).dataSet
    #expect(try dataSet.contains(.studyID) && dataSet.string(.studyID) == nil)
    #expect(try dataSet.string(.patientID) == "T1")
  }

  @Test("The same result at the same moment gives the same bytes")
  func reproducible() throws {
    let pdf = Array("%PDF-1.7\n".utf8)
    _ = try writer.writeDocument(pdf: pdf, title: "Report", number: 5, to: output)
    let first = try Data(contentsOf: URL(filePath: output))
    let again = try ResultWriter(source: source, created: SyntheticStudy.start)
    _ = try again.writeDocument(pdf: pdf, title: "Report", number: 5, to: output)
    #expect(try Data(contentsOf: URL(filePath: output)) == first)
  }
}
