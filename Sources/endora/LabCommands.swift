public import CommandLine
public import Workbench

private let fcs = Argument<FilePath>("file", "FCS file.")
private let files = Rest<FilePath>("files", "FCS files.", required: true)
private let gates = Option<FilePath>(required: "gates", "Gating-ML 2.0 document or FlowJo workspace, .wsp.")
private let someGates = Option<FilePath?>(
  "gates", "Gating-ML 2.0 document or FlowJo workspace with gates blasts and lymphocytes.")
private let transform = Option(
  "transform", "Also give medians on this scale: none, asinh, logicle, hyperlog, biexponential, log.",
  default: StatisticsScale.none)
private let stained = Option<FilePath>(required: "stained", "FCS file of the tube with the antibody against CXCR4.")
private let isotype = Option<FilePath>(required: "isotype", "FCS file of the tube with the isotype control.")
private let channel = Option<String?>("channel", "The channel of CXCR4; otherwise the one labelled CXCR4 or CD184.")
private let save = Option<FilePath?>("save-gates", "Write the gates used as Gating-ML.")

private let plane = Option<String>(required: "channels", "One channel, or two joined by a comma.")
private let documentOfGates = Option<FilePath?>("gates", "Gating-ML 2.0 document or FlowJo workspace.")
private let within = Option<String?>("within", "The gate of the document whose events are parted; otherwise all.")

private let legacy = Flag("legacy-compensation", "Apply $DFCiTOj or $COMP of older files.")
private let matrix = Option<FilePath?>("compensation", "Gating-ML document whose matrix counts as the file's.")
private let beads = Option<FilePath?>("beads", "Table abc,median of beads, for antibodies bound a cell.")
private let unstained = Option<FilePath>(required: "unstained", "FCS file of the unstained tube.")
private let controls = Rest<FilePath>("controls", "FCS files of tubes with one fluorochrome each.", required: true)
private let detectors = Option<String?>("detectors", "Names of the detectors, joined by commas; otherwise all.")
private let bright = Flag("bright", "Of each control only the events above the valley of its own detector count.")
private let saveMatrix = Option<FilePath?>("save", "Write the matrix as Gating-ML.")
private let figures = Option<String?>("figures", "A folder for the figures and the numbers behind them.")
private let format = Option("format", "In what figures are written.", default: PictureFormat.all)
private let centre = Option(
  "centre", "What bars of groups show: median with quartiles, or mean with SEM.", default: GroupCentre.median)
private let baseline = Option("baseline", "How many of the first measurements set mean and deviation.", default: 20)
private let limit = Option("limit", "The least radiochemical purity in %.", default: 95.0)

private let table = Argument<FilePath>("file", "Table of text: CSV or TSV.")
private let dropletVolume = Option("droplet-volume", "The volume of a droplet in nL.", default: 0.85)
private let references = Option<String?>("reference", "Reference genes, joined by commas.")
private let calibrator = Option<String?>("calibrator", "The sample to which expression is relative.")
private let runCalibrators = Option<String?>("run-calibrator", "Samples that every run holds, joined by commas.")
private let control = Option<FilePath>(required: "control", "Trace of the unedited control, .ab1.")
private let edited = Option<FilePath>(required: "edited", "Trace of the edited sample, .ab1.")
private let guide = Option<String>(required: "guide", "The guide's protospacer without PAM, 5' to 3'.")
private let ligand = Option<Double?>("ligand", "Concentration of the labelled ligand in nmol/L, for Ki.")
private let kd = Option<Double?>("kd", "Kd of the labelled ligand in nmol/L, for Ki.")
private let image = Argument<FilePath>("image", "OME-TIFF image, a channel a marker.")
private let masks = Option<FilePath>(required: "masks", "TIFF of whole numbers: to which cell each pixel belongs.")
private let positive = Option<String?>("positive", "Means from which markers are positive, such as CD3=80,CXCR4=120.")
private let saveCells = Option<FilePath?>("save", "Write the table of cells, as CSV that lab mif reads.")
private let areas = Option<FilePath?>("summary", "inForm's summary of the table, with areas of tissue.")
private let radius = Option("radius", "Neighbours are counted within this distance.", default: 15.0)
private let scale = Option("scale", "By how much the table's places are multiplied, such as µm a pixel.", default: 1.0)

