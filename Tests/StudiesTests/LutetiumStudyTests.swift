import Foundation
import Quantities
import Studies
import Testing

/// A real quantitative 177Lu SPECT with lesions (SNMMI dosimetry challenge, patient 4); truth from pydicom and NumPy.
@Suite(.enabled(if: TestData.folder != nil, "the test data are not on this machine"))
struct LutetiumStudyTests {
  private func index() throws -> StudyIndex {
    try StudyIndex.scan(folder: try #require(TestData.folder) + "/spect-lu177-dotatate")
  }

  @Test("Activity, times and header of a real series are those of the reference")
  func spect() throws {
    let index = try index()
    #expect(index.refused.isEmpty)
    let series = try QuantitativeSeries(try #require(index.series.first { $0.modality == "PT" }))
    let grid = series.image.grid
    #expect((grid.columns, grid.rows, grid.slices) == (256, 256, 199))
    #expect(abs(grid.voxelVolume.millilitres / 0.007450637817529682 - 1) < 1e-9)
    let sum = series.image.values.reduce(0.0) { $0 + Double($1) }
    let activity = ActivityConcentration.becquerelsPerMillilitre(sum) * grid.voxelVolume
    #expect(abs(activity.megabecquerels / 1350.5537966872366 - 1) < 1e-6)
    #expect(series.image.values.max() == 2_281_200)
    #expect(series.image.values[grid.index(101, 76, 133)] == 2_281_200)
    #expect(abs(grid.position(101, 76, 133).z - 1416.69629) < 1e-3)

    let start = try #require(
      LocalTime(year: 2018, month: 11, day: 15, hour: 13, minute: 6, second: 28.148))
    let injection = try #require(LocalTime(year: 2018, month: 11, day: 15, hour: 9, minute: 22))
    #expect(series.acquisitionStart == start)
    #expect(series.injection == injection)
    #expect(series.decayCorrection == .administration)
    #expect(series.nuclide == "Lu-177")
    #expect(series.halfLifeInHeader == .seconds(574_300))
    #expect(series.injectedActivity == .becquerels(7_210_425_599.6395))
    #expect(series.patientWeight == .kilograms(92.987))
    #expect(series.frameDuration == .seconds(1506.277))
    #expect(series.utcOffset == nil)
    #expect(series.findings.isEmpty)

    let elapsed = Time.seconds(start.secondsSince1970 - injection.secondsSince1970)
    #expect(abs(elapsed.hours / 3.741152222222222 - 1) < 1e-9)
    let factor = try series.factorToAcquisitionStart(
      decayConstant: RateConstant(halfLife: .seconds(574_300)), administrationToStart: elapsed)
    #expect(abs((activity * factor).megabecquerels / 1328.7776313764468 - 1) < 1e-6)
  }

  @Test("The lesions of a real structure set are read and lie in the frame of reference of the series")
  func lesions() throws {
    let index = try index()
    let set = try StructureSet(try #require(index.series.first { $0.modality == "RTSTRUCT" }))
    #expect(set.structures.first { $0.name == "lesion1 liver R lobe" }?.contours.count == 35)
    #expect(set.structures.first { $0.name == "lesion2 liver L lateral" }?.contours.count == 10)
    let series = try QuantitativeSeries(try #require(index.series.first { $0.modality == "PT" }))
    try set.requireFrameOfReference(of: series)
  }
}
