import Foundation
public import JSON
import Kinetics
import Provenance
import Quantities
import Radionuclides

/// What `tac fit` is asked for.
public struct CurveRequest: Sendable {
  /// A model by name, or the choice among all.
  public enum Model: String, CaseIterable, Sendable { case auto, F1, F2, F2m, F3u, F3p, F4, F5, F6 }

  /// What the points' uncertainties are.
  public enum Weights: String, CaseIterable, Sendable { case given, relative, equal, poisson }

  /// Between which curves of a table parameters are shared.
  public enum Sharing: String, CaseIterable, Sendable {
    /// All of them.
    case all
    /// The organs of each cycle.
    case organs
    /// The cycles of each organ.
    case cycles
  }

  /// How an interval is found.
  public enum Uncertainty: String, CaseIterable, Sendable { case linear, profile, bootstrap, mcmc }

  private let table: String
  private let nuclide: String
  private let administered: String?
  private let model: Model
  private let weights: Weights?
  private let relativeUncertainty: Double
  private let prior: PriorChoice?
  private let uncertainty: Uncertainty?
  private let points: String?
  private let isRobust: Bool
  private let share: String?
  private let sharing: Sharing
  private let fix: String?

  /// - Parameters:
  ///   - table: the path of a ``CurveTable``.
  ///   - administered: a number with its unit, Bq, kBq, MBq or GBq.
  ///   - relativeUncertainty: between 0 and 1.
  ///   - uncertainty: asks for an interval of 95 %, found in this way.
  ///   - points: the times in hours of the points that take part, such as `1,24,168`; all without it.
  ///   - isRobust: outlying points lose weight.
  ///   - share: rates that regions share, such as `lambda1`.
  ///   - sharing: which regions share them.
  ///   - fix: parameters that are known, such as `lambda1=0.0126`.
  public init(
    table: String, nuclide: String, administered: String?, model: Model, weights: Weights?,
    relativeUncertainty: Double, prior: PriorChoice?, uncertainty: Uncertainty? = nil,
    points: String? = nil, isRobust: Bool = false, share: String? = nil, sharing: Sharing = .all,
    fix: String? = nil
  ) {
    self.table = table
    self.nuclide = nuclide
    self.administered = administered
    self.model = model
    self.weights = weights
    self.relativeUncertainty = relativeUncertainty
    self.prior = prior
    self.uncertainty = uncertainty
    self.points = points
    self.isRobust = isRobust
    self.share = share
    self.sharing = sharing
    self.fix = fix
  }

  /// Fits every region of the table.
  ///
  /// A region that cannot be fitted is a result with its reason; a table or option that cannot be used is an error.
  public func fit() throws -> CurveResults {
    let input = try read(isFit: true)
    if share != nil || fix != nil { return try tied(input) }
    guard sharing == .all else {
      throw CaseError(
        "nothing-shared", "--across says between which curves, but no parameter is shared.",
        remedy: "Name it with --share, such as --share lambda1.", category: .usage)
    }
    let regions = input.curves.map { curve in
      (
        curve,
        CurveResults.Outcome {
          if model == .F2m { return .latePhase(try curve.latePhase(with: input.settings)) }
          let estimate = try curve.analysed(with: input.settings(for: curve))
          return .estimate(
            estimate, interval: uncertainty.map { method in Result { try estimate.interval(method.method) } })
        }
      )
    }
    return CurveResults(
      nuclide: input.nuclide, administered: input.administered, weighting: input.settings.weighting, regions: regions)
  }

