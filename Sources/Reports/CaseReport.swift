public import Provenance
public import Quantities

/// Everything the report of one case shows, in the order in which it shows it.
///
/// It holds results, never computes one. Parts of a case that were not worked out are `nil` or empty and left out.
public struct CaseReport: Sendable {
  /// The case's name for people; never a patient's name.
  public var title: String
  /// Short facts on the line below: `synthetic`, `F, 46 y`, `80.0 kg, 1.72 m`, the administration.
  public var facts: [String]
  /// What was decided.
  public var headline: Headline
  /// The chance of exceeding each limit against activity.
  public var risk: RiskPlot?
  /// Doses against limits.
  public var doses: DoseTable
  /// One panel a region.
  public var curves: [CurvePanel]
  /// The residual marrow dose against the day of the graft.
  public var graft: GraftPlot?
  /// What decides the activity.
  public var tornado: TornadoPlot?
  /// What the uncertainty of each dose is made of.
  public var budget: BudgetPlot?
  /// The therapy and all irradiation beside it.
  public var irradiation: IrradiationSection?
  /// What other labels would mean.
  public var labels: LabelPlot?
  /// The reporting items of the dosimetry, each filled or not provided.
  public var annex: [AnnexSection]
  /// What was found; in any order, the report sorts by severity.
  public var findings: [Finding]
  /// What was not computed.
  public var refusals: [RefusalNotice]
  /// The settings that the published method leaves open.
  public var settings: [SettingRow]
  /// Where every input came from.
  public var provenance: [ProvenanceRow]
  /// The first digits of the digest of results.json.
  public var resultsDigest: String

  public init(
    title: String, facts: [String], headline: Headline, risk: RiskPlot?, doses: DoseTable, curves: [CurvePanel],
    graft: GraftPlot?, findings: [Finding], refusals: [RefusalNotice], settings: [SettingRow],
    provenance: [ProvenanceRow], resultsDigest: String, tornado: TornadoPlot? = nil, labels: LabelPlot? = nil,
    budget: BudgetPlot? = nil, irradiation: IrradiationSection? = nil, annex: [AnnexSection] = []
  ) {
    self.title = title
    self.facts = facts
    self.headline = headline
    self.risk = risk
    self.doses = doses
    self.curves = curves
    self.graft = graft
    self.findings = findings
    self.refusals = refusals
    self.settings = settings
    self.provenance = provenance
    self.resultsDigest = resultsDigest
    self.tornado = tornado
    self.labels = labels
    self.budget = budget
    self.irradiation = irradiation
    self.annex = annex
  }
}

/// The colour, marker and name family of a region: the design's eight organs.
public enum Organ: String, CaseIterable, Sendable {
  case kidneyLeft, kidneyRight, liver, spleen, marrow, wholeBody, blood, lesion, other
}

/// The decision at the top of the page.
public enum Headline: Sendable {
  /// An activity was found.
  case prescribed(Prescribed)
  /// None was: what was found, what to do.
  case refused(RefusalNotice)

  /// An activity with what governs it.
  public struct Prescribed: Sendable {
    /// `Largest activity with at most 5 % risk of exceeding any limit`
    public var lead: String
    /// The activity; shown truncated to 0.01 GBq, never rounded up.
    public var activity: Activity
    /// `[¹⁷⁷Lu]Pentixather, day −14`
    public var agent: String
    /// `The kidneys govern:`
    public var governing: String
    /// `19.8 of 23 Gy.`
    public var governingDose: String
    /// `The best estimate meets 23 Gy at 15.97 GBq.`
    public var bestEstimate: String
    /// Label, value and the quieter rest: `Kidneys above 23 Gy`, `4.9 %`, ``.
    public var facts: [Fact]

    public init(
      lead: String, activity: Activity, agent: String, governing: String, governingDose: String,
      bestEstimate: String, facts: [Fact]
    ) {
      self.lead = lead
      self.activity = activity
      self.agent = agent
      self.governing = governing
      self.governingDose = governingDose
      self.bestEstimate = bestEstimate
      self.facts = facts
    }
  }

