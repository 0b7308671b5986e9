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

  /// - Throws: ``ScintigraphyError`` when the region lies on another grid or in air.
  public init(of region: Mask, through rays: BodyRays) throws(ScintigraphyError) {
    guard region.grid == rays.grid else {
      throw ScintigraphyError(
        "grids-differ", "The region was drawn on another CT.", remedy: "Draw it on the CT of the attenuation.")
    }
    let indices = region.gridIndices()
    voxels = Double(indices.count)
    front = indices.reduce(0.0) { $0 + Double(rays.toFront[$1]) } / voxels
    back = indices.reduce(0.0) { $0 + Double(rays.toBack[$1]) } / voxels
    guard front > 0, back > 0 else {
      throw ScintigraphyError(
        "region-outside-body", "The region lies in the air around the body.", remedy: "Check its outline on the CT.")
    }
  }

  /// What of the background beside the region also lies before and behind it, for
  /// ``BackgroundScaling/stated(front:back:)``.
  ///
  /// k = (B(drawn) − D/area)/B(background): B are the mean line integrals of the body over the drawn regions, D the part of
  /// them that the region itself takes up. It allows for a body of other thickness at the background.
  ///
  /// - Parameters:
  ///   - drawn: the region of the planar image, in columns and slices of the CT.
  ///   - background: where its background is read, likewise.
  /// - Throws: ``ScintigraphyError`` when a drawing lies outside the CT or the background outside the body.
  public func backgroundShares(
    drawn: PlanarRegion, background: PlanarRegion, through rays: BodyRays
  ) throws(ScintigraphyError) -> (front: Double, back: Double) {
    let here = try rays.means(over: drawn)
    let there = try rays.means(over: background)
    let area = try drawn.coverage(columns: rays.grid.columns, rows: rays.grid.slices).pixels
    guard there.front > 1, there.back > 1 else {
      throw ScintigraphyError(
        "background-outside-body", "The background region lies outside the body on the CT.",
        remedy: "Scale it by area, or draw it on the body.")
    }
    let depth = voxels * rays.grid.rowStep.y.magnitude / area
    return (max(0, here.front - front * depth) / there.front, max(0, here.back - back * depth) / there.back)
  }
}
