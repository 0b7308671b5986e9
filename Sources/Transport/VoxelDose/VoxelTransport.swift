public import Foundation
import Quantities

/// The dose to a patient's voxels by following all radiation through them.
public struct VoxelTransport: Sendable {
  /// Dose and its statistical uncertainty.
  public struct Dose: Sendable {
    /// In Gy; 0 in air.
    public let grays: [Float]
    /// The standard error over the dose; 0 where nothing was scored.
    public let relativeUncertainties: [Float]
    /// Histories of all components.
    public let histories: Int
    /// The root mean square of the relative uncertainties of voxels above half of the largest dose.
    public let uncertainty: Double
    /// The share of the emitted energy that left the voxels.
    public let escaped: Double
    /// The largest |(deposited + escaped)/emitted − 1| of the components.
    public let imbalance: Double
    /// Whether the uncertainty asked for was reached.
    public let reachedGoal: Bool
  }

  /// How far a run is.
  public struct Progress: Sendable {
    public let histories: Int
    /// The uncertainty so far; `nil` until it can be told.
    public let uncertainty: Double?
    public let elapsed: Duration
    /// How long the rest will take; `nil` until it can be told.
    public let remaining: Duration?
  }

  /// The states of the components, from which a run goes on.
  public typealias State = [Data]

  private let voxels: PatientVoxels
  private let source: NuclideSource
  private let runs: [TransportRun]

  /// - Parameters:
  ///   - batch: histories of the component with the most energy in a batch; results do not depend on threads but on this.
  ///   - batches: the most that are run.
  /// - Throws: what ``TransportRun`` refuses.
  public init(
    of source: NuclideSource, in voxels: PatientVoxels, settings: TransportSettings = TransportSettings(),
    batch: Int = 1_000_000, batches: Int = 2000
  ) throws {
    self.source = source
    self.voxels = voxels
    let geometry = try voxels.geometry()
    let place = try VoxelSource(weights: voxels.decays.map(Double.init))
    let tables = try TransportTables(
      voxels.materials, settings: settings, highest: source.highest, positrons: source.hasPositrons,
      elements: try .standard())
    runs = try source.parts.map { part in
      try TransportRun(
        part.emission, in: .voxels(geometry, place), tables: tables,
        histories: part.histories(of: batch, in: source) * batches, batches: batches)
    }
  }