  /// A line of the list below the headline.
  public struct Fact: Sendable {
    public var label: String
    public var value: String
    /// Stands behind the value in a quieter tone: `(95 %: 8–12)`.
    public var aside: String
    /// Whether a tick (`true`) or a caution (`false`) stands before the value; `nil` for neither.
    public var passes: Bool?

    public init(label: String, value: String, aside: String = "", passes: Bool? = nil) {
      self.label = label
      self.value = value
      self.aside = aside
      self.passes = passes
    }
  }
}

/// Probability of exceeding each limit against activity.
public struct RiskPlot: Sendable {
  /// One limit's curve; probabilities from 0 to 1 at ``RiskPlot/activities``.
  public struct Curve: Sendable {
    public var name: String
    public var organ: Organ
    public var probabilities: [Double]

    public init(name: String, organ: Organ, probabilities: [Double]) {
      self.name = name
      self.organ = organ
      self.probabilities = probabilities
    }
  }

  /// Ascending, at least two.
  public var activities: [Activity]
  public var curves: [Curve]
  /// The accepted risk from 0 to 1.
  public var acceptedRisk: Double?
  /// The chosen point.
  public var chosen: Activity
  /// The probability of exceeding any limit at the chosen point.
  public var probabilityAtChosen: Double
  /// Where the best estimate meets the governing limit, and the governing curve's index in ``curves``.
  public var bestEstimate: (activity: Activity, curve: Int, label: String)?

  public init(
    activities: [Activity], curves: [Curve], acceptedRisk: Double?, chosen: Activity, probabilityAtChosen: Double,
    bestEstimate: (activity: Activity, curve: Int, label: String)?
  ) {
    self.activities = activities
    self.curves = curves
    self.acceptedRisk = acceptedRisk
    self.chosen = chosen
    self.probabilityAtChosen = probabilityAtChosen
    self.bestEstimate = bestEstimate
  }
}

/// Doses against limits, one row a region.
public struct DoseTable: Sendable {
  /// One region.
  public struct Row: Sendable {
    public var name: String
    public var organ: Organ
    public var perActivity: Uncertain<AbsorbedDosePerActivity>
    /// At the chosen activity; `nil` when no activity was chosen.
    public var dose: Uncertain<AbsorbedDose>?
    public var limit: AbsorbedDose?
    /// Stands where the limit would when there is none: `not set`, `target`.
    public var limitNote: String
    /// From 0 to 1.
    public var probabilityOfExceeding: Double?
    /// Whether the value rests on a constant that is not verified.
    public var isUnverified: Bool
    /// Whether this limit governs the activity.
    public var governs: Bool
    /// The known truth of a synthetic patient.
    public var truth: AbsorbedDosePerActivity?

    public init(
      name: String, organ: Organ, perActivity: Uncertain<AbsorbedDosePerActivity>, dose: Uncertain<AbsorbedDose>?,
      limit: AbsorbedDose?, limitNote: String, probabilityOfExceeding: Double?, isUnverified: Bool, governs: Bool,
      truth: AbsorbedDosePerActivity?
    ) {
      self.name = name
      self.organ = organ
      self.perActivity = perActivity
      self.dose = dose
      self.limit = limit
      self.limitNote = limitNote
      self.probabilityOfExceeding = probabilityOfExceeding
      self.isUnverified = isUnverified
      self.governs = governs
      self.truth = truth
    }
  }

  /// The activity to which the dose column belongs.
  public var activity: Activity?
  public var rows: [Row]
  /// Sentences below the table.
  public var caption: String

  public init(activity: Activity?, rows: [Row], caption: String) {
    self.activity = activity
    self.rows = rows
    self.caption = caption
  }
}

/// One region's time-activity curve with its fit.
public struct CurvePanel: Sendable {
  public struct Point: Sendable {
    public var time: Time
    public var activity: Activity
    public var standardUncertainty: Activity?

    public init(time: Time, activity: Activity, standardUncertainty: Activity?) {
      self.time = time
      self.activity = activity
      self.standardUncertainty = standardUncertainty
    }
  }

