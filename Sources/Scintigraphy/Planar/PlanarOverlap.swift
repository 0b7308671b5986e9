import Glibc

/// What regions of planar images hold of one another's counts.
///
/// n(s) = N(s) + Σⱼ p(s, j)·N(j): n(s) was counted in region s above its background, N(j) comes from organ j alone, and
/// p(s, j) of it falls into region s. A CT tells p for each view (``PlanarRegionOfInterest/spills``). Without one the drawing
/// tells a(s, j), the part of the area of region j that lies in region s. An organ thins towards its edge, so that p lies
/// between 0 and a: p = a/2 with the standard uncertainty a/√24 (triangular: the ends, all of the edge or none of it, are
/// less likely than the middle, GUM 4.3.9). The system is solved for each view. Where more than half of a region is covered
/// the areas tell nothing, and nothing is subtracted.
struct PlanarOverlap {
  /// p(s, j); `nil` where nothing is subtracted.
  private let spills: [[PlanarSpill?]]
  private let coverages: [PlanarCoverage]

  init(_ coverages: [PlanarCoverage], _ regions: [PlanarRegionOfInterest]) throws(ScintigraphyError) {
    self.coverages = coverages
    spills = try coverages.indices.map { s throws(ScintigraphyError) in
      try coverages.indices.map { j throws(ScintigraphyError) in
        guard s != j else { return nil }
        if let known = regions[j].spills[regions[s].name] { return known }
        let (own, other) = (coverages[s].overlap(with: coverages[j]), coverages[j].overlap(with: coverages[s]))
        guard other > 0, max(own, other) <= 0.5 else { return nil }
        return try PlanarSpill(front: other / 2, back: other / 2, uncertainty: other / 24.0.squareRoot())
      }
    }
  }

  /// p(s, j).
  func spill(of other: Int, in region: Int) -> PlanarSpill? { spills[region][other] }

  /// The regions that lose counts to a region.
  func neighbours(of region: Int) -> [Int] {
    spills.indices.filter { spills[region][$0].map { max($0.front, $0.back, $0.uncertainty) > 0 } ?? false }
  }

  /// The part of a region that another one covers of which nothing is known, at most.
  func covered(_ region: Int) -> Double {
    coverages.indices.filter { $0 != region && spills[region][$0] == nil }
      .map { coverages[region].overlap(with: coverages[$0]) }.max() ?? 0
  }

  /// The counts of each organ alone from what was counted in each region of one view.
  ///
  /// The variance leaves aside that overlapping regions share counts.
  /// - Throws: ``ScintigraphyError`` when the regions cannot be told apart.
  func separated(
    _ counted: [Counted], _ side: KeyPath<PlanarSpill, Double>
  ) throws(ScintigraphyError) -> [Counted] {
    let shares = spills.indices.map { s in
      spills.indices.map { j in s == j ? 1 : spills[s][j].map { $0[keyPath: side] } ?? 0 }
    }
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
