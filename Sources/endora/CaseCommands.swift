public import CommandLine
public import Workbench

private let caseArgument = Argument<FilePath>("case", "A folder that holds a case.json.")
private let demoFolder = Option("output", "The folder to write the synthetic patient to.", default: "demo")
private let demoSeed = Option("seed", "The seed of all random numbers.", default: 0)
private let demoKinetics = Option(
  "kinetics", "The true kinetics: published half-lives, or a compartment model of the ligand.",
  default: Demonstration.Kinetics.published)
private let newFolder = Argument<FolderPath>("folder", "A folder with the patient's images in DICOM.")

let planCommand = Command(
  "plan", "From a case folder to a prescribed activity, with report.", example: "endora plan patient-2",
  takes: [caseArgument, json]
) { arguments in
  let (plan, folder) = try Plan.write(arguments[caseArgument].path)
  try show(plan.document(), as: arguments, text: plan.summary(resultsIn: folder))
}

let demoCommand = Command(
  "demo", "Make a synthetic patient with known truth, plan its therapy and compare.", example: "endora demo",
  takes: [demoFolder, demoSeed, demoKinetics, json]
) { arguments in
  let demonstration = try Demonstration.run(
    in: arguments[demoFolder], seed: arguments[demoSeed], kinetics: arguments[demoKinetics])
  try show(demonstration.document(), as: arguments, text: demonstration.summary())
}

let newCommand = Command(
  "new", "Write a case.json from the images of a folder, with a question where only a person knows.",
  example: "endora new patient-2", takes: [newFolder, json]
) { arguments in
  let new = try NewCase.write(in: arguments[newFolder].path)
  try show(new.document, as: arguments, text: new.summary)
}

extension Demonstration.Kinetics: ArgumentValue {}
