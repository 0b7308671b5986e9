import Foundation
import Quantities
import Testing

@testable import Scintigraphy

@Suite("Recovery curve and uncertainty budget")
struct UncertaintyTests {
  @Test("WE-3.2: the recovery curve and what an uncertain volume does to it")
  func recoveryCurve() {
    func recovery(_ volume: Double) -> Double {
      RecoveryCorrection.volumeCurve(.millilitres(volume), b: .millilitres(4), g: 0.85)
    }
    #expect(relative(recovery(20), 0.797_060_426_411_796_2) < 1e-12)
    #expect(recovery(4) == 0.5)
    #expect(relative(recovery(150), 0.956_089_153_079_504_6) < 1e-12)
    let fromVolume = recovery(20) * 0.85 * (1 - recovery(20)) * 2 / 20
    #expect(relative(fromVolume, 0.013_749_183_760_103_553) < 1e-12)
  }

  @Test(
    "WE-5.8: one volume drives counts, recovery and mass together",
    arguments: [(0.0, 0.128_137_087_064_721_8), (0.4, 0.098_592_694_061_845_81)])
  func volumeChain(kappa: Double, expected: Double) {
    let recovery = RecoveryCorrection.volumeCurve(.millilitres(150), b: .millilitres(4), g: 0.85)
    let sensitivity = 0.85 * (1 - recovery)
    #expect(relative(sensitivity, 0.037_324_219_882_421_09) < 1e-9)
    let common = CommonUncertainty(
      calibration: 0.05, recovery: 0, volume: 0.1, countSensitivity: kappa, recoverySensitivity: sensitivity)
    #expect(relative(common.absorbedDoseSensitivity, kappa - 1.037_324_219_882_421) < 1e-9)
    #expect(relative(hypot(common.relativeOfAbsorbedDose, 0.056_202_292_745_806_73), expected) < 1e-9)
  }

  @Test(
    "The volume's uncertainty follows the image on which the outline was drawn",
    arguments: [(4.8, 11.0, 0.31), (0.98, 1.5, 0.045)])
  func volumeUncertainty(voxel: Double, width: Double, expected: Double) {
    let image = OutlineImage(voxelSize: .millimetres(voxel), fullWidthAtHalfMaximum: .millimetres(width))
    #expect(relative(image.relativeVolumeUncertainty(of: .millilitres(150)), expected) < 0.02)
  }

  @Test("A linear system gives back what was put in, a singular one nothing")
  func linearSystem() throws {
    let a = [[0.0, 2, 1], [1, -1, 3], [4, 1, 0.5]]
    let x = [1.5, -2, 0.25]
    let b = a.map { zip($0, x).reduce(0) { $0 + $1.0 * $1.1 } }
    let solved = try #require(solve(a, b))
    #expect(zip(solved, x).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(solve([[1, 2], [2, 4]], [1, 1]) == nil)
  }
}

func relative(_ a: Double, _ b: Double) -> Double { abs(a / b - 1) }
