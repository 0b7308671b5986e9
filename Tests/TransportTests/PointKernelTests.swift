import Foundation
import JSON
import Quantities
import Radionuclides
import Testing

@testable import Transport

@Suite("Point kernels and what they make")
struct PointKernelTests {
  private func spacing(_ millimetres: Double...) -> [Length] {
    (0..<3).map { .millimetres(millimetres[millimetres.count == 1 ? 0 : $0]) }
  }

  private func stored(_ name: String) throws -> PointKernel {
    try #require(try PointKernelTable.standard().kernel(of: Scene.source(name)))
  }

  /// The same references as for simulated kernels.
  @Test(
    "Stored point kernels give self and neighbour values of EGSnrc within 2 %",
    arguments: [
      ("Lu-177", 4.8, 0.1998, 2.612e-3), ("Lu-177", 2.21, 1.873, 5.103e-2), ("Y-90", 3, 1.629, 0.2851),
      ("Y-90", 6, 0.3535, 3.949e-2),
    ])
  func reference(_ name: String, _ edge: Double, _ own: Double, _ next: Double) throws {
    let kernel = try VoxelKernel(integrating: stored(name), spacing: spacing(edge), reach: 3)
    #expect(abs(kernel.sValue(0, 0, 0).milligraysPerMegabecquerelSecond / own - 1) < 0.02)
    #expect(abs(kernel.sValue(1, 0, 0).milligraysPerMegabecquerelSecond / next - 1) < 0.02)
    let u = try (0...3).map { try #require(kernel.relativeUncertainty($0, 0, 0)) }
    #expect(u[0] < 0.001 && u[0] > 0 && u[1] < 0.01 && u[3] < 0.05)
  }

  @Test(
    "A kernel from a stored point kernel is that of a simulation of the voxels",
    arguments: [("Ga-68", [2.0]), ("I-131", [4]), ("Re-188", [3, 3, 5]), ("Tb-161", [10])])
  func simulated(_ name: String, _ edges: [Double]) throws {
    let edges = (0..<3).map { Length.millimetres(edges[edges.count == 1 ? 0 : $0]) }
    let kernel = try VoxelKernel(integrating: stored(name), spacing: edges, reach: 8)
    let simulation = try #require(
      try KernelSimulation(Scene.source(name), material: .water, spacing: edges, reach: 8, histories: 200_000).run())
    for offset in [
      [0, 0, 0], [1, 0, 0], [0, 0, 1], [1, 1, 0], [2, 0, 0], [2, 1, 1], [0, 0, 7], [7, 3, 0], [8, 8, 8],
    ] {
      let (x, y, z) = (offset[0], offset[1], offset[2])
      guard let u = simulation.relativeUncertainty(x, y, z), u < 0.1 else { continue }
      let ratio = kernel.sValue(x, y, z).graysPerBecquerelSecond / simulation.sValue(x, y, z).graysPerBecquerelSecond
      #expect(abs(ratio - 1) < 0.01 + 4 * u, "\(offset) \(ratio) \(u)")
    }
    for (radiation, energy) in simulation.contained {
      let found = try #require(kernel.contained[radiation])
      // Some 50 000 photons know their share to 0.6 %.
      #expect(abs(found / energy - 1) < (radiation == .photon ? 0.025 : 0.002), "\(radiation)")
    }
  }

  @Test("The shares of all voxels are that of the sphere about them, and none is lost between near and far")
  func balance() throws {
    let point = try stored("Lu-177")
    let kernel = try VoxelKernel(integrating: point, spacing: spacing(2), reach: 20)
    // A cube of 41 voxels lies between the spheres inside and around it.
    for radiation in [DosedRadiation.electron, .photon] {
      let emitted = try #require(kernel.emitted[radiation])
      let share = try #require(kernel.contained[radiation]) / emitted
      #expect(share > point.share(radiation, within: .millimetres(41)))
      #expect(share < point.share(radiation, within: .millimetres(41 * 1.7321)))
    }
    // Along an axis the values fall without a step where the method changes.
    let values = (4...9).map { kernel.sValue($0, 0, 0, .photon).graysPerBecquerelSecond }
    let slopes = zip(values, values.dropFirst()).map { log($0 / $1) }
    #expect(zip(slopes, slopes.dropFirst()).allSatisfy { $0 > $1 && $1 > 0 })
  }

  @Test("All stored kernels conserve energy, and ²²⁵Ac is there alone and with its progeny")
  func table() throws {
    let table = try PointKernelTable.standard()
    let nuclides = try NuclideTable.icrp107()
    for (name, withProgeny) in PointKernelTable.nuclides {
      let source =
        withProgeny
        ? try NuclideSource(nuclides.chain(of: name), emissions: .icrp107())
        : try NuclideSource(nuclides.nuclide(name), emissions: .icrp107())
      let kernel = try #require(table.kernel(of: source))
      #expect(kernel.imbalance < 1e-6)
      for (radiation, energy) in kernel.emitted {
        #expect(abs(energy / source.energyPerDecay(radiation) - 1) < 1e-9)
        let all = kernel.share(radiation, within: .centimetres(99))
        // Only photons, and electrons by their bremsstrahlung, get a metre away.
        #expect(all > (radiation == .photon ? 0.97 : 0.999) && all < 1.0001, "\(name) \(radiation)")
      }
    }
    #expect(table.kernel(of: try Scene.source("F-18")) == nil)
    let again = try PointKernelTable(JSONDocument(table.document.text().utf8, dialect: .strict).root)
    let (one, other) = (try stored("Y-90"), try #require(again.kernel(of: Scene.source("Y-90"))))
    #expect(zip(one.within[.electron] ?? [], other.within[.electron] ?? []).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test("A table that was changed is refused, and voxels out of range too")
  func broken() throws {
    let text = try PointKernelTable.standard().document.text()
    for (from, to) in [("endora-point-kernels-1", "endora-point-kernels-2"), ("\"seed\": \"1\"", "\"seed\": \"x\"")] {
      let changed = text.replacing(from, with: to)
      #expect(throws: (any Error).self) {
        try PointKernelTable(JSONDocument(changed.utf8, dialect: .strict).root)
      }
    }
    #expect(throws: TransportError.self) {
      try VoxelKernel(integrating: stored("Y-90"), spacing: spacing(60), reach: 3)
    }
    #expect(throws: TransportError.self) {
      try VoxelKernel(integrating: stored("Y-90"), spacing: spacing(3), reach: 40)
    }
  }
}
