import Dosimetry
import Foundation
import Kinetics
import Numerics
public import Provenance
import Quantities
import Radionuclides
import Therapy

/// What `plan` does next.
public enum PlanStep: String, CaseIterable, Sendable {
  /// Reads the case, its images and tables.
  case reading
  /// Fits the curves, finds the doses and prescribes.
  case fitting
  /// Works out the other labels and the other readings of the method.
  case comparing
  /// Writes report, tables and plots.
  case writing
}

/// From a case to a prescribed activity: every result, in the order in which it was found.
public struct Plan: Sendable {
  /// The case.
  public let file: CaseFile
  let nuclide: Nuclide
  let administered: Activity
  let measurement: Measurement
  let analysis: Analysis
  /// Where the S values come from.
  let set: any SValueSet
  /// What other labels would mean, where the case asks for them.
  let comparison: LabelComparison?
  /// What the other readings of the method would change, by register id.
  let effects: [String: [Activity?]]

  /// Reads a case and works it out.
  ///
  /// - Parameters:
  ///   - path: a folder with a `case.json`, or the file.
  ///   - risk: the accepted risk in place of the case's.
  ///   - progress: called before each step; what it throws ends the work.
  /// - Throws: a `Refusal` when the case, its images or its tables cannot be used. A region that cannot be fitted and a
  ///   prescription that cannot be given are results, not errors.
  public static func make(
    _ path: String, risk: Double? = nil, progress: (PlanStep) throws -> Void = { _ in }
  ) throws -> Plan {
    var (file, folder) = try CaseFile.read(path)
    if let risk { file.therapy.acceptedRisk = risk }
    let nuclide = try NuclideTable.icrp107().nuclide(file.nuclide)
    try progress(.reading)
    let measured = try file.measure(in: folder, nuclide: nuclide)
    return try Plan(
      file, nuclide: nuclide, measurement: try measured.excluding(file.regions, decay: nuclide.decayConstant),
      progress: progress)
  }

  /// Works a measured case out.
  ///
  /// - Parameters:
  ///   - compares: whether other labels and the other readings of the method are worked out as well.
  ///   - progress: called before each step; what it throws ends the work.
  init(
    _ file: CaseFile, nuclide: Nuclide, measurement: Measurement, compares: Bool = true,
    progress: (PlanStep) throws -> Void = { _ in }
  ) throws {
    let administered = file.administration.administered(decay: nuclide.decayConstant)
    guard administered.isFinite, administered.base > 0 else {
      throw CaseError(
        "nothing-administered", "The residual is not smaller than the assay.",
        remedy: "Check the assay and the residual with their times.")
    }
    try measurement.check(against: administered, of: nuclide)
    self.file = file
    self.nuclide = nuclide
    self.administered = administered
    self.measurement = measurement
    try progress(.fitting)
    let set = try file.sValueSet()
    analysis = Analysis(file, nuclide, administered, measurement, set: set)
    self.set = set
    try progress(.comparing)
    comparison =
      file.therapy.labels.isEmpty || !compares
      ? nil : try LabelComparison(file, nuclide, analysis, set, nuclides: [nuclide.name] + file.therapy.labels)
    effects =
      analysis.prescription == nil || !compares
      ? [:] : try Self.effects(file, nuclide, administered, measurement, set)
  }

  /// Everything that was found, worst first.
  public var findings: [Finding] {
    (measurement.findings + analysis.findings + (comparison?.findings ?? [])).worstFirst()
  }

  /// The activity under every other reading of a setting that `plan` uses, `nil` where none can be given.
  private static func effects(
    _ file: CaseFile, _ nuclide: Nuclide, _ administered: Activity, _ measurement: Measurement,
    _ set: any SValueSet
  ) throws -> [String: [Activity?]] {
    var variants: [(id: String, file: CaseFile)] = []
    func vary(_ id: String, _ change: (inout CaseSettings) -> Void) {
      var other = file
      change(&other.settings)
      variants.append((id, other))
    }
    for reading in LimitReading.allCases where reading != file.settings.marrowLimit {
      vary("A7-1") { $0.marrowLimit = reading }
    }
    for choice in LimitChoice.allCases where choice != file.settings.limitChoice {
      vary("A7-2") { $0.limitChoice = choice }
    }
    for factor in [1, 0.80, 0.64] where factor != file.settings.conversionFactor {
      vary("A7-3") { $0.conversionFactor = factor }
    }
    vary("A4-1") { $0.marrowReading = $0.marrowReading == .vertebrae ? .spongiosa : .vertebrae }
    vary("A4-2") { $0.marrowShare = $0.marrowShare == .papers ? .bySex : .papers }
    vary("A5-1") { $0.criterion = $0.criterion == .sigmaKnown ? .sigmaUnknown : .sigmaKnown }
    vary("A6-1") { $0.scalesMass.toggle() }
    if file.subject != nil {
      vary("s-values") {
        $0.sValues = $0.alternative; $0.fractions = nil
      }
    }
    for risk in [0.10, 0.01] where risk != file.therapy.acceptedRisk && file.therapy.acceptedRisk != nil {
      var other = file
      other.therapy.acceptedRisk = risk
      variants.append(("risk", other))
    }
    let all = variants
    let results = try inParallel(all.count) { index in
      let other = all[index].file
      return Analysis(
        other, nuclide, administered, measurement,
        set: other.settings.hasSetOf(file.settings) ? set : try other.sValueSet()
      ).prescription?.activity
    }
    var effects: [String: [Activity?]] = [:]
    for (variant, activity) in zip(all, results) { effects[variant.id, default: []].append(activity) }
    return effects
  }
}
