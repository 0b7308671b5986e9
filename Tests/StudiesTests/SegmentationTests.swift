import Foundation
import DICOM
import Quantities
import Studies
import Testing

/// The answers of a set of test data, and whether it is there.
private struct Reference {
  let folder: String
  let answers: [String: Any]

  init?(_ name: String) {
    guard let folder = TestData.folder.map({ $0 + "/" + name }),
      let data = try? Data(contentsOf: URL(filePath: folder + "/reference.json")),
      let answers = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return nil }
    (self.folder, self.answers) = (folder, answers)
  }
}

private let notThere: Comment = "the set is not in ENDORA_TEST_DATA or .build/test-data"

@Suite("Segmentations")
struct SegmentationTests {
  @Test(
    "Binary, fractional, overlapping segments and labels have the reference's voxels and volumes",
    .enabled(if: Reference("dicom-seg") != nil, notThere))
  func references() throws {
    let reference = try #require(Reference("dicom-seg"))
    var seen = 0
    for (path, answer) in reference.answers {
      let found = try Segmentation(path: reference.folder + "/" + path)
      let answer = try #require(answer as? [String: Any])
      let segments = try #require(answer["segments"] as? [[String: Any]]).filter { $0["number"] as? Int != 0 }
      #expect(found.segments.count == segments.count, "\(path)")
      for (segment, truth) in zip(found.segments, segments) {
        let millilitres = try #require(truth["ml"] as? Double)
        #expect(segment.mask.count == truth["nonzero_voxels"] as? Int, "\(path)")
        #expect((segment.mask.volume.millilitres / millilitres - 1).magnitude < 1e-6, "\(path)")
        #expect(segment.name == truth["label"] as? String)
        seen += 1
      }
    }
    #expect(seen == 11)
  }

  @Test(
    "Every segment lies where pydicom and NumPy find its middle", .enabled(if: Reference("dicom-seg") != nil, notThere))
  func places() throws {
    let reference = try #require(Reference("dicom-seg"))
    for (path, segment, middle) in [
      ("dcmqi/segmentations/23x38x3/seg/label.seg", 0, SIMD3(55.65837826, 12.07098391, -175.25)),
      ("dcmqi/sr-example/seg.dcm", 0, SIMD3(-11.72947364, -224.87879223, -97.0214717)),
      ("highdicom/seg_image_ct_binary_overlap.dcm", 0, SIMD3(-122.3144545, -125.4144605, 53.332497)),
      ("highdicom/seg_image_ct_binary_overlap.dcm", 1, SIMD3(-121.8261735, -124.9261795, 53.332497)),
      ("dcmqi/segmentations/sparse-labelmap-noppv.dcm", 0, SIMD3(55.824901, 11.84547647, -175.25)),
    ] {
      let offset = try Segmentation(path: reference.folder + "/" + path).segments[segment].mask.centroid - middle
      #expect((offset * offset).sum() < 1e-10, "\(path)")
    }
  }

  @Test(
    "The tumour of a published study has its published 33.5824 mL",
    .enabled(if: Reference("dicom-seg") != nil, notThere))
  func publishedVolume() throws {
    let reference = try #require(Reference("dicom-seg"))
    let found = try Segmentation(path: reference.folder + "/dcmqi/sr-example/seg.dcm")
    #expect((found.segments[0].mask.volume.millilitres - 33.5824).magnitude < 5e-5)
  }

  @Test(
    "A file that is no segmentation, or is cut short, is refused", .enabled(if: Reference("dicom-seg") != nil, notThere)
  )
  func refused() throws {
    let reference = try #require(Reference("dicom-seg"))
    #expect(throws: StudyError.self) { try Segmentation(path: reference.folder + "/dcmqi/sr-example/sr.dcm") }
    let bytes = try Data(contentsOf: URL(filePath: reference.folder + "/highdicom/seg_image_ct_binary.dcm"))
    let path = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    for count in [bytes.count - 40, bytes.count / 2, 200] {
      try bytes.prefix(count).write(to: URL(filePath: path))
      #expect(throws: (any Error).self, "\(count) bytes") { try Segmentation(path: path) }
    }
  }
}

/// A NIfTI file in memory: 4 × 3 × 2 voxels of 2 × 3 × 4 mm.
private struct SyntheticNIfTI {
  var isSecond = false
  var isBig = false
  var usesQuaternion = false
  var hasCode = true
  var scale: (Double, Double) = (0, 0)
  var type = 2
  var labels: [UInt8] = (0..<24).map { $0 == 5 || $0 == 6 ? 1 : 0 }
  var names = ""
  var extents = [3, 4, 3, 2, 1, 1, 1, 1]
  var offset: Double?

