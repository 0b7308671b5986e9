import Foundation
public import Numerics
public import Provenance
public import Quantities

/// How curves are analysed; every choice has a documented default.
public struct AnalysisSettings: Sendable {
  /// The uncertainties of the points. Default: the stated ones.
  public var weighting: Weighting
  /// The models that compete. Default: F1, F2, F3u, F3p.
  public var candidates: [CurveModel]
  /// The model that is tried where no candidate describes the points. Default: F4.
  public var lastResort: CurveModel? = .F4
  /// Asked for by name: no competition takes place.
  public var fixedModel: CurveModel?
  /// Register A5-1. Default: σ known.
  public var criterion: InformationCriterion
  /// What a population says of the effective half-life; used where fewer than three points were measured.
  public var prior: PopulationPrior?
  /// Whether outlying points lose weight (Huber). Default: no.
  public var isRobust = false
  /// The share beyond the last point above which a caution is given, 20 % (SCIENCE 5.2, unverified threshold).
  public var extrapolationCaution: Double
  /// The share above which a fit with a free tail is refused, 50 % (SCIENCE 5.2, unverified threshold).
  public var extrapolationRefusal: Double

  public init(
    weighting: Weighting = .given, candidates: [CurveModel] = CurveModel.compared, fixedModel: CurveModel? = nil,
    criterion: InformationCriterion = .sigmaKnown, prior: PopulationPrior? = nil,
    extrapolationCaution: Double = 0.2, extrapolationRefusal: Double = 0.5
  ) {
    self.weighting = weighting
    self.candidates = candidates
    self.fixedModel = fixedModel
    self.criterion = criterion
    self.prior = prior
    self.extrapolationCaution = extrapolationCaution
    self.extrapolationRefusal = extrapolationRefusal
  }
}

/// The time-integrated activity of one region, how it was found and how sure it is.
public struct CurveEstimate: Sendable {
  /// The curve.
  public let curve: TimeActivityCurve
  /// Every model that was considered.
  public let candidates: [Candidate]
  /// The models that make the result.
  public let average: ModelAverage
  /// By another method, for comparison: Hänscheid's rule from a single point.
  public let alternative: (method: String, value: TimeIntegratedActivity)?
  /// What to know about it.
  public let findings: [Finding]
  /// The uncertainties of the points.
  let weighting: Weighting

  /// The models over which intervals are averaged: all that could take part, by AIC, so that an interval allows for what
  /// AICc's small-sample term hides (see ``Competition``).
  var spread: ModelAverage {
    guard weighting.isAbsolute, average.best.prior == nil, candidates.count > 1 else { return average }
    let taking = average.members.map(\.fit.model)
    let fits = candidates.filter { candidate in
      guard let fit = candidate.fit, !fit.isOnBoundary else { return false }
      return taking.contains(fit.model) || candidate.model != .F3p || candidate.criterion != nil
    }.compactMap(\.fit)
    guard let least = fits.map(\.akaike).min() else { return average }
    return ModelAverage(fits.map { (exp(-($0.akaike - least) / 2), $0) })
  }

  /// Ã with the uncertainty of the fit alone: calibration and volume, common to all times, are added afterwards.
  public var timeIntegratedActivity: Uncertain<TimeIntegratedActivity> { integral(from: .zero) }

  /// ∫ f from a time to infinity.
  public func integral(from t: Time) -> Uncertain<TimeIntegratedActivity> { average.mean { $0.integral(from: t) } }

  /// f(t).
  public func activity(at t: Time) -> Uncertain<Activity> { average.mean { $0.activity(at: t) } }

  /// The share of Ã after the last point.
  public var extrapolatedFraction: Double { average.function.share(after: curve.last.time) }

  /// The share of Ã before the first point.
  public var earlyFraction: Double { average.function.share(before: curve.points[0].time) }

  /// The effective half-life of the late phase of the heaviest model.
  public var lateHalfLife: Time { average.best.function.lateHalfLife! }

  /// `F3u`, or `F3u 82 %, F3p 18 %`; models below 0.5 % are left out.
  public var modelName: String {
    if average.best.prior != nil { return "\(average.best.model.rawValue), prior" }
    let shown = average.members.filter { $0.weight >= 0.005 }
    if shown.count == 1 { return shown[0].fit.model.rawValue }
    return shown.map { "\($0.fit.model.rawValue) \(Int(($0.weight * 100).rounded())) %" }.joined(separator: ", ")
  }

  /// Draws curves from the joint distribution of models and parameters.
  public func sampler() -> Sampler { Sampler(average) }

  /// Draws curves: the model by its weight, then its parameters from their joint normal distribution.
  public struct Sampler: Sendable {
    private let members: [(weight: Double, fit: CurveFit, factor: SquareMatrix?)]

    init(_ average: ModelAverage) {
      members = average.members.map { ($0.weight, $0.fit, $0.fit.covariance?.choleskyFactor()) }
    }

