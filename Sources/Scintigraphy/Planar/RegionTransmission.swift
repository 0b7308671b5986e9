import Glibc
import Quantities
public import Volumes

/// How photons of a body's tissue reach the cameras in front and behind, from a CT.
///
/// For every voxel μ follows from its HU. Everything is measured along the patient's y axis, front to back.
public struct BodyRays: Sendable {
  /// μ of a voxel, bilinear in HU: up to 0 HU μ_w(1 + HU/1000), above with the slope of bone.
  ///
  /// 208 keV: 0.135 cm⁻¹ and 7.77·10⁻⁵ cm⁻¹/HU; 113 keV: 0.164 and 1.163·10⁻⁴ (effective energy of the CT 75 keV; the slopes
  /// move 9 % per 5 keV: calibrate).
  public struct Conversion: Hashable, Sendable {
    public let water: AttenuationCoefficient
    public let slope: AttenuationCoefficient

    public init(water: AttenuationCoefficient, slopePerHounsfieldUnit slope: AttenuationCoefficient) {
      self.water = water
      self.slope = slope
    }

    public static let keV208 = Conversion(
      water: .perCentimetre(0.13506), slopePerHounsfieldUnit: .perCentimetre(7.77e-5))
    public static let keV113 = Conversion(
      water: .perCentimetre(0.16436), slopePerHounsfieldUnit: .perCentimetre(1.163e-4))

    /// Never below zero.
    public func coefficient(_ hounsfieldUnits: Int16) -> AttenuationCoefficient {
      let h = Double(hounsfieldUnits)
      return h <= 0 ? water * max(0, 1 + h / 1000) : water + slope * h
    }
  }

  let grid: Grid
  /// e^(−∫μ) from each voxel to the front and the back, in the grid's order.
  let toFront: [Float]
  let toBack: [Float]
  /// Of each line of sight, by column and slice: ∫ w·e^(−∫μ) dy in mm, w the tissue's density over water's, at most 1.
  let front: [Float]
  let back: [Float]

  /// - Throws: ``ScintigraphyError`` when the rows of the CT do not run from front to back, or sizes differ.
  public init(hounsfieldUnits: [Int16], on grid: Grid, conversion: Conversion) throws(ScintigraphyError) {
    guard hounsfieldUnits.count == grid.count, grid.rowStep.x == 0, grid.rowStep.z == 0, grid.rowStep.y != 0 else {
      throw ScintigraphyError(
        "ct-not-upright", "The CT's rows do not run from the patient's front to the back, or its size differs.",
        remedy: "Use the axial CT of the SPECT/CT.")
    }
    let step = grid.rowStep.y.magnitude
    let water = conversion.water.base * step
    let table = (Int16.min...Int16.max).map { conversion.coefficient($0).base * step }
    let order = grid.rowStep.y > 0 ? Array(0..<grid.rows) : (0..<grid.rows).reversed()
    var (toFront, toBack) = ([Float](repeating: 0, count: grid.count), [Float](repeating: 0, count: grid.count))
    var front = [Float](repeating: 0, count: grid.columns * grid.slices)
    var back = front
    for k in 0..<grid.slices {
      for i in 0..<grid.columns {
        let total = order.reduce(0) { $0 + table[Int(hounsfieldUnits[grid.index(i, $1, k)]) + 32768] }
        guard total > 0 else { continue }
        var passed = 0.0
        for j in order {
          let place = grid.index(i, j, k)
          let mu = table[Int(hounsfieldUnits[place]) + 32768]
          let (f, b) = (exp(-(passed + mu / 2)), exp(-(total - passed - mu / 2)))
          passed += mu
          toFront[place] = Float(f)
          toBack[place] = Float(b)
          let weight = min(1, mu / water) * step
          front[k * grid.columns + i] += Float(weight * f)
          back[k * grid.columns + i] += Float(weight * b)
        }
      }
    }
    self.grid = grid
    self.toFront = toFront
    self.toBack = toBack
    self.front = front
    self.back = back
  }

  /// The means over a region drawn in columns and slices of the CT.
  func means(over region: PlanarRegion) throws(ScintigraphyError) -> (front: Double, back: Double) {
    let coverage = try region.coverage(columns: grid.columns, rows: grid.slices)
    let (f, b) = (
      coverage.counts(of: front, width: grid.columns).counts, coverage.counts(of: back, width: grid.columns).counts
    )
    return (f / coverage.pixels, b / coverage.pixels)
  }
}

/// How photons of a region with uniform activity reach the cameras in front and behind.
public struct RegionTransmission: Hashable, Sendable {
  /// The mean of e^(−∫μ) over the region's voxels: for ``Attenuation/transmission(front:back:)``.
  public let front: Double
  public let back: Double
  private let voxels: Double
  /// Σ e^(−∫μ) over the region's voxels of each line of sight, by column and slice.
  private let frontShadow: [Float]
  private let backShadow: [Float]