  func bytes() -> [UInt8] {
    let end = isSecond ? 540 : 348
    let note =
      names.isEmpty ? [] : Array(names.utf8) + [UInt8](repeating: 0, count: (16 - (names.utf8.count + 8) % 16) % 16)
    let start = (end + 4 + (note.isEmpty ? 0 : note.count + 8) + 15) / 16 * 16
    var bytes = [UInt8](repeating: 0, count: start)
    func put<N: FixedWidthInteger>(_ number: N, _ at: Int) {
      withUnsafeBytes(of: isBig ? number.bigEndian : number.littleEndian) { raw in
        for (n, byte) in raw.enumerated() { bytes[at + n] = byte }
      }
    }
    func putReal(_ value: Double, _ first: Int, _ second: Int) {
      if isSecond { put(value.bitPattern, second) } else { put(Float(value).bitPattern, first) }
    }
    put(Int32(end), 0)
    let magic = Array((isSecond ? "n+2\0" : "n+1\0").utf8)
    let place = isSecond ? 4 : 344
    bytes.replaceSubrange(place..<place + 4, with: magic)
    for (n, extent) in extents.enumerated() {
      if isSecond { put(Int64(extent), 16 + 8 * n) } else { put(Int16(extent), 40 + 2 * n) }
    }
    put(Int16(type), isSecond ? 12 : 70)
    if isSecond {
      put(Int64(offset ?? Double(start)), 168)
    } else {
      put(Float(offset ?? Double(start)).bitPattern, 108)
    }
    putReal(scale.0, 112, 176)
    putReal(scale.1, 116, 184)
    for (n, edge) in [usesQuaternion ? -1.0 : 1, 2, 3, 4].enumerated() { putReal(edge, 76 + 4 * n, 104 + 8 * n) }
    let code = hasCode ? 1 : 0
    if usesQuaternion {
      if isSecond { put(Int32(code), 344) } else { put(Int16(code), 252) }
      // Half a turn about z, and the third axis turned by the sign of pixdim[0].
      putReal(1, 264, 368)
      for (n, place) in [10.0, 20, 30].enumerated() { putReal(place, 268 + 4 * n, 376 + 8 * n) }
    } else {
      if isSecond { put(Int32(code), 348) } else { put(Int16(code), 254) }
      let rows: [[Double]] = [[-2, 0, 0, 10], [0, -3, 0, 20], [0, 0, 4, 30]]
      for (r, row) in rows.enumerated() {
        for (c, number) in row.enumerated() { putReal(number, 280 + 16 * r + 4 * c, 400 + 32 * r + 8 * c) }
      }
    }
    if !note.isEmpty {
      bytes[end] = 1
      put(Int32(note.count + 8), end + 4)
      put(Int32(6), end + 8)
      bytes.replaceSubrange(end + 12..<end + 12 + note.count, with: note)
    }
    return bytes + (type == 4 ? labels.flatMap { isBig ? [0, $0] : [$0, 0] } : labels)
  }

  /// Writes and reads it.
  func read(named name: String = "spleen.nii") throws -> NIfTILabels {
    try NIfTIFile.read(bytes(), named: name)
  }
}

private enum NIfTIFile {
  static func read(_ bytes: [UInt8], named name: String) throws -> NIfTILabels {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(bytes).write(to: URL(filePath: folder + "/" + name))
    return try NIfTILabels(path: folder + "/" + name)
  }
}

@Suite("Regions of NIfTI files")
struct NIfTITests {
  @Test(
    "Both versions, byte orders and places give the same region in the patient's coordinates",
    arguments: [false, true], [false, true])
  func versions(isSecond: Bool, isBig: Bool) throws {
    var file = SyntheticNIfTI()
    (file.isSecond, file.isBig) = (isSecond, isBig)
    for type in [2, 4] {
      file.type = type
      let region = try #require(try file.read().regions.first)
      #expect(region.name == "spleen")
      #expect(region.mask.count == 2)
      #expect((region.mask.volume.millilitres - 0.048).magnitude < 1e-12)
      // Voxel (1, 1, 0) of an image whose x runs to the left and y to the back: no turn is left.
      #expect(region.mask.contains(1, 1, 0) && region.mask.contains(2, 1, 0))
      #expect(region.mask.grid.position(1, 1, 0) == SIMD3(-8, -17, 30))
    }
  }

  @Test("The qform gives the place where there is no sform, and its sign turns the third axis")
  func quaternion() throws {
    var file = SyntheticNIfTI()
    file.usesQuaternion = true
    let grid = try #require(try file.read().regions.first).mask.grid
    #expect(grid.position(0, 0, 0) == SIMD3(-10, -20, 30))
    #expect(grid.position(1, 1, 1) == SIMD3(-8, -17, 26))
  }

  @Test("Labels have the names of the header, and are refused without")
  func names() throws {
    var file = SyntheticNIfTI()
    file.labels = (0..<24).map { UInt8($0 % 3) }
    #expect(throws: StudyError.self) { try file.read() }
    file.names = #"<LabelTable><Label Key="1" Red="0"><![CDATA[liver]]></Label>"#
    #expect(throws: StudyError.self) { try file.read() }
    file.names += #"<Label Key="2"><![CDATA[hip_left]]></Label></LabelTable>"#
    let regions = try file.read().regions
    #expect(regions.map(\.name) == ["liver", "hip_left"])
    #expect(regions.map(\.mask.count) == [8, 8])
  }

