import Provenance
import Quantities
import Transport

/// Where kernels come from: the stored point kernels in water, the cache of earlier simulations, or a new one.
struct KernelLibrary {
  /// How a kernel was made.
  enum Origin: String {
    /// From a point kernel that comes with the program.
    case table
    /// By simulation, now or earlier.
    case simulation
  }

  /// A kernel and where it comes from.
  struct Found {
    let kernel: VoxelKernel
    let origin: Origin
    let isFromCache: Bool
  }

  let cache: KernelCache

  /// - Parameters:
  ///   - histories: of a simulation; `nil` takes a stored point kernel where there is one, and else 1 000 000.
  ///   - progress: called with the share of a simulation that is done and the seconds it took; stops it by `false`.
  func kernel(
    of source: NuclideSource, material: Material, spacing: [Length], reach: Int, histories: Int?,
    settings: TransportSettings, progress: ((Double) -> Bool)? = nil
  ) throws -> Found {
    if histories == nil, settings.seed == 1, material == .water,
      let point = try PointKernelTable.standard().kernel(of: source)
    {
      let kernel = try VoxelKernel(integrating: point, spacing: spacing, reach: reach)
      return Found(kernel: kernel, origin: .table, isFromCache: false)
    }
    let simulation = try KernelSimulation(
      source, material: material, spacing: spacing, reach: reach, histories: histories ?? 1_000_000, settings: settings)
    if let kept = cache.kernel(simulation.identity) {
      return Found(kernel: kept, origin: .simulation, isFromCache: true)
    }
    guard let made = try simulation.run(progress: progress) else {
      throw CaseError("stopped", "The simulation was stopped.", remedy: "Run it again.")
    }
    cache.keep(made, simulation.identity)
    return Found(kernel: made, origin: .simulation, isFromCache: false)
  }
}
