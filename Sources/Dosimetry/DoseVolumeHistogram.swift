import Foundation
public import Quantities

/// How the voxels of a region share its dose, each weighted by the part of its volume that lies in the region.
public struct DoseVolumeHistogram: Sendable {
  /// Doses in ascending order.
  private let doses: [Double]
  /// Of each dose, the volume in mL.
  private let volumes: [Double]
  /// The volume that received at least each dose.
  private let above: [Double]
  /// The region's volume.
  public let volume: Volume
  /// The mean, minimum and maximum.
  public let mean, minimum, maximum: AbsorbedDose

  /// - Throws: ``DosimetryError`` for no voxel, a weight that is not above 0, or a dose that is negative or no number.
  public init(doses: [AbsorbedDose], volumes: [Volume]) throws {
    guard !doses.isEmpty, doses.count == volumes.count,
      doses.allSatisfy({ $0.isFinite && $0 >= .zero }), volumes.allSatisfy({ $0 > .zero && $0.isFinite })
    else {
      throw DosimetryError(
        "dose-volume-invalid", "A region has no voxel, or a voxel a dose below 0 or no number, or no volume.",
        remedy: "Check the dose map and where the region lies on it.")
    }
    let order = doses.indices.sorted { doses[$0] < doses[$1] }
    self.doses = order.map { doses[$0].grays }
    self.volumes = order.map { volumes[$0].millilitres }
    var rest = 0.0
    var above = [Double](repeating: 0, count: order.count)
    for index in order.indices.reversed() {
      rest += self.volumes[index]
      above[index] = rest
    }
    self.above = above
    volume = .millilitres(rest)
    mean = .grays(zip(self.doses, self.volumes).reduce(0) { $0 + $1.0 * $1.1 } / rest)
    minimum = .grays(self.doses[0])
    maximum = .grays(self.doses[order.count - 1])
  }

  /// The volume that receives a dose or more, V(D).
  public func volume(receiving dose: AbsorbedDose) -> Volume {
    var (low, high) = (0, doses.count)
    while low < high {
      let middle = (low + high) / 2
      if doses[middle] < dose.grays { low = middle + 1 } else { high = middle }
    }
    return .millilitres(low < above.count ? above[low] : 0)
  }

  /// The dose that a share of the volume receives or more, D(x): D98, D50, D2.
  ///
  /// The largest dose whose V(D) is at least the share; nothing is interpolated between voxels.
  public func dose(received share: Double) -> AbsorbedDose {
    let wanted = min(max(share, 0), 1) * volume.millilitres * (1 - 1e-12)
    var (low, high) = (0, doses.count)
    // The volume above falls with the index: the last index that still has the wanted volume.
    while low < high {
      let middle = (low + high) / 2
      if above[middle] >= wanted { low = middle + 1 } else { high = middle }
    }
    return .grays(doses[max(0, low - 1)])
  }

  /// V(D) against D in equal steps from 0 to the maximum.
  public func curve(steps: Int) -> [(dose: AbsorbedDose, volume: Volume)] {
    (0...max(1, steps)).map { step in
      let dose = maximum * (Double(step) / Double(max(1, steps)))
      return (dose, volume(receiving: dose))
    }
  }

  /// The uniform dose with the same survival: EUD = −ln(Σ v exp(−α D))/α, for instantaneous effect linear in dose.
  ///
  /// - Parameter alpha: α in 1/Gy, above 0.
  public func equivalentUniformDose(alpha: Double) -> AbsorbedDose {
    .grays(uniform(doses, alpha))
  }

  /// The uniform BED with the same survival: EUBED = −ln(Σ v exp(−α BED))/α (SCIENCE 6.2).
  ///
  /// - Parameter factor: G of the dose rate's course, the same for all voxels.
  public func equivalentUniformBED(
    alpha: Double, _ effect: BiologicalEffect, factor: Double
  ) -> BiologicallyEffectiveDose {
    let values = doses.map { effect.biologicallyEffectiveDose(of: .grays($0), factor: factor).grays }
    return .grays(uniform(values, alpha))
  }

  private func uniform(_ values: [Double], _ alpha: Double) -> Double {
    let least = values.min() ?? 0
    let mean = zip(values, volumes).reduce(0.0) { $0 + $1.1 * exp(-alpha * ($1.0 - least)) } / volume.millilitres
    return least - log(mean) / alpha
  }
}
