import Foundation
import Quantities
import Testing

@testable import Transport

@Suite("Absorbed fractions of the reference adults")
struct FractionTests {
  @Test("From a place in the brain a short way leaves it with the probability r S/(4V)")
  func distances() throws {
    let phantom = try StylisedPhantom.named("adult-male")
    let brain = try #require(phantom.regions.firstIndex(of: "brain"))
    let distances = try DistanceDistribution(from: brain, in: phantom, samples: 64_000, seed: 5)
    // ORNL/TM-8381: an ellipsoid of 6.6, 8.6 and 5.75 cm; Thomsen's formula of the surface is good to 1.1 %.
    let (a, b, c) = (6.6, 8.6, 5.75)
    let p = 1.6075
    let powers = (pow(a * b, p) + pow(a * c, p) + pow(b * c, p)) / 3
    let surface = 4 * Double.pi * pow(powers, 1 / p)
    let volume = 4 / 3.0 * Double.pi * a * b * c
    let own = try #require(distances.probabilities[brain])
    for (k, (low, high)) in zip(DistanceDistribution.edges, DistanceDistribution.edges.dropFirst()).enumerated() {
      let r = (low + high) / 2
      guard (0.2...1.5).contains(r) else { continue }
      let expected = r * surface / (4 * volume)
      let noise = 3 / (64_000 * expected).squareRoot()
      #expect(isClose(1 - own[k], expected, 0.02 + noise), "\(r) cm")
    }
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