/// A verb whose result is a report of the laboratory.
private func verb(
  _ name: String, _ summary: String, example: String, takes: [any Parameter],
  _ report: @escaping @Sendable (ParsedArguments) throws -> LaboratoryReport
) -> Command {
  Command(name, summary, example: "endora lab " + example, takes: takes + [json]) { arguments in
    let report = try report(arguments)
    try show(report.document, as: arguments, text: report.summary)
  }
}

/// A verb whose result has figures.
private func drawingVerb(
  _ name: String, _ summary: String, example: String, takes: [any Parameter],
  _ report: @escaping @Sendable (ParsedArguments) throws -> LaboratoryReport
) -> Command {
  verb(name, summary, example: example, takes: takes + [figures, format]) { arguments in
    let result = try report(arguments)
    if let folder = try arguments[figures] { try result.write(to: folder, arguments[format]) }
    return result
  }
}

/// A verb of one table.
private func tableVerb(
  _ name: String, _ summary: String, example: String, _ report: @escaping @Sendable (String) throws -> LaboratoryReport
) -> Command {
  drawingVerb(name, summary, example: example, takes: [table]) { try report($0[table].path) }
}

private func compensation(_ arguments: ParsedArguments) throws -> CompensationChoice {
  if let path = try arguments[matrix]?.path { return .matrix(path: path) }
  return try arguments[legacy] ? .legacy : .stated
}

private let cytometryCommands = Command(
  "cytometry", "Flow cytometry.", example: "endora lab cytometry info blood.fcs",
  commands: [
    verb("info", "What a file holds.", example: "cytometry info blood.fcs --json", takes: [fcs]) {
      try cytometryInfo(path: $0[fcs].path)
    },
    verb(
      "gate", "Apply gates: counts and statistics.",
      example: "cytometry gate blood.fcs marrow.fcs --gates blasts.xml --json",
      takes: [files, gates, transform, matrix, legacy]
    ) {
      try cytometryGating(
        paths: $0[files].map(\.path), gates: $0[gates].path, transform: $0[transform], compensation: compensation($0))
    },
    drawingVerb(
      "cxcr4", "CXCR4 on blasts against the isotype control.",
      example: "cytometry cxcr4 --stained cxcr4.fcs --isotype isotype.fcs --json",
      takes: [stained, isotype, someGates, channel, save, matrix, legacy, beads]
    ) {
      try cytometryReceptor(
        stained: $0[stained].path, isotype: $0[isotype].path, gates: $0[someGates]?.path, channel: $0[channel],
        savingGates: $0[save]?.path, compensation: compensation($0), beads: $0[beads]?.path)
    },
    drawingVerb(
      "cohort", "CXCR4 of a cohort: entity, blasts, risk, blood against marrow.",
      example: "cytometry cohort samples.csv --figures figures --json", takes: [table, centre]
    ) { try receptorCohort(path: $0[table].path, centre: $0[centre]) },
    drawingVerb(
      "valleys", "Propose gates along the valleys of one channel or of two.",
      example: "cytometry valleys blood.fcs --channels CD45,SSC-A --save-gates proposal.xml",
      takes: [fcs, plane, documentOfGates, within, save, matrix, legacy]
    ) {
      try valleyReport(
        path: $0[fcs].path, channels: $0[plane], gates: $0[documentOfGates]?.path, within: $0[within],
        savingGates: $0[save]?.path, compensation: compensation($0))
    },
    verb(
      "compensation", "The matrix of single-stained controls, or of an unmixing.",
      example: "cytometry compensation fitc.fcs pe.fcs --unstained none.fcs --save matrix.xml",
      takes: [controls, unstained, detectors, bright, saveMatrix]
    ) {
      try compensationReport(
        unstained: $0[unstained].path, controls: $0[controls].map(\.path), detectors: $0[detectors],
        onlyBright: $0[bright], savingTo: $0[saveMatrix]?.path)
    },
    drawingVerb(
      "qc", "A control over time by Westgard's rules.", example: "cytometry qc beads.csv --json",
      takes: [table, baseline]
    ) { try controlReport(path: $0[table].path, baseline: $0[baseline]) },
  ])

