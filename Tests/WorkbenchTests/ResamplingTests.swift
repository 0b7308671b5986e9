import Foundation
import Provenance
import Quantities
import Studies
import Testing
import Volumes
import Workbench

@Suite("Volumes on other lattices")
struct VolumeResamplingTests {
  /// Twice as coarse as the synthetic PET of 8 × 8 × 3 voxels of 4 × 4 × 5 mm, and a slice beyond it.
  private static let coarse = Grid(
    columns: 4, rows: 4, slices: 4, origin: SIMD3(2, 2, 0), columnStep: SIMD3(8, 0, 0), rowStep: SIMD3(0, 8, 0),
    sliceStep: SIMD3(0, 0, 5))

  private func target(_ pet: SyntheticPET, _ grid: Grid, _ description: String = "map, Gy") throws -> String {
    let path = pet.folder + "/target.nii"
    try Data(
      NIfTIFile(grid: grid, name: "map", description: description).bytes(of: [Float](repeating: 1, count: grid.count))
    )
    .write(to: URL(filePath: path))
    return path
  }

  @Test("A concentration that is conserved is the mean of the voxels that merge, and its total stays")
  func conserved() throws {
    let pet = try SyntheticPET()
    let output = pet.folder + "/out.nii"
    let done = try Resampling.resample(
      pet.folder, series: nil, onto: target(pet, Self.coarse), series: nil, by: .conserving, to: output)
    let map = try NIfTIMap(path: output)
    #expect(map.grid == Self.coarse && map.description.hasSuffix(", Bq/mL"))
    let own = try PETSeries(#require(try StudyIndex.scan(folder: pet.folder).series.first)).values
    for k in 0..<3 {
      for j in 0..<4 {
        for i in 0..<4 {
          let four = [0, 1, 8, 9].map { own[k * 64 + 16 * j + 2 * i + $0] }
          #expect((map.values[k * 16 + 4 * j + i] - four.reduce(0, +) / 4).magnitude < 1e-4 * four[0])
        }
      }
    }
    #expect(map.values[48...].allSatisfy { $0 == 0 })
    let total = own.reduce(0.0) { $0 + Double($1) } * 0.08
    guard case .number(let sum)? = done.document["sum"], case .number(let outside)? = done.document["outside"] else {
      Issue.record("no sums")
      return
    }
    #expect((sum - total).magnitude < 1e-6 * total && outside.magnitude < 1e-6 * total)
  }

  @Test("A coronal reformat shows the head above and keeps what lies where")
  func coronal() throws {
    let pet = try SyntheticPET()
    let output = pet.folder + "/coronal.nii"
    _ = try Resampling.reformat(
      pet.folder, series: nil, plane: .coronal, directions: nil, spacing: .millimetres(4), by: .nearest, to: output)
    let map = try NIfTIMap(path: output)
    #expect(map.grid.columnStep == SIMD3(4, 0, 0) && map.grid.rowStep == SIMD3(0, 0, -4))
    let series = try PETSeries(#require(try StudyIndex.scan(folder: pet.folder).series.first))
    for j in 0..<map.grid.rows {
      for k in 0..<map.grid.slices {
        let place = (map.grid.position(3, j, k) - series.grid.origin) / SIMD3(4, 4, 5)
        let (x, y, z) = (Int(place.x.rounded()), Int(place.y.rounded()), Int(place.z.rounded()))
        #expect(map.values[map.grid.index(3, j, k)] == series.values[series.grid.index(x, y, z)])
      }
    }
  }

  @Test("What does not add up is not conserved, and an edge without size is refused; nothing is written")
  func refused() throws {
    let pet = try SyntheticPET()
    let output = pet.folder + "/none.nii"
    let map = try target(pet, Self.coarse)
    func code(_ body: () throws -> Resampling) -> String? {
      do {
        _ = try body()
        return nil
      } catch { return (error as? any Refusal)?.code }
    }
    #expect(
      code { try Resampling.resample(map, series: nil, onto: map, series: nil, by: .conserving, to: output) }
        == "not-additive")
    #expect(
      code {
        try Resampling.reformat(
          map, series: nil, plane: .axial, directions: ([1, 0, 0], [1, 1, 0]), spacing: nil, by: .linear, to: output)
      } == "plane-axes")
    #expect(
      code {
        try Resampling.reformat(
          map, series: nil, plane: .axial, directions: nil, spacing: .millimetres(1e-4), by: .linear, to: output)
      } == "plane-too-large")
    #expect(!FileManager.default.fileExists(atPath: output))
  }
}
