import Dispatch
import Glibc
public import Quantities
public import Volumes

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
}
