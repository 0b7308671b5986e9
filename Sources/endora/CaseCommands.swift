import CommandLine
import Workbench

private let caseArgument = Argument<FilePath>("case", "A folder that holds a case.json.")
private let demoFolder = Option("output", "The folder to write the synthetic patient to.", default: "demo")
private let demoSeed = Option("seed", "The seed of all random numbers.", default: 0)

let planCommand = Command(
  "plan", "From a case folder to a prescribed activity, with report.", example: "endora plan patient-2",
  takes: [caseArgument, json]
) { arguments in
  let (plan, folder) = try Plan.write(arguments[caseArgument].path)
  try show(plan.document(), as: arguments, text: plan.summary(resultsIn: folder))
}

let demoCommand = Command(
  "demo", "Make a synthetic patient with known truth, plan its therapy and compare.", example: "endora demo",
  takes: [demoFolder, demoSeed, json]
) { arguments in
  let demonstration = try Demonstration.run(in: arguments[demoFolder], seed: arguments[demoSeed])
  try show(demonstration.document(), as: arguments, text: demonstration.summary())
}
