public import CommandLine
public import Workbench

private let doses = Argument<FilePath>("file", "A case folder, or doses per activity and limits in JSON5.")
private let risk = Option<Double?>("risk", "The accepted probability of exceeding any limit, in place of the file's.")
private let nuclides = Option<String?>(
  "nuclides", "Labels to compare, such as Lu-177,Y-90; Lu-177, Y-90, Tb-161, Re-188 and Ac-225 when left out.")

private let cohort = Option<FilePath?>(
  "cohort", "Patients with doses before and after, whose learned conversion factor is offered.")
private let figures = Option<FolderPath?>("figures", "A folder for the plots, as SVG.")

private let course = Argument<FolderPath>("case", "A folder that holds a followup.json.")

private let plan = Argument<FolderPath>("case", "A folder that holds a schedule.json.")
private let format = Option<ScheduleFile.Format?>("format", "A file instead of the table.")
private let output = Option<FilePath?>("output", "The file to write instead of standard output; pdf and png need one.")
private let dayZero = Option<String?>(
  "day0", "Another date of the graft, such as 2026-06-24: everything moves with it.")

private let item = Option<String>(required: "item", "The step of the protocol.")
private let reading = Option<String>(required: "reading", "One of the step's readings.")
private let person = Option<String>(required: "by", "Who confirms it.")
private let reason = Option<String>(required: "reason", "Why.")
private let protocolName = Argument<String?>("name", "One protocol; all when left out.")
private let patient = Argument<FilePath>("case", "A folder that holds a case.json.")
private let activity = Option<Double?>("activity", "GBq; what was given or is prescribed when left out.")
private let rateLimit = Option<Double?>("limit", "A discharge rate in µSv/h at 2 m, beside the German cases.")
private let rate = Option<Double?>("rate", "µSv/h at 1 m from 1 GBq in a patient, beside the known ones.")
private let impurity = Option<Double?>("lu177m", "¹⁷⁷ᵐLu per ¹⁷⁷Lu at the administration.")

let therapyCommands = Command(
  "therapy", "Prescription, conditioning and follow-up.",
  example: "endora therapy prescribe Examples/braitsch-2025/table-2.json",
  commands: [
    Command(
      "prescribe", "Which activity of which label for which day: the largest within dose limits.",
      example: "endora therapy prescribe Examples/braitsch-2025/table-2.json",
      takes: [doses, risk, nuclides, cohort, figures, json]
    ) { arguments in
      switch try PrescriptionRequest(
        path: arguments[doses].path, risk: arguments[risk], nuclides: arguments[nuclides],
        cohort: arguments[cohort]?.path
      ).answer() {
      case .published(let result): try show(result.document, as: arguments, text: result.summary)
      case .decision(let result):
        if let folder = try arguments[figures]?.path { try result.writeFigures(to: folder) }
        try show(result.document, as: arguments, text: result.summary)
      }
    },
    Command(
      "release", "Dose rates around the patient, discharge, contacts, urine and waste.",
      example: "endora therapy release patient-2 --json", takes: [patient, activity, rateLimit, rate, impurity, json]
    ) { arguments in
      let result = try Discharge.make(
        arguments[patient].path,
        Discharge.Options(
          activity: arguments[activity], limit: arguments[rateLimit], rate: arguments[rate],
          impurity: arguments[impurity]))
      try show(result.document, as: arguments, text: try result.summary)
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
    Command(
      "confirm", "Store who confirmed which reading of a step, and why.",
      example: "endora therapy confirm patient-2 --item cyclophosphamide-haplo --reading per-kg --by 'A. Physician'"
        + " --reason 'As in the protocol of the department'",
      takes: [plan, item, reading, person, reason, json]
    ) { arguments in
      let conditioning = try ConfirmationFile.confirm(
        try arguments[plan].path, item: try arguments[item], reading: try arguments[reading],
        by: try arguments[person], because: try arguments[reason])
      try show(conditioning.document, as: arguments, text: conditioning.summary)
    },
    Command(
      "protocols", "The conditioning protocols that ship, or one as a file to edit.",
      example: "endora therapy protocols braitsch-2025 > patient-2/ours.json", takes: [protocolName, json]
    ) { arguments in
      let listing = try ProtocolListing(arguments[protocolName])
      try show(listing.document, as: arguments, text: listing.summary)
    },
  ])

extension ScheduleFile.Format: ArgumentValue {}