    /// The next curve.
    public func next(_ stream: inout RandomStream) -> ExponentialSum {
      var u = stream.uniform()
      for member in members {
        u -= member.weight
        if u <= 0 { return member.fit.sample(&stream, factor: member.factor) }
      }
      return members[0].fit.sample(&stream, factor: members[0].factor)
    }
  }
}

extension TimeActivityCurve {
  /// Fits the models, chooses among them and integrates.
  ///
  /// - Throws: ``KineticsError`` when no time-integrated activity can be given; it carries a bound where there is one.
  public func analysed(with settings: AnalysisSettings) throws -> CurveEstimate {
    let sigmas = try settings.weighting.standardUncertainties(of: self)
    let rise = self.rise(
      sigmas: settings.weighting.isAbsolute ? sigmas : points.map { 0.05 * $0.activity.megabecquerels })
    if points.count >= 2, let rise, rise.time == last.time {
      throw KineticsError(
        "still-rising",
        "Region “\(region)” still rises at the last point, \(format(last.time.hours)) h.",
        remedy: "Measure until it falls; no model tells how it goes on.", bound: Trapezoid.bound(of: self))
    }
    if let model = settings.fixedModel {
      if let refusal = refusal(of: model, rise: rise) { throw refusal }
      let prior = model == .F2 || model == .F3u ? settings.prior : nil
      let fit = try CurveFit(model, to: self, weighting: settings.weighting, prior: prior, isRobust: settings.isRobust)
      let candidate = Candidate(
        model: model, fit: fit, criterion: settings.criterion.value(for: fit), weight: 1, refusal: nil)
      return try estimate(
        [candidate], ModelAverage([(1, fit)]), settings,
        extra: saturation(of: fit) + (prior.map(priorFindings) ?? unusedPrior(settings)))
    }
    if let prior = settings.prior, points.count <= 2 || prior.uptake != nil {
      return try withPrior(prior, settings, rise: rise)
    }
    if points.count <= 2 { return try fewPoints(settings, rise: rise) }
    let competition = try Competition(self, settings) { refusal(of: $0, rise: rise) }
    guard let average = competition.average else {
      throw KineticsError(
        "no-model", "No model can describe the \(points.count) points of region “\(region)”.",
        remedy: "Measure more points, or ask for a model by name.", bound: Trapezoid.bound(of: self))
    }
    return try estimate(competition.candidates, average, settings, extra: competition.findings + unusedPrior(settings))
  }

  /// The highest point that stands above an earlier one by more than twice their joint uncertainty.
  private func rise(sigmas: [Double]) -> Point? {
    var highest: Point?
    for (j, later) in points.enumerated() {
      for (i, earlier) in points[..<j].enumerated()
      where (later.activity - earlier.activity).megabecquerels > 2 * hypot(sigmas[i], sigmas[j]) {
        if later.activity > highest?.activity ?? .zero { highest = later }
      }
    }
    return highest
  }

  private func refusal(of model: CurveModel, rise: Point?) -> KineticsError? {
    guard let rise, !model.canRise else { return nil }
    return KineticsError(
      "rising-curve",
      "\(model.rawValue) refused for region “\(region)”: the curve rises until \(format(rise.time.hours)) h.",
      remedy: "Use F3u, or measure more points.", bound: Trapezoid.bound(of: self))
  }

  private func fewPoints(_ settings: AnalysisSettings, rise: Point?) throws -> CurveEstimate {
    if let refusal = refusal(of: .F2, rise: rise) { throw refusal }
    guard points.count == 2 else {
      throw KineticsError(
        "single-time-point", "Region “\(region)” was measured once, at \(format(points[0].time.hours)) h.",
        remedy: "Name a population prior for it, or measure it again.", bound: Trapezoid.bound(of: self))
    }
    let fit = try CurveFit(.F2, to: self, weighting: settings.weighting, isRobust: settings.isRobust)
    let candidate = Candidate(model: .F2, fit: fit, criterion: nil, weight: 1, refusal: nil)
    return try estimate([candidate], ModelAverage([(1, fit)]), settings, extra: saturation(of: fit))
  }

  /// One exponential, or uptake and clearance where the population knows both.
  private func withPrior(_ prior: PopulationPrior, _ settings: AnalysisSettings, rise: Point?) throws -> CurveEstimate {
    let model: CurveModel = prior.uptake == nil ? .F2 : .F3u
    if let refusal = refusal(of: model, rise: rise) { throw refusal }
    let fit = try CurveFit(model, to: self, weighting: settings.weighting, prior: prior, isRobust: settings.isRobust)
    var candidates = [Candidate(model: model, fit: fit, criterion: nil, weight: 1, refusal: nil)]
    var findings = priorFindings(prior)
    if model == .F3u, points.count > 2,
      let other = try? CurveFit(
        .F2, to: self, weighting: settings.weighting, prior: prior, isRobust: settings.isRobust),
      let with = fit.logEvidence, let without = other.logEvidence
    {
      candidates.append(Candidate(model: .F2, fit: other, criterion: nil, weight: 0, refusal: nil))
      findings.append(bayesFactor(exp(max(-600, min(600, with - without)))))
    }
    return try estimate(candidates, ModelAverage([(1, fit)]), settings, extra: findings)
  }

