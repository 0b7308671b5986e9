import CommandLine
import Workbench

private let nuclide = Option<String>(required: "nuclide", "The nuclide, such as Lu-177.")
private let progeny = Flag("with-progeny", "Include what decays after it in the same place.")
private let material = Option("material", "The material: water, soft tissue, lung, red marrow ...", default: "water")
private let seed = Option("seed", "The seed of the random numbers.", default: 1)
private let kernelHistories = Option<Int?>(
  "histories", "Histories of the component with the most energy; a stored kernel in water needs none.")
private let sphereHistories = Option(
  "histories", "Histories of the component with the most energy.", default: 200_000)
private let voxel = Option<String>(required: "voxel", "The voxel's edge in mm, or three, such as 4.8x4.8x5.")
private let reach = Option("reach", "Voxels from the centre to each side, up to 39.", default: 25)
private let output = Option<FilePath?>("output", "A file for the kernel; -o for short.")
private let mass = Option<String>(required: "mass", "The sphere's mass, such as \"10 g\"; 1 mg to 5 kg.")
private let bone = Option("bone", "The share of the mass that is cortical bone, 0 to 1.", default: 0.0)

private let phantom = Option<String>(required: "phantom", "adult-male or adult-female.")
private let source = Option<String>(required: "source", "Where it decays: kidneys, total body, remainder ...")
private let target = Option<String>(required: "target", "What absorbs: kidneys, red marrow, total body ...")
private let set = Option("set", "endora, or the file of a table of your own.", default: "endora")
private let masses = Option("masses", "without-blood or with-blood: the reference masses.", default: "without-blood")
private let regionMass = Option<String?>(
  "mass", "The patient's mass of the region, such as \"250 g\"; self-dose alone.")
private let without = Option(
  "without", "The organs that the source remainder leaves out.", default: "kidneys, liver, spleen, red marrow")
private let cellularity = Option("cellularity", "Of the marrow, over the reference.", default: 1.0)
private let photons = Option("histories", "Photons for each source and energy.", default: 500_000)
private let electrons = Option(
  "histories", "Electrons for each kind of spongiosa, cellularity, source and energy.", default: 10_000)
private let pointHistories = Option(
  "histories", "Histories of the component with the most energy of each nuclide.", default: 4_000_000)
private let threads = Option("threads", "Threads that work; the table does not depend on them.", default: 2)
private let fractionFile = Option<FilePath>(required: "output", "The file for the table.")

let doseCommands = Command(
  "dose", "Absorbed and biologically effective dose, S values and the simulation behind them.",
  example: "endora dose organ patient-2",
  commands: dosePlanCommands + [
    voxelDoseCommand,
    Command(
      "kernel", "Voxel S values of a nuclide in a uniform medium.",
      example: "endora dose kernel --nuclide Lu-177 --voxel 4.8 --material water -o kernel.json",
      takes: [nuclide, voxel, material, progeny, reach, kernelHistories, seed, output, json]
    ) { arguments in
      let report = try KernelReport(
        TransportRequest(
          nuclide: arguments[nuclide], withProgeny: arguments[progeny], material: arguments[material],
          histories: arguments[kernelHistories] ?? 1_000_000, seed: arguments[seed]),
        voxel: arguments[voxel], reach: arguments[reach], usesTable: arguments[kernelHistories] == nil,
        output: arguments[output]?.path, progress: ProgressLine().share)
      try show(report.document, as: arguments, text: report.summary)
    },
    Command(
      "sphere", "The dose to a sphere per decay in it.",
      example: "endora dose sphere --nuclide Y-90 --mass \"10 g\" --json",
      takes: [nuclide, mass, material, bone, progeny, sphereHistories, seed, json]
    ) { arguments in
      let report = try SphereReport(
        TransportRequest(
          nuclide: arguments[nuclide], withProgeny: arguments[progeny], material: arguments[material],
          histories: arguments[sphereHistories], seed: arguments[seed]),
        mass: arguments[mass], bone: arguments[bone])
      try show(report.document, as: arguments, text: report.summary)
    },
    Command(
      "s-value", "The dose to a region of a reference adult per decay in another.",
      example:
        "endora dose s-value --nuclide Lu-177 --phantom adult-male --source kidneys --target \"red marrow\" --json",
      takes: [nuclide, phantom, source, target, set, masses, regionMass, without, cellularity, progeny, json]
    ) { arguments in
      let report = try SValueReport(
        .init(
          nuclide: arguments[nuclide], withProgeny: arguments[progeny], phantom: arguments[phantom],
          source: arguments[source], target: arguments[target], set: arguments[set], masses: arguments[masses],
          without: arguments[without], cellularity: arguments[cellularity], mass: arguments[regionMass]))
      try show(report.document, as: arguments, text: report.summary)
    },
    Command(
      "fractions", "Make the absorbed fractions of a reference adult anew; takes many minutes.",
      example: "endora dose fractions --phantom adult-male --output fractions-adult-male.bin",
      takes: [phantom, photons, seed, threads, fractionFile, json]
    ) { arguments in
      let report = try FractionFile(
        phantom: arguments[phantom], histories: arguments[photons], seed: arguments[seed],
        threads: arguments[threads], output: arguments[fractionFile].path
      ) { part in try? OutputStream.standardError.write("\(part)\n") }
      try show(report.document, as: arguments, text: report.summary)
    },
    Command(
      "point-kernels", "Make the stored point kernels anew; takes some minutes.",
      example: "endora dose point-kernels --output point-kernels.json",
      takes: [pointHistories, seed, threads, fractionFile, json]
    ) { arguments in
      let report = try PointKernelFile(
        histories: arguments[pointHistories], seed: arguments[seed], threads: arguments[threads],
        output: arguments[fractionFile].path
      ) { part in try? OutputStream.standardError.write("\(part)\n") }
      try show(report.document, as: arguments, text: report.summary)
    },
    Command(
      "marrow-fractions", "Make the absorbed fractions of marrow anew; takes many minutes.",
      example: "endora dose marrow-fractions --output marrow-fractions.json",
      takes: [electrons, seed, threads, fractionFile, json]
    ) { arguments in
      let report = try MarrowFile(
        histories: arguments[electrons], seed: arguments[seed], threads: arguments[threads],
        output: arguments[fractionFile].path
      ) { part in try? OutputStream.standardError.write("\(part)\n") }
      try show(report.document, as: arguments, text: report.summary)
    },
  ])