  @Test("What is no volume of labels is refused")
  func refused() throws {
    var changes: [(inout SyntheticNIfTI) -> Void] = [
      { $0.hasCode = false }, { $0.scale = (0.5, 0) }, { $0.scale = (1, -3) }, { $0.type = 128 },
      { $0.extents = [4, 4, 3, 1, 2, 1, 1, 1] }, { $0.extents = [3, 4, 3, 3, 1, 1, 1, 1] },
      { $0.extents = [3, -4, 3, 2, 1, 1, 1, 1] }, { $0.extents = [3, 30000, 30000, 30000, 1, 1, 1, 1] },
      { $0.extents = [9, 4, 3, 2, 1, 1, 1, 1] }, { $0.offset = 0 }, { $0.offset = 1e8 },
    ]
    changes.append { file in (file.isSecond, file.offset) = (true, -5) }
    for (n, change) in changes.enumerated() {
      var file = SyntheticNIfTI()
      change(&file)
      #expect(throws: StudyError.self, "change \(n)") { try file.read() }
    }
    let whole = SyntheticNIfTI().bytes()
    for count in [0, 3, 100, 351, whole.count - 1] {
      #expect(throws: StudyError.self, "\(count) bytes") {
        try NIfTIFile.read(Array(whole.prefix(count)), named: "a.nii")
      }
    }
    #expect(throws: (any Error).self) { try NIfTIFile.read([0x1F, 0x8B, 8, 0, 0], named: "a.nii.gz") }
  }

  @Test(
    "Every label and mask of TotalSegmentator has the reference's voxels, by the name of its class",
    .enabled(if: Reference("ct-organ-masks") != nil, notThere))
  func references() throws {
    let reference = try #require(Reference("ct-organ-masks"))
    let folder = reference.folder + "/tests/reference_files/"
    for name in ["example_seg.nii.gz", "example_seg_fast.nii.gz"] {
      let counts = try #require(
        (reference.answers[name] as? [String: Any])?["label_voxels"] as? [String: Int])
      let truth = counts.filter { $0.key != "0" }.sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }.map(\.value)
      let found = try NIfTILabels(path: folder + name)
      #expect(found.regions.map(\.mask.count) == truth, "\(name)")
      let spleen = try #require(found.regions.first { $0.name == "spleen" })
      #expect(spleen.mask.count == counts["1"])
    }
    let masks = try #require(reference.answers["example_seg_fast"] as? [String: [String: Any]])
    let labels = try NIfTILabels(path: folder + "example_seg_fast.nii.gz")
    var seen = 0
    for (name, truth) in masks {
      let regions = try NIfTILabels(path: folder + "example_seg_fast/" + name).regions
      let voxels = try #require(truth["voxels"] as? Int)
      #expect((regions.first?.mask.count ?? 0) == voxels, "\(name)")
      guard let region = regions.first, let millilitres = truth["ml"] as? Double else { continue }
      #expect((region.mask.volume.millilitres / millilitres - 1).magnitude < 1e-9, "\(name)")
      #expect(labels.regions.first { $0.name == region.name }?.mask == region.mask, "\(name)")
      seen += 1
    }
    #expect(seen > 30)
  }
}

@Suite("Anatomy under uptake")
struct AnatomicalSeriesTests {
  @Test("A CT that was written is read as it was, slices of two patients and a PET are refused")
  func written() throws {
    let study = try SyntheticStudy()
    let grid = study.image.grid
    let values = (0..<grid.count).map { Int16(truncatingIfNeeded: $0 * 37 % 4000 - 1024) }
    let folder = study.folder.path + "/ct"
    _ = try study.writer.writeCT(
      values, grid: grid, description: "CT", number: 4, frameOfReference: "body", acquired: SyntheticStudy.start,
      to: folder)
    let found = try AnatomicalSeries(try #require(try StudyIndex.scan(folder: folder).series.first))
    #expect(found.values == values.map(Float.init))
    #expect(found.kind == .tomography && found.window == -160...240)
    #expect(found.grid.columns == grid.columns && found.grid.slices == grid.slices)
    #expect(found.frameOfReferenceUID == study.writer.frameOfReferenceUID("body"))
    let another = StudyWriter(
      study: "Day 1", patientName: "Test^Zoë", patientID: "T2", patientWeight: nil, started: SyntheticStudy.start,
      seed: UIDSeed(7, 8))
    _ = try another.writeCT(
      values, grid: grid, description: "CT", number: 4, frameOfReference: "body", acquired: SyntheticStudy.start,
      to: folder + "/other")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/other").sorted()
    try FileManager.default.removeItem(atPath: folder + "/" + names[0])
    for name in names.dropFirst() { try FileManager.default.removeItem(atPath: folder + "/other/" + name) }
    let mixed = try #require(try StudyIndex.scan(folder: folder).series.first)
    #expect(mixed.files.count == names.count && mixed.findings.map(\.code) == ["mixed-patients"])
    #expect(#expect(throws: StudyError.self) { try AnatomicalSeries(mixed) }?.code == "mixed-patients")
    _ = try study.write()
    let pet = try #require(try StudyIndex.scan(folder: study.spect).series.first)
    #expect(throws: StudyError.self) { try AnatomicalSeries(pet) }
  }
}
