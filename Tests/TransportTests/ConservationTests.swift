import Quantities
import Testing

@testable import Transport

@Suite("Conservation and determinism of the transport")
struct ConservationTests {
  @Test(
    "What is emitted is deposited or escapes, in voxels of several materials",
    arguments: [
      (Emission.Particle.electron, 2000.0), (.electron, 30), (.positron, 800), (.photon, 2800), (.photon, 60),
      (.alpha, 6000),
    ])
  func voxels(_ particle: Emission.Particle, _ energy: Double) throws {
    let geometry = try Scene.mixture(11)
    let tables = try Scene.tables(geometry.materials, highest: .megaelectronvolts(3), positrons: true)
    let result = try TransportRun(
      Scene.line(particle, energy), in: .voxels(geometry, VoxelSource(voxel: geometry.count / 2)), tables: tables,
      histories: 20_000
    ).run()
    #expect(abs(result.imbalance) < 1e-7)
    #expect(abs(result.meanEmitted.kiloelectronvolts / energy - 1) < 1e-6)
    let deposited = result.deposited / result.meanEmitted
    #expect(deposited > 0.02 && deposited < 2.3)
  }

  @Test(
    "What is emitted is deposited among shells", arguments: [Emission.Particle.electron, .positron, .photon, .alpha])
  func shells(_ particle: Emission.Particle) throws {
    let tables = try Scene.tables(highest: .megaelectronvolts(3), positrons: true)
    let geometry = try SphereGeometry(material: .water, radii: [.millimetres(1), .millimetres(4), .millimetres(40)])
    let result = try TransportRun(
      Scene.line(particle, 1500), in: .shells(geometry, .sphere(radius: .millimetres(3))), tables: tables,
      histories: 10_000
    ).run()
    #expect(abs(result.imbalance) < 1e-7)
    #expect(result.meanEscaped == .zero)
  }

