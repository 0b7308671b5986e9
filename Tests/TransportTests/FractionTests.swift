import Foundation
import Quantities
import Testing

@testable import Transport

@Suite("Absorbed fractions of the reference adults")
struct FractionTests {
  /// The share of an ellipsoid of the brain's half-axes that stays in it when moved by a distance in a random direction:
  /// the mean of 1 − ¾ s + s³/16, s the distance over the half-axis in that direction (ORNL/TM-8381: 6.6, 8.6, 5.75 cm).
  private func staysInBrain(_ distance: Double) -> Double {
    let n = 24
    var sum = 0.0
    for i in 0..<n {
      let cosine = (Double(i) + 0.5) / Double(n)
      let sine = (1 - cosine * cosine).squareRoot()
      for k in 0..<n {
        let turn = (Double(k) + 0.5) / Double(n) * Double.pi / 2
        let (x, y, z) = (sine * cos(turn) / 6.6, sine * sin(turn) / 8.6, cosine / 5.75)
        let s = distance * (x * x + y * y + z * z).squareRoot()
        sum += 1 - 0.75 * s + s * s * s / 16
      }
    }
    return sum / Double(n * n)
  }

  @Test("A way from a place in the brain stays in it as often as an ellipsoid overlaps with itself")
  func distances() throws {
    let phantom = try StylisedPhantom.named("adult-male")
    let brain = try #require(phantom.regions.firstIndex(of: "brain"))
    let samples = 256_000
    let distances = try DistanceDistribution(from: brain, in: phantom, samples: samples, seed: 5)
    let own = try #require(distances.probabilities[brain])
    for (k, (low, high)) in zip(DistanceDistribution.edges, DistanceDistribution.edges.dropFirst()).enumerated() {
      let expected = staysInBrain((low + high) / 2)
      let error = (expected * (1 - expected) / Double(samples)).squareRoot()
      #expect(abs(own[k] - expected) < 4 * error, "\((low + high) / 2) cm")
    }
    let stays = try #require(own.last)
    let elsewhere = distances.probabilities.filter { $0.key != brain }.compactMap(\.value.last).reduce(0, +)
    #expect(elsewhere > 0 && elsewhere <= 1 - stays + 1e-9)
  }

  @Test("Electrons stay in the brain as its shape, its density and its size allow", arguments: [1.0, 0.7])
  func electrons(stretch: Double) throws {
    let phantom = try StylisedPhantom.named("adult-male")
    let brain = try #require(phantom.regions.firstIndex(of: "brain"))
    let distances = try DistanceDistribution(from: brain, in: phantom, samples: 256_000, seed: 5)
    let kernel = try ElectronPointKernel(
      energies: [2000], histories: 4000, elements: .standard(), settings: TransportSettings(threads: 2))
    // The same sum in fine steps of 0.01 g/cm² in the exact ellipsoid; the brain has 1.04 g/mL.
    var expected = 0.0
    for step in 0..<200 {
      let (low, high) = (Double(step) * 0.01, Double(step + 1) * 0.01)
      let share = kernel.share(energy: 0, within: high) - kernel.share(energy: 0, within: low)
      expected += share * staysInBrain((low + high) / 2 / (1.04 * stretch))
    }
    let lost = kernel.share(energy: 0, within: 2) - expected
    let found =
      kernel.share(energy: 0, within: 2)
      - distances.fraction(to: brain, kernel: kernel, energy: 0, stretch: stretch)
    #expect(lost > 0.02)
    #expect(isClose(found, lost, 0.03), "\(found) \(lost)")
  }

  @Test("A slab keeps of electrons what its thickness and their range allow")
  func slab() throws {
    let kernel = try ElectronPointKernel(
      energies: [100, 1000], histories: 4000, elements: .standard(), settings: TransportSettings(threads: 2))
    #expect(kernel.share(energy: 0, within: 0) == 0)
    #expect(kernel.share(energy: 0, within: 0.02) > 0.995)
    #expect(kernel.share(energy: 1, within: 0.6) > 0.98)
    // NIST ESTAR: ranges of 0.0143 and 0.437 g/cm²; half the energy of 1 MeV stays within about half of it.
    #expect((0.3...0.7).contains(kernel.share(energy: 1, within: 0.2)))
    #expect(kernel.shareKept(energy: 0, inSlabOf: 1, density: 1) > 0.99)
    let thin = kernel.shareKept(energy: 1, inSlabOf: 0.1, density: 1)
    let thick = kernel.shareKept(energy: 1, inSlabOf: 1, density: 1)
    #expect(thin < 0.4 && thick > 0.85 && thick < 0.97)
  }

