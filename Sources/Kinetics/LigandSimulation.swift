import Foundation
import Numerics
public import Quantities

/// What a ligand model says of one administration.
public struct LigandSimulation: Sendable {
  /// The times of the curves.
  public let times: [Time]
  /// `blood`, the tissues, `kidneys` and `excreted`.
  public let regions: [String]
  /// Activities, one row a region, one column a time.
  public let activities: [[Activity]]
  /// Time-integrated activities to infinity, one a region.
  public let timeIntegrated: [TimeIntegratedActivity]
  /// The largest share of its receptors that a tissue had occupied at one of the times, by tissue.
  public let occupancy: [String: Double]
  /// The sum of all amounts over the amount given, less 1, at its worst.
  public let imbalance: Double

  /// The region's activities as a curve without uncertainties.
  ///
  /// - Throws: ``KineticsError`` where they do not make one, such as all zero.
  public func curve(_ region: Int, physicalDecay: RateConstant) throws -> TimeActivityCurve {
    try TimeActivityCurve(
      region: regions[region],
      points: zip(times, activities[region]).map { .init(time: $0, activity: Activity(base: max(0, $1.base))) },
      physicalDecay: physicalDecay)
  }
}

extension LigandModel {
  /// Follows an injection into the plasma.
  ///
  /// - Parameters:
  ///   - peptide: the amount of ligand, labelled or not, in nmol, above 0.
  ///   - times: from 0 h on, rising, at least one.
  /// - Throws: ``KineticsError`` for such an amount or such times, or when the equations cannot be solved.
  public func simulated(
    administered: Activity, peptide: Double, physicalDecay: RateConstant, at times: [Time]
  ) throws -> LigandSimulation {
    try check()
    guard peptide > 0, peptide <= 1e7, !times.isEmpty, times.allSatisfy({ $0.base >= 0 && $0.hours <= 1e4 }),
      zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw KineticsError(
        "simulation", "The amount of peptide is \(peptide) nmol, or the \(times.count) times do not rise from 0 h on.",
        remedy: "Give an amount above 0 nmol and rising times up to 10 000 h.")
    }
    let decay = physicalDecay.perHour
    // Nothing that matters is left after 25 half-lives.
    let hours = times.map(\.hours) + [max(times.last!.hours, 25 * physicalDecay.halfLife.hours)]
    let system = LigandSystem(model: self, decay: decay)
    guard let states = system.solved(peptide: peptide, at: hours) else {
      throw KineticsError(
        "not-solved", "The equations of the ligand model could not be solved.",
        remedy: "Check the rates; exchange and binding faster than seconds say nothing.")
    }
    let regions = ["blood"] + tissues.map(\.name) + ["kidneys", "excreted"]
    let perAmount = administered.base / peptide
    let activities = regions.indices.map { region in
      zip(times, states).map { time, state in
        Activity.becquerels(perAmount * exp(-decay * time.hours) * system.amount(region, state))
      }
    }
    let last = states[states.count - 1]
    return LigandSimulation(
      times: times, regions: regions, activities: activities,
      timeIntegrated: regions.indices.map {
        .becquerelSeconds(perAmount * 3600 * last[system.integrals + $0])
      },
      occupancy: Dictionary(
        uniqueKeysWithValues: tissues.enumerated().filter { $0.element.receptors > 0 }.map { k, tissue in
          (tissue.name, states.dropLast().map { $0[2 + 3 * k] / tissue.receptors }.max() ?? 0)
        }),
      imbalance: states.map { state in
        abs(regions.indices.reduce(0) { $0 + system.amount($1, state) } / peptide - 1)
      }.max() ?? 0)
  }
}

/// The model's equations: P, then I, B, N of every tissue, K, U, exp(−λp t) and the integrals of every region.
private struct LigandSystem: Sendable {
  let model: LigandModel
  let decay: Double

  private var kidneys: Int { 1 + 3 * model.tissues.count }
  private var clock: Int { kidneys + 2 }
  var integrals: Int { clock + 1 }
  private var regionCount: Int { model.tissues.count + 3 }

