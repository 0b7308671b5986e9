import CommandLine
import Workbench

private let subject = Argument<FilePath>("case", "A case folder, or doses before and after of patients in JSON5.")
private let cohort = Option<FilePath?>("cohort", "Patients with doses before and after, for learned factors.")

let verifyCommand = Command(
  "verify", "What a therapy delivered beside what was predicted, or the agreement over a cohort.",
  example: "endora verify Examples/braitsch-2025/table-2.json", takes: [subject, cohort, json]
) { arguments in
  switch try VerificationRequest(path: arguments[subject].path, cohort: arguments[cohort]?.path).answer() {
  case .verification(let result): try show(result.document, as: arguments, text: result.summary)
  case .agreement(let result): try show(result.document, as: arguments, text: result.summary)
  }
}
