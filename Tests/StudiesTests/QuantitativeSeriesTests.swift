import DICOM
import Foundation
import Quantities
import Studies
import Testing
import Volumes

@Suite struct QuantitativeSeriesTests {
  @Test("What is written is read again", arguments: [QuantitativeSeriesDraft.Scaling.slopePerSlice, .slopePerSeries])
  func roundTrip(_ scaling: QuantitativeSeriesDraft.Scaling) throws {
    let study = try SyntheticStudy(scaling: scaling)
    let written = try study.write()
    let series = try study.read()
    #expect(series.seriesUID == written.uid)
    #expect(series.studyUID == study.writer.studyUID)
    #expect(series.frameOfReferenceUID == study.writer.frameOfReferenceUID("body"))
    #expect(series.description == "SPECT 24 h")
    #expect(series.nuclide == "Lu-177")
    #expect(series.halfLifeInHeader == .days(6.647))
    #expect(series.injectedActivity == .gigabecquerels(7.4))
    #expect(series.injection == SyntheticStudy.injection.local)
    #expect(series.patientWeight == .kilograms(71.5))
    #expect(series.acquisitionStart == SyntheticStudy.start.local)
    #expect(series.utcOffset == 3600)
    #expect(series.frameDuration == .seconds(1280))
    #expect(series.decayCorrection == .start)
    #expect(series.corrections == ["ATTN", "SCAT", "DECY"])
    #expect(series.findings.isEmpty)

    let grid = study.image.grid
    #expect((series.image.grid.columns, series.image.grid.rows, series.image.grid.slices) == (5, 4, 6))
    for k in [0, 5] {
      let difference = series.image.grid.position(4, 3, k) - grid.position(4, 3, k)
      #expect((difference * difference).sum() < 1e-18)
    }
    let size = grid.columns * grid.rows
    for k in 0..<grid.slices {
      let whole = scaling == .slopePerSeries
      let slice = whole ? study.image.values[...] : study.image.values[k * size..<(k + 1) * size]
      let half = Double(slice.max()!) / 65535 / 2
      for i in k * size..<(k + 1) * size {
        #expect(abs(Double(series.image.values[i]) - Double(study.image.values[i])) <= half * 1.001 + 0.01)
      }
    }
  }

  @Test("The same study gives the same bytes, another seed other UIDs")
  func deterministic() throws {
    let first = try SyntheticStudy()
    let second = try SyntheticStudy()
    _ = try first.write()
    _ = try second.write()
    #expect(try first.read().digest == second.read().digest)
    #expect(UIDSeed(7, 9).uid("x") != UIDSeed(7, 8).uid("x"))
  }

  @Test("Slices are ordered by position, not by name")
  func order() throws {
    let study = try SyntheticStudy()
    let written = try study.write()
    let before = try study.read()
    for (n, path) in written.paths.enumerated() {
      try FileManager.default.moveItem(atPath: path, toPath: study.spect + "/\((n * 5 + 3) % 6)-\(n).dcm")
    }
    let after = try study.read()
    #expect(after.image.values == before.image.values)
    #expect(after.image.grid == before.image.grid)
    #expect(after.digest == before.digest)
  }

  @Test("A slice that is missing is refused, with its place")
  func missingSlice() throws {
    let study = try SyntheticStudy()
    let written = try study.write()
    try FileManager.default.removeItem(atPath: written.paths[2])
    try expectRefusal("missing-slice", study)
    for slice in 0..<5 {
      try study.change(
        slice: slice, attribute(.numberOfSlices, "US", [6, 0]), to: attribute(.numberOfSlices, "US", [5, 0]))
    }
    let error = #expect(throws: StudyError.self) { try study.read() }
    #expect(error?.code == "missing-slice")
    #expect(error?.reason == "A slice is missing between 1003.0 mm and 1009.0 mm.")
  }

  @Test("A last slice that is missing is refused")
  func missingLast() throws {
    let study = try SyntheticStudy()
    let written = try study.write()
    try FileManager.default.removeItem(atPath: written.paths[5])
    try expectRefusal("missing-slice", study)
  }