let labCommands = Command(
  "lab", "Assays of the laboratory.", example: "endora lab cytometry info blood.fcs",
  commands: [
    cytometryCommands,
    drawingVerb(
      "qpcr", "Relative expression from threshold cycles.",
      example: "qpcr cycles.csv --reference GAPDH --calibrator brain --json",
      takes: [table, references, calibrator, runCalibrators]
    ) {
      try expressionReport(
        path: $0[table].path, references: $0[references], calibrator: $0[calibrator],
        runCalibrators: $0[runCalibrators])
    },
    drawingVerb(
      "transcript", "Expression of a transcript against that on the surface.",
      example: "transcript samples.csv --figures figures --json", takes: [table]
    ) { try transcriptReport(path: $0[table].path) },
    drawingVerb(
      "ddpcr", "Copies and shares from counts of droplets.", example: "ddpcr quantasoft.csv --json",
      takes: [table, dropletVolume]
    ) { try dropletReport(path: $0[table].path, dropletVolume: $0[dropletVolume]) },
    drawingVerb(
      "binding", "Kd and Bmax of a saturation, IC50 and Ki of a competition.",
      example: "binding saturation.csv --json", takes: [table, ligand, kd]
    ) { try bindingReport(path: $0[table].path, ligand: $0[ligand], kd: $0[kd]) },
    tableVerb(
      "internalisation", "Internalised share of a ligand over time.", example: "internalisation wash.csv --json",
      internalisationReport),
    drawingVerb(
      "purity", "Radiochemical purity and stability of batches.", example: "purity batches.csv --json",
      takes: [table, limit]
    ) { try purityReport(path: $0[table].path, limit: $0[limit]) },
    drawingVerb(
      "crispr", "Insertions and deletions from Sanger traces.",
      example: "crispr --control control.ab1 --edited edited.ab1 --guide CACAAACGAGAGCCGCTCTA --json",
      takes: [control, edited, guide]
    ) { try indelReport(control: $0[control].path, edited: $0[edited].path, guide: $0[guide]) },
    tableVerb("t7e1", "Indels by T7 endonuclease I from bands.", example: "t7e1 bands.csv --json", cleavageReport),
    verb(
      "cells", "Markers of an OME-TIFF image in the masks of its cells.",
      example: "cells section.ome.tiff --masks cells.tif --positive CD3=80,CXCR4=120 --save cells.csv",
      takes: [image, masks, positive, saveCells]
    ) {
      try cellIntensityReport(
        image: $0[image].path, masks: $0[masks].path, thresholds: $0[positive], savingTo: $0[saveCells]?.path)
    },
    drawingVerb(
      "mif", "Phenotypes of cells in a section, their densities and distances.",
      example: "mif cell_seg_data.txt --json", takes: [table, radius, scale, areas]
    ) {
      try phenotypeReport(path: $0[table].path, radius: $0[radius], scale: $0[scale], summary: $0[areas]?.path)
    },
    drawingVerb(
      "migration", "Migrated cells by counting beads.", example: "migration wells.csv --json", takes: [table, centre]
    ) { try migrationReport(path: $0[table].path, centre: $0[centre]) },
    tableVerb("ihc", "H-score, IRS and Allred score.", example: "ihc sections.csv --json", stainingReport),
    drawingVerb(
      "xenograft", "Tumour growth or uptake.", example: "xenograft tumours.csv --json", takes: [table, centre]
    ) { try xenograftReport(path: $0[table].path, centre: $0[centre]) },
  ])

extension StatisticsScale: ArgumentValue {}
extension GroupCentre: ArgumentValue {}
