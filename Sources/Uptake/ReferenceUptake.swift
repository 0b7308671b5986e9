public import Quantities

/// The uptake of a reference region.
public struct ReferenceUptake: Hashable, Sendable {
  /// SUVmean.
  public let mean: UptakeValue
  /// About the mean; `nil` when it is not known.
  public let standardDeviation: UptakeValue?

  /// - Throws: ``UptakeError`` for a mean that is not positive or a spread that is negative.
  public init(mean: UptakeValue, standardDeviation: UptakeValue?) throws(UptakeError) {
    guard mean.isFinite, mean > .zero, standardDeviation.map({ $0.isFinite && $0 >= .zero }) ?? true else {
      throw UptakeError(
        "reference-uptake", "A reference has an SUVmean of \(text(mean.base)).", remedy: "Place the reference again.")
    }
    (self.mean, self.standardDeviation) = (mean, standardDeviation)
  }

  /// What a region holds.
  public init(_ region: RegionUptake) throws(UptakeError) {
    try self.init(mean: region.mean, standardDeviation: region.standardDeviation)
  }
}

/// The uptake of a lesion.
public struct LesionUptake: Hashable, Sendable {
  /// SUVmax.
  public let maximum: UptakeValue
  /// SUVmean.
  public let mean: UptakeValue
  /// The volume.
  public let volume: Volume

  /// - Throws: ``UptakeError`` unless 0 ≤ mean ≤ maximum and the volume is positive.
  public init(maximum: UptakeValue, mean: UptakeValue, volume: Volume) throws(UptakeError) {
    guard mean >= .zero, maximum >= mean, maximum.isFinite, volume > .zero, volume.isFinite else {
      throw UptakeError(
        "lesion",
        "A lesion has SUVmean \(text(mean.base)), SUVmax \(text(maximum.base)) and \(text(volume.millilitres)) mL.",
        remedy: "Measure or outline it again.")
    }
    (self.maximum, self.mean, self.volume) = (maximum, mean, volume)
  }

  /// What a region holds.
  public init(_ region: RegionUptake) throws(UptakeError) {
    try self.init(maximum: region.maximum, mean: region.mean, volume: region.volume)
  }
}
