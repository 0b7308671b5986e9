public import CommandLine
public import Workbench

private let table = Argument<FilePath>("file", "CSV: region,time_h,activity_MBq[,u_MBq].")
private let nuclide = Option<String>(required: "nuclide", "The nuclide, such as Lu-177.")
private let administered = Option<String?>("administered", "The administered activity, such as \"200 MBq\".")
private let model = Option("model", "auto, or a model by name.", default: CurveRequest.Model.auto)
private let weights = Option<CaseFile.Curves.Weights?>(
  "weights", "The points' uncertainties; given where the table states them, else relative.")
private let relative = Option("relative-uncertainty", "The fraction behind relative weights.", default: 0.05)
private let prior = Option<CurveRequest.Prior?>("prior", "A population's half-life, for one or two points.")

let tacCommands = Command(
  "tac", "Time-activity curves.", example: "endora tac fit curves.csv --nuclide Lu-177",
  commands: [
    Command(
      "fit", "Fit models, choose among them and integrate.",
      example: "endora tac fit curves.csv --nuclide Lu-177 --administered \"7210.4 MBq\" --json",
      takes: [table, nuclide, administered, model, weights, relative, prior, json]
    ) { arguments in
      let result = try CurveRequest(
        table: arguments[table].path, nuclide: arguments[nuclide], administered: arguments[administered],
        model: arguments[model], weights: arguments[weights], relativeUncertainty: arguments[relative],
        prior: arguments[prior]
      ).fit()
      try show(result.document, as: arguments, text: result.summary)
    }
  ])

extension CurveRequest.Model: ArgumentValue {}
extension CurveRequest.Prior: ArgumentValue {}
extension CaseFile.Curves.Weights: ArgumentValue {}
