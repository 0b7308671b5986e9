public import CommandLine
public import Workbench

private let fcs = Argument<FilePath>("file", "FCS file.")
private let files = Rest<FilePath>("files", "FCS files.", required: true)
private let gates = Option<FilePath>(required: "gates", "Gating-ML 2.0 document.")
private let someGates = Option<FilePath?>("gates", "Gating-ML 2.0 document with gates blasts and lymphocytes.")
private let transform = Option(
  "transform", "Also give medians on this scale: none, asinh, logicle, hyperlog, log.", default: StatisticsScale.none)
private let stained = Option<FilePath>(required: "stained", "FCS file of the tube with the antibody against CXCR4.")
private let isotype = Option<FilePath>(required: "isotype", "FCS file of the tube with the isotype control.")
private let channel = Option<String?>("channel", "The channel of CXCR4; otherwise the one labelled CXCR4 or CD184.")
private let save = Option<FilePath?>("save-gates", "Write the gates used as Gating-ML.")

private let table = Argument<FilePath>("file", "Table of text: CSV or TSV.")
private let dropletVolume = Option("droplet-volume", "The volume of a droplet in nL.", default: 0.85)
private let references = Option<String?>("reference", "Reference genes, joined by commas.")
private let calibrator = Option<String?>("calibrator", "The sample to which expression is relative.")
private let control = Option<FilePath>(required: "control", "Trace of the unedited control, .ab1.")
private let edited = Option<FilePath>(required: "edited", "Trace of the edited sample, .ab1.")
private let guide = Option<String>(required: "guide", "The guide's protospacer without PAM, 5' to 3'.")
private let ligand = Option<Double?>("ligand", "Concentration of the labelled ligand in nmol/L, for Ki.")
private let kd = Option<Double?>("kd", "Kd of the labelled ligand in nmol/L, for Ki.")
private let radius = Option("radius", "Neighbours are counted within this distance.", default: 15.0)
private let scale = Option("scale", "By how much the table's places are multiplied, such as µm a pixel.", default: 1.0)

private func tableCommand(
  _ name: String, _ summary: String, example: String, _ report: @escaping @Sendable (String) throws -> LaboratoryReport
) -> Command {
  Command(name, summary, example: example, takes: [table, json]) { arguments in
    let report = try report(arguments[table].path)
    try show(report.document, as: arguments, text: report.summary)
  }
}

let labCommands = Command(
  "lab", "Assays of the laboratory.", example: "endora lab cytometry info blood.fcs",
  commands: [
    Command(
      "cytometry", "Flow cytometry.", example: "endora lab cytometry info blood.fcs",
      commands: [
        Command(
          "info", "What a file holds.", example: "endora lab cytometry info blood.fcs --json", takes: [fcs, json]
        ) { arguments in
          let report = try cytometryInfo(path: arguments[fcs].path)
          try show(report.document, as: arguments, text: report.summary)
        },
        Command(
          "gate", "Apply gates: counts and statistics.",
          example: "endora lab cytometry gate blood.fcs marrow.fcs --gates blasts.xml --json",
          takes: [files, gates, transform, json]
        ) { arguments in
          let report = try cytometryGating(
            paths: arguments[files].map(\.path), gates: arguments[gates].path, transform: arguments[transform])
          try show(report.document, as: arguments, text: report.summary)
        },
        Command(
          "cxcr4", "CXCR4 on blasts against the isotype control.",
          example: "endora lab cytometry cxcr4 --stained cxcr4.fcs --isotype isotype.fcs --json",
          takes: [stained, isotype, someGates, channel, save, json]
        ) { arguments in
          let report = try cytometryReceptor(
            stained: arguments[stained].path, isotype: arguments[isotype].path, gates: arguments[someGates]?.path,
            channel: arguments[channel], savingGates: arguments[save]?.path)
          try show(report.document, as: arguments, text: report.summary)
        },
      ]),
    Command(
      "qpcr", "Relative expression from threshold cycles.",
      example: "endora lab qpcr cycles.csv --reference GAPDH --calibrator brain --json",
      takes: [table, references, calibrator, json]
    ) { arguments in
      let report = try expressionReport(
        path: arguments[table].path, references: arguments[references], calibrator: arguments[calibrator])
      try show(report.document, as: arguments, text: report.summary)
    },
    Command(
      "ddpcr", "Copies and shares from counts of droplets.", example: "endora lab ddpcr quantasoft.csv --json",
      takes: [table, dropletVolume, json]
    ) { arguments in
      let report = try dropletReport(path: arguments[table].path, dropletVolume: arguments[dropletVolume])
      try show(report.document, as: arguments, text: report.summary)
    },
    Command(
      "binding", "Kd and Bmax of a saturation, IC50 and Ki of a competition.",
      example: "endora lab binding saturation.csv --json", takes: [table, ligand, kd, json]
    ) { arguments in
      let report = try bindingReport(
        path: arguments[table].path, ligand: arguments[ligand], kd: arguments[kd])
      try show(report.document, as: arguments, text: report.summary)
    },
    Command(
      "crispr", "Insertions and deletions from Sanger traces.",
      example: "endora lab crispr --control control.ab1 --edited edited.ab1 --guide CACAAACGAGAGCCGCTCTA --json",
      takes: [control, edited, guide, json]
    ) { arguments in
      let report = try indelReport(
        control: arguments[control].path, edited: arguments[edited].path, guide: arguments[guide])
      try show(report.document, as: arguments, text: report.summary)
    },
    Command(
      "mif", "Phenotypes of cells in a section and their distances.",
      example: "endora lab mif cell_seg_data.txt --json",
      takes: [table, radius, scale, json]
    ) { arguments in
      let report = try phenotypeReport(
        path: arguments[table].path, radius: arguments[radius], scale: arguments[scale])
      try show(report.document, as: arguments, text: report.summary)
    },
    tableCommand(
      "migration", "Migrated cells by counting beads.", example: "endora lab migration wells.csv --json",
      migrationReport),
    tableCommand(
      "ihc", "H-score, IRS and Allred score.", example: "endora lab ihc sections.csv --json", stainingReport),
    tableCommand(
      "xenograft", "Tumour growth or uptake.", example: "endora lab xenograft tumours.csv --json", xenograftReport),
  ])

extension StatisticsScale: ArgumentValue {}
