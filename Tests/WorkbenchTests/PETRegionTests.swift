import Foundation
import JSON
import Testing
import Workbench

/// A PET of 8 × 8 × 10 voxels of 4 × 4 × 5 mm in a folder: SUV 8, 1 and 2 in its first, middle and last part.
private func brightPET() throws -> SyntheticPET {
  var header = SyntheticPET.Header()
  (header.units, header.slope, header.slices) = ("GML", "0.01", 10)
  header.pixel = { i, _, k in i < 4 ? 800 : k < 5 ? 100 : 200 }
  return try SyntheticPET(header)
}

/// A NIfTI file of labels on that grid, with their names.
private func writeLabels(_ labels: [UInt8], _ names: [Int: String], to path: String) throws {
  let note = names.map { "<Label Key=\"\($0.key)\"><![CDATA[\($0.value)]]></Label>" }.joined()
  let text = Array(note.utf8) + [UInt8](repeating: 32, count: (16 - (note.utf8.count + 8) % 16) % 16)
  let start = 352 + (names.isEmpty ? 0 : text.count + 8)
  var bytes = [UInt8](repeating: 0, count: start)
  func put<N: FixedWidthInteger>(_ number: N, _ at: Int) {
    withUnsafeBytes(of: number.littleEndian) { bytes.replaceSubrange(at..<at + $0.count, with: $0) }
  }
  put(Int32(348), 0)
  for (n, extent) in [3, 8, 8, 10, 1, 1, 1, 1].enumerated() { put(Int16(extent), 40 + 2 * n) }
  put(Int16(2), 70)
  put(Float(start).bitPattern, 108)
  put(Int16(1), 254)
  for (r, row) in [[-4.0, 0, 0, 0], [0, -4, 0, 0], [0, 0, 5, 0]].enumerated() {
    for (c, number) in row.enumerated() { put(Float(number).bitPattern, 280 + 16 * r + 4 * c) }
  }
  bytes.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
  if !names.isEmpty {
    bytes[348] = 1
    put(Int32(text.count + 8), 352)
    bytes.replaceSubrange(360..<360 + text.count, with: text)
  }
  try Data(bytes + labels).write(to: URL(filePath: path))
}

/// The labels of the voxels by their column, row and slice.
private func labels(_ label: (Int, Int, Int) -> UInt8) -> [UInt8] {
  (0..<10).flatMap { k in (0..<8).flatMap { j in (0..<8).map { label($0, j, k) } } }
}

@Suite("Regions from masks")
struct PETRegionTests {
  @Test("Sites by the classes of their bones, references and burden from labels in a NIfTI file")
  func structures() throws {
    let pet = try brightPET()
    let names = [1: "vertebrae_C7", 2: "vertebrae_L5", 3: "hip_left", 4: "hip_right", 5: "aorta", 6: "kidney_left"]
    try writeLabels(
      labels { i, j, k in
        guard j < 4 else { return i < 3 && k > 7 ? 6 : 0 }
        return i < 2 ? 1 : i > 5 ? (k < 3 ? 2 : k > 6 ? 3 : 5) : k == 9 ? 4 : 0
      }, names, to: pet.folder + "/labels.nii")
    let text = """
      {template: "herhaus-2016", pet: {folder: "."}, structures: "labels.nii", sites: "structures",
       references: {bloodPool: {structure: "aorta"}}, burden: {threshold: 4, leastMl: 0.1, marginMm: 0}}
      """
    try Data(text.utf8).write(to: URL(filePath: pet.folder + "/pet.json"))
    let found = try PETSites(case: pet.folder).document()
    let sites = try #require(found["sites"]?.array)
    #expect(sites.map { $0["suvMax"]?.double } == [8, nil, 8, 1, 2])
    #expect(sites[1]["missing"]?.string == "no structure of this bone")
    #expect(found["n"]?.int == 4)
    #expect(found["references"]?["blood pool"]?["voxels"]?.int == 32)
    let burden = try #require(found["wholeBody"])
    // 4 × 8 columns and rows of 10 slices at SUV 8, less the kidney's 3 × 4 × 2 voxels, of 0.08 mL.
    #expect((try #require(burden["volumeMl"]?.double) - 0.08 * (320 - 24)).magnitude < 1e-9)
    #expect(burden["notExcluded"]?.array?.contains("spleen") == true)
    #expect(found["findings"]?[0]?["code"]?.string == "physiological-uptake-included")
  }

  @Test("A folder of masks gives one region a file by its name; all verbs take it")
  func folder() throws {
    let pet = try brightPET()
    let masks = pet.folder + "-masks"
    defer { try? FileManager.default.removeItem(atPath: masks) }
    try FileManager.default.createDirectory(atPath: masks, withIntermediateDirectories: true)
    try writeLabels(labels { i, _, _ in i == 0 ? 1 : 0 }, [:], to: masks + "/liver.nii")
    try writeLabels(labels { i, _, k in i == 7 && k == 0 ? 1 : 0 }, [:], to: masks + "/spleen.nii")
    try writeLabels(labels { _, _, _ in 0 }, [:], to: masks + "/colon.nii")
    let found = try PETMeasurement(
      folder: pet.folder, regions: masks, peak: .subVoxel, threshold: "41 %", parts: .largest
    ).document
    #expect(found["regions"]?.array?.compactMap { $0["name"]?.string } == ["liver", "spleen"])
    #expect(found["regions"]?[0]?["suvMean"]?.double == 8)
    #expect(found["regions"]?[1]?["voxels"]?.int == 8)
    #expect(found["findings"]?.array?.contains { $0["code"]?.string == "empty-masks" } == true)
  }

