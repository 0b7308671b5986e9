public import Provenance
public import Quantities
public import Radionuclides
public import Studies
public import Volumes

/// The uptake of small animals: the percentage of the injected activity in a gram of tissue.
public struct InjectedFraction: Sendable {
  /// Bq/mL at the reference per unit of the rescaled pixel value.
  public let concentration: Double
  /// The injected activity at the reference, less what was left over.
  public let injectedAtReference: Activity
  /// How it came about, in one line.
  public let rule: String
  /// What is worth knowing about the input.
  public let findings: [Finding]

  /// A_ref as for an uptake value, without a weight.
  ///
  /// A series that is not corrected for attenuation is told of and not refused: in a mouse it matters little.
  /// - Throws: ``UptakeError`` with what is missing, impossible or contradicts itself, and for values that are no
  ///   concentration.
  public init(_ series: PETSeries, stated: StatedFacts = StatedFacts(), nuclides: NuclideTable) throws(UptakeError) {
    var notes = Notes(series.findings)
    try notes.checkCorrections(series, isSmallAnimal: true)
    notes.noteStated(stated, series)
    var scale: Double
    switch series.unit {
    case .activityConcentration: scale = 1
    case .counts(let factors):
      guard let activity = factors.activity else { throw Self.noConcentration }
      scale = activity
    case .uptake, .other: throw Self.noConcentration
    }
    let decayed = try DecayedActivity(series, stated, nuclides, &notes)
    scale *= decayed.frameFactor
    concentration = scale
    injectedAtReference = try decayed.checked(against: series, scale: scale, &notes)
    rule =
      "\(series.unit.term): \(text(injectedAtReference.megabecquerels)) MBq at reference; half-life "
      + "\(text(decayed.halfLife.value.minutes)) min; 1 mL taken as 1 g"
    findings = notes.findings.worstFirst()
  }

  private static let noConcentration = UptakeError(
    "units", "The series holds no activity concentration.", remedy: "Export the reconstruction in BQML.")

  /// 100 · C / A_ref in %ID/g at a density of 1 g/mL (Herhaus et al. 2016, figure 3E).
  public func percentPerGram(_ concentration: ActivityConcentration) -> Double {
    100 * concentration.becquerelsPerMillilitre / injectedAtReference.becquerels
  }

  /// The voxels of a series as concentrations at the reference.
  public func image(_ series: PETSeries) -> Image<ActivityConcentration> {
    let scale = Float(concentration)
    return Image(grid: series.grid, values: series.values.map { $0 * scale })
  }
}
