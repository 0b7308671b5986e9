import CFFTW
import Dispatch
import Foundation
import Synchronization

/// The convolution of a block of voxels with a voxel kernel by Fourier transforms, planned once and used often.
///
/// D(v) = Σ Ã(w) S(v − w) over the kernel's reach; what lies outside the block emits nothing. The block is padded by the
/// kernel's reach alone: whatever wraps around falls into the padding. Single precision is enough: the error is below
/// 10⁻⁶ of the largest dose, a thousandth of the statistics of any kernel, at half the memory and time of double. The
/// transforms are cut into slices and planes that do not depend on the number of threads; neither does the result.
public final class KernelConvolution: Sendable {
  /// The numbers of voxels of the block along x, y and z.
  public let shape: SIMD3<Int>
  private let size: SIMD3<Int>
  /// Complex numbers along a row of the spectrum, and in a slice, which begins at a multiple of 64 bytes.
  private let row: Int
  private let slice: Int
  private let plans: Plans
  /// The spectrum of the kernel, which is real as the kernel is even: y slowest, then z, then x.
  private let spectrum: [Float]
  private let threads: Int

  private static let planner = Mutex(())

  /// - Parameters:
  ///   - shape: of the blocks that will be convolved.
  ///   - radiation: one kind alone, or all.
  /// - Throws: ``TransportError`` for an empty or too large block.
  public init(
    _ kernel: VoxelKernel, shape: SIMD3<Int>, radiation: DosedRadiation? = nil, threads: Int = 2
  ) throws(TransportError) {
    let sides = [shape.x, shape.y, shape.z]
    guard sides.allSatisfy((1...1024).contains), sides.reduce(1, *) <= 1 << 27 else {
      throw TransportError(
        "voxel-count", "The block has \(sides.map(String.init).joined(separator: " × ")) voxels.",
        remedy: "Use 1 to 1024 along each axis and at most 2²⁷ in all.")
    }
    self.shape = shape
    self.threads = max(1, threads)
    let reach = kernel.reach
    size = SIMD3(
      Self.length(shape.x + reach, reach, even: true), Self.length(shape.y + reach, reach),
      Self.length(shape.z + reach, reach))
    row = size.x / 2 + 1
    slice = (row * size.y + 7) / 8 * 8
    plans = Self.planner.withLock { [size, row, slice] _ in Plans(size: size, row: row, slice: slice) }
    spectrum = Self.spectrum(kernel, radiation, size, row, slice, plans, self.threads)
  }

  /// The dose in Gy to every voxel, of the kernel's medium, from the decays in every voxel.
  ///
  /// - Parameter decays: one number a voxel, x fastest; at least 0.
  public func doses(ofDecays decays: [Float]) -> [Float] {
    precondition(decays.count == shape.x * shape.y * shape.z, "there is one number a voxel")
    let (nx, ny, nz) = (shape.x, shape.y, shape.z)
    let planeCount = nz * slice
    let space = Buffer<fftwf_complex>(planeCount)
    nonisolated(unsafe) let spectra = space.start
    decays.withUnsafeBufferPointer { decays in
      nonisolated(unsafe) let decays = decays
      inPortions(nz) { range in
        let real = Buffer<Float>(size.x * size.y)
        for z in range {
          real.start.update(repeating: 0, count: size.x * size.y)
          for y in 0..<ny {
            (real.start + y * size.x).update(from: decays.baseAddress! + nx * (y + ny * z), count: nx)
          }
          fftwf_execute_dft_r2c(plans.forward, real.start, spectra + z * slice)
        }
      }
    }
    inPortions(size.y) { range in
      let lines = Buffer<fftwf_complex>(row * size.z)
      for y in range {
        for z in 0..<nz { (lines.start + z * row).update(from: spectra + z * slice + y * row, count: row) }
        (lines.start + nz * row).update(repeating: (0, 0), count: (size.z - nz) * row)
        fftwf_execute_dft(plans.down, lines.start, lines.start)
        spectrum.withUnsafeBufferPointer { kernel in
          let factors = kernel.baseAddress! + y * size.z * row
          for k in 0..<size.z * row {
            lines.start[k].0 *= factors[k]
            lines.start[k].1 *= factors[k]
          }
        }
        fftwf_execute_dft(plans.up, lines.start, lines.start)
        for z in 0..<nz { (spectra + z * slice + y * row).update(from: lines.start + z * row, count: row) }
      }
    }
    return [Float](unsafeUninitializedCapacity: decays.count) { buffer, count in
      nonisolated(unsafe) let doses = buffer
      inPortions(nz) { range in
        let real = Buffer<Float>(size.x * size.y)
        for z in range {
          fftwf_execute_dft_c2r(plans.backward, spectra + z * slice, real.start)
          for y in 0..<ny {
            let (from, to) = (real.start + y * size.x, doses.baseAddress! + nx * (y + ny * z))
            // Rounding leaves values about 0 where nothing reaches.
            for x in 0..<nx { (to + x).initialize(to: max(0, from[x])) }
          }
        }
      }
      count = decays.count
    }
  }

