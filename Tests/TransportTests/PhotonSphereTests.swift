import Quantities
import Testing

@testable import Transport

/// Photons from an even source in a sphere of water in water without end, of which no publication was at hand.
///
/// The values are those of an independent simulation made for this comparison in NumPy: cross sections, scattering functions
/// and form factors of xraylib 4.3, Klein-Nishina collisions with the scattering function, Rayleigh scattering, electrons
/// where they arise, 300 000 photons each.
@Suite("Absorbed fractions of photons in spheres")
struct PhotonSphereTests {
  @Test(
    "They are those of an independent simulation within 1 % and the noise of both",
    arguments: [
      (30.0, 20.0, 0.20423, 0.0035),
      (30, 100, 0.33056, 0.0025),
      (30, 1000, 0.56329, 0.0016),
      (60, 20, 0.05004, 0.0061),
      (60, 100, 0.09480, 0.0044),
      (60, 1000, 0.22798, 0.0028),
      (140, 20, 0.03714, 0.0050),
      (140, 100, 0.06622, 0.0038),
      (140, 1000, 0.15530, 0.0026),
      (364, 20, 0.04142, 0.0056),
      (364, 100, 0.07129, 0.0043),
      (364, 1000, 0.15394, 0.0028),
      (662, 20, 0.04093, 0.0063),
      (662, 100, 0.07017, 0.0048),
      (662, 1000, 0.14690, 0.0032),
    ])
  func independent(_ energy: Double, _ grams: Double, _ fraction: Double, _ noise: Double) throws {
    let radius = SphereGeometry.radius(of: .grams(grams), density: Material.water.density)
    let settings = TransportSettings(followsSecondaryElectrons: false, threads: 2)
    let run = try TransportRun(
      Scene.line(.photon, energy),
      in: .shells(try SphereGeometry(material: .water, radii: [radius]), .sphere(radius: radius)),
      tables: try Scene.tables(settings: settings), histories: 400_000)
    let result = try run.run()
    let found = result.energy(0).kiloelectronvolts / energy
    let u = try #require(result.relativeUncertainty(0))
    let bound: Double = 0.01 + 2 * (noise * noise + u * u).squareRoot()
    #expect(abs(found / fraction - 1) < bound, "\(found)")
  }
}
