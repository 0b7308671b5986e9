public import Quantities

/// Particles of one kind that a source emits.
public struct Emission: Hashable, Sendable {
  /// The kinds of particles that are followed.
  public enum Particle: Int, Hashable, Sendable { case electron, positron, photon, alpha }

  /// Whose energy a run tallies. Positrons and their annihilation photons are different radiations in dosimetry.
  public enum Content: Int, Hashable, Sendable {
    /// All.
    case everything
    /// What positrons leave before they annihilate, and their bremsstrahlung; no annihilation photons are made.
    case beforeAnnihilation
    /// The annihilation photons of the positrons alone.
    case annihilationPhotons
  }

  public let particle: Particle
  public let content: Content
  public let spectrum: EnergySpectrum
  /// The stream of random numbers; components of one source have unlike ones.
  public let component: UInt32

  public init(
    _ particle: Particle, _ spectrum: EnergySpectrum, component: UInt32, content: Content = .everything
  ) {
    self.particle = particle
    self.content = content
    self.spectrum = spectrum
    self.component = component
  }
}

/// Where in a block of voxels particles start: a voxel is drawn by its weight, the place in it evenly.
public struct VoxelSource: Sendable {
  let voxels: [Int32]
  let weights: [Double]

  /// One voxel.
  public init(voxel: Int) {
    voxels = [Int32(truncatingIfNeeded: voxel)]
    weights = [1]
  }

  /// Voxels by their share of the decays, such as a map of time-integrated activity.
  ///
  /// - Throws: ``TransportError`` for weights below zero or not finite and when all are zero.
  public init(weights: [Double]) throws(TransportError) {
    guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw TransportError(
        "source-weights", "A voxel's share of the source is negative or no number.",
        remedy: "Give activities of zero and above.")
    }
    let used = weights.indices.filter { weights[$0] > 0 }
    guard !used.isEmpty, weights.count <= 1 << 28 else {
      throw TransportError(
        "empty-source", "No voxel of the source emits anything.", remedy: "Give at least one voxel an activity.")
    }
    voxels = used.map { Int32(truncatingIfNeeded: $0) }
    self.weights = used.map { weights[$0] }
  }

  /// All voxels of a region, evenly by volume.
  public init(region: UInt16, of regions: [UInt16]) throws(TransportError) {
    try self.init(weights: regions.map { $0 == region ? 1 : 0 })
  }
}

/// Where in a sphere particles start.
public enum SphereSource: Hashable, Sendable {
  /// The centre.
  case centre
  /// Evenly in a sphere about the centre.
  case sphere(radius: Length)
}
