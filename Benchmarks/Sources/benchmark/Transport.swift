import Foundation
import Quantities
import Radionuclides
import Transport

/// The simulation of radiation: histories a second, and what only many histories can show.
enum TransportFigures {
  static func measure(_ thresholds: Thresholds) throws -> [Figure] {
    try speed(thresholds) + convolution(thresholds) + fano(thresholds) + kernels(thresholds) + spheres(thresholds)
  }

  private static let threads = max(1, ProcessInfo.processInfo.activeProcessorCount)
  private static var settings: TransportSettings { TransportSettings(threads: threads) }

  private static func source(_ name: String) throws -> NuclideSource {
    try NuclideSource(try NuclideTable.icrp107().nuclide(name), emissions: try .icrp107())
  }

  private static func cube(_ side: Int, _ millimetres: Double) throws -> VoxelGeometry {
    let edge = Length.millimetres(millimetres)
    return try VoxelGeometry(shape: SIMD3(side, side, side), spacing: [edge, edge, edge], material: .water)
  }

  /// The median of five runs in millions of histories a second, electrons down to 1 keV.
  private static func speed(_ thresholds: Thresholds) throws -> [Figure] {
    func figure(_ name: String, _ emission: Emission, _ side: Int, _ edge: Double, _ histories: Int, _ key: String)
      throws
      -> Figure
    {
      let geometry = try cube(side, edge)
      let tables = try TransportTables(
        [.water], settings: settings, highest: emission.spectrum.highest, positrons: false, elements: try .standard())
      let centre = VoxelSource(voxel: geometry.index(side / 2, side / 2, side / 2))
      let run = try TransportRun(emission, in: .voxels(geometry, centre), tables: tables, histories: histories)
      let clock = ContinuousClock()
      let rates = try (0..<5).map { _ in
        let time = try clock.measure { _ = try run.run() }
        return Double(histories) / 1e6
          / (Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)
      }
      return Figure(
        name: name, value: rates.sorted()[2], bounds: (try thresholds[key])...1e6,
        note: "million histories/s, \(threads) threads")
    }
    func beta(_ name: String) throws -> Emission {
      let source = try source(name)
      return source.parts.first { $0.component == .betaMinus }?.emission ?? source.parts[0].emission
    }
    return [
      try figure(
        "208 keV photons, 128³ × 4.8 mm",
        Emission(.photon, try .monoenergetic(.kiloelectronvolts(208.366)), component: 1),
        128, 4.8, 4_000_000, "photonRate"),
      try figure("177Lu betas, 4.8 mm", try beta("Lu-177"), 81, 4.8, 8_000_000, "lutetiumRate"),
      try figure("90Y betas, 3 mm", try beta("Y-90"), 81, 3, 2_000_000, "yttriumRate"),
    ]
  }

  /// The dose of a cube by a planned kernel of 51³ voxels, the median of seven times.
  private static func convolution(_ thresholds: Thresholds) throws -> [Figure] {
    let point = try PointKernelTable.standard().kernel(of: source("Lu-177"))
    return try [(128, 4.8, "kernelTime128"), (256, 2.4, "kernelTime256")].compactMap { side, edge, key in
      guard let point else { return nil }
      let length = Length.millimetres(edge)
      let kernel = try VoxelKernel(integrating: point, spacing: [length, length, length], reach: 25)
      let planned = try KernelConvolution(kernel, shape: SIMD3(side, side, side), threads: threads)
      let decays = (0..<(side * side * side)).map { Float($0 % 1009) }
      let clock = ContinuousClock()
      let times = (0..<7).map { _ in clock.measure { _ = planned.doses(ofDecays: decays) } / .seconds(1) }
      return Figure(
        name: "\(side)³ by a kernel of 51³, planned", value: times.sorted()[3], bounds: 0...(try thresholds[key]),
        note: "s, \(threads) threads")
    }
  }

