import Foundation
import JSON
import Quantities
import Radionuclides
import Testing

@testable import Transport

@Suite("Dose to a patient's voxels")
struct VoxelDoseTests {
  private static let edge = Length.millimetres(4.8)
  private var spacing: [Length] { [Self.edge, Self.edge, Self.edge] }

  private func kernel(
    _ name: String = "Lu-177", _ material: Material = .water, reach: Int = 4, histories: Int = 40_000
  ) throws -> VoxelKernel {
    try #require(
      try KernelSimulation(
        Scene.source(name), material: material, spacing: spacing, reach: reach, histories: histories
      ).run())
  }

  /// Uneven numbers, as a map of activity would have them.
  private func decays(_ shape: SIMD3<Int>) -> [Float] {
    (0..<(shape.x * shape.y * shape.z)).map { (voxel: Int) -> Float in
      let uneven = (voxel * 7919 + voxel * voxel % 31) % 97
      return Float(uneven) * 1e8
    }
  }

  @Test(
    "Convolution by Fourier transforms is the plain sum, to a millionth of the largest dose",
    arguments: [SIMD3(13, 9, 11), SIMD3(5, 16, 1), SIMD3(1, 1, 1)])
  func convolution(shape: SIMD3<Int>) throws {
    let kernel = try kernel()
    let decays = decays(shape).map { $0 + 1 }
    let found = try KernelConvolution(kernel, shape: shape).doses(ofDecays: decays)
    var sums = [Double](repeating: 0, count: decays.count)
    for to in decays.indices {
      for from in decays.indices {
        let (a, b) = (place(to, shape), place(from, shape))
        let value = kernel.sValue(a.x - b.x, a.y - b.y, a.z - b.z).graysPerBecquerelSecond
        sums[to] += Double(decays[from]) * value
      }
    }
    let most = try #require(sums.max())
    for voxel in sums.indices { #expect(abs(Double(found[voxel]) - sums[voxel]) < 1e-6 * most) }
    #expect(found == (try KernelConvolution(kernel, shape: shape, threads: 5).doses(ofDecays: decays)))
  }

  private func place(_ voxel: Int, _ shape: SIMD3<Int>) -> SIMD3<Int> {
    SIMD3(voxel % shape.x, voxel / shape.x % shape.y, voxel / shape.x / shape.y)
  }

  @Test("What stays where it arises gives its energy over the voxel's mass, and air gets no dose")
  func local() throws {
    let shape = SIMD3(3, 2, 1)
    let voxels = try PatientVoxels(
      shape: shape, spacing: spacing, decays: [1e9, 2e9, 0, 1e9, 1e9, 1e9],
      hounsfieldUnits: [0, 0, 0, -1000, -700, 1000])
    let doses = voxels.localDeposition(.megaelectronvolts(0.1479))
    // 0.1479 MeV, 0.110592 mL, Schneider's 1.018 g/mL at 0 HU, 0.3100 at −700 and 1.609 at 1000.
    let perGram = 1e9 * 0.1479 * 1.602176634e-13 / 0.110592e-3
    for (voxel, expected) in [perGram / 1.018, 2 * perGram / 1.018, 0, 0, perGram / 0.31035, perGram / 1.609]
      .enumerated()
    {
      #expect(abs(Double(doses[voxel]) - expected) <= 1e-3 * expected, "\(voxel)")
    }
  }

  @Test("WE-6.3: 2 MBq/mL that leave with 41 h give a voxel of 4.8 mm 9.705 Gy where they stay")
  func workedExample() throws {
    let decays = 2e6 * 0.110592 * 41 * 3600 / log(2)
    #expect(abs(decays / 3.6e9 - 13.083143456883363) < 1e-9)
    let voxels = try PatientVoxels(
      shape: SIMD3(1, 1, 1), spacing: spacing, decays: [Float(decays)], hounsfieldUnits: [31.65])
    let density = Double(voxels.densities[0])
    #expect(abs(density - 1.04) < 1e-3)
    let dose = Double(voxels.localDeposition(.megaelectronvolts(0.147924))[0])
    #expect(abs(dose * density / 1.04 - 9.705246907172766) < 1e-4 * 9.705)
  }

  @Test("In even water transport, the kernel and the energy balance agree")
  func transport() throws {
    let shape = SIMD3(9, 9, 9)
    var decays = [Float](repeating: 0, count: 729)
    for voxel in [364, 365, 373, 400, 330] { decays[voxel] = 1e9 }
    let voxels = try PatientVoxels(shape: shape, spacing: spacing, decays: decays, tissue: .water)
    let source = try Scene.source("Lu-177")
    let run = try VoxelTransport(of: source, in: voxels, batch: 20_000)
    let dose = try run.run(goal: 0.004)
    #expect(dose.reachedGoal && dose.uncertainty <= 0.004)
    let kernel = try kernel(reach: 8, histories: 300_000)
    let other = try voxels.kernelDose([.init(kernel, shape: shape, upTo: .gramsPerMillilitre(10))])
    let most = try #require(dose.grays.max())
    for voxel in decays.indices where dose.grays[voxel] > most / 10 {
      #expect(abs(other[voxel] / dose.grays[voxel] - 1) < 0.02, "\(voxel)")
    }
    // All energy of electrons stays; of the photons the block loses most.
    let absorbed = dose.grays.reduce(0) { $0 + Double($1) } * 0.110592e-3 / 1.602176634e-13 / 5e9
    let emitted = source.energyPerDecay().megaelectronvolts
    #expect(abs(absorbed / emitted / (1 - dose.escaped) - 1) < 1e-3)
    #expect(abs(dose.imbalance) < 1e-6)
  }

  @Test("A transport that was stopped goes on to the same bits, and a state of another patient is refused")
  func resumed() throws {
    let shape = SIMD3(5, 5, 5)
    let voxels = try PatientVoxels(
      shape: shape, spacing: spacing, decays: decays(shape), hounsfieldUnits: (0..<125).map { Float($0 * 10 - 800) })
    let run = try VoxelTransport(of: try Scene.source("Y-90"), in: voxels, batch: 2000, batches: 16)
    let whole = try run.run(goal: 1e-6)
    #expect(!whole.reachedGoal)
    var kept: VoxelTransport.State?
    var calls = 0
    _ = try run.run(
      goal: 1e-6,
      progress: { _ in
        calls += 1
        return calls < 30
      }, keep: { kept = $0 })
    let state = try #require(kept)
    let resumed = try run.run(from: state, goal: 1e-6)
    #expect(resumed.grays == whole.grays && resumed.histories == whole.histories)
    let other = try VoxelTransport(of: try Scene.source("Lu-177"), in: voxels, batch: 2000, batches: 16)
    #expect(throws: TransportError.self) { try other.run(from: state, goal: 1e-6) }
  }

  @Test("Lung takes the kernel of lung, and a voxel between lungs gets what the transport gives it within 5 %")
  func tissueKernels() throws {
    let shape = SIMD3(11, 11, 11)
    var decays = [Float](repeating: 0, count: 1331)
    decays[665] = 1e9
    decays[668] = 1e9
    // Lung below, soft tissue above the middle plane but one.
    let units = (0..<1331).map { Float($0 / 121 < 8 ? -741 : 40) }
    let voxels = try PatientVoxels(shape: shape, spacing: spacing, decays: decays, hounsfieldUnits: units)
    let lung = try kernel("Y-90", .lung, reach: 10, histories: 100_000)
    let soft = try kernel("Y-90", .softTissue, reach: 10, histories: 100_000)
    let transported = try VoxelTransport(of: try Scene.source("Y-90"), in: voxels, batch: 20_000).run(goal: 0.01).grays
    let tissues = try voxels.kernelDose([
      .init(lung, shape: shape, upTo: .gramsPerMillilitre(0.7)),
      .init(soft, shape: shape, upTo: .gramsPerMillilitre(9)),
    ])
    let scaled = try voxels.kernelDose([.init(soft, shape: shape, upTo: .gramsPerMillilitre(9))])
    #expect(abs(tissues[665] / transported[665] - 1) < 0.05)
    #expect(scaled[665] / transported[665] > 1.5)
    #expect(throws: TransportError.self) { try voxels.kernelDose([]) }
  }

  @Test("A patient without activity, with negative activity or a broken CT is refused")
  func refused() {
    let shape = SIMD3(2, 1, 1)
    for (decays, units) in [
      ([Float](repeating: 0, count: 2), [Float]?.none), ([1, -1], nil), ([1, .nan], nil), ([1], nil),
      ([1, 1], [0, .infinity]), ([1, 1], [0]),
    ] {
      #expect(throws: TransportError.self) {
        try PatientVoxels(shape: shape, spacing: spacing, decays: decays, hounsfieldUnits: units)
      }
    }
  }
}