  @Test("The shipped tables read, and say how they were made", arguments: StylisedPhantom.names)
  func standard(name: String) throws {
    let table = try FractionTable.standard(name)
    #expect(table.phantom == name)
    #expect(table.origin.contains("seed"))
    for region in ["kidneys", "liver", "spleen", "red marrow", "total body", "salivary glands", "muscle"] {
      #expect(table.sources.contains(region) && table.targets.contains(region))
    }
    let again = try FractionTable(data: try table.data())
    #expect(again.photons == table.photons && again.masses == table.masses && again.electrons == table.electrons)
  }

  /// H. Cember and T. Johnson, Introduction to Health Physics, 4th ed., p. 816: specific absorbed fractions, 1/g.
  @Test(
    "Photons from the bladder reach the organs of the stylised man as published for its predecessor, within 5 % and the noise",
    arguments: [
      ("urinary bladder wall", 4.49e-4, 2.56e-4), ("lower large intestine wall", 4.16e-5, 3.01e-5),
      ("small intestine", 1.24e-5, 1.22e-5), ("upper large intestine wall", 8.59e-6, 8.31e-6),
      ("kidneys", 4.05e-7, 9.98e-7), ("liver", 2.72e-7, 5.55e-7),
    ])
  func bladder(target: String, at50: Double, at100: Double) throws {
    let table = try FractionTable.standard("adult-male")
    let s = try #require(table.sources.firstIndex(of: "urinary bladder contents"))
    let t = try #require(table.targets.firstIndex(of: target))
    for (energy, published) in [(50.0, at50), (100, at100)] {
      let e = try #require(table.photonEnergies.firstIndex(of: energy))
      let place = (s * table.targets.count + t) * table.photonEnergies.count + e
      let found = Double(table.photons[place]) * 1e-3
      // Far organs of 1978 had some noise of their own.
      let noise = 2.5 * Double(table.photonUncertainties[place])
      #expect(abs(found / published - 1) < 0.05 + noise, "\(energy) keV: \(found) of \(published)")
    }
  }

  @Test("A table that was cut or changed is refused")
  func broken() throws {
    let data = try FractionTable.standard("adult-male").data()
    for bad in [Data(), data.dropLast(), Data("endora-fractions-2\n".utf8), data + Data([0]), data.prefix(30)] {
      #expect(throws: TransportError.self) { try FractionTable(data: Data(bad)) }
    }
    var notANumber = data
    notANumber.replaceSubrange(notANumber.count - 4..<notANumber.count, with: [0, 0, 0xC0, 0x7F])
    #expect(throws: TransportError.self) { try FractionTable(data: notANumber) }
  }

  @Test("Marrow: slow electrons stay, fast ones spread over fat and bone, and fat marrow absorbs less")
  func marrow() throws {
    let marrow = try MarrowFractions.standard()
    func own(_ energy: Int, _ cellularity: Double = 1) -> Double {
      marrow.fraction(energy: energy, .activeMarrow, .activeMarrow, cellularity: cellularity)
    }
    let series = marrow.energies.indices.map { own($0) }
    #expect(series[0] > 0.9 && series[0] <= 1)
    #expect(zip(series, series.dropFirst()).allSatisfy { $0 > $1 - 0.01 })
    for energy in marrow.energies.indices.dropFirst(3) { #expect(own(energy, 0.5) < own(energy)) }
    for energy in marrow.energies.indices {
      let all = [MarrowFractions.Target.activeMarrow, .trabeculae]
        .reduce(0) { $0 + marrow.fraction(energy: energy, .activeMarrow, $1, cellularity: 1) }
      #expect(all <= 1.001)
    }
  }
}
