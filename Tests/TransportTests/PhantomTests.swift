import Foundation
import Provenance
import Quantities
import Testing

@testable import Transport

@Suite("Phantoms")
struct PhantomTests {
  /// Nominal masses in g of ORNL/TM-8381 (adult; 15-year and adult female).
  static let nominal: [(String, [String: Double])] = [
    (
      "adult-male",
      [
        "skin": 3010, "breasts": 351, "brain": 1420, "adrenals": 16.3, "gall bladder contents": 55.7,
        "stomach wall": 158, "stomach contents": 260, "upper large intestine wall": 220,
        "lower large intestine wall": 167, "small intestine": 1100, "heart wall": 316, "heart contents": 454,
        "kidneys": 299, "liver": 1910, "lungs": 1000, "pancreas": 94.3, "spleen": 183, "testes": 39.1,
        "thymus": 20.9, "thyroid": 20.7, "urinary bladder wall": 47.6, "urinary bladder contents": 211,
      ]
    ),
    (
      "adult-female",
      [
        "skin": 2150, "breasts": 361, "brain": 1410, "adrenals": 10.5, "stomach wall": 118,
        "upper large intestine wall": 168, "lower large intestine wall": 127, "small intestine": 838,
        "heart wall": 241, "kidneys": 248, "liver": 1410, "lungs": 651, "ovaries": 10.5, "pancreas": 64.9,
        "spleen": 123, "thymus": 28.4, "thyroid": 12.4, "urinary bladder contents": 160, "uterus": 79,
      ]
    ),
  ]

  @Test(
    "Organs have the published masses, thin walls too, within 1.5 % and the noise of their voxels", arguments: nominal)
  func masses(name: String, expected: [String: Double]) throws {
    let voxels = try VoxelPhantom(try StylisedPhantom.named(name), edge: .millimetres(5))
    for (region, grams) in expected.sorted(by: { $0.key < $1.key }) {
      let index = try #require(voxels.regions.firstIndex { $0.name == region })
      let noise = 1.5 * (grams * voxels.geometry.voxelVolume.millilitres * 1.04).squareRoot()
      let found = voxels.masses[index].grams
      #expect(abs(found - grams) < 0.015 * grams + noise, "\(region): \(found) g")
    }
    let body = voxels.masses.dropFirst().map(\.grams).reduce(0, +)
    #expect(isClose(body, name == "adult-male" ? 73_700 : 56_800, 0.01), "\(body)")
  }

  @Test("Bones are 1.4 g/mL of mineral and marrow: 10.0 kg in the male")
  func skeleton() throws {
    let voxels = try VoxelPhantom(try StylisedPhantom.named("adult-male"), edge: .millimetres(5))
    let marrow = Set(voxels.regions.filter(\.isMarrow).map(\.name))
    let bones = voxels.regions.indices.filter { marrow.contains(voxels.regions[$0].name) }
    #expect(isClose(bones.reduce(0) { $0 + voxels.masses[$1].grams }, 10_000, 0.02))
    #expect(marrow.isSuperset(of: SkeletalSite.all.map(\.region)))
    #expect(isClose(SkeletalSite.all.reduce(0) { $0 + $1.marrowShare }, 1, 0.002))
  }

  @Test("Both mass conventions of ICRP 89 and 133 are known, and blood adds to an organ")
  func conventions() throws {
    let male = try StylisedPhantom.named("adult-male")
    #expect(male.referenceMass(of: "kidneys", .withoutBlood) == .grams(310))
    #expect(male.referenceMass(of: "kidneys", .withBlood) == .grams(422))
    #expect(male.referenceMass(of: "red marrow", .withoutBlood) == .grams(1170))
    #expect(male.referenceMass(of: "salivary glands", .withBlood) == .grams(85))
    #expect(male.referenceMass(of: "nothing", .withBlood) == nil)
    for name in StylisedPhantom.names {
      let phantom = try StylisedPhantom.named(name)
      for region in phantom.regions {
        guard let without = phantom.referenceMass(of: region, .withoutBlood) else { continue }
        #expect(try #require(phantom.referenceMass(of: region, .withBlood)) >= without)
      }
    }
  }

  @Test("Every organ's block holds all of it")
  func boxes() throws {
    var stream = Dice(7)
    let phantom = try StylisedPhantom.named("adult-female")
    for organ in phantom.organs {
      let grown = Box(low: organ.box.low - SIMD3(repeating: 2), high: organ.box.high + SIMD3(repeating: 2))
      var inside = 0
      for _ in 0..<20_000 {
        let p = grown.low + (grown.high - grown.low) * SIMD3(stream.next(), stream.next(), stream.next())
        guard organ.shape.contains(p) else { continue }
        inside += 1
        #expect(organ.box.contains(p), "\(organ.region)")
      }
      #expect(inside > 0, "\(organ.region)")
    }
  }

  @Test("The left is the left: liver on the right, spleen on the left, kidneys behind the stomach")
  func orientation() throws {
    let male = try StylisedPhantom.named("adult-male")
    func region(_ x: Double, _ y: Double, _ z: Double) -> String? {
      let place = male.place(at: SIMD3(x, y, z))
      return place < 0 ? nil : male.organs[place].region
    }
    #expect(region(-8, 0, 35) == "liver")
    #expect(region(11, 3, 37) == "spleen")
    #expect(region(6, 6, 32.5) == "kidneys")
    #expect(region(8, -4, 35) == "stomach contents")
    #expect(region(0, 5.5, 30) == "lumbar spine")
    #expect(region(0, -9.9, 20) == "skin")
    #expect(male.place(at: SIMD3(0, -11, 20)) == StylisedPhantom.outside)
    #expect(male.place(at: SIMD3(16, 0, 10)) == StylisedPhantom.otherTissue)
  }

  @Test("Unknown phantoms and voxels outside 2 to 10 mm are refused")
  func refusals() throws {
    let error = #expect(throws: TransportError.self) { try StylisedPhantom.named("adult") }
    #expect(error?.code == "unknown-phantom")
    for edge in [1.9, 11, .nan] {
      #expect(throws: TransportError.self) {
        try VoxelPhantom(try StylisedPhantom.named("adult-male"), edge: .millimetres(edge))
      }
    }
  }
}
