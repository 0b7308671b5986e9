import Foundation
public import Provenance
import Quantities

/// The materials into which CT numbers are sorted.
public struct TissueSet: Sendable {
  /// The set's name, as settings and results state it.
  public let name: String
  /// The materials by rising CT number.
  public let materials: [Material]
  /// From which CT number on each material holds; the first also holds below.
  public let starts: [CTNumber]
  /// Where the limits and compositions come from.
  public let source: Source

  /// - Throws: ``TransportError`` for limits that do not rise or that are not one a material.
  public init(name: String, materials: [Material], starts: [CTNumber], source: Source) throws(TransportError) {
    guard !materials.isEmpty, materials.count == starts.count, materials.count <= 255,
      starts.allSatisfy(\.isFinite), zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw TransportError(
        "tissue-set", "The tissue set \(name) has limits that do not rise or are not one a material.",
        remedy: "Give each of 1 to 255 materials its first CT number, rising.")
    }
    (self.name, self.materials, self.starts, self.source) = (name, materials, starts, source)
  }

  private init(_ name: String, _ entries: [(CTNumber, Material)], _ source: Source) {
    (self.name, self.source) = (name, source)
    materials = entries.map(\.1)
    starts = entries.map(\.0)
  }

  /// The index in ``materials`` of a CT number.
  public func index(of number: CTNumber) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= number { low = middle } else { high = middle }
    }
    return low
  }

  /// The material of a CT number.
  public func material(of number: CTNumber) -> Material { materials[index(of: number)] }

  /// Six tissues of ICRU 44 and 46: air, lung, adipose, soft tissue, spongiosa, cortical bone.
  public static let sixTissues = TissueSet(
    "six tissues",
    [
      (.hounsfield(-1024), .air), (.hounsfield(-950), .lung), (.hounsfield(-120), .adipose),
      (.hounsfield(-20), .softTissue), (.hounsfield(120), .spongiosa), (.hounsfield(900), .corticalBone),
    ],
    Source("ICRU 44 and 46 tissues between the limits of Schneider 2000, drawn together", .unverified))

  /// The twenty-four tissues of Schneider, Bortfeld and Schlegel 2000.
  public static let schneider = TissueSet(
    "Schneider", schneiderEntries(), Source("Schneider, Bortfeld and Schlegel, Phys. Med. Biol. 45 (2000) 459"))

  /// The sets that can be named.
  public static let standard = [schneider, sixTissues]

  private static func schneiderEntries() -> [(CTNumber, Material)] {
    let source = Source("Schneider, Bortfeld and Schlegel 2000, Table 5; I by Bragg's rule of ICRU 37")
    return schneiderRows.enumerated().map { index, row in
      let shares = Dictionary(
        uniqueKeysWithValues: zip(schneiderElements, row.parts).filter { $0.1 > 0 }.map { ($0.0, $0.1) })
      let next = index + 1 < schneiderRows.count ? schneiderRows[index + 1].start : 1600
      let middle = CTNumber.hounsfield((max(row.start, -1000) + next) / 2)
      let density = (try? middle.density()) ?? .gramsPerMillilitre(1)
      return (.hounsfield(row.start), Material("\(row.name), from \(Int(row.start)) HU", density, shares, source))
    }
  }

  /// H, C, N, O, Na, Mg, P, S, Cl, Ar, K, Ca.
  private static let schneiderElements = [1, 6, 7, 8, 11, 12, 15, 16, 17, 18, 19, 20]

  private static let schneiderRows: [(start: Double, name: String, parts: [Double])] = [
    (-1050, "air", [0, 0, 75.5, 23.2, 0, 0, 0, 0, 0, 1.3, 0, 0]),
    (-950, "lung", [10.3, 10.5, 3.1, 74.9, 0.2, 0, 0.2, 0.3, 0.3, 0, 0.2, 0]),
    (-120, "adipose", [11.6, 68.1, 0.2, 19.8, 0.1, 0, 0, 0.1, 0.1, 0, 0, 0]),
    (-82, "adipose and gland", [11.3, 56.7, 0.9, 30.8, 0.1, 0, 0, 0.1, 0.1, 0, 0, 0]),
    (-52, "adipose and gland", [11.0, 45.8, 1.5, 41.1, 0.1, 0, 0.1, 0.2, 0.2, 0, 0, 0]),
    (-22, "adipose and gland", [10.8, 35.6, 2.2, 50.9, 0, 0, 0.1, 0.2, 0.2, 0, 0, 0]),
    (8, "adipose and gland", [10.6, 28.4, 2.6, 57.8, 0, 0, 0.1, 0.2, 0.2, 0, 0.1, 0]),
    (19, "soft tissue", [10.3, 13.4, 3.0, 72.3, 0.2, 0, 0.2, 0.2, 0.2, 0, 0.2, 0]),
    (80, "connective tissue", [9.4, 20.7, 6.2, 62.2, 0.6, 0, 0, 0.6, 0.3, 0, 0, 0]),
    (120, "marrow and bone", [9.5, 45.5, 2.5, 35.5, 0.1, 0, 2.1, 0.1, 0.1, 0, 0.1, 4.5]),
    (200, "marrow and bone", [8.9, 42.3, 2.7, 36.3, 0.1, 0, 3.0, 0.1, 0.1, 0, 0.1, 6.4]),
    (300, "marrow and bone", [8.2, 39.1, 2.9, 37.2, 0.1, 0, 3.9, 0.1, 0.1, 0, 0.1, 8.3]),
    (400, "marrow and bone", [7.6, 36.1, 3.0, 38.0, 0.1, 0.1, 4.7, 0.2, 0.1, 0, 0, 10.1]),
    (500, "marrow and bone", [7.1, 33.5, 3.2, 38.7, 0.1, 0.1, 5.4, 0.2, 0, 0, 0, 11.7]),
    (600, "marrow and bone", [6.6, 31.0, 3.3, 39.4, 0.1, 0.1, 6.1, 0.2, 0, 0, 0, 13.2]),
    (700, "marrow and bone", [6.1, 28.7, 3.5, 40.0, 0.1, 0.1, 6.7, 0.2, 0, 0, 0, 14.6]),
    (800, "marrow and bone", [5.6, 26.5, 3.6, 40.5, 0.1, 0.2, 7.3, 0.3, 0, 0, 0, 15.9]),
    (900, "marrow and bone", [5.2, 24.6, 3.7, 41.1, 0.1, 0.2, 7.8, 0.3, 0, 0, 0, 17.0]),
    (1000, "marrow and bone", [4.9, 22.7, 3.8, 41.6, 0.1, 0.2, 8.3, 0.3, 0, 0, 0, 18.1]),
    (1100, "marrow and bone", [4.5, 21.0, 3.9, 42.0, 0.1, 0.2, 8.8, 0.3, 0, 0, 0, 19.2]),
    (1200, "marrow and bone", [4.2, 19.4, 4.0, 42.5, 0.1, 0.2, 9.2, 0.3, 0, 0, 0, 20.1]),
    (1300, "marrow and bone", [3.9, 17.9, 4.1, 42.9, 0.1, 0.2, 9.6, 0.3, 0, 0, 0, 21.0]),
    (1400, "marrow and bone", [3.6, 16.5, 4.2, 43.2, 0.1, 0.2, 10.0, 0.3, 0, 0, 0, 21.9]),
    (1500, "marrow and bone", [3.4, 15.5, 4.2, 43.5, 0.1, 0.2, 10.3, 0.3, 0, 0, 0, 22.5]),
  ]
}
