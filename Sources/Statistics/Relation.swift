/// How a measured quantity goes with an outcome in a small cohort: a coefficient, an interval that holds for small
/// numbers, and a test only where the number of subjects allows one. All relations are exploratory.
public struct Relation: Hashable, Sendable {
  /// What the coefficient is.
  public enum Kind: String, Sendable {
    /// Spearman's rank correlation, −1 to 1.
    case rankCorrelation = "rank-correlation"
    /// The probability that the quantity is higher with the outcome than without, 0 to 1.
    case superiority
    /// Harrell's C: how often the higher quantity goes with the earlier event, 0 to 1.
    case concordance
  }

  public let kind: Kind
  public let count: Int
  public let coefficient: Double
  public let bootstrap: Bootstrap
  /// `nil` where no test is made; then ``withheld`` says why.
  public let p: Double?
  /// Why no test is made.
  public let withheld: String?

  /// Fewer subjects than this are described, not tested.
  public static let fewestForTest = 10

  /// The rank correlation of a quantity and a measured outcome.
  ///
  /// - Throws: ``StatisticsError`` for fewer than three pairs or a column that does not vary.
  public init(_ x: [Double], with y: [Double]) throws {
    try requirePairs(x, y, atLeast: 3)
    let correlation = try Correlation.spearman(x, y)
    kind = .rankCorrelation
    count = x.count
    coefficient = correlation.coefficient
    bootstrap = try Bootstrap(of: x.count) { places in
      try? Correlation.rankCoefficient(places.map { x[$0] }, places.map { y[$0] })
    }
    withheld = Self.reason(x.count, smallest: nil)
    p = withheld == nil ? correlation.p : nil
  }

  /// A quantity in those with and without an outcome.
  ///
  /// - Throws: ``StatisticsError`` for a group of nobody.
  public init(_ x: [Double], withOutcome has: [Bool]) throws {
    func split(_ places: [Int]) -> (with: [Double], without: [Double]) {
      (places.filter { has[$0] }.map { x[$0] }, places.filter { !has[$0] }.map { x[$0] })
    }
    guard x.count == has.count else {
      throw StatisticsError(
        "pairs-unequal", "There are \(x.count) values and \(has.count) outcomes.", remedy: "Give one outcome a value.")
    }
    let groups = split(Array(x.indices))
    let area = try CharacteristicArea(groups.with, above: groups.without)
    kind = .superiority
    count = x.count
    coefficient = area.area
    bootstrap = try Bootstrap(of: x.count) { places in
      let groups = split(places)
      return try? CharacteristicArea(groups.with, above: groups.without).area
    }
    let test = try? MannWhitney(groups.with, groups.without)
    withheld = test == nil ? "all values are equal" : Self.reason(x.count, smallest: test?.smallestAttainable)
    p = withheld == nil ? test?.p : nil
  }

  /// A quantity and the time to an event, of which observation may end first.
  ///
  /// - Throws: ``StatisticsError`` when no two subjects can be compared.
  public init(_ x: [Double], untilEvent sample: SurvivalSample) throws {
    guard x.count == sample.count else {
      throw StatisticsError(
        "pairs-unequal", "There are \(x.count) values and \(sample.count) times.", remedy: "Give one time a value.")
    }
    try requireFinite(x)
    guard let whole = harrellsC(x, sample, Array(x.indices)) else {
      throw StatisticsError(
        "not-comparable", "No two subjects can be compared: too few events.", remedy: "Give a sample with events.")
    }
    kind = .concordance
    count = x.count
    coefficient = whole
    bootstrap = try Bootstrap(of: x.count) { harrellsC(x, sample, $0) }
    let events = sample.eventCount
    withheld =
      events < Self.fewestForTest ? "\(events) events are fewer than \(Self.fewestForTest)" : nil
    p = withheld == nil ? try? CoxRegression(sample, covariates: [("quantity", x)]).likelihoodRatio.p : nil
  }

  private static func reason(_ count: Int, smallest: Double?) -> String? {
    if count < fewestForTest { return "n \(count) is fewer than \(fewestForTest)" }
    if let smallest, smallest > 0.05 { return "even the clearest difference could not reach p 0.05" }
    return nil
  }
}

/// Among pairs of which one is known to have had the event first, how often that one has the higher quantity.
func harrellsC(_ x: [Double], _ sample: SurvivalSample, _ places: [Int]) -> Double? {
  var (sum, pairs) = (0.0, 0.0)
  for i in places where sample.causes[i] > 0 {
    for j in places
    where sample.times[j] > sample.times[i] || (sample.times[j] == sample.times[i] && sample.causes[j] == 0) {
      pairs += 1
      sum += x[i] > x[j] ? 1 : x[i] == x[j] ? 0.5 : 0
    }
  }
  return pairs > 0 ? sum / pairs : nil
}
