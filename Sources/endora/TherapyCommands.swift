import CommandLine
import Workbench

private let doses = Argument<FilePath>("file", "Doses per activity and limits, in JSON5.")

let therapyCommands = Command(
  "therapy", "Prescription.", example: "endora therapy prescribe Examples/braitsch-2025/table-2.json",
  commands: [
    Command(
      "prescribe", "The largest activity within dose limits, from doses per activity.",
      example: "endora therapy prescribe Examples/braitsch-2025/table-2.json", takes: [doses, json]
    ) { arguments in
      let result = try PublishedDoses.read(arguments[doses].path).prescribed()
      try show(result.document, as: arguments, text: result.summary)
    }
  ])
