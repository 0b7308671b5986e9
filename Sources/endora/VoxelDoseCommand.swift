public import CommandLine
import Foundation
import Provenance
import Quantities
public import Workbench

private let voxelCase = Argument<FilePath>("case", "A case folder with quantitative SPECT and its CT.")
private let method = Option<VoxelDosimetry.Choice>(
  required: "method", "transport, kernel, local, or all three set side by side.")
private let kernels = Option(
  "kernels", "Kernels of water, or of each voxel's own tissue.", default: VoxelDosimetry.Kernels.water)
private let model = Option<VoxelMapping.Model?>(
  "model", "The curve of every region, F2 or F3u; F3u from four images on when left out.")
private let halfLife = Option<Double?>("half-life", "The effective half-life in h of all voxels, for a single SPECT.")
private let threshold = Option(
  "threshold", "Voxels below that share of the largest value hold no activity.", default: 0.0)
private let progeny = Flag("with-progeny", "Include what decays after it in the same place.")
private let tissues = Option("tissues", "Schneider, or \"six tissues\".", default: "Schneider")
private let reach = Option("reach", "Voxels of a kernel from its centre to each side, up to 39.", default: 25)
private let uncertainty = Option(
  "uncertainty", "Transport stops at this uncertainty in voxels above half of the largest dose.", default: 0.02)
private let seed = Option("seed", "The seed of the random numbers.", default: 1)
private let state = Option<FilePath?>("state", "A file that keeps the state of transport, from which it goes on.")
private let folder = Option<FilePath?>("output", "A folder for dose maps, the comparison and its figure; -o for short.")

/// `dose voxel`.
let voxelDoseCommand = Command(
  "voxel", "The dose in every voxel, by transport, convolution or local deposition.",
  example: "endora dose voxel demo --method all -o demo/voxel-dose",
  takes: [
    voxelCase, method, kernels, model, halfLife, threshold, progeny, tissues, reach, uncertainty, seed, state, folder,
    json,
  ]
) { arguments in
  let line = ProgressLine()
  let result = try VoxelDosimetry(
    case: arguments[voxelCase].path,
    options: VoxelDosimetry.Options(
      choice: arguments[method], kernels: arguments[kernels], model: arguments[model], halfLife: arguments[halfLife],
      threshold: arguments[threshold], withProgeny: arguments[progeny], tissues: arguments[tissues],
      reach: arguments[reach], uncertainty: arguments[uncertainty], seed: arguments[seed],
      state: arguments[state]?.path)
  ) { progress in
    let reached = progress.uncertainty.map { String(format: ", %.1f %% reached", $0 * 100) } ?? ""
    line.show("\(progress.histories / 1_000_000) million histories\(reached)", remaining: progress.remaining)
    return true
  }
  line.end()
  if let folder = try arguments[folder] {
    try result.write(
      to: folder.path, created: Timestamp(secondsSince1970: Date().timeIntervalSince1970.rounded(.down), utcOffset: 0))
  }
  try show(result.document, as: arguments, text: result.summary(folder: arguments[folder]?.path))
}

extension VoxelDosimetry.Choice: ArgumentValue {}
extension VoxelDosimetry.Kernels: ArgumentValue {}