  /// The fit at one time: value and the bounds of its 95 % band.
  public struct FitPoint: Sendable {
    public var time: Time
    public var activity: Activity
    public var lower: Activity
    public var upper: Activity

    public init(time: Time, activity: Activity, lower: Activity, upper: Activity) {
      self.time = time
      self.activity = activity
      self.lower = lower
      self.upper = upper
    }
  }

  /// A file name's worth of it: lower case, digits and hyphens.
  public var slug: String
  public var name: String
  public var organ: Organ
  public var points: [Point]
  /// Dense and ascending from 0; empty when the region was refused.
  public var fit: [FitPoint]
  /// `F3u`, or `F3u 82 %, F3p 18 %` when models were averaged.
  public var model: String
  public var coefficient: Uncertain<TimeIntegratedActivityCoefficient>?
  /// The late effective half-life.
  public var effectiveHalfLife: Time?
  /// Share of the integral after the last point, from 0 to 1.
  public var extrapolatedFraction: Double?
  /// What was refused, in place of a fit.
  public var refusal: RefusalNotice?

  public init(
    slug: String, name: String, organ: Organ, points: [Point], fit: [FitPoint], model: String,
    coefficient: Uncertain<TimeIntegratedActivityCoefficient>?, effectiveHalfLife: Time?,
    extrapolatedFraction: Double?, refusal: RefusalNotice?
  ) {
    self.slug = slug
    self.name = name
    self.organ = organ
    self.points = points
    self.fit = fit
    self.model = model
    self.coefficient = coefficient
    self.effectiveHalfLife = effectiveHalfLife
    self.extrapolatedFraction = extrapolatedFraction
    self.refusal = refusal
  }
}

/// The marrow dose still to come against the day of the graft.
public struct GraftPlot: Sendable {
  /// The residual dose if the graft comes on a day, with the bounds of its 95 % interval.
  public struct Point: Sendable {
    public var day: Time
    public var dose: AbsorbedDose
    public var lower: AbsorbedDose
    public var upper: AbsorbedDose

    public init(day: Time, dose: AbsorbedDose, lower: AbsorbedDose, upper: AbsorbedDose) {
      self.day = day
      self.dose = dose
      self.lower = lower
      self.upper = upper
    }
  }

  /// `¹⁷⁷Lu 13.77 GBq`
  public var label: String
  public var points: [Point]
  public var limit: AbsorbedDose
  /// Where the best estimate meets the limit.
  public var limitReached: Time
  /// The planned day and what remains then.
  public var planned: (day: Time, dose: AbsorbedDose)?
  public var caption: String

  public init(
    label: String, points: [Point], limit: AbsorbedDose, limitReached: Time,
    planned: (day: Time, dose: AbsorbedDose)?, caption: String
  ) {
    self.label = label
    self.points = points
    self.limit = limit
    self.limitReached = limitReached
    self.planned = planned
    self.caption = caption
  }
}

/// Something that was not computed: what was found, what to do, and a bound where there is one.
public struct RefusalNotice: Sendable {
  public var reason: String
  public var remedy: String
  public var bound: String?

  public init(reason: String, remedy: String, bound: String? = nil) {
    self.reason = reason
    self.remedy = remedy
    self.bound = bound
  }
}

/// One setting of the ambiguity register.
public struct SettingRow: Sendable {
  /// `A7-1`, or empty.
  public var id: String
  public var question: String
  public var here: String
  public var isUnverified: Bool
  public var others: String
  /// The change of the activity under the other readings, `+3.45, +7.76`; an em dash where it cannot be told.
  public var effect: String

  public init(id: String, question: String, here: String, isUnverified: Bool, others: String, effect: String) {
    self.id = id
    self.question = question
    self.here = here
    self.isUnverified = isUnverified
    self.others = others
    self.effect = effect
  }
}

/// One input and its digest.
public struct ProvenanceRow: Sendable {
  public var input: String
  public var when: String
  public var what: String
  public var digest: String

  public init(input: String, when: String, what: String, digest: String) {
    self.input = input
    self.when = when
    self.what = what
    self.digest = digest
  }
}
