import Quantities
import Volumes

/// The geometric transfer matrix of a set of regions (Rousset et al., J Nucl Med 1998;39:904).
///
/// W(s, j) is the mean over the voxels in which region s is read of the unit activity of region j blurred with the
/// point-spread function. What is read in s is Σ W(s, j)·c(j) + (1 − Σ W(s, j))·background(s).
struct GeometricTransferMatrix {
  let weights: [[Double]]
  private let sampling: [Mask]
  /// Per region what the camera makes of its unit activity.
  private let responses: [Occupancy]

  init(sampling: [Mask], emitting: [Occupancy], blur: GaussianBlur) throws {
    let responses = try emitting.map { try blur($0) }
    self.sampling = sampling
    self.responses = responses
    weights = sampling.map { mask in responses.map { mean(of: $0, in: mask) } }
  }

  /// What of each region's reading comes from outside all regions.
  var backgroundWeights: [Double] { weights.map { max(0, 1 - $0.reduce(0, +)) } }

  /// The concentrations of the regions from what is read in and around each; `nil` when they cannot be told apart.
  func concentrations(measured: [Double], background: [Double]) -> [Double]? {
    let shares = backgroundWeights
    return solve(weights, measured.indices.map { measured[$0] - shares[$0] * background[$0] })
  }

  /// The standard error of a region's reading, from what its voxels differ from what the concentrations predict.
  func standardError(
    of region: Int, in image: Image<ActivityConcentration>, concentrations: [Double], background: Double
  ) -> Double {
    let (mask, grid) = (sampling[region], image.grid)
    var squares = 0.0
    mask.box.forEachRow { j, k in
      for i in mask.box.columns where mask.contains(i, j, k) {
        var (predicted, share) = (0.0, 0.0)
        for (response, concentration) in zip(responses, concentrations) where response.box.contains(i, j, k) {
          let fraction = Double(response.fractions[response.box.index(i, j, k)])
          predicted += fraction * concentration
          share += fraction
        }
        let residual = Double(image.values[grid.index(i, j, k)]) - predicted - max(0, 1 - share) * background
        squares += residual * residual
      }
    }
    let n = Double(mask.count)
    return (squares / max(1, n - 1) / n).squareRoot()
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