  /// Runs until the uncertainty is reached or the batches are used up.
  ///
  /// All components have the same number of batches; after the first eight the uncertainty tells how many are wanted. A
  /// round at most doubles them, so that a run that is killed loses half of its work at most.
  /// - Parameters:
  ///   - state: where an earlier run of the same input stopped.
  ///   - goal: the root mean square of the relative uncertainties of voxels above half of the largest dose.
  ///   - progress: called after each batch of each component; the run stops when it returns `false`.
  ///   - keep: called with the state between rounds and at the end.
  /// - Throws: ``TransportError`` for a state of another run and when energy is not conserved to 10⁻⁵.
  public func run(
    from state: State? = nil, goal: Double, progress: ((Progress) -> Bool)? = nil, keep: ((State) throws -> Void)? = nil
  ) throws -> Dose {
    guard goal > 0, goal.isFinite else {
      throw TransportError("goal-range", "The uncertainty asked for is \(goal).", remedy: "Ask for more than 0.")
    }
    var results: [TransportResult?] = runs.map { _ in nil }
    if let state {
      guard state.count == runs.count else {
        throw TransportError(
          "transport-state", "The stored state is not one of this run.", remedy: "Start the run anew.")
      }
      results = try zip(state, runs).map { try TransportResult(data: $0, of: $1.identity) }
    }
    let clock = ContinuousClock()
    let start = clock.now
    let most = runs[0].batches
    let before = results.reduce(0) { $0 + ($1?.histories ?? 0) }
    var target = min(most, max(TransportRun.leastBatches, results.compactMap { $0?.batches }.max() ?? 0))
    var (found, judged): (Double?, Int) = (nil, 0)
    var isStopped = false
    while true {
      for (n, run) in runs.enumerated() where !isStopped {
        var done = results[n]?.batches ?? 0
        guard done < target else { continue }
        results[n] = try run.run(from: results[n]) { state in
          done = state.batches
          guard let progress else { return done < target }
          let histories = results.enumerated().reduce(0) {
            $0 + ($1.offset == n ? state.histories : $1.element?.histories ?? 0)
          }
          let each = runs.reduce(0) { $0 + $1.batchSize }
          let ratio = found.map { $0 / goal }
          let wanted = ratio.map { Double(each * judged) * max(1, $0 * $0 * 1.02) }
          let elapsed = clock.now - start
          let pace = Double(histories - before)
          isStopped = !progress(
            Progress(
              histories: histories, uncertainty: found, elapsed: elapsed,
              remaining: wanted.map {
                elapsed * (max(0, min($0, Double(each * most)) - Double(histories)) / max(1, pace))
              }))
          return !isStopped && done < target
        }
      }
      let states = results.compactMap { $0 }
      if states.count == runs.count { try keep?(states.map(\.data)) }
      let dose = isStopped && states.count < runs.count ? nil : try self.dose(states, goal)
      guard let dose else {
        throw TransportError(
          "stopped", "The transport was stopped before it knew a dose.", remedy: "Let it run longer.")
      }
      if isStopped || dose.reachedGoal || target == most { return dose }
      (found, judged) = (dose.uncertainty, target)
      // The uncertainty falls with the root of the batches; a little more, for it is itself uncertain.
      let ratio = dose.uncertainty / goal
      target = min(most, max(target + 1, Int((Double(target) * min(ratio * ratio * 1.02, 2)).rounded(.up))))
    }
  }

  private func dose(_ results: [TransportResult], _ goal: Double) throws -> Dose {
    let count = voxels.decays.count
    let decays = voxels.totalDecays
    let volume = voxels.voxelVolume
    var (sums, variances) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    var (emitted, escaped, imbalance) = (0.0, 0.0, 0.0)
    for (part, result) in zip(source.parts, results) {
      imbalance = max(imbalance, abs(result.imbalance))
      let all = result.meanEmitted + result.meanFromRestEnergy
      let scale = part.energyPerDecay / all * decays
      emitted += part.energyPerDecay.kiloelectronvolts
      escaped += part.energyPerDecay.kiloelectronvolts * (result.meanEscaped / all)
      for voxel in 0..<count {
        let energy = result.energy(voxel).kiloelectronvolts * scale
        guard energy > 0 else { continue }
        let error = energy * (result.relativeUncertainty(voxel) ?? 0)
        sums[voxel] += energy
        variances[voxel] += error * error
      }
    }
    guard imbalance < 1e-5 else {
      throw TransportError(
        "energy-balance", "The simulation lost or made energy, \(imbalance) of all.",
        remedy: "Report this with the command.", category: .internalFault)
    }
    let grays = sums.indices.map { voxel in
      voxels.isTissue(voxel)
        ? Float(
          DosePerEnergy.grays(
            .kiloelectronvolts(sums[voxel]), in: volume * .gramsPerMillilitre(Double(voxels.densities[voxel]))))
        : 0
    }
    let relative = sums.indices.map { sums[$0] > 0 ? Float(variances[$0].squareRoot() / sums[$0]) : 0 }
    let half = (grays.max() ?? 0) / 2
    var (squares, above) = (0.0, 0)
    for voxel in grays.indices where grays[voxel] > half {
      squares += Double(relative[voxel] * relative[voxel])
      above += 1
    }
    let uncertainty = above > 0 ? (squares / Double(above)).squareRoot() : 1
    return Dose(
      grays: grays, relativeUncertainties: relative, histories: results.reduce(0) { $0 + $1.histories },
      uncertainty: uncertainty, escaped: escaped / emitted, imbalance: imbalance, reachedGoal: uncertainty <= goal)
  }
}
