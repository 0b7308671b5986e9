import DICOM
import Foundation
import Provenance
import Quantities
import Studies
import Volumes

/// A small study with known truth.
struct SyntheticStudy {
  let folder: TemporaryFolder
  let writer: StudyWriter
  let image: Image<ActivityConcentration>
  let draft: QuantitativeSeriesDraft

  static let injection = Timestamp(iso8601: "2026-03-04T09:30:00+01:00")!
  static let start = Timestamp(iso8601: "2026-03-05T10:15:30.25+01:00")!

  init(scaling: QuantitativeSeriesDraft.Scaling = .slopePerSlice, weight: Mass? = .kilograms(71.5)) throws {
    folder = try TemporaryFolder()
    writer = StudyWriter(
      study: "Day 1", patientName: "Test^Zoë", patientID: "T1", patientWeight: weight, started: Self.start,
      seed: UIDSeed(7, 8))
    let grid = Grid(
      columns: 5, rows: 4, slices: 6, origin: SIMD3(-10, -20, 1000), columnStep: SIMD3(4, 0, 0),
      rowStep: SIMD3(0, 4.8, 0), sliceStep: SIMD3(0, 0, 3))
    image = Image(grid: grid, values: (0..<grid.count).map { Float(($0 * 7919) % 1000) * 123.5 })
    draft = QuantitativeSeriesDraft(
      image: image, description: "SPECT 24 h", number: 1, frameOfReference: "body", acquisitionStart: Self.start,
      frameDuration: .seconds(1280), nuclide: "Lu-177", halfLife: .days(6.647), injectedActivity: .gigabecquerels(7.4),
      injection: Self.injection, scaling: scaling)
  }

  var spect: String { folder.path + "/spect" }

  func write() throws -> WrittenSeries { try writer.write(draft, to: spect) }

  func read() throws -> QuantitativeSeries {
    let index = try StudyIndex.scan(folder: spect)
    guard let series = index.series.first, index.series.count == 1, index.refused.isEmpty else {
      throw Missing()
    }
    return try QuantitativeSeries(series)
  }

  struct Missing: Error {}

  /// Replaces bytes in one slice by others of the same length.
  func change(slice: Int, _ old: [UInt8], to new: [UInt8]) throws {
    precondition(old.count == new.count)
    let path = try FileManager.default.contentsOfDirectory(atPath: spect).sorted()[slice]
    let url = URL(filePath: spect + "/" + path)
    var data = try Data(contentsOf: url)
    guard let range = data.range(of: Data(old)) else { throw Missing() }
    data.replaceSubrange(range, with: Data(new))
    try data.write(to: url)
  }

  /// Replaces text in one slice.
  func change(slice: Int, _ old: String, to new: String) throws {
    try change(slice: slice, Array(old.utf8), to: Array(new.utf8))
  }

  /// Replaces text in all slices.
  func changeAll(_ old: String, to new: String) throws {
    for slice in 0..<image.grid.slices { try change(slice: slice, old, to: new) }
  }

  /// Gives an attribute of all slices another text, no longer than it was.
  func change(_ tag: Tag, _ vr: String, from old: String, to new: String) throws {
    let padded = new + String(repeating: " ", count: old.utf8.count - new.utf8.count)
    for slice in 0..<image.grid.slices {
      try change(
        slice: slice, attribute(tag, vr, Array(old.utf8)), to: attribute(tag, vr, Array(padded.utf8)))
    }
  }
}

/// An attribute as it stands in an explicit little-endian file.
func attribute(_ tag: Tag, _ vr: String, _ value: [UInt8]) -> [UInt8] {
  [tag.group, tag.element].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } + Array(vr.utf8)
    + [UInt8(value.count), 0] + value
}
