import Dispatch
import Glibc
import Numerics
public import Quantities
public import Volumes

/// Where the sphere of a peak may lie.
public enum PeakSearch: Hashable, Sendable {
  /// On voxels, those at its surface by the fraction inside or by their centre.
  case voxels(SphereKernel.Weights)
  /// On quarters of voxels, those at its surface by the fraction inside.
  case betweenVoxels
}

extension SphereKernel {
  /// The radius of a sphere of 1 mL: (3/(4π))^(1/3) cm = 6.2035 mm (WE-1.4).
  public static var peakRadius: Length { .centimetres(cbrt(3 / (4 * Double.pi))) }
}

extension Image where Q == UptakeValue {
  /// The largest mean of a sphere of 1 mL whose centre is a voxel of the region.
  ///
  /// The sphere may leave the region; its part outside the image does not count.
  /// - Throws: `VolumeError` when the region lies on another grid than the image or the grid is not rectangular.
  public func peak(
    in region: Mask, weights: SphereKernel.Weights = .fractional
  ) throws(VolumeError) -> UptakeValue {
    guard region.grid == grid else {
      throw VolumeError(
        "grids-differ", "The mask was made for another grid than the image's.", remedy: "Make the mask on this image.")
    }
    let kernel = try SphereKernel(radius: SphereKernel.peakRadius, on: grid, weights: weights)
    let slices = Array(region.box.slices)
    let peaks = [UptakeValue](unsafeUninitializedCapacity: slices.count) { buffer, count in
      nonisolated(unsafe) let slots = buffer
      DispatchQueue.concurrentPerform(iterations: slices.count) { n in
        var peak = UptakeValue(base: -.infinity)
        for j in region.box.rows {
          for i in region.box.columns where region.contains(i, j, slices[n]) {
            peak = max(peak, mean(of: kernel, at: i, j, slices[n]))
          }
        }
        (slots.baseAddress! + n).initialize(to: peak)
      }
      count = slices.count
    }
    return peaks.max() ?? .zero
  }

  /// The largest mean of a sphere of 1 mL whose centre lies anywhere within half a voxel of a voxel of the region, on
  /// a lattice of quarters of a voxel; never below ``peak(in:weights:)``.
  ///
  /// Searched about the voxels whose own sphere comes within 10 % of the best, at most 64.
  /// - Throws: as ``peak(in:weights:)``.
  public func subVoxelPeak(in region: Mask) throws -> UptakeValue {
    let best = try peak(in: region)
    let grid = grid
    let kernel = try SphereKernel(radius: SphereKernel.peakRadius, on: grid, weights: .fractional)
    var places: [(mean: Double, voxel: SIMD3<Int>)] = []
    region.box.forEachRow { j, k in
      for i in region.box.columns where region.contains(i, j, k) {
        let mean = mean(of: kernel, at: i, j, k).base
        if mean >= best.base * 0.9 { places.append((mean, SIMD3(i, j, k))) }
      }
    }
    places.sort { ($1.mean, $0.voxel.z, $0.voxel.y, $0.voxel.x) < ($0.mean, $1.voxel.z, $1.voxel.y, $1.voxel.x) }
    let voxels = places.prefix(64).map(\.voxel)
    let quarters = (-2...1).map { Double($0) / 4 }
    let offsets = quarters.flatMap { z in quarters.flatMap { y in quarters.map { SIMD3($0, y, z) } } }
    let peaks = try inParallel(offsets.count) { n in
      let moved = try SphereKernel(
        radius: SphereKernel.peakRadius, on: grid, weights: .fractional, offset: offsets[n])
      return voxels.map { mean(of: moved, at: $0.x, $0.y, $0.z) }.max() ?? .zero
    }
    return max(best, peaks.max() ?? .zero)
  }
}
