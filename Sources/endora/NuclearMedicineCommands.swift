import CommandLine
import Workbench

private let caseArgument = Argument<FilePath>("case", "A folder that holds a case.json.")
private let sources = Argument<FolderPath>("folder", "A folder with NM statics and a calibration.json.")
private let spheres = Argument<FilePath>("file", "Spheres of a phantom in JSON5.")
private let imaging = Argument<FolderPath>("folder", "A folder with quantitative SPECT, a CT, or both.")
private let rules = Option<FilePath>(required: "rules", "The regions and how they are found, in JSON5.")
private let masks = Option("output", "The folder for one NIfTI mask a region.", default: "segments")
private let organModel = Option(
  "totalsegmentator", "The program TotalSegmentator, for rules that ask for it.", default: "TotalSegmentator")

/// The verbs of `endora nm` that measure.
let nuclearMedicineMeasurements = [
  Command(
    "planar", "The activities of regions in planar whole-body scans, with their uncertainty budgets.",
    example: "endora nm planar patient-2 --json", takes: [caseArgument, json]
  ) { arguments in
    let result = try PlanarCaseResult(case: arguments[caseArgument].path)
    try show(result.document, as: arguments, text: result.summary)
  },
  Command(
    "spect", "The activities of regions in quantitative SPECT, with their uncertainty budgets.",
    example: "endora nm spect patient-2 --json", takes: [caseArgument, json]
  ) { arguments in
    let result = try SpectCaseResult(case: arguments[caseArgument].path)
    try show(result.document, as: arguments, text: result.summary)
  },
  Command(
    "segment", "Regions on SPECT and CT by thresholds, growing, watershed and anatomy, as NIfTI masks.",
    example: "endora nm segment patient-2/imaging --rules rules.json --output patient-2/segments",
    takes: [imaging, rules, masks, organModel, json]
  ) { arguments in
    let result = try SegmentationDocument(
      folder: arguments[imaging].path, rules: arguments[rules].path, organModel: arguments[organModel])
    try result.write(to: arguments[masks])
    try show(
      result.document, as: arguments,
      text: result.summary + "\nWritten to \(arguments[masks]). Look at every region before it is used.\n")
  },
  Command(
    "calibrate", "A camera's sensitivity from a syringe, a dish or a cylinder before it.",
    example: "endora nm calibrate phantoms/2026-01 --json", takes: [sources, json]
  ) { arguments in
    let result = try CalibrationDocument(folder: arguments[sources].path)
    try show(result.document, as: arguments, text: result.summary)
  },
  Command(
    "recovery", "The recovery curve of a phantom's spheres, with its covariance.",
    example: "endora nm recovery phantoms/nema.json --json", takes: [spheres, json]
  ) { arguments in
    let result = try RecoveryDocument(path: arguments[spheres].path)
    try show(result.document, as: arguments, text: result.summary)
  },
]