  private func inPortions(_ count: Int, _ work: (Range<Int>) -> Void) {
    Self.inPortions(count, threads, work)
  }

  private static func inPortions(_ count: Int, _ threads: Int, _ work: (Range<Int>) -> Void) {
    let portions = min(count, threads * 4)
    nonisolated(unsafe) let work = work
    DispatchQueue.concurrentPerform(iterations: portions) { n in
      work(count * n / portions..<count * (n + 1) / portions)
    }
  }

  /// The next length that has small factors alone and holds the kernel.
  private static func length(_ least: Int, _ reach: Int, even: Bool = false) -> Int {
    var n = max(least, 2 * reach + 1)
    while true {
      var rest = n
      for factor in [2, 3, 5, 7] { while rest % factor == 0 { rest /= factor } }
      if rest == 1, !even || n % 2 == 0 { return n }
      n += 1
    }
  }

  /// The kernel's transform over its scale: x and y by FFTW, z as a sum of cosines, all divided by the number of points,
  /// which FFTW leaves to be done.
  private static func spectrum(
    _ kernel: VoxelKernel, _ radiation: DosedRadiation?, _ size: SIMD3<Int>, _ row: Int, _ slice: Int, _ plans: Plans,
    _ threads: Int
  ) -> [Float] {
    let reach = kernel.reach
    let points = Double(size.x * size.y * size.z)
    let space = Buffer<fftwf_complex>((reach + 1) * slice)
    nonisolated(unsafe) let spectra = space.start
    inPortions(reach + 1, threads) { range in
      let real = Buffer<Float>(size.x * size.y)
      for z in range {
        real.start.update(repeating: 0, count: size.x * size.y)
        for y in -reach...reach {
          for x in -reach...reach {
            let value = kernel.sValue(x, y, z, radiation).graysPerBecquerelSecond / points
            real.start[(x + size.x) % size.x + size.x * ((y + size.y) % size.y)] = Float(value)
          }
        }
        fftwf_execute_dft_r2c(plans.forward, real.start, spectra + z * slice)
      }
    }
    let cosines = (0..<size.z).map { Float(cos(2 * Double.pi * Double($0) / Double(size.z))) }
    return [Float](unsafeUninitializedCapacity: size.y * size.z * row) { buffer, count in
      nonisolated(unsafe) let values = buffer
      inPortions(size.y, threads) { range in
        for y in range {
          for k in 0..<size.z {
            let line = values.baseAddress! + (y * size.z + k) * row
            for x in 0..<row { (line + x).initialize(to: spectra[y * row + x].0) }
            for z in 1...reach {
              let factor = 2 * cosines[k * z % size.z]
              let part = spectra + z * slice + y * row
              for x in 0..<row { line[x] += factor * part[x].0 }
            }
          }
        }
      }
      count = size.y * size.z * row
    }
  }
}

/// The plans of FFTW for slices and for planes; they serve any buffers of the same alignment, on any thread.
private final class Plans: Sendable {
  nonisolated(unsafe) let forward: fftwf_plan
  nonisolated(unsafe) let backward: fftwf_plan
  nonisolated(unsafe) let down: fftwf_plan
  nonisolated(unsafe) let up: fftwf_plan

  init(size: SIMD3<Int>, row: Int, slice: Int) {
    let real = Buffer<Float>(size.x * size.y)
    let complex = Buffer<fftwf_complex>(max(slice, row * size.z))
    // Estimated plans are the same every time; measured ones change the last bits.
    let flags = UInt32(FFTW_ESTIMATE)
    forward = fftwf_plan_dft_r2c_2d(Int32(size.y), Int32(size.x), real.start, complex.start, flags)
    backward = fftwf_plan_dft_c2r_2d(Int32(size.y), Int32(size.x), complex.start, real.start, flags)
    var length = [Int32(size.z)]
    func lines(_ sign: Int32) -> fftwf_plan {
      fftwf_plan_many_dft(
        1, &length, Int32(row), complex.start, nil, Int32(row), 1, complex.start, nil, Int32(row), 1, sign, flags)
    }
    down = lines(FFTW_FORWARD)
    up = lines(FFTW_BACKWARD)
  }

  deinit { for plan in [forward, backward, down, up] { fftwf_destroy_plan(plan) } }
}

/// Memory with the alignment that FFTW wants.
private final class Buffer<Element> {
  let start: UnsafeMutablePointer<Element>

  init(_ count: Int) {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Element>.stride, alignment: 64)
    start = memory.bindMemory(to: Element.self, capacity: max(1, count))
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }
}
