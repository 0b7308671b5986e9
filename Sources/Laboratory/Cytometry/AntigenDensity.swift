import Glibc

/// Antibodies bound a cell from fluorescence, by beads of known binding capacity.
///
/// log₁₀ ABC = intercept + slope·log₁₀ median (a straight line by least squares; slope near 1 for a linear detector). Valid
/// between the dimmest and the brightest bead. With a monovalent binding and saturation ABC is the number of receptors;
/// with one antibody to two receptors it is half of it.
public struct AntigenDensity: Hashable, Sendable {
  public let slope: Double
  public let intercept: Double
  /// r² on the logarithms.
  public let determination: Double
  /// The medians between which the line was measured.
  public let range: ClosedRange<Double>

  /// - Parameters:
  ///   - capacities: antibodies bound a bead, as the manufacturer states for the lot.
  ///   - medians: the median fluorescence of each population of beads, the blank one left out.
  /// - Throws: ``LaboratoryError`` unless there are three beads that get brighter with capacity.
  public init(capacities: [Double], medians: [Double]) throws {
    guard capacities.count == medians.count, capacities.count >= 3,
      (capacities + medians).allSatisfy({ $0 > 0 && $0.isFinite }), let low = medians.min(), let high = medians.max(),
      low < high
    else {
      throw LaboratoryError(
        "beads-invalid", "The calibration has \(capacities.count) beads, or one without capacity or fluorescence.",
        remedy: "Give at least three populations of beads with both above 0; leave the blank one out.")
    }
    let (x, y) = (medians.map(log10), capacities.map(log10))
    let count = Double(x.count)
    let (mx, my) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let xx = x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
    let yy = y.reduce(0) { $0 + ($1 - my) * ($1 - my) }
    let xy = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    guard xx > 0, yy > 0, xy > 0 else {
      throw LaboratoryError(
        "beads-invalid", "The beads do not get brighter with their capacity.",
        remedy: "Check which population is which.")
    }
    slope = xy / xx
    intercept = my - slope * mx
    determination = xy * xy / (xx * yy)
    range = low...high
  }

  /// The antibodies bound a cell of a fluorescence; `nil` for a fluorescence not above 0.
  public func capacity(_ fluorescence: Double) -> Double? {
    fluorescence > 0 && fluorescence.isFinite ? pow(10, intercept + slope * log10(fluorescence)) : nil
  }

  /// The specific antibodies bound a cell: that of the stained less that of the isotype tube, a dark isotype counting as 0.
  public func specific(stained: Double, isotype: Double) -> Double? {
    capacity(stained).map { $0 - (capacity(isotype) ?? 0) }
  }
}