  @Test("A bone that the image does not hold whole is missing, and a region beside the image is refused")
  func outside() throws {
    let pet = try brightPET()
    try writeLabels(
      labels { i, j, k in i == 0 && j == 0 && k == 0 ? 1 : 2 }, [1: "hip_left", 2: "vertebrae_C7"],
      to: pet.folder + "/a.nii")
    var bytes = try Data(contentsOf: URL(filePath: pet.folder + "/a.nii"))
    bytes.replaceSubrange(292..<296, with: withUnsafeBytes(of: Float(-4).bitPattern.littleEndian) { Data($0) })
    try bytes.write(to: URL(filePath: pet.folder + "/a.nii"))
    let text = #"{template: "herhaus-2016", pet: {folder: "."}, structures: "a.nii", sites: "structures"}"#
    try Data(text.utf8).write(to: URL(filePath: pet.folder + "/pet.json"))
    let sites = try #require(try PETSites(case: pet.folder).document()["sites"]?.array)
    #expect(sites[0]["missing"]?.string == "not wholly in the field of view")
    #expect(sites[4]["suvMax"]?.double == 8)
  }

  @Test("A region keeps clear of its wall and of what is left out of it")
  func insets() throws {
    let pet = try brightPET()
    let text = """
      {template: "herhaus-2016", pet: {folder: "."}, sites: {
        C7: {box: {centreMm: [14, 14, 22.5], sizeMm: [27, 27, 44]}, insetMm: 6},
        T12: {box: {centreMm: [14, 14, 22.5], sizeMm: [27, 27, 44]},
              without: [{box: {centreMm: [6, 14, 22.5], sizeMm: [13, 29, 46]}}]}}}
      """
    try Data(text.utf8).write(to: URL(filePath: pet.folder + "/pet.json"))
    let sites = try #require(try PETSites(case: pet.folder).document()["sites"]?.array)
    // 6 × 6 × 8 voxels, of which the outermost lies less than 6 mm from the wall.
    #expect(sites[0]["voxels"]?.int == 4 * 4 * 6)
    #expect(sites[1]["suvMax"]?.double == 2)
    let bad = text.replacing("insetMm: 6", with: "insetMm: 60")
    try Data(bad.utf8).write(to: URL(filePath: pet.folder + "/pet.json"))
    #expect(throws: (any Error).self) { try PETSites(case: pet.folder) }
  }

  @Test(
    "A threshold is read as it is typed, and anything else refused",
    arguments: ["contrast 0.5 0.6 1.9", "gradient", "41 %", "41%", "2.5"], ["contrast 0.5", "steep", "0", "-3", "nan"])
  func thresholds(good: String, bad: String) throws {
    let pet = try brightPET()
    let regions = pet.folder + "/r.json"
    try Data(
      #"{regions: [{name: "a", box: {centreMm: [14, 14, 20], sizeMm: [27, 27, 39]}}]}"#.utf8
    ).write(to: URL(filePath: regions))
    let found = try PETMeasurement(folder: pet.folder, regions: regions, threshold: good).document
    #expect(found["regions"]?[0]?["lesion"]?["voxels"] != nil)
    #expect(throws: CaseError.self) { try PETMeasurement(folder: pet.folder, regions: regions, threshold: bad) }
  }
}

@Suite("PET of xenografts")
struct XenograftPETTests {
  @Test("Uptake in %ID/g and against muscle is that of the concentrations, without a weight")
  func uptake() throws {
    var header = SyntheticPET.Header()
    (header.weight, header.dose, header.slope, header.slices) = (nil, "10000000", "10", 10)
    header.corrected = ["NORM", "DTIM", "SCAT", "DECY"]
    header.pixel = { i, _, _ in i < 4 ? 9000 : 1500 }
    let pet = try SyntheticPET(header)
    let regions = pet.folder + "/r.json"
    try Data(
      """
      {regions: [{name: "tumour", sphere: {centreMm: [4, 14, 20], diameterMm: 9}},
                 {name: "thigh", sphere: {centreMm: [24, 14, 20], diameterMm: 9}}]}
      """.utf8
    ).write(to: URL(filePath: regions))
    let found = try XenograftPET(folder: pet.folder, regions: regions, muscle: "thigh").document
    let injected = 1e7 * exp2(-3600 / 4062.6)
    let (tumour, muscle) = (try #require(found["regions"]?[0]), try #require(found["regions"]?[1]))
    #expect((try #require(found["injectedAtReferenceBq"]?.double) / injected - 1).magnitude < 1e-6)
    #expect((try #require(tumour["percentPerGram"]?["mean"]?.double) / (100 * 90_000 / injected) - 1).magnitude < 1e-6)
    #expect(tumour["intensityBqPerMl"]?["mean"]?.double == 90_000)
    #expect(tumour["tumourToMuscle"]?.double == 6)
    #expect(muscle["role"]?.string == "muscle")
    #expect(found["findings"]?.array?.contains { $0["code"]?.string == "no-attenuation-correction" } == true)
    #expect(throws: CaseError.self) { try XenograftPET(folder: pet.folder, regions: regions, muscle: "arm") }
  }

  @Test("Counts without a factor and a series without the injected activity are refused")
  func refused() throws {
    for change in [{ $0.units = "GML" }, { $0.dose = nil }, { $0.units = "CNTS" }]
      as [(inout SyntheticPET.Header) -> Void]
    {
      var header = SyntheticPET.Header()
      change(&header)
      let pet = try SyntheticPET(header)
      let regions = pet.folder + "/r.json"
      try Data(
        #"{regions: [{name: "muscle", sphere: {centreMm: [14, 14, 5], diameterMm: 9}}]}"#.utf8
      ).write(to: URL(filePath: regions))
      #expect(throws: (any Error).self) { try XenograftPET(folder: pet.folder, regions: regions, muscle: "muscle") }
    }
  }
}