  @Test("Two slices at one position are refused")
  func duplicate() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    try study.change(slice: 3, "-10\\-20\\1009", to: "-10\\-20\\1006")
    try expectRefusal("duplicate-position", study)
  }

  @Test("Unequal spacing and a slice out of line are refused", arguments: ["-10\\-20\\1008", "-19\\-20\\1009"])
  func unequal(_ position: String) throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    try study.change(slice: 3, "-10\\-20\\1009", to: position)
    try expectRefusal("unequal-spacing", study)
  }

  @Test(
    "Slices that do not belong together are refused",
    arguments: [
      ("T1", "T2", "mixed-patients"), ("BQML", "CNTS", "mixed-headers"), ("7400000000", "7400000001", "mixed-headers"),
      ("1\\0\\0\\0\\1\\0", "1\\0\\0\\0\\0\\1", "mixed-geometry"), ("4.8\\4", "4.7\\4", "mixed-geometry"),
    ])
  func mixed(_ old: String, _ new: String, _ code: String) throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    try study.change(slice: 2, old, to: new)
    try expectRefusal(code, study)
  }

  @Test("Another frame of reference in one slice is refused")
  func mixedFrames() throws {
    let study = try SyntheticStudy()
    let uid = try study.write().frameOfReferenceUID
    let other = String(uid.dropLast()) + (uid.last == "1" ? "2" : "1")
    try study.change(slice: 2, uid, to: other)
    try expectRefusal("mixed-frames-of-reference", study)
  }

  @Test("Counts are no activity concentration")
  func units() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    try study.changeAll("BQML", to: "CNTS")
    try expectRefusal("units", study)
  }

  @Test("A missing or unknown decay correction is refused")
  func decayCorrection() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    try study.change(.decayCorrection, "CS", from: "START ", to: "MAYBE")
    try expectRefusal("unknown-decay-correction", study)
    try study.change(.decayCorrection, "CS", from: "MAYBE ", to: "")
    try expectRefusal("missing-decay-correction", study)
  }

  @Test("The frame duration corrects values that are not corrected for decay")
  func notCorrected() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    try study.change(.decayCorrection, "CS", from: "START ", to: "NONE")
    let series = try study.read()
    #expect(series.decayCorrection == .none)
    #expect(series.findings.map(\.code) == ["contradicting-decay-correction"])
    let factor = try series.factorToAcquisitionStart(
      decayConstant: RateConstant(halfLife: .days(6.647)), administrationToStart: .hours(24))
    #expect(abs(factor - 1.000773) < 5e-7)
  }

  @Test("A slope that is not a positive number is refused", arguments: ["nan", "0", "-1", ""])
  func slope(_ text: String) throws {
    let study = try SyntheticStudy(scaling: .slopePerSeries)
    let path = try study.write().paths[0]
    let slope = try #require(try DICOMFile(path: path).dataSet.string(.rescaleSlope))
    let padding = String(repeating: " ", count: slope.utf8.count - text.utf8.count)
    try study.change(slice: 0, slope, to: text + padding)
    #expect(throws: (any Error).self) { try study.read() }
  }

  @Test("A file cut anywhere makes the series refused")
  func truncated() throws {
    let study = try SyntheticStudy()
    let path = try study.write().paths[3]
    let whole = try Data(contentsOf: URL(filePath: path))
    for length in stride(from: 0, to: whole.count, by: 37) {
      try whole.prefix(length).write(to: URL(filePath: path))
      #expect(throws: (any Error).self, "cut at \(length)") { try study.read() }
    }
  }

  @Test("Missing attenuation and scatter corrections are told")
  func corrections() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    try study.changeAll("ATTN\\SCAT\\DECY", to: "RADL\\NORM\\DECY")
    #expect(try study.read().findings.map(\.code) == ["no-attenuation-correction", "no-scatter-correction"])
  }

  @Test("A weight of zero is no weight and is told; no weight is none")
  func weight() throws {
    let none = try SyntheticStudy(weight: nil)
    _ = try none.write()
    #expect(try none.read().patientWeight == nil)
    let zero = try SyntheticStudy(weight: .zero)
    _ = try zero.write()
    let series = try zero.read()
    #expect(series.patientWeight == nil)
    #expect(series.findings.map(\.code) == ["implausible-weight"])
  }

  @Test("An administration after the acquisition is refused")
  func administrationAfterwards() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    try study.changeAll("20260304093000", to: "20260305103000")
    try expectRefusal("administration-after-acquisition", study)
  }

  @Test("An administration in another time zone is brought to the clock of the series")
  func timeZone() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    try study.changeAll("20260304093000.000000+0100", to: "20260304083000.000000+0000")
    #expect(try study.read().injection == SyntheticStudy.injection.local)
  }

  @Test("The clock of a series is that of its acquisition, also when summer time began after the administration")
  func summerTime() throws {
    let start = try #require(Timestamp(iso8601: "2026-03-29T10:00:00+02:00"))
    let injection = try #require(Timestamp(iso8601: "2026-03-28T10:00:00+01:00"))
    let study = try SyntheticStudy()
    let draft = study.draft
    _ = try study.writer.write(
      QuantitativeSeriesDraft(
        image: draft.image, description: draft.description, number: 1, frameOfReference: "body",
        acquisitionStart: start, frameDuration: draft.frameDuration, nuclide: draft.nuclide, halfLife: draft.halfLife,
        injectedActivity: draft.injectedActivity, injection: injection), to: study.spect)
    let series = try study.read()
    let offset = try #require(series.utcOffset)
    #expect(series.acquisitionStart.at(utcOffset: offset) == start)
    #expect(try #require(series.injection).at(utcOffset: offset) - start == .hours(-23))
  }

  @Test("Series and studies of one seed have different UIDs")
  func differentUIDs() throws {
    func writer(_ study: String) throws -> StudyWriter {
      StudyWriter(
        study: study, patientName: "A", patientID: "A", patientWeight: nil, started: SyntheticStudy.start,
        seed: UIDSeed(1, 1))
    }
    let study = try SyntheticStudy()
    var uids: [String] = []
    for (name, number) in [("Day 1", 1), ("Day 1", 11), ("Day 1 1", 1)] {
      let hu = [Int16](repeating: 0, count: study.image.grid.count)
      let series = try writer(name).writeCT(
        hu, grid: study.image.grid, description: "CT", number: number, frameOfReference: "body",
        acquired: SyntheticStudy.start, to: study.folder.path + "/ct")
      uids += [series.uid] + series.instanceUIDs
    }
    #expect(Set(uids).count == uids.count)
    #expect(try writer("Day 1").frameOfReferenceUID("body") == writer("Day 2").frameOfReferenceUID("body"))
  }

  @Test("A file that changed after the scan is refused")
  func changed() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    let index = try StudyIndex.scan(folder: study.spect)
    try study.change(slice: 2, "SPECT 24 h", to: "SPECT 96 h")
    let error = #expect(throws: StudyError.self) { try QuantitativeSeries(index.series[0]) }
    #expect(error?.code == "changed-file")
  }

  @Test("Concentrations that are negative or not finite are not written", arguments: [Float.nan, .infinity, -1])
  func unwritable(_ value: Float) throws {
    let study = try SyntheticStudy()
    var image = study.image
    image.values[7] = value
    let draft = study.draft
    let bad = QuantitativeSeriesDraft(
      image: image, description: draft.description, number: 1, frameOfReference: "body",
      acquisitionStart: draft.acquisitionStart, frameDuration: draft.frameDuration, nuclide: draft.nuclide,
      halfLife: draft.halfLife, injectedActivity: draft.injectedActivity, injection: draft.injection)
    #expect(throws: StudyError.self) { try study.writer.write(bad, to: study.spect) }
  }

  private func expectRefusal(_ code: String, _ study: SyntheticStudy) throws {
    let error = #expect(throws: StudyError.self) { try study.read() }
    #expect(error?.code == code)
  }
}
