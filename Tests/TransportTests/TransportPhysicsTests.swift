import Foundation
import Quantities
import Radionuclides
import Testing

@testable import Transport

@Suite("Physics of the transport")
struct TransportPhysicsTests {
  @Test(
    "Fano: a source even by mass gives an even dose whatever the densities",
    arguments: [Emission.Particle.electron, .photon])
  func fano(_ particle: Emission.Particle) throws {
    let side = 12
    let edge = Length.millimetres(particle == .electron ? 1 : 6)
    let densities = (0..<(side * side * side)).map { Float(($0 * 7 + $0 / side * 3 + $0 / 50) % 2 == 0 ? 0.4 : 1.6) }
    let geometry = try VoxelGeometry(
      shape: SIMD3(side, side, side), spacing: [edge, edge, edge], materials: [.water], materialOfVoxel: nil,
      densities: densities, walls: .periodic)
    let result = try TransportRun(
      Scene.line(particle, 500),
      in: .voxels(
        geometry, VoxelSource(weights: densities.map(Double.init)), regions: densities.map { $0 < 1 ? 0 : 1 }),
      tables: try Scene.tables(), histories: 120_000
    ).run()
    #expect(result.meanEscaped == .zero)
    let mass = densities.reduce(0.0) { $0 + Double($1) }
    for region in 0..<2 {
      let own = densities.filter { ($0 < 1) == (region == 0) }.reduce(0.0) { $0 + Double($1) }
      let dose = result.energy(region).kiloelectronvolts / (500 * own / mass)
      let u = try #require(result.relativeUncertainty(region))
      #expect(u < 0.006)
      #expect(abs(dose - 1) < max(0.001, 3.5 * u))
    }
  }