  @Test("A positron gives its rest energy and the electron's to two photons")
  func annihilation() throws {
    let geometry = try Scene.cube(9, 4)
    let tables = try Scene.tables(positrons: true)
    func run(_ content: Emission.Content) throws -> TransportResult {
      let emission = Emission(
        .positron, try .monoenergetic(.kiloelectronvolts(400)), component: 2, content: content)
      return try TransportRun(
        emission, in: .voxels(geometry, VoxelSource(voxel: geometry.count / 2)), tables: tables, histories: 40_000
      ).run()
    }
    let (all, charged, photons) = (
      try run(.everything), try run(.beforeAnnihilation), try run(.annihilationPhotons)
    )
    #expect(abs(all.meanFromRestEnergy.kiloelectronvolts - 1021.998) < 0.01)
    #expect(charged.meanFromRestEnergy == .zero)
    #expect(photons.meanEmitted == .zero)
    #expect(abs(photons.meanFromRestEnergy.kiloelectronvolts - 1021.998) < 0.01)
    #expect(abs((charged.deposited + photons.deposited) / all.deposited - 1) < 0.02)
    for result in [all, charged, photons] { #expect(abs(result.imbalance) < 1e-7) }
  }

  @Test("One thread and two give the same bits, in voxels and shells")
  func threads() throws {
    let geometry = try Scene.mixture(9)
    let sphere = try SphereGeometry(material: .water, radii: [.millimetres(2), .millimetres(5)])
    func results(_ threads: Int) throws -> [TransportResult] {
      let settings = TransportSettings(threads: threads)
      let voxels = try Scene.tables(
        geometry.materials, highest: .megaelectronvolts(3), positrons: true, settings: settings)
      let water = try Scene.tables(highest: .megaelectronvolts(3), positrons: true, settings: settings)
      let weights = (0..<geometry.count).map { Double($0 % 4) }
      return try [Emission.Particle.electron, .photon, .positron].flatMap { particle in
        [
          try TransportRun(
            Scene.line(particle, 1400), in: .voxels(geometry, VoxelSource(weights: weights)), tables: voxels,
            histories: 9_000, batches: 4
          ).run(),
          try TransportRun(
            Scene.line(particle, 1400), in: .shells(sphere, .centre), tables: water, histories: 5_000, batches: 4
          ).run(),
        ]
      }
    }
    #expect(try results(1) == results(2))
  }

  @Test("A run that is stopped, stored and continued ends in the same bits")
  func resumed() throws {
    let geometry = try Scene.cube(7, 3)
    let tables = try Scene.tables()
    let run = try TransportRun(
      Scene.line(.electron, 700), in: .voxels(geometry, VoxelSource(voxel: 100)), tables: tables, histories: 16_000,
      batches: 8)
    let whole = try run.run()
    let part = try run.run { $0.batches < 3 }
    #expect(part.batches == 3)
    let stored = try TransportResult(data: part.data, of: run.identity)
    #expect(stored == part)
    #expect(try run.run(from: stored) == whole)
    let other = try TransportRun(
      Scene.line(.electron, 701), in: .voxels(geometry, VoxelSource(voxel: 100)), tables: tables, histories: 16_000,
      batches: 8)
    #expect(throws: TransportError.self) { try TransportResult(data: part.data, of: other.identity) }
    #expect(throws: TransportError.self) { try other.run(from: part) }
    #expect(throws: TransportError.self) { try TransportResult(data: part.data.dropLast(), of: run.identity) }
  }

  @Test("A run stops at the uncertainty asked for, and says how long the rest takes")
  func goal() throws {
    let geometry = try Scene.cube(5, 4)
    let run = try TransportRun(
      Scene.line(.electron, 700), in: .voxels(geometry, VoxelSource(voxel: 62)), tables: try Scene.tables(),
      histories: 1_000_000, batches: 1000)
    var lastRemaining = Duration.zero
    let result = try run.run(goal: .init(relativeUncertainty: 0.005)) {
      lastRemaining = $0.remaining
      return true
    }
    #expect(result.batches >= TransportRun.leastBatches && result.batches < 1000)
    #expect(try #require(result.uncertainty(aboveFractionOfMaximum: 0.5)) <= 0.005)
    #expect(lastRemaining == .zero)
  }

  @Test("Batches tell the scatter between seeds")
  func uncertainty() throws {
    let geometry = try Scene.cube(5, 2)
    var (values, stated): ([Double], [Double]) = ([], [])
    for seed in 1...24 {
      let tables = try Scene.tables(settings: TransportSettings(seed: UInt64(seed)))
      let result = try TransportRun(
        Scene.line(.electron, 700), in: .voxels(geometry, VoxelSource(voxel: 62)), tables: tables, histories: 2_000
      ).run()
      values.append(result.energy(63).kiloelectronvolts)
      stated.append(try #require(result.relativeUncertainty(63)))
    }
    let mean = values.reduce(0, +) / 24
    let scatter = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 23).squareRoot() / mean
    // 24 seeds know a standard deviation to 15 %.
    #expect(abs(stated.reduce(0, +) / 24 / scatter - 1) < 0.45)
  }

  @Test("The random numbers are those of Philox4x32-10")
  func philox() {
    // The first known answers that come with Random123.
    #expect(
      HistoryStream.philox(SIMD4(0, 0, 0, 0), key: SIMD2(0, 0))
        == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
    #expect(
      HistoryStream.philox(SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
    var (sum, square) = (0.0, 0.0)
    for history in 0..<20_000 {
      var stream = HistoryStream(seed: 5, component: 1, history: UInt64(history))
      let u = Double(stream.uniform())
      sum += u
      square += u * u
    }
    #expect(abs(sum / 20_000 - 0.5) < 0.01)
    #expect(abs(square / 20_000 - 1 / 3.0) < 0.01)
  }

  @Test("What cannot be simulated is refused")
  func refusals() throws {
    let geometry = try Scene.cube(3, 2)
    let tables = try Scene.tables(highest: .kiloelectronvolts(500))
    func code(_ work: () throws -> Void) -> String? {
      do { try work() } catch { return (error as? TransportError)?.code }
      return nil
    }
    let source = VoxelSource(voxel: 0)
    #expect(
      code {
        _ = try TransportRun(
          Scene.line(.electron, 600), in: .voxels(geometry, source), tables: tables, histories: 10)
      } == "source-energy")
    #expect(
      code {
        _ = try TransportRun(
          Scene.line(.positron, 100), in: .voxels(geometry, source), tables: tables, histories: 10)
      } == "no-positrons")
    #expect(
      code {
        _ = try TransportRun(
          Scene.line(.electron, 100), in: .voxels(geometry, VoxelSource(voxel: 27)), tables: tables, histories: 10)
      } == "source-place")
    #expect(
      code {
        _ = try TransportRun(
          Scene.line(.electron, 100), in: .voxels(try Scene.mixture(3), source), tables: tables, histories: 10)
      } == "tables")
    #expect(code { _ = try VoxelSource(weights: [0, 0]) } == "empty-source")
    #expect(code { _ = try VoxelSource(weights: [1, .nan]) } == "source-weights")
    #expect(code { _ = try EnergySpectrum.lines([]) } == "spectrum")
    #expect(code { _ = try EnergySpectrum.monoenergetic(.megaelectronvolts(11)) } == "spectrum")
    #expect(code { _ = try Scene.cube(0, 1) } == "voxel-count")
    #expect(code { _ = try Scene.cube(2, 0) } == "voxel-size")
    #expect(
      code { _ = try SphereGeometry(material: .water, radii: [.millimetres(2), .millimetres(1)]) } == "shell-radii")
    #expect(code { _ = try Scene.tables(settings: TransportSettings(stepFraction: 0.9)) } == "step-range")
    #expect(code { _ = try Scene.tables(highest: .megaelectronvolts(6)) } == "energy-range")
  }
}
