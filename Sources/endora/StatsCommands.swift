public import CommandLine
public import Statistics
import Workbench

private let table = Argument<FilePath>("file", "CSV with one row a subject and a header.")
private let value = Option<String>(required: "value", "The column of numbers.")
private let group = Option<String?>("by", "The column of groups.")
private let requiredGroup = Option<String>(required: "by", "The column of groups.")
private let second = Option<String>(required: "with", "The second column of numbers.")
private let pair = Option<String?>("with", "The second column of numbers, for pairs.")
private let equal = Flag("equal-variances", "Student's test instead of Welch's.")
private let time = Option<String>(required: "time", "The column of times to the event or to the end of observation.")
private let event = Option<String>(required: "event", "The column of states: 0 none, 1 the event, 2… competing events.")
private let eventIs = Option<String?>("event-is", "The state that is the event, where states are not 0 and 1.")
private let scale = Option("interval", "The scale of the intervals.", default: KaplanMeier.Scale.logLog)
private let at = Option<NumberList?>("at", "Times at which survival is wanted, such as 365,730.")
private let landmark = Option<Double?>("landmark", "Count from this time, among those still observed.")
private let reached = Option<String?>(
  "reached", "The column with the time of an event on the way; groups are those with it by the landmark.")
private let figure = Option<FilePath?>("figure", "Write the picture: a name with .svg, .pdf or .png.")
private let covariates = Option<NameList>(required: "covariates", "Columns of numbers, separated by commas.")
private let ties = Option("ties", "How events at the same time count.", default: CoxRegression.Ties.efron)
private let successes = Argument<Int>("successes", "How many of them.")
private let truePositives = Argument<Int>("tp", "Positive, and they have it.")
private let falseNegatives = Argument<Int>("fn", "Negative, though they have it.")
private let falsePositives = Argument<Int>("fp", "Positive, though they do not have it.")
private let trueNegatives = Argument<Int>("tn", "Negative, and they do not have it.")
private let trials = Argument<Int>("trials", "Of how many.")

let statsCommands = Command(
  "stats", "Statistics of tables: samples, agreement, survival.",
  example: "endora stats survival outcome.csv --time days --event died --by response",
  commands: [
    Command(
      "survival", "Kaplan-Meier, log-rank, and where causes compete Aalen-Johansen and Gray.",
      example: "endora stats survival outcome.csv --time days --event died --by response --json",
      takes: [table, time, event, eventIs, group, scale, at, landmark, reached, figure, json]
    ) { arguments in
      let statistics = try SurvivalStatistics(
        arguments[table].path, time: arguments[time], event: arguments[event], eventIs: arguments[eventIs],
        needs: [arguments[group]].compactMap { $0 })
      let result = try statistics.survival(
        by: arguments[group], scale: arguments[scale], at: arguments[at]?.numbers ?? [],
        landmark: arguments[landmark], reached: arguments[reached])
      if let path = try arguments[figure]?.path { try result.writeFigure(to: path) }
      try show(result, arguments)
    },
    Command(
      "cox", "Proportional hazards.",
      example: "endora stats cox outcome.csv --time days --event died --covariates age,suv",
      takes: [table, time, event, eventIs, covariates, ties, figure, json]
    ) { arguments in
      let names = try arguments[covariates].names
      let statistics = try SurvivalStatistics(
        arguments[table].path, time: arguments[time], event: arguments[event], eventIs: arguments[eventIs],
        needs: names)
      let result = try statistics.cox(names, ties: arguments[ties])
      if let path = try arguments[figure]?.path { try result.writeFigure(to: path) }
      try show(result, arguments)
    },
    Command(
      "describe", "Counts, mean, deviation, quartiles.", example: "endora stats describe doses.csv --value kidneys",
      takes: [table, value, group, json]
    ) { arguments in
      try show(
        try SampleStatistics(arguments[table].path).describe(arguments[value], by: arguments[group]), arguments)
    },
    Command(
      "ttest", "Welch's or Student's test of two groups, or the paired test of two columns.",
      example: "endora stats ttest doses.csv --value before --with after",
      takes: [table, value, group, pair, equal, json]
    ) { arguments in
      try show(
        try SampleStatistics(arguments[table].path).tTest(
          arguments[value], by: arguments[group], with: arguments[pair], assumeEqual: arguments[equal]), arguments)
    },
    Command(
      "mannwhitney", "The exact rank test of two groups.",
      example: "endora stats mannwhitney suv.csv --value suv --by involved", takes: [table, value, requiredGroup, json]
    ) { arguments in
      try show(
        try SampleStatistics(arguments[table].path).mannWhitney(arguments[value], by: arguments[requiredGroup]),
        arguments)
    },
    Command(
      "wilcoxon", "The exact signed-rank test of two columns.",
      example: "endora stats wilcoxon doses.csv --value before --with after", takes: [table, value, second, json]
    ) { arguments in
      try show(
        try SampleStatistics(arguments[table].path).wilcoxon(arguments[value], with: arguments[second]), arguments)
    },
    Command(
      "correlation", "Pearson's and Spearman's coefficients of two columns.",
      example: "endora stats correlation suv.csv --value suv --with blasts", takes: [table, value, second, json]
    ) { arguments in
      try show(
        try SampleStatistics(arguments[table].path).correlation(arguments[value], with: arguments[second]), arguments)
    },
    Command(
      "agreement", "Bland-Altman limits and intraclass correlation of two columns.",
      example: "endora stats agreement doses.csv --value before --with after", takes: [table, value, second, json]
    ) { arguments in
      try show(
        try SampleStatistics(arguments[table].path).agreement(arguments[value], with: arguments[second]), arguments)
    },
    Command(
      "anova", "One-way analysis of variance.", example: "endora stats anova suv.csv --value suv --by disease",
      takes: [table, value, requiredGroup, json]
    ) { arguments in
      try show(
        try SampleStatistics(arguments[table].path).anova(arguments[value], by: arguments[requiredGroup]), arguments)
    },
    Command(
      "proportion", "A proportion with exact and score intervals.", example: "endora stats proportion 6 7",
      takes: [successes, trials, json]
    ) { arguments in
      try show(try SampleStatistics.proportion(arguments[successes], of: arguments[trials]), arguments)
    },
    Command(
      "diagnostic", "Sensitivity, specificity and predictive values of counts, with exact and score intervals.",
      example: "endora stats diagnostic 4 5 0 5",
      takes: [truePositives, falseNegatives, falsePositives, trueNegatives, json]
    ) { arguments in
      try show(
        try SampleStatistics.diagnostic(
          truePositives: arguments[truePositives], falseNegatives: arguments[falseNegatives],
          falsePositives: arguments[falsePositives], trueNegatives: arguments[trueNegatives]), arguments)
    },
  ])

private func show(_ result: StatisticsResult, _ arguments: ParsedArguments) throws {
  try show(result.document, as: arguments, text: result.summary)
}

extension KaplanMeier.Scale: ArgumentValue {}
extension CoxRegression.Ties: ArgumentValue {}

/// Names separated by commas.
private struct NameList: ArgumentValue {
  let names: [String]
  init?(argument: String) {
    names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard names.allSatisfy({ !$0.isEmpty }), Set(names).count == names.count else { return nil }
  }
  var argument: String { names.joined(separator: ",") }
  static var valueName: String? { "NAMES" }
  static var kind: String { "different names separated by commas" }
  static var completion: Completion { .nothing }
}
