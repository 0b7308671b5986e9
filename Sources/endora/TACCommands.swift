public import CommandLine
public import Workbench

private let table = Argument<FilePath>("file", "CSV: region[,cycle],time_h,activity_MBq[,u_MBq].")
private let nuclide = Option<String>(required: "nuclide", "The nuclide, such as Lu-177.")
private let administered = Option<String?>("administered", "The administered activity, such as \"200 MBq\".")
private let model = Option("model", "auto, or a model by name.", default: CurveRequest.Model.auto)
private let weights = Option<CurveRequest.Weights?>(
  "weights", "The points' uncertainties; given where the table states them, else relative.")
private let relative = Option("relative-uncertainty", "The fraction behind relative weights.", default: 0.05)
private let uncertainty = Option<CurveRequest.Uncertainty?>("uncertainty", "How an interval of 95 % is found.")
private let target = Option<String>(required: "to", "The nuclide to translate to, such as Y-90.")
private let population = Option<String>(required: "prior", "A population: kidney, tumour ..., or a file.")
private let scheduled = Argument<FilePath>(
  "file", "CSV: region,time_h,activity_MBq[,u_MBq]; or a folder with a case.json.")
private let scheduledNuclide = Option<String?>("nuclide", "The nuclide of a table, such as Lu-177; a case states it.")
private let scans = Option("scans", "How many scans to plan.", default: 1)
private let step = Option("step", "Hours between candidate times.", default: 4.0)
private let until = Option("until", "The last candidate time in hours after the administration.", default: 240.0)
private let precision = Option("scan-uncertainty", "The relative uncertainty of a scan to come.", default: 0.05)
private let prior = Option<String?>("prior", "A population: kidney, tumour, marrow ..., or a file.")
private let spread = Option<Double?>("prior-spread", "The spread between patients, where none is published.")
private let points = Option<String?>("points", "The times in hours of the points to use, such as 1,24,168.")
private let robust = Flag("robust", "Let outlying points lose weight.")
private let share = Option<String?>("share", "Rates that regions share, such as lambda1.")
private let across = Option(
  "across", "Which regions share them: organs of a cycle, or cycles.", default: CurveRequest.Sharing.all)
private let fix = Option<String?>("fix", "Parameters that are known, such as lambda1=0.0126.")
private let cohort = Argument<FolderPath>("folder", "A folder with one table a patient.")
private let populationModel = Option("model", "The model of every patient.", default: PopulationResults.Model.F3u)
private let priorFile = Option<FilePath?>("output", "The file for --prior.")
private let simulation = Argument<FilePath>("file", "JSON5: administration, peptide, times, and what differs.")
private let simulated = Option<FilePath?>("output", "The curve table to write.")

private func choice(_ arguments: ParsedArguments) throws -> PriorChoice? {
  let spread = try arguments[spread]
  return try arguments[prior].map { PriorChoice($0, spread: spread) }
}
private let images = Argument<FolderPath>("folder", "A folder with quantitative SPECT of several times in DICOM.")
private let output = Option<FolderPath>(required: "output", "The folder for the maps.")
private let voxelModel = Option("model", "The model in every voxel.", default: VoxelMapping.Model.F2)
private let headerNuclide = Option<String?>("nuclide", "The nuclide, where the images do not name it.")
private let injected = Option<String?>("injected", "The administration by the camera's clock: 2026-03-04T09:30:00.")
private let voxelUncertainty = Option(
  "relative-uncertainty", "The uncertainty of a voxel's value over it.", default: 0.1)
private let threshold = Option("threshold", "Leave out voxels below that share of the largest value.", default: 0.01)

