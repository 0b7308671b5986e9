import DICOM
import Foundation
import JSON
import Quantities
import Studies
import Testing
import Volumes

@testable import Workbench

/// A case folder with a CT, an MR, a SPECT with a structure, and a dose map of known doses.
private struct ViewedCase {
  let folder = NSTemporaryDirectory() + "endora-viewed-\(UUID().uuidString)"
  let start = Timestamp(iso8601: "2026-03-02T09:00:00+01:00")!
  let grid = Grid(
    columns: 20, rows: 18, slices: 16, origin: SIMD3(-40, -35, 100), columnStep: SIMD3(4, 0, 0),
    rowStep: SIMD3(0, 4, 0), sliceStep: SIMD3(0, 0, 4))
  let middle = SIMD3(0.0, 1, 132)

  /// The dose falls by 0.05 Gy/mm from 2 Gy in the middle.
  func dose(at point: SIMD3<Double>) -> Double {
    let offset = point - middle
    return max(0, 2 - 0.05 * (offset * offset).sum().squareRoot())
  }

  func signal(_ voxel: Int) -> Int16 { Int16(100 + voxel % 20 * 7) }

  init() throws {
    let writer = StudyWriter(
      study: "Viewed", patientName: "Synthetic^Viewed", patientID: "W", patientWeight: nil, started: start,
      seed: UIDSeed(9, 2))
    let concentration = (0..<grid.count).map { Float($0 % 20) * 1000 }
    let spect = try writer.write(
      QuantitativeSeriesDraft(
        image: Image(grid: grid, values: concentration), description: "SPECT", number: 1, frameOfReference: "patient",
        acquisitionStart: start, frameDuration: .seconds(600), nuclide: "Lu-177", halfLife: .hours(159.528),
        injectedActivity: .megabecquerels(200), injection: start), to: folder + "/imaging/spect")
    for (number, name) in ["ct", "mr"].enumerated() {
      _ = try writer.writeCT(
        (0..<grid.count).map { signal($0) }, grid: grid, description: name, number: 5 + number,
        frameOfReference: "patient", acquired: start, to: folder + "/imaging/" + name)
    }
    // An MR is a CT with another class and modality, of the same length.
    let images = folder + "/imaging/mr"
    for name in try FileManager.default.contentsOfDirectory(atPath: images) {
      let path = images + "/" + name
      var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      bytes.replace(Array("1.2.840.10008.5.1.4.1.1.2\0".utf8), with: Array("1.2.840.10008.5.1.4.1.1.4\0".utf8))
      bytes.replace(
        [8, 0, 0x60, 0, 0x43, 0x53, 2, 0, 0x43, 0x54], with: [8, 0, 0x60, 0, 0x43, 0x53, 2, 0, 0x4D, 0x52])
      bytes.replace(Array("HU".utf8), with: Array("US".utf8))
      try Data(bytes).write(to: URL(filePath: path))
    }
    let corners = [(-20.0, -19.0), (20, -19), (20, 21), (-20, 21)]
    try writer.writeStructureSet(
      [
        Structure(
          name: "Organ",
          contours: (4..<12).map { k in corners.map { SIMD3($0.0, $0.1, 100 + 4 * Double(k)) } })
      ], name: "Regions", number: 2, on: spect, drawn: start, to: folder + "/imaging/structures.dcm")
    let source = try #require(try StudyIndex.scan(folder: folder).series.first { $0.kind == .quantitativeSPECT })
    let values = (0..<grid.count).map { voxel -> Float in
      Float(dose(at: grid.position(voxel % 20, voxel / 20 % 18, voxel / 360)))
    }
    try FileManager.default.createDirectory(atPath: folder + "/voxel-dose", withIntermediateDirectories: true)
    _ = try ResultWriter(source: source, created: start).writeDose(
      Image(grid: grid, values: values), name: "Absorbed dose, kernel", number: 921,
      to: folder + "/voxel-dose/dose-kernel.dcm")
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  func uid(_ kind: String, _ images: CaseImages) throws -> String {
    try #require(images.document["series"]?.array?.first { $0["kind"]?.string == kind }?["uid"]?.string)
  }
}

@Suite("Series in the viewer")
struct ViewedSeriesTests {
  @Test("An MR is shown by its signal, in its own window")
  func magneticResonance() throws {
    let viewed = try ViewedCase()
    defer { viewed.remove() }
    let images = try CaseImages(folder: viewed.folder)
    let volume = try images.volume(viewed.uid("MR", images))
    let document = volume.document
    #expect(document["quantity"]?.string == "signal")
    #expect(document["readings"]?[0]?["name"]?.string == "signal")
    #expect(document["window"]?[0]?.double == 100 && document["window"]?[1]?.double == 233)
    let bytes = try volume.bytes(first: 3, count: 1)
    let (slope, intercept) = (
      try #require(document["slope"]?.double), try #require(document["intercept"]?.double)
    )
    for voxel in [0, 7, 19, 359] {
      let value = Double(UInt16(bytes[2 * voxel]) | UInt16(bytes[2 * voxel + 1]) << 8) * slope + intercept
      #expect(abs(value - Double(viewed.signal(voxel))) < slope)
    }
  }

