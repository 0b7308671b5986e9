import Quantities

/// Uptake against a reference region.
public struct TargetToBackground: Hashable, Sendable {
  /// A region against which uptake is set.
  public enum Reference: String, CaseIterable, Hashable, Sendable {
    /// The aorta or the left atrium: what circulates.
    case bloodPool = "blood pool"
    /// The right lobe of the liver.
    case liver
    /// The spleen, which expresses CXCR4: a comparison, no background.
    case spleen

    /// Whether the region takes the tracer up by its target.
    public var expressesTarget: Bool { self == .spleen }
  }

  /// The reference.
  public let reference: Reference
  /// Target over reference.
  public let ratio: Double

  /// SUVmax (or SUVpeak) of a target over SUVmean of a reference (SCIENCE 1.2, WE-1.6).
  ///
  /// - Throws: ``UptakeError`` when the reference is not positive or the target no finite number.
  public init(_ target: UptakeValue, over mean: UptakeValue, _ reference: Reference) throws(UptakeError) {
    guard mean.isFinite, mean > .zero, target.isFinite, target >= .zero else {
      throw UptakeError(
        "reference-uptake", "The SUVmean of the \(reference.rawValue) is \(mean.base).",
        remedy: "Place the reference again.")
    }
    self.reference = reference
    ratio = target / mean
  }
}
