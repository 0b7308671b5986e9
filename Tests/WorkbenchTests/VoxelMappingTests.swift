import DICOM
import Foundation
import JSON
import Quantities
import Studies
import Testing
import Volumes

@testable import Workbench

@Suite("Maps of a fit in every voxel")
struct VoxelMappingTests {
  private let start = Timestamp(iso8601: "2026-03-02T09:00:00+01:00")!
  private let hours = [2.0, 24, 72, 168]

  /// Series of 6 × 5 × 4 voxels that fall with 20 + 5 k hours in slice k.
  private func study(_ change: (Int, inout [Float]) -> Void = { _, _ in }, columns: [Int] = [6, 6, 6, 6]) throws
    -> String
  {
    let folder = NSTemporaryDirectory() + "endora-voxel-\(UUID().uuidString)"
    for (index, time) in hours.enumerated() {
      let grid = Grid(
        columns: columns[index], rows: 5, slices: 4, origin: SIMD3(-10, -20, 30), columnStep: SIMD3(4, 0, 0),
        rowStep: SIMD3(0, 4, 0), sliceStep: SIMD3(0, 0, 5))
      var values = (0..<grid.count).map { Float(1e5 * exp2(-time / (20 + 5 * Double($0 / (grid.columns * 5))))) }
      change(index, &values)
      let moment = Timestamp(secondsSince1970: start.secondsSince1970 + 3600 * time, utcOffset: start.utcOffset)
      let writer = StudyWriter(
        study: "Scan \(index)", patientName: "Synthetic^Voxels", patientID: "V", patientWeight: nil, started: moment,
        seed: UIDSeed(7, 1))
      _ = try writer.write(
        QuantitativeSeriesDraft(
          image: Image(grid: grid, values: values), description: "SPECT", number: 1, frameOfReference: "patient",
          acquisitionStart: moment, frameDuration: .seconds(600), nuclide: "Lu-177", halfLife: .hours(159.528),
          injectedActivity: .megabecquerels(200), injection: start), to: folder + "/\(index)")
    }
    return folder
  }

  private func mapping(_ folder: String, _ model: VoxelMapping.Model = .F2) throws -> VoxelMapping {
    try VoxelMapping(
      folder: folder, model: model, nuclide: nil, injected: nil, relativeUncertainty: 0.05, threshold: 0.001)
  }

  private func map(_ path: String) throws -> [Float] {
    let bytes = [UInt8](try #require(FileManager.default.contents(atPath: path)))
    return (0..<(bytes.count - 352) / 4).map { k in
      bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 352 + 4 * k, as: Float.self) }
    }
  }

  @Test("Half-lives and integrals of known curves come back, slice by slice, and a second run replaces the first")
  func known() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let out = folder + "-maps"
    defer { try? FileManager.default.removeItem(atPath: out) }
    for _ in 0..<2 { try mapping(folder).write(to: out) }
    let halfLives = try map(out + "/effective-half-life.nii")
    let integrals = try map(out + "/time-integrated-activity.nii")
    #expect(halfLives.count == 120)
    for (k, value) in halfLives.enumerated() {
      let half = 20 + 5 * Double(k / 30)
      #expect(isClose(Double(value), half, 1e-3))
      #expect(isClose(Double(integrals[k]), 1e5 * half / log(2), 1e-3))
    }
    #expect(try map(out + "/goodness.nii").allSatisfy { $0 < 1e-3 })
    let text = String(decoding: try #require(FileManager.default.contents(atPath: out + "/maps.json")), as: UTF8.self)
    let document = try JSONDocument(text, dialect: .strict).value
    #expect(document["voxels"]?["fitted"]?.double == 120)
    let total = integrals.reduce(0) { $0 + Double($1) } * 0.08e-6
    #expect(isClose(try #require(document["total"]?["value"]?.double), total, 1e-6))
  }

  @Test("A folder that holds other things is left as it is")
  func inUse() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let error = #expect(throws: CaseError.self) { try mapping(folder).write(to: folder) }
    #expect(error?.code == "folder-in-use")
    #expect(FileManager.default.fileExists(atPath: folder + "/0"))
  }

  @Test("Series on different grids, and one series alone, are refused")
  func refusals() throws {
    let folder = try study(columns: [6, 6, 7, 6])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var error = #expect(throws: CaseError.self) { try mapping(folder) }
    #expect(error?.code == "grids-differ")
    for k in 1...3 { try FileManager.default.removeItem(atPath: folder + "/\(k)") }
    error = #expect(throws: CaseError.self) { try mapping(folder) }
    #expect(error?.code == "too-few-scans")
  }
}
