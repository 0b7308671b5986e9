import Dispatch
public import Quantities

extension PatientVoxels {
  /// The dose in Gy to every voxel when what its decays emit stays in it: D = Ã Δ/(ρ V).
  ///
  /// Right where the image is blurred by more than the radiation's range, as ¹⁷⁷Lu in SPECT; wrong at the borders of lung
  /// and bone and for ⁹⁰Y in small voxels. Photons are left out unless their energy is given with Δ.
  /// - Parameter energyPerDecay: Δ of electrons and alphas.
  public func localDeposition(_ energyPerDecay: Energy, threads: Int = 2) -> [Float] {
    let factor = Float(DosePerEnergy.grays(energyPerDecay, in: voxelVolume * .gramsPerMillilitre(1)))
    let least = Float(Self.leastDensity.gramsPerMillilitre)
    return perVoxel(threads) { decays, density in density >= least ? decays * factor / density : 0 }
  }

  /// A value of each voxel from its decays, or another list, and its density.
  func perVoxel(
    _ threads: Int, of list: [Float]? = nil, _ value: @Sendable (Float, Float) -> Float
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: decays.count) { buffer, count in
      nonisolated(unsafe) let values = buffer
      let portions = max(1, min(threads, decays.count >> 14))
      (list ?? decays).withUnsafeBufferPointer { list in
        densities.withUnsafeBufferPointer { densities in
          nonisolated(unsafe) let (list, densities) = (list, densities)
          DispatchQueue.concurrentPerform(iterations: portions) { n in
            let range = list.count * n / portions..<list.count * (n + 1) / portions
            for voxel in range {
              (values.baseAddress! + voxel).initialize(to: value(list[voxel], densities[voxel]))
            }
          }
        }
      }
      count = decays.count
    }
  }
}