  /// The amount of a region in nmol.
  func amount(_ region: Int, _ state: [Double]) -> Double {
    state.withUnsafeBufferPointer { amount(region, $0.baseAddress!) }
  }

  private func members(_ region: Int) -> ClosedRange<Int> {
    if region == 0 { return 0...0 }
    if region <= model.tissues.count { return (3 * region - 2)...(3 * region) }
    return region == regionCount - 2 ? kidneys...kidneys : (kidneys + 1)...(kidneys + 1)
  }

  private func amount(_ region: Int, _ y: UnsafePointer<Double>) -> Double {
    members(region).reduce(0) { $0 + y[$1] }
  }

  func solved(peptide: Double, at hours: [Double]) -> [[Double]]? {
    let size = integrals + regionCount
    var start = [Double](repeating: 0, count: size)
    start[0] = peptide
    start[clock] = 1
    let system = StiffSystem(
      size: size, derivative: { _, y, dydt in write(y, dydt) }, jacobian: { y, dfdy in write(jacobian: dfdy, size, y) })
    return system.solve(from: start, at: hours, relative: 1e-8, absolute: 1e-11 * peptide)
  }

  private func write(_ y: UnsafePointer<Double>, _ d: UnsafeMutablePointer<Double>) {
    let plasma = y[0] / model.plasma
    let filtered = model.filtration * plasma
    d[0] = -filtered
    d[kidneys] = model.retained * filtered - model.kidneyRelease * y[kidneys]
    d[kidneys + 1] = (1 - model.retained) * filtered + model.kidneyRelease * y[kidneys]
    for (k, tissue) in model.tissues.enumerated() {
      let i = 1 + 3 * k
      let free = y[i] / tissue.volume
      let exchanged = tissue.exchange * (plasma - free)
      let bound = model.association * free * (tissue.receptors - y[i + 1]) - model.dissociation * y[i + 1]
      let internalised = tissue.internalisation * y[i + 1]
      let released = tissue.release * y[i + 2]
      d[0] -= exchanged
      d[i] = exchanged - bound
      d[i + 1] = bound - internalised
      d[i + 2] = internalised - released
      d[kidneys + 1] += released
    }
    d[clock] = -decay * y[clock]
    for region in 0..<regionCount { d[integrals + region] = amount(region, y) * y[clock] }
  }

  private func write(jacobian j: UnsafeMutablePointer<Double>, _ size: Int, _ y: UnsafePointer<Double>) {
    func add(_ row: Int, _ column: Int, _ value: Double) { j[row * size + column] += value }
    let filtered = model.filtration / model.plasma
    add(0, 0, -filtered)
    add(kidneys, 0, model.retained * filtered)
    add(kidneys, kidneys, -model.kidneyRelease)
    add(kidneys + 1, 0, (1 - model.retained) * filtered)
    add(kidneys + 1, kidneys, model.kidneyRelease)
    for (k, tissue) in model.tissues.enumerated() {
      let i = 1 + 3 * k
      let (out, back) = (tissue.exchange / model.plasma, tissue.exchange / tissue.volume)
      let byFree = model.association / tissue.volume * (tissue.receptors - y[i + 1])
      let byBound = -model.association * y[i] / tissue.volume - model.dissociation
      add(0, 0, -out)
      add(0, i, back)
      add(i, 0, out)
      add(i, i, -back - byFree)
      add(i, i + 1, -byBound)
      add(i + 1, i, byFree)
      add(i + 1, i + 1, byBound - tissue.internalisation)
      add(i + 2, i + 1, tissue.internalisation)
      add(i + 2, i + 2, -tissue.release)
      add(kidneys + 1, i + 2, tissue.release)
    }
    add(clock, clock, -decay)
    for region in 0..<regionCount {
      for member in members(region) { add(integrals + region, member, y[clock]) }
      add(integrals + region, clock, amount(region, y))
    }
  }
}
