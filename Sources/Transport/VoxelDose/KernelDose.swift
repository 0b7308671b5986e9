public import Quantities

extension PatientVoxels {
  /// A kernel of a tissue and the densities of the voxels that it serves.
  public struct TissueKernel: Sendable {
    /// The convolution with the kernel of the tissue.
    public let convolution: KernelConvolution
    /// The density for which the kernel was made.
    public let density: Density
    /// It serves voxels up to this density.
    public let upTo: Density

    public init(_ kernel: VoxelKernel, shape: SIMD3<Int>, upTo: Density, threads: Int = 2) throws(TransportError) {
      convolution = try KernelConvolution(kernel, shape: shape, threads: threads)
      density = kernel.density
      self.upTo = upTo
    }
  }

  /// The dose in Gy to every voxel by convolution, scaled from the kernel's density to the voxel's: D = (Ã ⊛ S) ρ_S/ρ.
  ///
  /// The energy that reaches a voxel is taken to be that of the kernel's medium; with kernels of several tissues each voxel
  /// takes that of its own. Good in soft tissue; at borders with lung and bone electrons do not go as far as, or farther
  /// than, any kernel says.
  /// - Parameter kernels: of the patient's voxel size and shape; by rising density, the last serves all that is denser.
  /// - Throws: ``TransportError`` for kernels that are none, of another shape or out of order.
  public func kernelDose(_ kernels: [TissueKernel], threads: Int = 2) throws(TransportError) -> [Float] {
    guard let last = kernels.last, kernels.allSatisfy({ $0.convolution.shape == shape }),
      zip(kernels, kernels.dropFirst()).allSatisfy({ $0.upTo < $1.upTo })
    else {
      throw TransportError(
        "kernel-list", "The kernels do not fit the voxels or are not in the order of their densities.",
        remedy: "Make them for the shape of the voxels, by rising density.")
    }
    var doses: [Float] = []
    var from: Float = 0
    let least = Float(Self.leastDensity.gramsPerMillilitre)
    for kernel in kernels {
      let to = kernel.density == last.density ? .infinity : Float(kernel.upTo.gramsPerMillilitre)
      let own = Float(kernel.density.gramsPerMillilitre)
      let low = from
      let found = perVoxel(threads, of: kernel.convolution.doses(ofDecays: decays)) { dose, density in
        density >= max(low, least) && density < to ? dose * own / density : 0
      }
      if doses.isEmpty { doses = found } else { for voxel in doses.indices { doses[voxel] += found[voxel] } }
      from = to
    }
    return doses
  }
}
