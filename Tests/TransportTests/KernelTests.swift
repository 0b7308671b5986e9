import JSON
import Quantities
import Radionuclides
import Testing

@testable import Transport

@Suite("Voxel kernels and spheres")
struct KernelTests {
  /// Reference: EGSnrc without spin effects, the neighbours as the mean of all that are alike, mGy/(MBq s).
  @Test(
    "Self and neighbour values agree with EGSnrc within 2 %",
    arguments: [
      ("Lu-177", 4.8, 0.1998, 2.612e-3), ("Lu-177", 2.21, 1.873, 5.103e-2), ("Y-90", 3, 1.629, 0.2851),
      ("Y-90", 6, 0.3535, 3.949e-2),
    ])
  func values(_ name: String, _ edge: Double, _ own: Double, _ next: Double) throws {
    let length = Length.millimetres(edge)
    let kernel = try #require(
      try KernelSimulation(
        Scene.source(name), material: .water, spacing: [length, length, length], reach: 3, histories: 200_000
      ).run())
    let u = try #require(kernel.relativeUncertainty(1, 0, 0))
    #expect(u < 0.015)
    #expect(abs(kernel.sValue(0, 0, 0).milligraysPerMegabecquerelSecond / own - 1) < 0.02)
    #expect(abs(kernel.sValue(1, 0, 0).milligraysPerMegabecquerelSecond / next - 1) < 0.02 + 2 * u)
    #expect(kernel.imbalance < 1e-7)
    #expect(kernel.sValue(0, -1, 0) == kernel.sValue(1, 0, 0))
    #expect(kernel.sValue(4, 0, 0) == .zero)
  }

  @Test("The sum over a kernel is the energy that stays in it")
  func sum() throws {
    let kernel = try #require(
      try KernelSimulation(
        Scene.source("Ga-68"), material: .softTissue,
        spacing: [.millimetres(3), .millimetres(3), .millimetres(5)], reach: 6, histories: 20_000
      ).run())
    for radiation in [DosedRadiation.electron, .photon] {
      var joules = 0.0
      for z in -6...6 {
        for y in -6...6 {
          for x in -6...6 {
            joules += kernel.sValue(x, y, z, radiation).graysPerBecquerelSecond * kernel.voxelMass.kilograms
          }
        }
      }
      let contained = try #require(kernel.contained[radiation])
      #expect(abs(joules / 1.602176634e-13 / contained.megaelectronvolts - 1) < 1e-9)
    }
    #expect(abs(try #require(kernel.emitted[.electron]).megaelectronvolts - 0.73794) < 2e-4)
    // Anisotropic voxels: the near face takes more than the far one.
    #expect(kernel.sValue(1, 0, 0, .electron) > kernel.sValue(0, 0, 1, .electron))
    #expect(kernel.sValue(1, 0, 0) != kernel.sValue(0, 1, 0))
  }

  @Test("A kernel read from its file is the same")
  func file() throws {
    let kernel = try #require(
      try KernelSimulation(
        Scene.source("Lu-177"), material: .water,
        spacing: [.millimetres(4), .millimetres(4), .millimetres(4)], reach: 2, histories: 2_000
      ).run())
    let text = try kernel.document.text()
    #expect(try VoxelKernel(JSONDocument(text.utf8, dialect: .strict).root) == kernel)
    let short = text.replacing("\"reach\": 2", with: "\"reach\": 3")
    #expect(throws: (any Error).self) { try VoxelKernel(JSONDocument(short.utf8, dialect: .strict).root) }
  }

  @Test("A sphere has the volume of its mass, and what starts in it stays or not by its radius alone")
  func sphereGeometry() throws {
    let dose = try SphereDose(
      of: Scene.source("Lu-177"), mass: .grams(0.539), material: .corticalBone, histories: 1000)
    let volume = 4 / 3.0 * Double.pi * dose.radius.centimetres * dose.radius.centimetres * dose.radius.centimetres
    #expect(abs(volume * dose.material.density.gramsPerMillilitre / 0.539 - 1) < 1e-12)
    // Electrons at the cut stay where they start: half of an even source lies within 2^(-⅓) of its radius.
    let radius = Length.millimetres(5)
    let shells = try SphereGeometry(
      material: .water, radii: [radius * 0.793700526, radius * 0.999, radius * 1.001])
    let result = try TransportRun(
      Scene.line(.electron, 1), in: .shells(shells, .sphere(radius: radius)), tables: try Scene.tables(),
      histories: 100_000
    ).run()
    // The standard errors are 0.16 % and 0.017 %.
    #expect(abs(result.energy(0) / result.meanEmitted - 0.5) < 0.006)
    #expect(abs(result.energy(2) / result.meanEmitted - 0.003) < 0.0008)
    #expect(result.energy(3) == .zero)
  }

  /// SCIENCE section 4.4, in-house simulation with EGSnrc.
  @Test(
    "Absorbed fractions of electrons in spheres agree with reference values",
    arguments: [
      ("Lu-177", 0.00431, 0.823, 0.015), ("Lu-177", 0.539, 0.964, 0.015), ("Lu-177", 14.6, 0.988, 0.015),
      ("Lu-177", 276, 0.996, 0.015), ("Y-90", 0.0345, 0.327, 0.03), ("Y-90", 0.539, 0.635, 0.03),
      ("Y-90", 14.6, 0.871, 0.03), ("Y-90", 116, 0.935, 0.03),
    ])
  func spheres(_ name: String, _ grams: Double, _ fraction: Double, _ tolerance: Double) throws {
    let dose = try SphereDose(
      of: Scene.source(name), mass: .grams(grams), material: .water, histories: 30_000)
    let electron = try #require(dose.parts[.electron])
    #expect(electron.relativeUncertainty < 0.01)
    #expect(abs(electron.absorbedFraction / fraction - 1) < tolerance)
    let wanted = 1.602176634e-13 * electron.emitted.megaelectronvolts * electron.absorbedFraction / (grams * 1e-3)
    #expect(abs(electron.sValue.graysPerBecquerelSecond / wanted - 1) < 1e-12)
  }

  @Test("All of an alpha emitter's alphas stay in a sphere of a gram, and their recoil")
  func alphas() throws {
    let chain = try NuclideTable.icrp107().chain(of: "Ac-225")
    let source = try NuclideSource(chain, emissions: try .icrp107())
    #expect(abs(source.energyPerDecay(.alpha).megaelectronvolts / (27.482 + 0.513) - 1) < 1e-3)
    #expect(abs(source.energyPerDecay(.electron).megaelectronvolts / 0.690 - 1) < 2e-3)
    let dose = try SphereDose(of: source, mass: .grams(1), material: .water, histories: 5_000)
    #expect(try #require(dose.parts[.alpha]).absorbedFraction > 0.985)
    #expect(try #require(dose.parts[.alpha]).absorbedFraction < 1)
  }

  @Test("Alphas go as far as their stopping power lets them")
  func alphaRange() throws {
    let table = try AlphaTables(.water)
    let stopping = try AlphaStopping(.water)
    let (bin, x) = AlphaTables.energies.place(5500)
    let range = table.range.start[bin] + (table.range.start[bin + 1] - table.range.start[bin]) * x
    // By the trapezoidal rule in steps of 1 keV.
    var wanted = 1 / stopping.total(keV: 1)
    for k in 1..<5500 {
      wanted += (1 / stopping.total(keV: Double(k)) + 1 / stopping.total(keV: Double(k + 1))) / 2
    }
    #expect(abs(Double(range) / wanted - 1) < 0.002)
    // Some 40 µm, as every table has it.
    #expect(range > 3.9e-3 && range < 4.5e-3)
    let back = ElectronView.energy(UnsafePointer(table.energyOfRange.start), range)
    #expect(abs(back / 5500 - 1) < 2e-3)
  }

  @Test("A mixture lies between its materials")
  func mixture() throws {
    let mixed = try Material.softTissue.mixed(with: .corticalBone, share: 0.25, elements: try .standard())
    #expect(abs(mixed.composition.map(\.massFraction).reduce(0, +) - 1) < 1e-9)
    #expect(mixed.density > Material.softTissue.density && mixed.density < Material.corticalBone.density)
    #expect(mixed.meanExcitationEnergy > Material.softTissue.meanExcitationEnergy)
    #expect(throws: TransportError.self) {
      try Material.water.mixed(with: .air, share: 1.5, elements: try .standard())
    }
  }

  @Test("Masses, sizes and histories out of range are refused")
  func refusals() throws {
    let source = try Scene.source("Lu-177")
    let edge = Length.millimetres(4)
    #expect(throws: TransportError.self) { try SphereDose(of: source, mass: .grams(6000), material: .water) }
    #expect(throws: TransportError.self) { try SphereDose(of: source, mass: .grams(.nan), material: .water) }
    #expect(throws: TransportError.self) {
      try KernelSimulation(source, material: .water, spacing: [edge, edge, .millimetres(.nan)])
    }
    #expect(throws: TransportError.self) {
      try KernelSimulation(source, material: .water, spacing: [edge, edge, edge], reach: 40)
    }
    #expect(throws: TransportError.self) {
      try KernelSimulation(source, material: .water, spacing: [edge, edge, edge], histories: 1)
    }
  }
}
