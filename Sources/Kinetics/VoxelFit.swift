import Dispatch
public import Quantities

/// Maps of a model fitted in every voxel of a series of volumes.
///
/// Each map has one value a voxel, in the order of the volumes; where `state` is `notFitted` the others hold 0.
public struct VoxelMaps: Sendable {
  /// What a voxel's values mean.
  public enum State: UInt8, Sendable {
    /// Fewer than two points above the threshold.
    case notFitted
    /// At the minimum of χ².
    case fitted
    /// Falls no faster than the nuclide decays: the half-life is the physical one.
    case atPhysicalDecay
    /// Falls faster than the shortest half-life that is told apart.
    case atShortestHalfLife
    /// The uptake is over before the points can show it: one exponential.
    case uptakeUnseen
  }

  /// ``State`` as its raw value.
  public var state: [UInt8]
  /// Ã, in the unit of the volumes times hours.
  public var timeIntegrated: [Float]
  /// The effective half-life in hours.
  public var halfLife: [Float]
  /// The standard uncertainty of Ã from the fit, in its unit.
  public var standardUncertainty: [Float]
  /// χ² with points less parameters degrees of freedom.
  public var chiSquared: [Float]
}

/// A fit of A exp(−L t) or of A (exp(−L t) − exp(−L₂ t)), L ≥ λp, in every voxel: weighted least squares, sixteen voxels at
/// a time.
///
/// For one exponential A is eliminated: at each L it is the linear least-squares amplitude, so that only L is searched, by Gauss-Newton steps
/// (Kaufman, BIT 1975;15:49) from the log-linear estimate, kept in the interval in which the derivative of χ² changes its
/// sign and halved where a step would leave it; a group of voxels ends when all of them have converged. Arithmetic is in
/// single precision: values agree with a fit in double precision to 2e-4. For uptake and clearance see ``VoxelUptakeGroup``; values
/// agree to 2e-3.
public struct VoxelFit: Sendable {
  typealias Lanes = SIMD16<Float>

  /// What is fitted.
  public enum Model: String, CaseIterable, Sendable {
    /// One exponential, from two points on.
    case F2
    /// Uptake and clearance, from three points on.
    case F3u
  }

  private let model: Model
  private let times: [Float]
  private let physical: Float
  private let relativeUncertainty: Float
  private let threshold: Float
  /// The shortest effective half-life that is told apart: a tenth of an hour (SCIENCE 5.2).
  static let fastest: Float = 6.931_472

  /// - Parameters:
  ///   - model: one exponential unless uptake is asked for.
  ///   - times: of the volumes after administration, at least as many as the model has parameters, rising.
  ///   - relativeUncertainty: σ of a value is that fraction of it, at least of a hundredth of the voxel's largest; 1e-6 or more
  ///     and below 1.
  ///   - threshold: voxels with fewer than two values above it are not fitted; in the unit of the volumes, 0 or more.
  /// - Throws: ``KineticsError`` when one of them is something else.
  public init(
    _ model: Model = .F2, times: [Time], physicalDecay: RateConstant, relativeUncertainty: Double, threshold: Double
  ) throws {
    let least = model == .F2 ? 2 : 3
    guard times.count >= least, times.allSatisfy({ $0.isFinite && $0.base >= 0 }),
      zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw KineticsError(
        "times-out-of-order",
        "The \(times.count) times of the volumes do not rise from 0 h on, or are too few for \(model.rawValue).",
        remedy: "Give at least \(least) times after administration in rising order.")
    }
    guard relativeUncertainty >= 1e-6, relativeUncertainty < 1, threshold >= 0, threshold.isFinite else {
      throw KineticsError(
        "uncertainty-out-of-range",
        "The relative uncertainty is \(relativeUncertainty), the threshold \(threshold).",
        remedy: "Give a fraction from 1e-6 to 1 and a threshold of 0 or more.")
    }
    self.model = model
    self.times = times.map { Float($0.hours) }
    physical = Float(physicalDecay.perHour)
    self.relativeUncertainty = Float(relativeUncertainty)
    self.threshold = Float(threshold)
  }

  /// Fits every voxel.
  ///
  /// - Parameter volumes: one a time, of one size; values that are negative count as 0, those that are not finite leave
  ///   their voxel out.
  /// - Throws: ``KineticsError`` when their number or sizes differ.
  public func maps(of volumes: [[Float]]) throws -> VoxelMaps {
    guard volumes.count == times.count, volumes.allSatisfy({ $0.count == volumes[0].count }) else {
      throw KineticsError(
        "volumes-differ",
        "\(volumes.count) volumes of \(Set(volumes.map(\.count)).count) sizes for \(times.count) times.",
        remedy: "Give one volume a time, all on one grid.")
    }
    let count = volumes[0].count
    var maps = VoxelMaps(
      state: Array(repeating: 0, count: count), timeIntegrated: Array(repeating: 0, count: count),
      halfLife: Array(repeating: 0, count: count), standardUncertainty: Array(repeating: 0, count: count),
      chiSquared: Array(repeating: 0, count: count))
    switch model {
    case .F2: fill(&maps, volumes, VoxelGroup.self)
    case .F3u: fill(&maps, volumes, VoxelUptakeGroup.self)
    }
    return maps
  }

  private func fill<Model: VoxelModel>(_ maps: inout VoxelMaps, _ volumes: [[Float]], _ model: Model.Type) {
    let count = volumes[0].count
    let block = 16384
    maps.state.withUnsafeMutableBufferPointer { state in
      maps.timeIntegrated.withUnsafeMutableBufferPointer { integral in
        maps.halfLife.withUnsafeMutableBufferPointer { halfLife in
          maps.standardUncertainty.withUnsafeMutableBufferPointer { uncertainty in
            maps.chiSquared.withUnsafeMutableBufferPointer { chiSquared in
              nonisolated(unsafe) let out = (state, integral, halfLife, uncertainty, chiSquared)
              DispatchQueue.concurrentPerform(iterations: (count + block - 1) / block) { part in
                var group = Model(
                  points: VoxelPoints(times: times, physical: physical, relativeUncertainty: relativeUncertainty))
                for start in stride(from: part * block, to: min(count, (part + 1) * block), by: 16) {
                  let lanes = min(16, count - start)
                  guard group.points.load(volumes, start, lanes, threshold: threshold) else { continue }
                  group.fit()
                  for lane in 0..<lanes where group.points.isUsed(lane) {
                    out.0[start + lane] = group.state(lane).rawValue
                    out.1[start + lane] = group.integral[lane]
                    out.2[start + lane] = 0.693_147_2 / group.rate[lane]
                    out.3[start + lane] = group.uncertainty[lane]
                    out.4[start + lane] = group.chiSquared[lane]
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
