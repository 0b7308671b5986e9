import Foundation
import Quantities
import Testing

@testable import Transport

@Suite("Skeleton")
struct SkeletonTests {
  /// Whitwell and Spiers 1976: mean chords in mm of marrow cavities and trabeculae.
  @Test(
    "Trabecular bone has the chords that were measured, within 15 %",
    arguments: [(0, 1.3, 0.26), (1, 0.904, 0.242), (2, 0.389, 0.511)])
  func chords(kind: Int, marrow: Double, bone: Double) {
    let spongiosa = TrabecularGeometry(TrabecularGeometry.kinds[kind], cellularity: 0.5, seed: 1)
    let chords = spongiosa.meanChords
    #expect(isClose(chords.marrow, marrow, 0.15))
    #expect(isClose(chords.bone, bone, 0.15))
    let marrowCells = spongiosa.cells.filter { !$0.isBone }
    #expect(isClose(Double(marrowCells.count(where: \.isActive)) / Double(marrowCells.count), 0.5, 0.01))
    #expect(
      isClose(
        Double(spongiosa.cells.count - marrowCells.count) / Double(spongiosa.cells.count),
        TrabecularGeometry.kinds[kind].boneVolumeFraction, 1e-3))
  }

  @Test("Endosteum is marrow beside bone, and every voxel of it is")
  func endosteum() {
    let n = TrabecularGeometry.count
    let cells = TrabecularGeometry(TrabecularGeometry.kinds[1], cellularity: 0.6, seed: 3).cells
    var wrong = 0
    for i in cells.indices where !cells[i].isBone {
      let (x, y, z) = (i % n, i / n % n, i / (n * n))
      let beside = [
        (x + 1) % n + n * (y + n * z), (x + n - 1) % n + n * (y + n * z), x + n * ((y + 1) % n + n * z),
        x + n * ((y + n - 1) % n + n * z), x + n * (y + n * ((z + 1) % n)), x + n * (y + n * ((z + n - 1) % n)),
      ]
      if beside.contains(where: { cells[$0].isBone }) != cells[i].isEndosteum { wrong += 1 }
    }
    #expect(wrong == 0)
  }
}
