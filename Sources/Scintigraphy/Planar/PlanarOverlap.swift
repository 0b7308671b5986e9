import Glibc

/// What regions of planar images hold of one another's counts where their outlines overlap at their edges.
///
/// n(s) = N(s) + Σⱼ p(s, j)·N(j): n(s) was counted in region s above its background, N(j) comes from organ j alone, and
/// p(s, j) of it falls into region s. The drawing tells a(s, j), the part of the area of region j that lies in region s.
/// An organ thins towards its edge, so that p lies between 0 and a: p = a/2 with the standard uncertainty a/√24
/// (triangular: the ends, all of the edge or none of it, are less likely than the middle, GUM 4.3.9). The system is solved
/// for each view. Where more than half of a region is covered this does not hold and nothing is subtracted.
struct PlanarOverlap {
  /// a(s, j); 0 where it does not overlap at the edge.
  private let areas: [[Double]]
  private let coverages: [PlanarCoverage]

  init(_ coverages: [PlanarCoverage]) {
    self.coverages = coverages
    areas = coverages.indices.map { s in
      coverages.indices.map { j in
        guard s != j else { return 0 }
        let (own, other) = (coverages[s].overlap(with: coverages[j]), coverages[j].overlap(with: coverages[s]))
        return max(own, other) <= 0.5 ? other : 0
      }
    }
  }

  /// p(s, j) with its standard uncertainty.
  func share(of other: Int, in region: Int) -> (value: Double, uncertainty: Double) {
    (areas[region][other] / 2, areas[region][other] / 24.0.squareRoot())
  }

  /// The regions that lose counts to a region.
  func neighbours(of region: Int) -> [Int] { areas.indices.filter { areas[region][$0] > 0 } }

  /// The part of a region that another one covers without an overlap at the edge, at most.
  func covered(_ region: Int) -> Double {
    coverages.indices.filter { $0 != region && areas[region][$0] == 0 }
      .map { coverages[region].overlap(with: coverages[$0]) }.max() ?? 0
  }

  /// The counts of each organ alone from what was counted in each region of one view.
  ///
  /// The variance leaves aside that overlapping regions share counts.
  /// - Throws: ``ScintigraphyError`` when the regions cannot be told apart.
  func separated(_ counted: [Counted]) throws(ScintigraphyError) -> [Counted] {
    let shares = areas.indices.map { s in areas.indices.map { s == $0 ? 1 : areas[s][$0] / 2 } }
    guard let alone = solve(shares, counted.map(\.counts)) else {
      throw ScintigraphyError(
        "regions-not-separable", "The regions overlap so much that their counts cannot be told apart.",
        remedy: "Draw fewer regions, or smaller ones.")
    }
    return counted.indices.map { s in
      Counted(
        counts: alone[s],
        variance: counted.indices.reduce(0) { $0 + shares[s][$1] * shares[s][$1] * counted[$1].variance })
    }
  }
}
