import Quantities
import Volumes

/// The geometric transfer matrix of a set of regions (Rousset et al., J Nucl Med 1998;39:904).
///
/// W(s, j) is the mean over the voxels in which region s is read of the unit activity of region j blurred with the
/// point-spread function. What is read in s is Σ W(s, j)·c(j) + (1 − Σ W(s, j))·background(s).
struct GeometricTransferMatrix {
  let weights: [[Double]]

  init(sampling: [Mask], emitting: [Occupancy], blur: GaussianBlur) throws {
    let columns = try emitting.map { occupancy in
      let blurred = try blur(occupancy)
      return sampling.map { mean(of: blurred, in: $0) }
    }
    weights = sampling.indices.map { s in columns.map { $0[s] } }
  }

  /// What of each region's reading comes from outside all regions.
  var backgroundWeights: [Double] { weights.map { max(0, 1 - $0.reduce(0, +)) } }

  /// The concentrations of the regions, one list a time; `nil` when the regions cannot be told apart.
  ///
  /// - Parameters: `measured` and `background` hold one list a time with one value a region.
  func concentrations(measured: [[Double]], background: [[Double]]) -> [[Double]]? {
    let shares = backgroundWeights
    let net = zip(measured, background).map { measured, background in
      measured.indices.map { measured[$0] - shares[$0] * background[$0] }
    }
    return solve(weights, net)
  }
}

private func mean(of occupancy: Occupancy, in mask: Mask) -> Double {
  var sum = 0.0
  mask.box.intersection(occupancy.box).forEachRow { j, k in
    for i in mask.box.columns.clamped(to: occupancy.box.columns) where mask.contains(i, j, k) {
      sum += Double(occupancy.fractions[occupancy.box.index(i, j, k)])
    }
  }
  return sum / Double(mask.count)
}

/// The voxels around each region in which its background is read.
///
/// Between 1.5 and 3 widths of the point-spread function from the region and at least 1.5 widths from every other one;
/// `nil` for a region that is so closely surrounded by others that there are none.
func backgroundShells(around emitting: [Mask], width: Length) throws -> [Mask?] {
  let surroundings = try emitting.map { try $0.dilated(by: width * 1.5) }
  return try emitting.map { region in
    var shell = try region.shell(from: width * 1.5, to: width * 3)
    for other in surroundings { shell = shell?.subtracting(other) }
    return shell
  }
}
