import Provenance
import Quantities
import Volumes

/// The concentrations of the regions after correction for recovery.
struct RecoveredConcentrations {
  /// One list a time, one value a region, in Bq/mL.
  let concentrations: [[Double]]
  /// The backgrounds in the same order; `nil` when none is used.
  let backgrounds: [[Double]]?
  /// The standard error of the readings by the voxels' noise, relative, in the same order; `nil` where the voxels do not
  /// tell it.
  let noise: [[Double?]]
  /// u(R)/R a region, common to all times.
  let relativeUncertainty: [Double]
  /// d ln R/d ln V a region.
  let volumeSensitivity: [Double]
  let findings: [[Finding]]
}

extension RegionQuantification {
  func recover(
    _ images: [Image<ActivityConcentration>], _ readings: [Reading], _ volumes: [Volume],
    _ geometries: [Grid: RegionGeometry]
  ) throws -> RecoveredConcentrations {
    switch recovery {
    case .none:
      RecoveredConcentrations(
        concentrations: readings.map(\.means), backgrounds: nil, noise: sampleNoise(readings),
        relativeUncertainty: regions.map { _ in 0 }, volumeSensitivity: regions.map { _ in 0 },
        findings: regions.map {
          [notApplied($0, "No recovery correction was asked for: the activity is too low by what spills out.")]
        })
    case .volumeCurve(let b, let g, let relative):
      recoverByCurve(readings, volumes, b: b, g: g, relative)
    case .regionBased(let width, let uncertainty):
      try recoverByMatrix(images, readings, geometries, width, uncertainty)
    }
  }

  /// c = measured / RC(V). A sample well inside a region loses nothing to speak of and is left as it is.
  private func recoverByCurve(
    _ readings: [Reading], _ volumes: [Volume], b: Volume, g: Double, _ relative: Double
  ) -> RecoveredConcentrations {
    let whole = regions.map(\.sampledBy.isEmpty)
    let recovery = zip(whole, volumes).map { $0 ? RecoveryCorrection.volumeCurve($1, b: b, g: g) : 1 }
    return RecoveredConcentrations(
      concentrations: readings.map { zip($0.means, recovery).map { $0 / $1 } }, backgrounds: nil,
      noise: sampleNoise(readings), relativeUncertainty: whole.map { $0 ? relative : 0 },
      volumeSensitivity: recovery.map { g * (1 - $0) },
      findings: zip(regions, whole).map { region, whole in
        whole
          ? []
          : [
            notApplied(
              region, "The curve holds for whole regions; \(region.name) is sampled inside and was not corrected.")
          ]
      })
  }

  /// Within a uniform sample the voxels' spread is noise; in a whole region it is mostly the blurred border.
  private func sampleNoise(_ readings: [Reading]) -> [[Double?]] {
    readings.map { reading in
      regions.indices.map {
        regions[$0].sampledBy.isEmpty ? nil : reading.standardErrors[$0] / reading.means[$0]
      }
    }
  }

  /// The geometric transfer matrix with the background around each region.
  ///
  /// The uncertainty is the change of the sum of all times when the width grows by its standard uncertainty. Since
  /// what is lost goes with the surface, 1 − R ∝ V^(−1/3) and d ln R/d ln V = (1 − R)/(3 R), R being the region's share
  /// in its own reading.
  private func recoverByMatrix(
    _ images: [Image<ActivityConcentration>], _ readings: [Reading], _ geometries: [Grid: RegionGeometry],
    _ width: Length, _ uncertainty: Length
  ) throws -> RecoveredConcentrations {
    let blurs = try [width, width + uncertainty].map { try GaussianBlur(fullWidthAtHalfMaximum: $0) }
    var (concentrations, wider) = ([[Double]](), [[Double]]())
    var (backgrounds, noise) = ([[Double]](), [[Double?]]())
    var ownShare: [Double] = []
    var surrounded: Set<Int> = []
    var solvers: [Grid: MatrixSolver] = [:]
    for (image, reading) in zip(images, readings) {
      let solver =
        try solvers[image.grid]
        ?? MatrixSolver(regions.map(\.emitting), geometries[image.grid]!, on: image.grid, blurs, width)
      solvers[image.grid] = solver
      surrounded.formUnion(solver.surrounded)
      if ownShare.isEmpty { ownShare = solver.matrices[0].weights.indices.map { solver.matrices[0].weights[$0][$0] } }
      let background = try solver.shells.map { try image.statistics(in: $0).mean.becquerelsPerMillilitre }
      backgrounds.append(background)
      let solutions = solver.matrices.map { $0.concentrations(measured: reading.means, background: background) }
      guard let narrow = solutions[0], let wide = solutions[1] else {
        throw ScintigraphyError(
          "regions-not-separable", "At a resolution of \(width) the regions cannot be told apart.",
          remedy: "Merge regions that lie in one another, or leave the smallest out.")
      }
      concentrations.append(narrow)
      wider.append(wide)
      noise.append(
        regions.indices.map { r in
          solver.matrices[0].standardError(
            of: r, in: image, concentrations: narrow, background: background[r]) / reading.means[r]
        })
    }
    return RecoveredConcentrations(
      concentrations: concentrations, backgrounds: backgrounds, noise: noise,
      relativeUncertainty: regions.indices.map { r in
        let (sum, wide) = (concentrations.reduce(0) { $0 + $1[r] }, wider.reduce(0) { $0 + $1[r] })
        return (wide / sum - 1).magnitude
      },
      volumeSensitivity: ownShare.map { max(0, 1 - $0) / (3 * $0) },
      findings: regions.indices.map { r in
        guard surrounded.contains(r) else { return [] }
        return [
          Finding(
            .info, code: "background-of-all-regions", title: "Background from elsewhere.",
            "\(regions[r].name) is surrounded by other regions; the background around all regions was used for it.",
            subject: regions[r].name, origin: "Scintigraphy")
        ]
      })
  }

  private func notApplied(_ region: RegionOfInterest, _ text: String) -> Finding {
    Finding(
      .caution, code: "recovery-not-applied", title: "No recovery correction.", text, subject: region.name,
      origin: "Scintigraphy")
  }
}

/// The transfer matrices and background shells on one grid.
private struct MatrixSolver {
  /// One a point-spread function.
  let matrices: [GeometricTransferMatrix]
  let shells: [Mask]
  /// The regions that have no shell of their own.
  let surrounded: Set<Int>

  init(
    _ structures: [Structure], _ geometry: RegionGeometry, on grid: Grid, _ blurs: [GaussianBlur], _ width: Length
  ) throws {
    let occupancies = try structures.map { try Occupancy(of: $0, on: grid) }
    matrices = try blurs.map {
      try GeometricTransferMatrix(sampling: geometry.sampling, emitting: occupancies, blur: $0)
    }
    let own = try backgroundShells(around: geometry.emitting, width: width)
    let all = own.compactMap { $0 }
    guard let first = all.first else {
      throw ScintigraphyError(
        "no-background", "Around the regions there are no voxels in which a background can be read.",
        remedy: "Leave out regions that fill the image, or choose another recovery correction.")
    }
    let common = all.dropFirst().reduce(first) { $0.union($1) }
    shells = own.map { $0 ?? common }
    surrounded = Set(own.indices.filter { own[$0] == nil })
  }
}
