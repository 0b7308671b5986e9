import Foundation
import Numerics
import Provenance

/// The models of one curve against each other, for three points and more.
///
/// AICc compares those that it is defined for (SCIENCE 5.2). Its small-sample term 2p(p+1)/(N−p−1) allows for a scale of the
/// uncertainties that is estimated together with the parameters (Hurvich and Tsai, Biometrika 1989;76:297). Where the
/// uncertainties are known the term has no ground, and with five points or less it hides effects of two and three standard
/// deviations: a slow clearance, an early uptake. So where AIC without the term prefers another model that leaves a
/// degree of freedom, AIC decides; F3p, whose second part lies mostly beyond the points, only where AICc is defined for it or no
/// other model describes the points. Where none does, the last resort F4 is taken if it does and leaves a degree of freedom.
struct Competition {
  private(set) var candidates: [Candidate]
  private(set) var average: ModelAverage?
  private(set) var findings: [Finding] = []

  init(
    _ curve: TimeActivityCurve, _ settings: AnalysisSettings, refusal: (CurveModel) -> KineticsError?
  ) throws {
    let criterion = settings.weighting.isAbsolute ? settings.criterion : .sigmaUnknown
    func considered(_ model: CurveModel) -> Candidate {
      if let refusal = refusal(model) { return .refused(model, refusal) }
      guard curve.points.count > model.parameterCount else { return .refused(model, curve.saturated(model, criterion)) }
      do {
        let fit = try CurveFit(model, to: curve, weighting: settings.weighting, isRobust: settings.isRobust)
        guard let value = criterion.value(for: fit) else {
          return .refused(model, curve.saturated(model, criterion), fit)
        }
        if fit.isOnBoundary {
          let boundary = KineticsError(
            "on-boundary", "\(model.rawValue) of region “\(curve.region)” falls back to a simpler model.",
            remedy: "The simpler model takes its place.")
          return .refused(model, boundary, fit)
        }
        return Candidate(model: model, fit: fit, criterion: value, weight: 0, refusal: nil)
      } catch let error as KineticsError {
        return .refused(model, error)
      } catch {
        return .refused(model, KineticsError("no-minimum", "\(error)", remedy: "Choose another model."))
      }
    }
    candidates = settings.candidates.map(considered)
    let inside = candidates.filter { $0.fit.map { !$0.isOnBoundary } ?? false }
    // What is retained shows in the tail alone, so that noise in one point would decide far more than the points hold.
    let cautious = inside.filter { $0.criterion != nil || $0.model != .F3p }
    let free = cautious.contains { $0.fit!.describes } ? cautious : inside
    let compared = free.filter { $0.criterion != nil }
    let best = compared.min { $0.criterion! < $1.criterion! }
    if criterion == .sigmaUnknown {
      if compared.count < 2, let chosen = Self.chosenByF(free) {
        settle([(chosen, 0)])
        if chosen.criterion == nil { findings.append(curve.tooFewPoints(chosen.model)) }
      } else {
        settle(compared.map { ($0, $0.criterion!) })
      }
    } else if let exact = free.min(by: { $0.uncorrected < $1.uncorrected }), exact.fit!.describes {
      if exact.model == best?.model {
        settle(compared.map { ($0, $0.criterion!) })
      } else {
        settle(free.map { ($0, $0.uncorrected) })
        findings.append(curve.overruled(best?.model, by: exact.model))
      }
    } else if let limit = candidates.filter({ $0.fit?.describes ?? false }).min(by: { $0.uncorrected < $1.uncorrected })
    {
      settle([(limit, 0)])
    } else if let last = settings.lastResort.map(considered), let fit = last.fit, !fit.isOnBoundary, fit.describes {
      // Two phases of clearance, as of a ligand that is washed out while it is taken in: better than a model that the points
      // contradict.
      candidates.append(last)
      settle([(last, 0)])
      findings.append(curve.neededLastResort(last.model))
      if last.criterion == nil { findings.append(curve.tooFewPoints(last.model)) }
    } else if let closest = free.min(by: { $0.fit!.chiSquared < $1.fit!.chiSquared }) {
      settle([(closest, 0)])
    }
  }

