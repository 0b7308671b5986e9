public import CommandLine
public import Workbench

private let doses = Argument<FilePath>("file", "Doses per activity and limits, in JSON5.")

private let course = Argument<FolderPath>("case", "A folder that holds a followup.json.")

private let plan = Argument<FolderPath>("case", "A folder that holds a schedule.json.")
private let format = Option<ScheduleFile.Format?>("format", "A file instead of the table.")
private let output = Option<FilePath?>("output", "The file to write instead of standard output; pdf needs one.")
private let dayZero = Option<String?>(
  "day0", "Another date of the graft, such as 2026-06-24: everything moves with it.")

let therapyCommands = Command(
  "therapy", "Prescription, conditioning and follow-up.",
  example: "endora therapy prescribe Examples/braitsch-2025/table-2.json",
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
    Command(
      "schedule", "The day table of a conditioning with its checks.",
      example: "endora therapy schedule Examples/synthetic-course --format pdf --output course.pdf",
      takes: [plan, format, output, dayZero, json]
    ) { arguments in
      let folder = try arguments[plan].path
      let conditioning = try ConditioningPlan.read(folder, day0: arguments[dayZero])
      guard let format = try arguments[format] else {
        return try show(conditioning.document, as: arguments, text: conditioning.summary)
      }
      let file = try conditioning.file(format, followUp: FollowUpFile.beside(folder))
      if let path = try arguments[output]?.path {
        try file.write(to: path)
      } else {
        try OutputStream.standardOutput.write(file.text())
      }
    },
  ])

extension ScheduleFile.Format: ArgumentValue {}
