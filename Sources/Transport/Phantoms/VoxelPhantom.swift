import Numerics
public import Quantities

/// A stylised phantom cut into voxels, in which each bone is a fine mixture of mineral and marrow.
///
/// A voxel whose eight corners lie in one organ belongs to it; any other is given to the organ at a place in it drawn at
/// random. So an organ has as many voxels as it has of the space, and thin walls keep their volume. In bone a
/// voxel is mineral with the probability that makes the bone 1.4 g/mL, else marrow, so that photons deposit in the marrow
/// what they would in the cavities; both are tallied apart.
public struct VoxelPhantom: Sendable {
  /// What a tally region is.
  public struct Region: Hashable, Sendable {
    /// The organ: a name of ``StylisedPhantom/regions``, `other tissue` or `outside`.
    public let name: String
    /// In bone, whether the region is the marrow; the mineral otherwise.
    public let isMarrow: Bool
  }

  /// The phantom.
  public let phantom: StylisedPhantom
  /// The voxels with materials and densities; x to the left, y to the back, z up.
  public let geometry: VoxelGeometry
  /// The index in ``regions`` of each voxel.
  public let regionOfVoxel: [UInt8]
  /// The regions.
  public let regions: [Region]
  /// The mass of each region as voxels hold it.
  public let masses: [Mass]

  /// The share of a bone's volume that is mineral of 1.92 g/mL beside marrow of 1.0 g/mL for 1.4 g/mL in all.
  static let mineralShare = (1.4 - 1.0) / (1.92 - 1.0)

  /// - Parameter edge: of a voxel, 2 to 10 mm.
  /// - Throws: ``TransportError`` for another edge.
  public init(_ phantom: StylisedPhantom, edge: Length) throws(TransportError) {
    guard (2...10).contains(edge.millimetres) else {
      throw TransportError(
        "phantom-voxel", "A phantom's voxel of \(edge) lies outside 2 to 10 mm.", remedy: "Choose 2 to 10 mm.")
    }
    let h = edge.centimetres
    let box = phantom.body.box
    let size = (box.high - box.low) / h
    let shape = SIMD3(Int(size.x.rounded(.up)), Int(size.y.rounded(.up)), Int(size.z.rounded(.up)))
    let low = (box.low + box.high) / 2 - SIMD3(Double(shape.x), Double(shape.y), Double(shape.z)) * (h / 2)

    var regions = [Region(name: "outside", isMarrow: false), Region(name: "other tissue", isMarrow: false)]
    var indices: [String: (mineral: UInt8, marrow: UInt8)] = [:]
    for organ in phantom.organs {
      let first = UInt8(regions.count)
      regions.append(Region(name: organ.region, isMarrow: false))
      if organ.tissue == .skeleton { regions.append(Region(name: organ.region, isMarrow: true)) }
      indices[organ.region] = (first, UInt8(regions.count - 1))
    }
    let places = indices
    let active = Set(SkeletalSite.all.map(\.region))
    let materials = [
      Material.air, .phantomSoftTissue, .phantomLung, .trabecularBone, .redMarrow, .yellowMarrow,
    ]
    let plane = shape.x * shape.y
    typealias Slice = (regions: [UInt8], materials: [UInt8])
    let slices =
      (try? inParallel(shape.z) { z -> Slice in
        var slice: Slice = ([UInt8](repeating: 0, count: plane), [UInt8](repeating: 0, count: plane))
        let bottom = Self.corners(phantom, low + SIMD3(0, 0, Double(z)) * h, h, shape)
        let top = Self.corners(phantom, low + SIMD3(0, 0, Double(z + 1)) * h, h, shape)
        for y in 0..<shape.y {
          for x in 0..<shape.x {
            let corner = y * (shape.x + 1) + x
            let others = [corner + 1, corner + shape.x + 1, corner + shape.x + 2]
            var place = bottom[corner]
            var dice = Dice(UInt64((z * shape.y + y) * shape.x + x))
            if top[corner] != place || others.contains(where: { bottom[$0] != place || top[$0] != place }) {
              let drawn = SIMD3(dice.next(), dice.next(), dice.next())
              place = phantom.place(at: low + (SIMD3(Double(x), Double(y), Double(z)) + drawn) * h)
            }
            let cell = y * shape.x + x
            guard place != StylisedPhantom.outside else { continue }
            guard place != StylisedPhantom.otherTissue else {
              (slice.regions[cell], slice.materials[cell]) = (1, 1)
              continue
            }
            let organ = phantom.organs[place]
            let index = places[organ.region] ?? (0, 0)
            switch organ.tissue {
            case .soft: (slice.regions[cell], slice.materials[cell]) = (index.mineral, 1)
            case .lung: (slice.regions[cell], slice.materials[cell]) = (index.mineral, 2)
            case .skeleton:
              let isMineral = dice.next() < Self.mineralShare
              slice.regions[cell] = isMineral ? index.mineral : index.marrow
              slice.materials[cell] = isMineral ? 3 : active.contains(organ.region) ? 4 : 5
            }
          }
        }
        return slice
      }) ?? []
    regionOfVoxel = slices.flatMap(\.regions)
    geometry = try VoxelGeometry(
      shape: shape, spacing: [edge, edge, edge], materials: materials,
      materialOfVoxel: slices.flatMap(\.materials), densities: nil)
    self.phantom = phantom
    self.regions = regions
    var volumes = [Int](repeating: 0, count: regions.count)
    var grams = [Double](repeating: 0, count: regions.count)
    let volume = h * h * h
    for (region, material) in zip(regionOfVoxel, geometry.materialOfVoxel ?? []) {
      volumes[Int(region)] += 1
      grams[Int(region)] += materials[Int(material)].density.gramsPerMillilitre * volume
    }
    masses = grams.map { .grams($0) }
  }

  /// The places at the corners of the voxels in a plane.
  private static func corners(
    _ phantom: StylisedPhantom, _ low: SIMD3<Double>, _ h: Double, _ shape: SIMD3<Int>
  ) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity((shape.x + 1) * (shape.y + 1))
    for y in 0...shape.y {
      for x in 0...shape.x { result.append(phantom.place(at: low + SIMD3(Double(x), Double(y), 0) * h)) }
    }
    return result
  }
}

/// Random numbers that belong to one voxel, so that the phantom is always the same (SplitMix64).
struct Dice {
  private var state: UInt64

  init(_ voxel: UInt64) { state = voxel &* 0xd134_2543_de82_ef95 }

  mutating func next() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }
}
