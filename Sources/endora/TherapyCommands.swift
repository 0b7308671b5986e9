import CommandLine
import Workbench

private let doses = Argument<FilePath>("file", "Doses per activity and limits, in JSON5.")

private let course = Argument<FolderPath>("case", "A folder that holds a followup.json.")

let therapyCommands = Command(
  "therapy", "Prescription and follow-up.", example: "endora therapy prescribe Examples/braitsch-2025/table-2.json",
  commands: [
    Command(
      "prescribe", "The largest activity within dose limits, from doses per activity.",
      example: "endora therapy prescribe Examples/braitsch-2025/table-2.json", takes: [doses, json]
    ) { arguments in
      let result = try PublishedDoses.read(arguments[doses].path).prescribed()
      try show(result.document, as: arguments, text: result.summary)
    },
    Command(
      "followup", "Grades, tumour lysis, engraftment, chimerism and response from a follow-up.",
      example: "endora therapy followup Examples/synthetic-course --json", takes: [course, json]
    ) { arguments in
      let followUp = FollowUp(try FollowUpFile.read(arguments[course].path))
      try show(followUp.document, as: arguments, text: followUp.summary)
    },
  ])
