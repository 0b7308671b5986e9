public import CommandLine
public import Workbench

private let doseFile = Argument<FilePath>("dose", "An RTDOSE file.")
private let regionFile = Argument<FilePath>("regions", "An RTSTRUCT file, or regions in JSON5.")
private let volumesAt = Option<String?>("volumes-at", "Doses in Gy whose V(D) is asked for, such as 5,10,20.")
private let alpha = Option<Double?>("alpha", "α in 1/Gy, for EUD.")
private let alphaBeta = Option<Double?>("alpha-beta", "α/β in Gy, for EUBED.")
private let repair = Option<Double?>("repair", "The repair half-time in h, for EUBED.")
private let halfLife = Option<Double?>("half-life", "The effective half-life of the dose rate in h, for EUBED.")
private let border = Option("border", "How voxels at a region's border count.", default: DoseVolume.Border.fractional)
private let points = Option("points", "How many steps the curve has.", default: 100)

private let doseCase = Argument<FilePath>("case", "A case folder, or coefficients of organs in JSON5.")
private let grays = Option<String>(required: "dose", "Absorbed doses in Gy, one a cycle, such as 23 or 8,8,7.")
private let halfLives = Option<String>(
  required: "half-life", "The effective half-life in h; a second one is that of the uptake, such as 41,5.3.")
private let kidneyAlphaBeta = Option("alpha-beta", "α/β in Gy; that of kidneys when left out.", default: 2.5)
private let kidneyRepair = Option("repair", "The repair half-time in h; that of kidneys when left out.", default: 2.8)
private let interval = Option<Double?>("interval", "Days between cycles.")
private let tbi = Option<String?>("tbi", "Fractions beside it, such as 5x2 for five times 2 Gy.")
private let times = Option<String?>("times", "Hours for the dose until and after, such as 24,336; day 0 when left out.")

/// The verbs of `dose` that plans need; those of transport stand beside them.
let dosePlanCommands = [
  Command(
    "organ", "Absorbed doses of the organs, their rates, and the marrow's by every way.",
    example: "endora dose organ patient-2 --json", takes: [doseCase, times, json]
  ) { arguments in
    switch try OrganDoseRequest(path: arguments[doseCase].path, times: arguments[times]).answer() {
    case .organs(let result): try show(result.document, as: arguments, text: result.summary)
    case .coefficients(let result): try show(result.document, as: arguments, text: result.summary)
    }
  },
  Command(
    "bed", "Biologically effective dose of cycles and fractions.",
    example: "endora dose bed --dose 23 --half-life 41 --tbi 5x2 --json",
    takes: [grays, halfLives, kidneyAlphaBeta, kidneyRepair, interval, tbi, json]
  ) { arguments in
    let result = try BiologicalDoses(
      doses: arguments[grays], halfLives: arguments[halfLives], alphaBeta: arguments[kidneyAlphaBeta],
      repair: arguments[kidneyRepair], interval: arguments[interval], tbi: arguments[tbi])
    try show(result.document, as: arguments, text: result.summary)
  },
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
  },
]

extension DoseVolume.Border: ArgumentValue {}