  /// - Throws: ``ScintigraphyError`` when the region lies on another grid or in air.
  public init(of region: Mask, through rays: BodyRays) throws(ScintigraphyError) {
    guard region.grid == rays.grid else {
      throw ScintigraphyError(
        "grids-differ", "The region was drawn on another CT.", remedy: "Draw it on the CT of the attenuation.")
    }
    let indices = region.gridIndices()
    voxels = Double(indices.count)
    let (columns, plane) = (rays.grid.columns, rays.grid.columns * rays.grid.rows)
    func shadow(_ transmissions: [Float]) -> [Float] {
      var sums = [Float](repeating: 0, count: columns * rays.grid.slices)
      for index in indices { sums[index / plane * columns + index % columns] += transmissions[index] }
      return sums
    }
    (frontShadow, backShadow) = (shadow(rays.toFront), shadow(rays.toBack))
    front = frontShadow.reduce(0.0) { $0 + Double($1) } / voxels
    back = backShadow.reduce(0.0) { $0 + Double($1) } / voxels
    guard front > 0, back > 0 else {
      throw ScintigraphyError(
        "region-outside-body", "The region lies in the air around the body.", remedy: "Check its outline on the CT.")
    }
  }

  /// What of the background beside the region also lies before and behind it, for
  /// ``BackgroundScaling/stated(front:back:)``.
  ///
  /// k = (B(drawn) − (D + Σ Dⱼ)/area)/B(background): B are the mean line integrals of the body over the drawn regions, D the
  /// part of them that the region itself takes up, Dⱼ that of each other region whose counts are told apart from this one's. It
  /// allows for a body of other thickness at the background.
  ///
  /// - Parameters:
  ///   - drawn: the region of the planar image, in columns and slices of the CT.
  ///   - background: where its background is read, likewise.
  ///   - others: other regions, whose parts inside `drawn` hold no background.
  /// - Throws: ``ScintigraphyError`` when a drawing lies outside the CT or the background outside the body.
  public func backgroundShares(
    drawn: PlanarRegion, background: PlanarRegion, through rays: BodyRays, besides others: [RegionTransmission] = []
  ) throws(ScintigraphyError) -> (front: Double, back: Double) {
    let here = try rays.means(over: drawn)
    let there = try rays.means(over: background)
    let coverage = try drawn.coverage(columns: rays.grid.columns, rows: rays.grid.slices)
    guard there.front > 1, there.back > 1 else {
      throw ScintigraphyError(
        "background-outside-body", "The background region lies outside the body on the CT.",
        remedy: "Scale it by area, or draw it on the body.")
    }
    let inside = others.map { $0.sums(in: coverage, width: rays.grid.columns) }
    let depth = rays.grid.rowStep.y.magnitude / coverage.pixels
    func share(_ here: Double, _ own: Double, _ others: Double, _ there: Double) -> Double {
      max(0, here - (own * voxels + others) * depth) / there
    }
    return (
      share(here.front, front, inside.reduce(0) { $0 + $1.front }, there.front),
      share(here.back, back, inside.reduce(0) { $0 + $1.back }, there.back)
    )
  }

  /// How far the CT's place may differ from that of the planar image: breath and positioning; unverified.
  static let placement = Length.millimetres(5)

  /// What part of the region's counts falls into the outline of another one.
  ///
  /// p = Σ e^(−∫μ) over the region's voxels in the lines of sight of the drawing, over that of all its voxels. Its uncertainty is
  /// the root of the sum of squares of half of what p changes when the drawing moves by ± 5 mm along and across the body.
  /// The blur of the camera is left out.
  /// - Parameter drawn: the other region of the planar image, in columns and slices of the CT.
  /// - Throws: ``ScintigraphyError`` when the drawing lies outside the CT.
  public func spill(into drawn: PlanarRegion, through rays: BodyRays) throws(ScintigraphyError) -> PlanarSpill {
    func share(_ shift: SIMD2<Double>) throws(ScintigraphyError) -> (front: Double, back: Double) {
      let coverage = try drawn.moved { $0 + shift }.coverage(columns: rays.grid.columns, rows: rays.grid.slices)
      let inside = sums(in: coverage, width: rays.grid.columns)
      return (min(1, inside.front / (front * voxels)), min(1, inside.back / (back * voxels)))
    }
    let way = Self.placement.millimetres
    let steps = [
      SIMD2(way / rays.grid.columnStep.x.magnitude, 0), SIMD2(0, way / rays.grid.sliceStep.z.magnitude),
    ]
    var squares = 0.0
    for step in steps {
      let (up, down) = (try share(step), try share(-step))
      let change = max((up.front - down.front).magnitude, (up.back - down.back).magnitude) / 2
      squares += change * change
    }
    let value = try share(.zero)
    return try PlanarSpill(front: value.front, back: value.back, uncertainty: squares.squareRoot())
  }

  private func sums(in coverage: PlanarCoverage, width: Int) -> (front: Double, back: Double) {
    (coverage.counts(of: frontShadow, width: width).counts, coverage.counts(of: backShadow, width: width).counts)
  }
}
