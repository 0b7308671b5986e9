import CommandLine
import Workbench

private let doseFile = Argument<FilePath>("dose", "An RTDOSE file.")
private let regionFile = Argument<FilePath>("regions", "An RTSTRUCT file, or regions in JSON5.")
private let volumesAt = Option<String?>("volumes-at", "Doses in Gy whose V(D) is asked for, such as 5,10,20.")
private let alpha = Option<Double?>("alpha", "α in 1/Gy, for EUD.")
private let alphaBeta = Option<Double?>("alpha-beta", "α/β in Gy, for EUBED.")
private let repair = Option<Double?>("repair", "The repair half-time in h, for EUBED.")
private let halfLife = Option<Double?>("half-life", "The effective half-life of the dose rate in h, for EUBED.")
private let border = Option("border", "How voxels at a region's border count.", default: DoseVolume.Border.fractional)
private let points = Option("points", "How many steps the curve has.", default: 100)

/// The verbs of `dose` that plans need; those of transport stand beside them.
let dosePlanCommands = [
  Command(
    "dvh", "Dose and volume of regions on a dose map.", example: "endora dose dvh dose.dcm structures.dcm --json",
    takes: [doseFile, regionFile, volumesAt, alpha, alphaBeta, repair, halfLife, border, points, json]
  ) { arguments in
    let result = try DoseVolume(
      dose: arguments[doseFile].path, regions: arguments[regionFile].path,
      options: DoseVolume.Options(
        volumesAt: arguments[volumesAt], alpha: arguments[alpha], alphaBeta: arguments[alphaBeta],
        repair: arguments[repair], halfLife: arguments[halfLife], border: arguments[border], steps: arguments[points]))
    try show(result.document, as: arguments, text: result.summary)
  }
]

let doseCommands = Command(
  "dose", "Absorbed and biologically effective dose.", example: "endora dose organ patient-2",
  commands: dosePlanCommands)

extension DoseVolume.Border: ArgumentValue {}