  /// The simplest model, or a larger one that Fisher's F prefers to it at 5 %: the exact test where only ratios of the
  /// uncertainties are known and AICc has nothing to compare. Two degrees of freedom at least give the scale.
  private static func chosenByF(_ free: [Candidate]) -> Candidate? {
    var ordered = free.sorted { $0.simplicity < $1.simplicity }
    guard !ordered.isEmpty else { return nil }
    var chosen = ordered.removeFirst()
    for larger in ordered
    where larger.model.parameterCount > chosen.model.parameterCount && larger.fit!.degreesOfFreedom >= 2 {
      let (a, b) = (chosen.fit!, larger.fit!)
      let extra = Double(larger.model.parameterCount - chosen.model.parameterCount)
      let ratio = (a.chiSquared - b.chiSquared) / extra / (b.chiSquared / Double(b.degreesOfFreedom))
      if ratio.isNaN || FisherF.survival(ratio, extra, Double(b.degreesOfFreedom)) < 0.05 { chosen = larger }
    }
    return chosen
  }

  /// Gives the models their weights exp(−Δ/2)/Σ.
  private mutating func settle(_ members: [(candidate: Candidate, criterion: Double)]) {
    guard let least = members.map(\.criterion).min() else { return }
    let total = members.reduce(0) { $0 + exp(-($1.criterion - least) / 2) }
    let weights = Dictionary(
      uniqueKeysWithValues: members.map { ($0.candidate.model, exp(-($0.criterion - least) / 2) / total) })
    candidates = candidates.map { candidate in
      guard let weight = weights[candidate.model] else { return candidate }
      return Candidate(
        model: candidate.model, fit: candidate.fit, criterion: candidate.criterion, weight: weight, refusal: nil)
    }
    average = ModelAverage(candidates.filter { $0.weight > 0 }.map { ($0.weight, $0.fit!) })
  }
}

extension Candidate {
  fileprivate static func refused(_ model: CurveModel, _ refusal: KineticsError, _ fit: CurveFit? = nil) -> Candidate {
    Candidate(model: model, fit: fit, criterion: nil, weight: 0, refusal: refusal)
  }

  /// AIC for known uncertainties, χ² + 2p.
  fileprivate var uncorrected: Double { fit!.akaike }

  fileprivate var simplicity: (Int, Double) { (model.parameterCount, fit!.chiSquared) }
}

extension CurveFit {
  /// AIC for known uncertainties, χ² + 2p.
  var akaike: Double { chiSquared + 2 * Double(model.parameterCount) }

  /// Whether χ² does not contradict the model at 1 %.
  fileprivate var describes: Bool { (goodness ?? 1) > 0.01 }
}

extension TimeActivityCurve {
  fileprivate func saturated(_ model: CurveModel, _ criterion: InformationCriterion) -> KineticsError {
    KineticsError(
      "saturated",
      "\(model.rawValue) needs \(criterion.pointsNeeded(by: model)) points to be compared, region “\(region)” has "
        + "\(points.count).",
      remedy: "Measure more points, or ask for the model by name.")
  }

  fileprivate func tooFewPoints(_ model: CurveModel) -> Finding {
    Finding(
      .caution, code: "too-few-points-to-compare", title: "Too few points to compare models.",
      "AICc is not defined for \(model.rawValue) with the \(points.count) points of \(region); it describes them best and leaves "
        + "a degree of freedom.", subject: region, origin: "Kinetics · A5-1")
  }

  fileprivate func neededLastResort(_ model: CurveModel) -> Finding {
    Finding(
      .caution, code: "last-resort", title: "None of the usual models describes the points.",
      "\(model.rawValue) (\(model.meaning)) does describe those of \(region) and is used; measure more points to be sure of it.",
      subject: region, origin: "Kinetics · \(model.rawValue)")
  }

  fileprivate func overruled(_ compared: CurveModel?, by model: CurveModel) -> Finding {
    guard let compared, points.count >= model.parameterCount + 2 else { return tooFewPoints(model) }
    return Finding(
      .info, code: "small-sample-term", title: "AICc's small-sample term overruled.",
      "AICc prefers \(compared.rawValue) for \(region) for its small-sample term alone; with known uncertainties AIC "
        + "prefers \(model.rawValue), and its weights are used.", subject: region, origin: "Kinetics · A5-1")
  }
}
