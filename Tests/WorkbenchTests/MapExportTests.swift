import Foundation
import Quantities
import Studies
import Testing
import Volumes
import Workbench

@Suite("Maps as DICOM objects")
struct MapExportTests {
  private static let grid = Grid(
    columns: 8, rows: 8, slices: 3, origin: .zero, columnStep: SIMD3(4, 0, 0), rowStep: SIMD3(0, 4, 0),
    sliceStep: SIMD3(0, 0, 5))
  private let values = (0..<192).map { Float($0) * 0.37 }

  private func export(
    _ pet: SyntheticPET, _ description: String, on grid: Grid = Self.grid, quantity: MapQuantity? = nil,
    unit: String? = nil
  ) throws -> [WrittenResult] {
    let path = pet.folder + "/map.nii"
    try Data(NIfTIFile(grid: grid, name: "map", description: description).bytes(of: values)).write(
      to: URL(filePath: path))
    return try ResultExport.map(
      path, images: pet.folder, series: nil, quantity: quantity, unit: unit, to: pet.folder + "/out",
      created: Timestamp(iso8601: "2026-03-05T10:15:30+01:00")!
    ).written
  }

  @Test("A dose map comes back as RT Dose and Parametric Map of the study, in Gy")
  func dose() throws {
    let pet = try SyntheticPET()
    let written = try export(pet, "absorbed dose, mGy")
    #expect(written.map(\.kind) == ["dose", "parametric map"])
    let dose = try DoseMap(path: written[0].path)
    #expect(dose.frameOfReferenceUID == "2.25.3" && dose.image.grid == Self.grid)
    let map = try ParametricMap(path: written[1].path)
    #expect(map.unit.value == "Gy")
    for n in values.indices {
      // One unit in the last place of single precision.
      let gray = values[n] * 1e-3
      #expect((dose.image.values[n] - gray).magnitude <= 1.2e-7 * gray + 1e-10)
      #expect((map.values[n] - gray).magnitude <= 1e-6 * gray)
    }
  }

  @Test("Hours of a time-integrated activity become seconds")
  func decays() throws {
    let pet = try SyntheticPET()
    let written = try export(pet, "time-integrated activity concentration, Bq h/mL")
    #expect(written.map(\.kind) == ["parametric map"])
    let map = try ParametricMap(path: written[0].path)
    #expect(map.unit.value == "Bq.s/ml" && map.quantity?.value == "TIA")
    #expect(zip(map.values, values).allSatisfy { ($0 - $1 * 3600).magnitude <= 1e-6 * $0 })
  }

  @Test("A map of an unknown unit, of another quantity than stated or of another place is refused")
  func refused() throws {
    let pet = try SyntheticPET()
    func code(_ body: () throws -> [WrittenResult]) -> String? {
      #expect(throws: CaseError.self) { try body() }?.code
    }
    #expect(code { try export(pet, "effective half-life, h") } == "map-unit")
    #expect(code { try export(pet, "absorbed dose, Gy", quantity: .uptake) } == "map-unit")
    #expect(code { try export(pet, "absorbed dose, Gy", unit: "furlong") } == "map-unit")
    let shifted = Grid(
      columns: 8, rows: 8, slices: 3, origin: SIMD3(0.1, 0, 0), columnStep: SIMD3(4, 0, 0), rowStep: SIMD3(0, 4, 0),
      sliceStep: SIMD3(0, 0, 5))
    #expect(code { try export(pet, "absorbed dose, Gy", on: shifted) } == "other-grid")
    #expect(try export(pet, "no unit", quantity: .dose, unit: "Gy").count == 2)
  }
}
