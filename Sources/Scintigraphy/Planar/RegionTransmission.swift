import Glibc
import Quantities
public import Volumes

/// How photons of a region reach the cameras in front and behind, from a CT.
///
/// For every voxel μ follows from its HU; the region's activity is uniform. Everything is measured along the patient's
/// y axis, front to back.
public struct RegionTransmission: Hashable, Sendable {
  /// The mean of e^(−∫μ) from the region's voxels to the front and the back: for ``Attenuation/transmission(front:back:)``.
  public let front: Double
  public let back: Double
  /// What of the background seen beside the region also lies before and behind it: 1 less the part of the rays' own
  /// contribution that the region displaces, for ``BackgroundScaling/stated(front:back:)``; `pixels` may be a region drawn larger.
  public let displacedFront: Double
  public let displacedBack: Double
  /// The area of the region's shadow in mm².
  public let shadow: Double

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

  /// - Throws: ``ScintigraphyError`` when the rows of the CT do not run from front to back, or sizes differ.
  public init(
    of region: Mask, hounsfieldUnits: [Int16], conversion: Conversion
  ) throws(ScintigraphyError) {
    let grid = region.grid
    guard hounsfieldUnits.count == grid.count, grid.rowStep.x == 0, grid.rowStep.z == 0, grid.rowStep.y != 0 else {
      throw ScintigraphyError(
        "ct-not-upright", "The CT's rows do not run from the patient's front to the back, or its size differs.",
        remedy: "Use the axial CT of the SPECT/CT.")
    }
    let table = (Int16.min...Int16.max).map { conversion.coefficient($0).base }
    let step = grid.rowStep.y.magnitude
    let rowsFrontFirst = grid.rowStep.y > 0 ? Array(0..<grid.rows) : (0..<grid.rows).reversed()
    var (front, back, bodyFront, bodyBack, count, columns) = (0.0, 0.0, 0.0, 0.0, 0.0, 0)
    for k in region.box.slices {
      for i in region.box.columns where region.box.rows.contains(where: { region.contains(i, $0, k) }) {
        columns += 1
        let line = rowsFrontFirst.map { j in
          (mu: table[Int(hounsfieldUnits[grid.index(i, j, k)]) + 32768] * step, isInside: region.contains(i, j, k))
        }
        let total = line.reduce(0) { $0 + $1.mu }
        var passed = 0.0
        for voxel in line {
          let toFront = exp(-(passed + voxel.mu / 2))
          let toBack = exp(-(total - passed - voxel.mu / 2))
          passed += voxel.mu
          // Water holds background as its mass does; air holds none.
          let weight = min(1, voxel.mu / (conversion.water.base * step))
          bodyFront += weight * toFront
          bodyBack += weight * toBack
          if voxel.isInside {
            front += toFront
            back += toBack
            count += 1
          }
        }
      }
    }
    self.front = front / count
    self.back = back / count
    displacedFront = min(1, front / bodyFront)
    displacedBack = min(1, back / bodyBack)
    shadow = Double(columns) * grid.columnStep.length * grid.sliceStep.length
  }

  /// k for a region drawn with an area in mm²: what lies outside the shadow displaces nothing.
  public func backgroundShares(drawnArea: Double) -> BackgroundScaling {
    let part = min(1, shadow / drawnArea)
    return .stated(front: 1 - part * displacedFront, back: 1 - part * displacedBack)
  }
}

extension SIMD3<Double> {
  fileprivate var length: Double { (self * self).sum().squareRoot() }
}