  @Test("A dose map is shown in Gy, with the doses that were written, and round doses for its lines")
  func doseMap() throws {
    let viewed = try ViewedCase()
    defer { viewed.remove() }
    let images = try CaseImages(folder: viewed.folder)
    let volume = try images.volume(viewed.uid("dose", images))
    let document = volume.document
    #expect(document["quantity"]?.string == "dose" && document["readings"]?[0]?["unit"]?.string == "Gy")
    let levels = (document["isodoses"]?.array ?? []).compactMap(\.double)
    #expect(levels == [1.5, 1, 0.7, 0.5, 0.3, 0.2])
    let sphere = try JSONDocument(Array(#"{"sphere": {"centreMm": [0, 1, 132], "diameterMm": 24}}"#.utf8)).root
    let measured = try RegionMeasurement(sphere, in: volume, of: images).document(withVoxels: false)
    // The mean over a sphere of radius R is 2 − 0.05 · 3R/4.
    #expect(abs(try #require(measured["statistics"]?["mean"]?.double) / 1.55 - 1) < 0.02)
  }

  @Test("Lines of equal dose lie where the dose is that of their name, in every plane")
  func isodoses() throws {
    let viewed = try ViewedCase()
    defer { viewed.remove() }
    let images = try CaseImages(folder: viewed.folder)
    let volume = try images.volume(viewed.uid("dose", images))
    for (plane, axes, place) in [("axial", [0, 1], 134.0), ("coronal", [0, 2], 1), ("sagittal", [1, 2], 2)] {
      let found = try volume.isodoses(in: plane, at: place, levels: [1.5, 1.2])
      #expect(found["unit"]?.string == "Gy")
      for (n, level) in [1.5, 1.2].enumerated() {
        let line = try #require(found["lines"]?[n])
        #expect(line["dose"]?.double == level && line["paths"]?.array?.count == 1)
        let path = (line["paths"]?[0]?.array ?? []).compactMap(\.double)
        #expect(path.count > 20)
        for m in stride(from: 0, to: path.count, by: 2) {
          var point = SIMD3(repeating: place)
          (point[axes[0]], point[axes[1]]) = (path[m], path[m + 1])
          #expect(abs(viewed.dose(at: point) - level) < 0.05 * level)
        }
      }
    }
    let spect = try images.volume(viewed.uid("quantitative SPECT", images))
    #expect(throws: CaseError.self) { try spect.isodoses(in: "axial", at: 0, levels: [1]) }
    #expect(throws: CaseError.self) { try volume.isodoses(in: "oblique", at: 0, levels: [1]) }
    for levels in [[], [0], [-1], [.nan], [.infinity], Array(repeating: 1.0, count: 13)] {
      #expect(throws: CaseError.self) { try volume.isodoses(in: "axial", at: 0, levels: levels) }
    }
    #expect(throws: CaseError.self) { try volume.isodoses(in: "axial", at: .nan, levels: [1]) }
  }

  @Test("Regions have the doses that dose dvh tells, what is drawn by hand too")
  func regionDoses() throws {
    let viewed = try ViewedCase()
    defer { viewed.remove() }
    let images = try CaseImages(folder: viewed.folder)
    let volume = try images.volume(viewed.uid("dose", images))
    func told(_ text: String) throws -> [JSONValue] {
      let doses = try RegionDoses(JSONDocument(Array(text.utf8)).root, in: volume, of: images)
      return try #require(doses.document["regions"]?.array)
    }
    let rows = try told(
      #"""
      {"structures": ["Organ"], "alpha": 0.3, "regions": [
        {"name": "Ball", "sphere": {"centreMm": [0, 1, 132], "diameterMm": 24}},
        {"name": "Far", "sphere": {"centreMm": [900, 1, 132], "diameterMm": 24}}]}
      """#)
    let line = try DoseVolume(
      dose: viewed.folder + "/voxel-dose/dose-kernel.dcm", regions: viewed.folder + "/imaging/structures.dcm",
      options: .init(
        volumesAt: nil, alpha: 0.3, alphaBeta: nil, repair: nil, halfLife: nil, border: .fractional, steps: 200)
    ).document["regions"]?[0]
    for key in ["volume", "mean", "minimum", "maximum", "d98", "d90", "d50", "d2", "eud"] {
      #expect(rows[0][key]?["value"]?.double == line?[key]?["value"]?.double, "\(key)")
      #expect(rows[0][key]?["value"]?.double != nil, "\(key)")
    }
    #expect(rows[0]["curve"] == line?["curve"])
    #expect(rows[1]["name"]?.string == "Ball" && rows[2]["refused"] != nil)
    // Half of a ball lies beyond 2^(−1/3) of its radius.
    let median = try #require(rows[1]["d50"]?["value"]?.double)
    #expect(abs(median / 1.5238 - 1) < 0.03)
    #expect(throws: (any Error).self) { try told(#"{"structures": ["None"]}"#) }
    #expect(throws: (any Error).self) { try told(#"{"structures": ["Organ"], "alpha": 0}"#) }
    #expect(throws: (any Error).self) {
      try told(
        #"{"frameOfReference": "1.2.3", "regions": [{"name": "a", "sphere": {"centreMm": [0, 1, 132], "diameterMm": 9}}]}"#
      )
    }
  }
}
