public import Volumes

/// A region whose activity is wanted.
public struct RegionOfInterest: Hashable, Sendable {
  /// The name of the region.
  public let name: String
  /// The structure whose activity is wanted; its planimetric volume multiplies the concentration.
  public let emitting: Structure
  /// Where the concentration is read; empty when it is read in the whole emitting structure.
  ///
  /// For the marrow of L2 to L4 the vertebral bodies emit, and a small sphere in each of them is read.
  public let sampledBy: [Structure]

  public init(name: String, emitting: Structure, sampledBy: [Structure] = []) {
    self.name = name
    self.emitting = emitting
    self.sampledBy = sampledBy
  }
}
