import Quantities
import Studies
import Testing

/// A real whole-body PET with a slope for each slice and bed positions that do not join exactly; truth from pydicom.
@Suite(.enabled(if: TestData.folder != nil, "the test data are not on this machine"))
struct WholeBodyStudyTests {
  @Test("Each slice is scaled with its own slope")
  func slopes() throws {
    let index = try StudyIndex.scan(folder: try #require(TestData.folder) + "/pet-whole-body-ge")
    let series = try QuantitativeSeries(try #require(index.series.first { $0.modality == "PT" }))
    let grid = series.image.grid
    #expect((grid.columns, grid.rows, grid.slices) == (128, 128, 267))
    let sum = series.image.values.reduce(0.0) { $0 + Double($1) }
    #expect(abs(sum * 0.0718505859374996 / 193195723.90442127 - 1) < 1e-6)
    #expect(abs(Double(series.image.values[grid.index(69, 70, 62)]) / 273860.36027 - 1) < 1e-6)
    #expect(series.nuclide == "F-18")
    #expect(series.injection == LocalTime(year: 2000, month: 9, day: 7, hour: 10, minute: 35))
    #expect(series.acquisitionStart == LocalTime(year: 2000, month: 9, day: 7, hour: 11, minute: 20, second: 11))
  }
}
