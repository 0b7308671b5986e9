public import CommandLine
public import Workbench

private let folders = Rest<FolderPath>("folders", "Case folders, or folders of them.", required: true)
private let table = Option<Cohort.Table?>("table", "One table; otherwise all but data.")
private let format = Option<Cohort.Format?>("format", "A file instead of plain text.")
private let output = Option<FilePath?>("output", "The file to write instead of standard output.")
private let figure = Option<FilePath>(required: "output", "The picture: a name with .svg, .pdf or .png.")

let cohortCommands = Command(
  "cohort", "Tables and figures of several cases.",
  example: "endora cohort table patients --format html --output tables.html",
  commands: [
    Command(
      "table", "Patients, dosimetry, outcome and uptake as tables for a paper.",
      example: "endora cohort table patients --table dosimetry --format latex",
      takes: [folders, table, format, output, json]
    ) { arguments in
      let cohort = try Cohort(arguments[folders].map(\.path))
      let table = try arguments[table]
      guard let format = try arguments[format] else {
        return try show(cohort.document(table), as: arguments, text: cohort.summary(table))
      }
      let file = try cohort.file(table, as: format)
      if let path = try arguments[output]?.path {
        try Cohort.write(file, to: path)
      } else {
        try OutputStream.standardOutput.write(file)
      }
    },
    Command(
      "swimmer", "The courses of the patients side by side as a picture.",
      example: "endora cohort swimmer patients --output courses.svg", takes: [folders, figure, json]
    ) { arguments in
      let swimmer = try Cohort(arguments[folders].map(\.path)).swimmer()
      try swimmer.write(to: arguments[figure].path)
      try show(swimmer.document, as: arguments, text: swimmer.summary)
    },
    Command(
      "relations", "How uptake, activity and dose go with engraftment, response and survival.",
      example: "endora cohort relations patients --json", takes: [folders, json]
    ) { arguments in
      let result = try Cohort(arguments[folders].map(\.path)).relations()
      try show(result.document, as: arguments, text: result.summary)
    },
  ])

extension Cohort.Table: ArgumentValue {}
extension Cohort.Format: ArgumentValue {}
