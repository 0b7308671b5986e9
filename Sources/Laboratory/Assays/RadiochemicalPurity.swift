public import Quantities
public import Statistics

/// The radiochemical purity of a batch over time after synthesis.
public struct RadiochemicalPurity: Sendable {
  /// One chromatogram.
  public struct Point: Hashable, Sendable {
    public let time: Time
    /// The product's share of all peaks, in %.
    public let percent: Double
    public let meets: Bool
  }

  public let points: [Point]
  /// The least purity, in %.
  public let limit: Double
  /// The last time up to which every chromatogram meets the limit; `nil` when the first does not.
  public let stableUntil: Time?
  /// The change of purity in % an hour, from two chromatograms at different times on.
  public let trend: LinearTrend?

  /// The limit of pharmacopoeial monographs of radiolabelled peptides: 95 %.
  public static let usualLimit = 95.0

  /// - Parameters:
  ///   - product: the activity or area of the product's peak.
  ///   - others: that of all other peaks, free radionuclide and colloid among them.
  /// - Throws: ``LaboratoryError`` without points, or for areas below 0 or none.
  public init(times: [Time], product: [Double], others: [Double], limit: Double = usualLimit) throws {
    guard !times.isEmpty, times.count == product.count, times.count == others.count, limit > 0, limit <= 100,
      times.allSatisfy({ $0 >= .zero && $0.isFinite }), (product + others).allSatisfy({ $0 >= 0 && $0.isFinite }),
      zip(product, others).allSatisfy({ $0 + $1 > 0 })
    else {
      throw LaboratoryError(
        "purity-invalid", "A chromatogram has no peak, an area below 0, or a time before the synthesis.",
        remedy: "Give the areas of product and other peaks after background, and a limit of 0 to 100 %.")
    }
    self.limit = limit
    points = zip(times, zip(product, others)).map { time, areas in
      let percent = 100 * areas.0 / (areas.0 + areas.1)
      return Point(time: time, percent: percent, meets: percent >= limit)
    }.sorted { $0.time < $1.time }
    stableUntil = points.prefix { $0.meets }.last?.time
    trend = Set(points.map(\.time)).count > 1 ? try? LinearTrend(points.map(\.time.hours), points.map(\.percent)) : nil
  }
}