  private func bayesFactor(_ factor: Double) -> Finding {
    let text =
      "The points of \(region) are \(format(max(factor, 1 / factor))) times as likely \(factor >= 1 ? "with" : "without") "
      + "the population's uptake as \(factor >= 1 ? "without" : "with") it."
    return Finding(
      factor < 0.05 ? .caution : .info, code: "bayes-factor", title: "Bayes factor of the uptake.", text,
      subject: region,
      origin: "Kinetics · evidence after Laplace")
  }

  private func unusedPrior(_ settings: AnalysisSettings) -> [Finding] {
    guard let prior = settings.prior else { return [] }
    return [
      Finding(
        .info, code: "prior-not-used", title: "Prior not used.",
        "Prior “\(prior.name)” knows one half-life; the \(points.count) points of \(region) are fitted without it.",
        subject: region, origin: "Kinetics · single time point")
    ]
  }

  private func priorFindings(_ prior: PopulationPrior) -> [Finding] {
    let many = points.count == 1 ? "One time point" : points.count == 2 ? "Two time points" : "A prior takes part"
    var findings = [
      Finding(
        points.count <= 2 ? .caution : .info, code: "population-prior", title: "\(many).",
        "The effective half-life of \(region) comes \(points.count == 1 ? "" : "partly ")from a population, not from "
          + "this patient alone: prior “\(prior.name)” (\(prior.source.citation)).", subject: region,
        origin: "Kinetics · single time point")
    ]
    if points.count == 1 { findings.append(haenscheidFinding(prior)) }
    return findings
  }

  /// What Hänscheid's rule gives beside the population's half-life, and whether it holds.
  private func haenscheidFinding(_ prior: PopulationPrior) -> Finding {
    let point = points[0]
    let value = SingleTimePoint.haenscheid(activity: point.activity, at: point.time)
    let x = point.time / prior.median
    let given =
      "By Hänscheid's rule, \(region) has \(format(value.megabecquerelHours)) MBq h from its one point at "
      + "\(format(point.time.hours)) h, "
    guard SingleTimePoint.haenscheidRange.contains(x) else {
      let ratio = SingleTimePoint.haenscheidRatio(at: point.time, halfLife: prior.median)
      return Finding(
        .serious, code: "haenscheid-out-of-range", title: "Hänscheid's rule does not hold here.",
        given + "\(format(ratio)) of what the population's half-life gives. That point lies at \(format(x)) of the "
          + "half-life; the rule holds from 0.75 to 2.5.", subject: region, origin: "Kinetics · single time point")
    }
    return Finding(
      .info, code: "haenscheid", title: "Hänscheid's rule.", given + "whatever the half-life, within 12 %.",
      subject: region, origin: "Kinetics · single time point")
  }

  private func saturation(of fit: CurveFit) -> [Finding] {
    guard fit.degreesOfFreedom == 0 else { return [] }
    return [
      Finding(
        .caution, code: "saturated", title: "Nothing checks the fit.",
        "\(fit.model.rawValue) has as many parameters as \(region) has points.", subject: region,
        origin: "Kinetics · model choice")
    ]
  }

  /// The result of a fit that was made together with other curves.
  public func estimate(of fit: CurveFit, with settings: AnalysisSettings) throws -> CurveEstimate {
    let candidate = Candidate(model: fit.model, fit: fit, criterion: nil, weight: 1, refusal: nil)
    return try estimate([candidate], ModelAverage([(1, fit)]), settings)
  }

  func estimate(
    _ candidates: [Candidate], _ average: ModelAverage, _ settings: AnalysisSettings, extra: [Finding] = []
  ) throws -> CurveEstimate {
    let share = average.function.share(after: last.time)
    let isTailFixed = average.best.model == .F1 || average.best.prior != nil
    if share > settings.extrapolationRefusal, !isTailFixed {
      throw KineticsError(
        "extrapolation",
        "\(percent(share)) of the time-integrated activity of region “\(region)” lie after the last point at "
          + "\(format(last.time.hours)) h.",
        remedy: "Measure later, or name a population prior.", bound: Trapezoid.bound(of: self))
    }
    let alternative = points.count == 1 ? points[0] : nil
    return CurveEstimate(
      curve: self, candidates: candidates, average: average,
      alternative: alternative.map {
        ("Hänscheid 2018", SingleTimePoint.haenscheid(activity: $0.activity, at: $0.time))
      },
      findings: (extra + acceptance(of: average, share: share, settings)).worstFirst(), weighting: settings.weighting)
  }
}

/// A number for sentences, with a true minus.
func format(_ value: Double) -> String {
  let size = value.magnitude
  let text = size == 0 ? "0" : String(format: size >= 100 ? "%.0f" : size >= 1 ? "%.1f" : "%.2g", size)
  return (value < 0 ? "−" : "") + text
}

func percent(_ share: Double) -> String { String(format: "%.0f %%", share * 100) }