  /// A source even by mass between voxels of 0.5 and 1.5 g/mL that repeat without end: the dose is even.
  private static func fano(_ thresholds: Thresholds) throws -> [Figure] {
    let side = 16
    return try [(Emission.Particle.electron, 1.0, 8_000_000), (.photon, 5, 4_000_000)].flatMap {
      (particle, edge, histories) in
      let length = Length.millimetres(edge)
      let densities = (0..<(side * side * side)).map { Float(($0 / (side * side) / 2) % 2 == 0 ? 0.5 : 1.5) }
      let geometry = try VoxelGeometry(
        shape: SIMD3(side, side, side), spacing: [length, length, length], materials: [.water], materialOfVoxel: nil,
        densities: densities, walls: .periodic)
      let tables = try TransportTables(
        [.water], settings: settings, highest: .kiloelectronvolts(500), positrons: false, elements: try .standard())
      let emission = Emission(particle, try .monoenergetic(.kiloelectronvolts(500)), component: 1)
      let result = try TransportRun(
        emission,
        in: .voxels(
          geometry, VoxelSource(weights: densities.map(Double.init)), regions: densities.map { $0 < 1 ? 0 : 1 }),
        tables: tables, histories: histories
      ).run()
      // Half of the voxels at 0.5 and half at 1.5 g/mL: a quarter of the mass is light.
      let dose = result.energy(0) / result.meanEmitted / 0.25
      return [
        Figure(
          name: "Fano, 500 keV \(particle)s, light voxels", value: dose,
          bounds: (1 - (try thresholds["fanoMost"]))...(1 + (try thresholds["fanoMost"])),
          note: String(format: "± %.3f %%", (result.relativeUncertainty(0) ?? 0) * 100))
      ]
    }
  }

  /// Off the EGSnrc values of the requirements, neighbours as the mean of all that are alike, mGy/(MBq s).
  private static func kernels(_ thresholds: Thresholds) throws -> [Figure] {
    let wanted = [
      ("Lu-177", 4.8, 0.1998, 2.612e-3), ("Lu-177", 2.21, 1.873, 5.103e-2), ("Y-90", 3, 1.629, 0.2851),
      ("Y-90", 6, 0.3535, 3.949e-2),
    ]
    return try wanted.flatMap { name, edge, own, next in
      let length = Length.millimetres(edge)
      guard
        let kernel = try KernelSimulation(
          try source(name), material: .water, spacing: [length, length, length], reach: 10, histories: 4_000_000,
          settings: settings
        ).run()
      else { return [Figure]() }
      let most = try thresholds["kernelMost"]
      return [(0, own, "self"), (1, next, "neighbour")].map { offset, value, label in
        let found = kernel.sValue(offset, 0, 0).milligraysPerMegabecquerelSecond
        return Figure(
          name: "\(name) \(edge) mm, \(label) over EGSnrc", value: found / value, bounds: (1 - most)...(1 + most),
          note: String(
            format: "%.5g mGy/(MBq s) ± %.2f %%", found, (kernel.relativeUncertainty(offset, 0, 0) ?? 0) * 100))
      }
    }
  }

  /// Off the absorbed fractions of electrons in SCIENCE, section 4.4.
  private static func spheres(_ thresholds: Thresholds) throws -> [Figure] {
    let wanted: [(String, [(Double, Double)], String)] = [
      (
        "Lu-177",
        [
          (0.00431, 0.823), (0.0345, 0.910), (0.116, 0.940), (0.539, 0.964), (0.932, 0.970), (4.31, 0.982),
          (14.6, 0.988), (116, 0.994), (276, 0.996),
        ], "lutetiumSphereMost"
      ),
      (
        "Y-90",
        [
          (0.00431, 0.171), (0.0345, 0.327), (0.116, 0.458), (0.539, 0.635), (0.932, 0.690), (4.31, 0.808),
          (14.6, 0.871), (100, 0.932),
        ], "yttriumSphereMost"
      ),
    ]
    return try wanted.map { name, values, key in
      let source = try source(name)
      let tables = try TransportTables(
        [.water], settings: settings, highest: source.highest, positrons: false, elements: try .standard())
      var worst = 0.0
      for (grams, fraction) in values {
        let sphere = try SphereDose(of: source, mass: .grams(grams), tables: tables, histories: 400_000)
        worst = max(worst, abs((sphere.parts[.electron]?.absorbedFraction ?? 0) / fraction - 1))
      }
      return Figure(
        name: "\(name) spheres, farthest off the reference", value: worst, bounds: 0...(try thresholds[key]),
        note: "\(values.count) masses")
    }
  }
}