  /// All regions together, parameters fixed or shared.
  private func tied(_ input: Input) throws -> CurveResults {
    guard let model = input.settings.fixedModel, prior == nil, !isRobust else {
      throw CaseError(
        "tied-needs-model", "Fixed and shared parameters belong to one model, without a prior and robust weights.",
        remedy: "Name the model, such as --model F3u.", category: .usage)
    }
    func words(_ text: String?) -> [String] {
      (text ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let fixed = try words(fix).map { word in
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let value = Double(parts[1]) else {
        throw CaseError(
          "parameter-invalid", "“\(word.prefix(40))” fixes no parameter.", remedy: "Write it as lambda1=0.0126.",
          category: .usage)
      }
      return (parts[0], value)
    }
    let groups = try groups(input)
    let fits = try groups.map { members in
      try TiedFit(
        model, to: members.map { input.curves[$0] }, weighting: input.settings.weighting, shared: Set(words(share)),
        fixed: Dictionary(fixed) { $1 })
    }
    let fitted = Dictionary(
      uniqueKeysWithValues: zip(groups, fits).flatMap { members, fit in zip(members, fit.fits).map { ($0, $1) } })
    let regions = input.curves.enumerated().map { index, curve in
      (
        curve,
        CurveResults.Outcome {
          let estimate = try curve.estimate(of: fitted[index]!, with: input.settings)
          return .estimate(
            estimate, interval: uncertainty.map { method in Result { try estimate.interval(method.method) } })
        }
      )
    }
    // Groups share nothing, so that their uncertainties are independent.
    let variance = fits.reduce(Double?.some(0)) { sum, fit in
      sum.flatMap { sum in fit.total.standardUncertainty.map { sum + $0.base * $0.base } }
    }
    return CurveResults(
      nuclide: input.nuclide, administered: input.administered, weighting: input.settings.weighting, regions: regions,
      total: Uncertain(
        fits.map(\.total.value).total(),
        standardUncertainty: variance.map { TimeIntegratedActivity(base: $0.squareRoot()) }))
  }

  /// The curves that are fitted together, by their place in the table.
  private func groups(_ input: Input) throws -> [[Int]] {
    let places = Array(input.curves.indices)
    guard sharing != .all else { return [places] }
    guard input.origins.allSatisfy({ $0.cycle != nil }) else {
      throw CaseError(
        "no-cycles", "The table \(fileName(table)) does not tell cycles.",
        remedy: "Begin it with region,cycle,time_h,activity_MBq.", category: .usage)
    }
    func key(_ place: Int) -> String {
      sharing == .organs ? input.origins[place].cycle! : input.origins[place].region
    }
    var groups: [[Int]] = []
    var known: [String: Int] = [:]
    for place in places {
      if let group = known[key(place)] {
        groups[group].append(place)
      } else {
        known[key(place)] = groups.count
        groups.append([place])
      }
    }
    return groups
  }

  /// What the table and the options say.
  struct Input {
    let nuclide: Nuclide
    let administered: Activity?
    let settings: AnalysisSettings
    let curves: [TimeActivityCurve]
    /// Region and cycle of every curve.
    let origins: [(region: String, cycle: String?)]
    let priors: PriorChoice.Resolved?

    /// The settings of one curve, its prior among them.
    func settings(for curve: TimeActivityCurve) throws -> AnalysisSettings {
      var settings = settings
      settings.prior = try priors?.prior(for: curve.region)
      return settings
    }
  }

  /// Reads and checks the table and the options.
  func read(isFit: Bool = false) throws -> Input {
    if model == .F2m, !isFit || prior != nil || uncertainty != nil {
      throw CaseError(
        "late-phase-alone", "F2m is no single function from time 0 on.",
        remedy: "Use it with tac fit, without --prior and --uncertainty.", category: .usage)
    }
    guard relativeUncertainty > 0, relativeUncertainty < 1 else {
      throw CaseError(
        "uncertainty-out-of-range", "The relative uncertainty is \(relativeUncertainty).",
        remedy: "Give a fraction between 0 and 1, such as 0.05.", category: .usage)
    }
    let activity = try administered.map(Self.activity)
    let nuclide = try NuclideTable.icrp107().nuclide(self.nuclide)
    let table = try CurveTable(path: self.table)
    if weights == .given, !table.hasUncertainties {
      throw CaseError(
        "uncertainty-missing", "The table \(fileName(self.table)) states no uncertainties.",
        remedy: "Add the column u_MBq, or weight by --weights relative or equal.")
    }
    let weighting: Weighting =
      switch weights ?? (table.hasUncertainties ? .given : .relative) {
      case .given: .given
      case .relative: .relative(relativeUncertainty)
      case .equal: .equal
      case .poisson: .poisson
      }
    var settings = AnalysisSettings(weighting: weighting, fixedModel: CurveModel(rawValue: model.rawValue))
    settings.isRobust = isRobust
    let chosen = try points.map { try ChosenTimes($0, of: table) }
    return Input(
      nuclide: nuclide, administered: activity,
      settings: settings,
      curves: try table.regions.map { name, points in
        try TimeActivityCurve(
          region: name, points: points.filter { chosen?.contains($0.time) ?? true },
          physicalDecay: nuclide.decayConstant)
      }, origins: table.origins, priors: try prior?.resolved())
  }

  /// Reads `7210.4 MBq`.
  static func activity(_ text: String) throws -> Activity {
    let factors: [(unit: String, factor: Double)] = [("GBq", 1e9), ("MBq", 1e6), ("kBq", 1e3), ("Bq", 1)]
    let plain = text.trimmingCharacters(in: .whitespaces)
    for (unit, factor) in factors where plain.hasSuffix(unit) {
      let number = plain.dropLast(unit.count).trimmingCharacters(in: .whitespaces)
      guard let value = Double(number), value.isFinite, value > 0 else { break }
      return .becquerels(value * factor)
    }
    throw CaseError(
      "activity-invalid", "“\(text.prefix(40))” is no activity.",
      remedy: "Write a number above 0 and its unit, such as \"7210.4 MBq\".", category: .usage)
  }
}

extension CurveRequest.Uncertainty {
  /// What it is called in the Kinetics room.
  var method: UncertaintyMethod {
    switch self {
    case .linear: .linear
    case .profile: .profile
    case .bootstrap: .bootstrap
    case .mcmc: .mcmc
    }
  }
}

/// The results of `tac fit`.
public struct CurveResults: Sendable {
  /// What came of one region.
  enum Outcome: Sendable {
    case estimate(CurveEstimate, interval: Result<IntegralInterval, any Error>?)
    case latePhase(LatePhase)
    case refused(AnyRefusal)

    init(_ work: () throws -> Outcome) {
      do { self = try work() } catch { self = .refused(AnyRefusal(anyError: error)) }
    }
  }

  let nuclide: Nuclide
  let administered: Activity?
  let weighting: Weighting
  let regions: [(curve: TimeActivityCurve, outcome: Outcome)]
  /// Of regions that were fitted together.
  var total: Uncertain<TimeIntegratedActivity>?

  /// `{"regions": [...]}` as the contract has it.
  public var document: JSONValue {
    let weights =
      switch weighting {
      case .given: "given"
      case .relative(let fraction): "relative \(fraction)"
      case .equal: "equal"
      case .poisson: "poisson"
      }
    var document: JSONObject = [
      "nuclide": JSONValue(nuclide.name), "weights": JSONValue(weights),
      "administered": administered.map { amount($0.megabecquerels, "MBq") } ?? nil,
      "regions": JSONValue(regions.map { $0.outcome.document($0.curve, administered: administered) }),
    ]
    if let total {
      document["total"] = amount(total.value.megabecquerelHours, "MBq h", total.standardUncertainty?.megabecquerelHours)
    }
    return .object(document)
  }

  /// A table for people.
  public var summary: String {
    var table = TextTable(
      ["Region", "Model", "TIA / MBq h", "±", "TIAC / h", "T_eff / h", "beyond"], numbers: [2, 3, 4, 5, 6])
    var notes: [String] = []
    func row(
      _ region: String, _ model: String, _ tia: Uncertain<TimeIntegratedActivity>, _ halfLife: Time, _ beyond: Double
    ) {
      table.add([
        region, model, shortNumber(tia.value.megabecquerelHours),
        tia.standardUncertainty.map { shortNumber($0.megabecquerelHours) } ?? "not estimated",
        administered.map { shortNumber((tia.value / $0).hours) } ?? "-", shortNumber(halfLife.hours),
        shortNumber(beyond * 100) + " %",
      ])
    }
    for (curve, outcome) in regions {
      switch outcome {
      case .estimate(let estimate, let interval):
        let tia = estimate.timeIntegratedActivity
        row(
          curve.region, estimate.modelName, tia, estimate.lateHalfLife, estimate.extrapolatedFraction)
        notes += estimate.findings.filter { $0.severity != .info }.map { "\($0.title) \($0.text)" }
        switch interval {
        case .success(let interval): notes.append("\(curve.region): \(interval.summary)")
        case .failure(let error): notes.append(AnyRefusal(anyError: error).text)
        case nil: break
        }
      case .latePhase(let found):
        row(
          curve.region, "F2m", found.timeIntegratedActivity, found.fit.function.lateHalfLife!,
          found.extrapolatedFraction)
        notes += found.findings.filter { $0.severity != .info }.map { "\($0.title) \($0.text)" }
      case .refused(let error):
        table.add([curve.region, "refused", "-", "-", "-", "-", "-"])
        notes.append(error.text)
      }
    }
    if let total {
      let u = total.standardUncertainty.map { " ± \(shortNumber($0.megabecquerelHours))" } ?? ""
      notes.append(
        "All together: \(shortNumber(total.value.megabecquerelHours))\(u) MBq h, fitted with shared or fixed parameters."
      )
    }
    return ([table.text] + notes.map { $0 + "\n" }).joined()
  }
}