  @Test("A narrow beam is attenuated as XCOM says, through slabs", arguments: [20.0, 60, 113, 208, 511, 1275, 2750])
  func attenuation(_ energy: Double) throws {
    let materials: [Material] = [.water, .corticalBone, .lung]
    let side = 8
    var perCentimetre = 0.0
    for voxel in 0..<side {
      let material = materials[voxel % 3]
      let cross = try PhotonCrossSections(material, elements: try .standard()).parts(at: .kiloelectronvolts(energy))
      perCentimetre += cross.total.squareCentimetresPerGram * material.density.gramsPerMillilitre
    }
    // Slabs of a mean free path and a half together.
    let geometry = try VoxelGeometry(
      shape: SIMD3(side, 1, 1), spacing: [.centimetres(1.5 / perCentimetre), .millimetres(500), .millimetres(500)],
      materials: materials, materialOfVoxel: (0..<side).map { UInt8($0 % 3) }, densities: nil)
    let tables = try Scene.tables(materials, highest: .kiloelectronvolts(energy))
    let run = try TransportRun(
      Scene.line(.photon, energy), in: .voxels(geometry, VoxelSource(voxel: 0)), tables: tables, histories: 10)
    let count = 400_000
    let through = try #require(
      run.withTracker { tracker in
        (0..<count).reduce(0) { sum, history in
          var stream = HistoryStream(seed: 3, component: 9, history: UInt64(history))
          var photon = Particle(
            kind: .photon, energy: Float(energy), x: 0, y: 25, z: 25, ix: 0, iy: 0, iz: 0,
            direction: Direction(1, 0, 0))
          let (bin, along) = LogarithmicBins.photons.place(photon.energy)
          return sum + (tracker.flight(&photon, bin, along, &stream) == nil ? 1 : 0)
        }
      })
    // The standard error is 0.22 %.
    #expect(abs(-log(Double(through) / Double(count)) / 1.5 - 1) < 0.01)
  }

  @Test(
    "Electrons that cannot leave a voxel may end there at once, and every voxel keeps its energy",
    arguments: [(Emission.Particle.electron, 300.0), (.photon, 390)])
  func confinement(_ particle: Emission.Particle, _ energy: Double) throws {
    // Below twice the threshold there are no discrete events, and a photon interacts once below its cut. A history then
    // draws the same numbers until its electron ends, so that no voxel may differ by more than the tables' rounding.
    let geometry = try Scene.cube(7, 1)
    func run(_ ends: Bool) throws -> TransportResult {
      let settings = TransportSettings(
        photonCut: .kiloelectronvolts(energy - 1), discreteThreshold: .kiloelectronvolts(200),
        endsConfinedElectrons: ends)
      return try TransportRun(
        Scene.line(particle, energy), in: .voxels(geometry, VoxelSource(voxel: 171)),
        tables: try Scene.tables(settings: settings), histories: 60_000
      ).run()
    }
    let (fast, full) = (try run(true), try run(false))
    for cell in 0..<geometry.count {
      let (a, b) = (fast.energy(cell).kiloelectronvolts, full.energy(cell).kiloelectronvolts)
      #expect(abs(a - b) <= 1e-4 * b, "voxel \(cell)")
    }
  }

  @Test("A border between two materials that are the same changes nothing")
  func border() throws {
    let side = 9
    let edge = Length.millimetres(0.7)
    let count = side * side * side
    func run(_ materials: [Material], _ particle: Emission.Particle) throws -> TransportResult {
      let geometry = try VoxelGeometry(
        shape: SIMD3(side, side, side), spacing: [edge, edge, edge], materials: materials,
        materialOfVoxel: materials.count > 1 ? (0..<count).map { UInt8($0 % 2) } : nil, densities: nil)
      return try TransportRun(
        Scene.line(particle, 900), in: .voxels(geometry, VoxelSource(voxel: count / 2)),
        tables: try Scene.tables(materials, positrons: true), histories: 60_000
      ).run()
    }
    for particle in [Emission.Particle.electron, .positron] {
      let (one, two) = (try run([.water], particle), try run([.water, .water], particle))
      for offset in [0, 1, side, side * side] {
        let cell = count / 2 + offset
        let u = try #require(one.relativeUncertainty(cell))
        #expect(abs(two.energy(cell) / one.energy(cell) - 1) < 0.005 + 4 * u)
        #expect(u < 0.02)
      }
      #expect(abs(two.meanEscaped / one.meanEscaped - 1) < 0.02)
    }
  }

  @Test("The range of electrons in water is that of ESTAR", arguments: [(100.0, 1.431e-2), (1000, 0.4367)])
  func range(_ energy: Double, _ wanted: Double) throws {
    // A threshold of 200 keV leaves the losses of slower electrons unrestricted; at 1 MeV the rest comes in steps.
    let tables = try Scene.tables(settings: TransportSettings(discreteThreshold: .kiloelectronvolts(200)))
    let view = ElectronView(tables.electrons[0])
    let found = Double(view.range(Float(energy)))
    #expect(abs(found / wanted - 1) < (energy < 400 ? 0.004 : 0.12))
    #expect(energy < 400 || found > wanted)
    #expect(abs(Double(view.energy(range: view.range(Float(energy)))) / energy - 1) < 2e-3)
  }

  @Test("Moments of hard collisions agree with the analytic cross section of Møller")
  func moller() {
    // ∫ of Møller's cross section over ε from Δ/T to ½ (ICRU Report 37, eq. 3.6), by hand.
    let collisions = ElectronCollisions(charge: .electron, threshold: 10, electronsPerGram: 3.343e23)
    let k = Kinematics(energy: 500)
    let e0 = 10 / 500.0
    let tau = k.tau
    let c2 = (2 * tau + 1) / ((tau + 1) * (tau + 1))
    let c1 = tau * tau / ((tau + 1) * (tau + 1))
    let wanted =
      collisions.strength / 500 / k.betaSquared
      * (1 / e0 - 1 / (1 - e0) + c1 * (0.5 - e0) - c2 * log((1 - e0) / e0))
    #expect(abs(collisions.moments(energy: 500).crossSection / wanted - 1) < 1e-3)
  }

  @Test("Bremsstrahlung carries the radiative stopping power, from confined electrons too")
  func bremsstrahlung() throws {
    let data = try MaterialData(.water, elements: try .standard())
    // The radiation yield in the continuous slowing-down approximation; of it, photons below 10 keV are not told apart.
    var yield = 0.0
    for k in 1..<1000 {
      let (radiative, collision) = (data.radiativePower(Double(k)), data.collisionPower(Double(k), .electron))
      yield += radiative / (radiative + collision) / 1000
    }
    for ends in [false, true] {
      let result = try TransportRun(
        Scene.line(.electron, 1000), in: .voxels(try Scene.cube(3, 300), VoxelSource(voxel: 13)),
        tables: try Scene.tables(settings: TransportSettings(endsConfinedElectrons: ends)),
        histories: ends ? 400_000 : 40_000
      ).run()
      let found = result.meanRadiated / result.meanEmitted / yield
      #expect(found > 0.88 && found < 1.0)
    }
  }

  @Test("K X rays of calcium leave a thin layer of bone")
  func fluorescence() throws {
    let tables = try Scene.tables([.corticalBone])
    let photons = tables.photons[0]
    let (bin, _) = LogarithmicBins.photons.place(6)
    let chances = (0..<photons.fluorescence.count).map {
      photons.fluorescenceYield.start[bin * photons.fluorescence.count + $0]
    }
    // Ca and P together: yields of 16 % and 6 % of their K shells.
    #expect(chances.reduce(0, +) > 0.05 && chances.reduce(0, +) < 0.17)
    #expect((0..<photons.fluorescence.count).contains { abs(photons.fluorescence.start[$0].edge - 4.038) < 0.01 })
  }

  @Test(
    "90 % of the energy of the electrons of a point source is deposited within the known radius",
    arguments: [("Y-90", 5.3), ("Lu-177", 0.58)])
  func betaRadius(_ name: String, _ millimetres: Double) throws {
    // 90Y: 5.3 mm in the literature; 177Lu: SCIENCE section 0, conversion and Auger electrons included.
    let source = try Scene.source(name)
    let radii = (1...60).map { Length.millimetres(millimetres * Double($0) / 40) }
    let shells = try SphereGeometry(material: .water, radii: radii)
    let tables = try Scene.tables(highest: source.highest)
    var energies = [Double](repeating: 0, count: radii.count)
    for part in source.parts where part.component.radiation == .electron {
      let result = try TransportRun(
        part.emission, in: .shells(shells, .centre), tables: tables, histories: part.histories(of: 30_000, in: source)
      ).run()
      for shell in radii.indices { energies[shell] += part.yield * result.energy(shell).kiloelectronvolts }
    }
    let wanted = 0.9 * source.energyPerDecay(.electron).kiloelectronvolts
    var (sum, shell) = (0.0, 0)
    while shell < energies.count, sum + energies[shell] < wanted {
      sum += energies[shell]
      shell += 1
    }
    try #require(shell < energies.count)
    let radius = (Double(shell) + (wanted - sum) / energies[shell]) * millimetres / 40
    #expect(abs(radius / millimetres - 1) < 0.03, "\(radius) mm")
  }

  @Test(
    "Photons leave in a small sphere what their energy absorption coefficient says",
    arguments: [(60.0, 0.03190), (200, 0.02967), (662, 0.03265)])
  func smallSphere(_ energy: Double, _ absorption: Double) throws {
    // μen of NIST for water; mean way from inside to the surface ¾ R, of which μ takes a little; kerma.
    let radius = 0.3
    let settings = TransportSettings(followsSecondaryElectrons: false)
    let result = try TransportRun(
      Scene.line(.photon, energy),
      in: .shells(
        try SphereGeometry(material: .water, radii: [.centimetres(radius)]), .sphere(radius: .centimetres(radius))),
      tables: try Scene.tables(settings: settings), histories: 400_000
    ).run()
    let found = result.energy(0) / result.meanEmitted
    let first = absorption * 0.75 * radius
    // Scattered photons that cross the sphere add about as much as attenuation in it takes.
    #expect(abs(found / first - 1) < 0.08)
  }
}