let tacCommands = Command(
  "tac", "Time-activity curves.", example: "endora tac fit curves.csv --nuclide Lu-177",
  commands: [
    Command(
      "fit", "Fit models, choose among them and integrate.",
      example: "endora tac fit curves.csv --nuclide Lu-177 --administered \"7210.4 MBq\" --json",
      takes: [
        table, nuclide, administered, model, weights, relative, prior, spread, uncertainty, points, robust, share,
        across,
        fix, json,
      ]
    ) { arguments in
      let result = try CurveRequest(
        table: arguments[table].path, nuclide: arguments[nuclide], administered: arguments[administered],
        model: arguments[model], weights: arguments[weights], relativeUncertainty: arguments[relative],
        prior: choice(arguments), uncertainty: arguments[uncertainty], points: arguments[points],
        isRobust: arguments[robust], share: arguments[share], sharing: arguments[across], fix: arguments[fix]
      ).fit()
      try show(result.document, as: arguments, text: result.summary)
    },
    Command(
      "single", "Integrate from one point and a population: Hänscheid, Madsen, and an interval.",
      example: "endora tac single curves.csv --nuclide Lu-177 --prior kidney",
      takes: [table, nuclide, administered, weights, relative, population, spread, json]
    ) { arguments in
      let prior = try PriorChoice(arguments[population], spread: arguments[spread])
      let result = try SinglePoints(
        CurveRequest(
          table: arguments[table].path, nuclide: arguments[nuclide], administered: arguments[administered],
          model: .auto, weights: arguments[weights], relativeUncertainty: arguments[relative],
          prior: nil),
        prior: prior)
      try show(result.document, as: arguments, text: result.summary)
    },
    Command(
      "translate", "The same biology with another nuclide.",
      example: "endora tac translate curves.csv --nuclide Lu-177 --to Y-90",
      takes: [table, nuclide, target, administered, model, weights, relative, prior, spread, json]
    ) { arguments in
      let result = try CurveTranslation(
        CurveRequest(
          table: arguments[table].path, nuclide: arguments[nuclide], administered: arguments[administered],
          model: arguments[model], weights: arguments[weights], relativeUncertainty: arguments[relative],
          prior: choice(arguments)),
        to: arguments[target])
      try show(result.document, as: arguments, text: result.summary)
    },
    Command(
      "schedule", "What more scans would be worth, and the best times.",
      example: "endora tac schedule patient-2 --scans 2",
      takes: [
        scheduled, scheduledNuclide, model, weights, relative, prior, spread, scans, step, until, precision, json,
      ]
    ) { arguments in
      let result = try ScanSchedule.make(
        arguments[scheduled].path, nuclide: arguments[scheduledNuclide], model: arguments[model],
        weights: arguments[weights], relativeUncertainty: arguments[relative], prior: choice(arguments),
        scans: arguments[scans], step: arguments[step], until: arguments[until], precision: arguments[precision])
      try show(result.document, as: arguments, text: result.summary)
    },
    Command(
      "population", "Fit a cohort's curves together and write priors for single patients.",
      example: "endora tac population cohort --nuclide Lu-177 -o priors.json",
      takes: [cohort, nuclide, populationModel, priorFile, json]
    ) { arguments in
      let result = try PopulationResults(
        folder: arguments[cohort].path, nuclide: arguments[nuclide], model: arguments[populationModel])
      if let file = try arguments[priorFile] { try result.write(to: file.path) }
      try show(result.document, as: arguments, text: result.summary)
    },
    Command(
      "simulate", "Simulate a patient by a compartment model, with what-ifs.",
      example: "endora tac simulate patient.json -o curves.csv", takes: [simulation, simulated, json]
    ) { arguments in
      let result = try Simulation(path: arguments[simulation].path)
      if let file = try arguments[simulated] { try result.write(to: file.path) }
      try show(result.document, as: arguments, text: result.summary)
    },
    Command(
      "voxel", "Fit every voxel of a series and write maps.",
      example: "endora tac voxel patient-2/imaging -o patient-2/maps",
      takes: [images, output, voxelModel, headerNuclide, injected, voxelUncertainty, threshold, json]
    ) { arguments in
      let folder = try arguments[output].path
      let result = try VoxelMapping(
        folder: arguments[images].path, model: arguments[voxelModel], nuclide: arguments[headerNuclide],
        injected: arguments[injected], relativeUncertainty: arguments[voxelUncertainty],
        threshold: arguments[threshold])
      try result.write(to: folder)
      try show(result.document, as: arguments, text: result.summary(folder: folder))
    },
  ])

extension CurveRequest.Model: ArgumentValue {}
extension VoxelMapping.Model: ArgumentValue {}
extension CurveRequest.Weights: ArgumentValue {}
extension CurveRequest.Sharing: ArgumentValue {}
extension PopulationResults.Model: ArgumentValue {}
extension CurveRequest.Uncertainty: ArgumentValue {}
