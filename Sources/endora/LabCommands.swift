import CommandLine
import Workbench

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
      ])
  ])

extension StatisticsScale: ArgumentValue {}
