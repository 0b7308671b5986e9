import Provenance
import Quantities
import Radionuclides
import Studies
import Uptake
import Volumes

extension ViewedVolume {
  /// Reads a series as what it is: uptake of a PET, concentration of a SPECT, HU of a CT, signal of an MR, dose.
  ///
  /// A PET without a factor keeps the unit of its header, with the reason beside it: no uptake window is ever laid on it.
  init(_ series: IndexedSeries, stated: StatedFacts, notes: [Finding]) throws {
    switch series.kind {
    case .pet: try self.init(pet: series, stated: stated, notes: notes)
    case .quantitativeSPECT: try self.init(spect: series)
    case .ct, .mr: try self.init(anatomy: series)
    case .dose: try self.init(dose: series)
    default:
      throw CaseError(
        "not-viewed", "A series of kind “\(series.kind.rawValue)” is no volume that the viewer shows.",
        remedy: "Choose CT, MR, PET, SPECT in Bq/mL or a dose.")
    }
  }

  private init(pet series: IndexedSeries, stated: StatedFacts, notes: [Finding]) throws {
    do {
      let pet = try QuantifiedPET(series, stated: stated, nuclides: try NuclideTable.icrp107())
      var readings = [Reading(name: "SUVbw", unit: "g/mL", factor: 1)]
      if case .activityConcentration = pet.series.unit, pet.factor.value > 0 {
        readings.append(Reading(name: "concentration", unit: "kBq/mL", factor: 1e-3 / pet.factor.value))
      }
      try self.init(
        .uptake, grid: pet.series.grid, values: try pet.image().values, uid: series.uid,
        frameOfReferenceUID: pet.series.frameOfReferenceUID, readings: readings, window: 0...10, rule: pet.factor.rule,
        findings: pet.factor.findings + notes)
    } catch let refusal as UptakeError {
      let raw = try PETSeries(series, injection: stated.injection)
      let isConcentration = if case .activityConcentration = raw.unit { true } else { false }
      try self.init(
        isConcentration ? .concentration : .pixel, grid: raw.grid, values: raw.values, uid: series.uid,
        frameOfReferenceUID: raw.frameOfReferenceUID,
        readings: [
          isConcentration
            ? Reading(name: "concentration", unit: "kBq/mL", factor: 1e-3)
            : Reading(name: "value", unit: raw.unit.term, factor: 1)
        ], withoutUptake: AnyRefusal(refusal), findings: raw.findings + notes)
    }
  }

  private init(spect series: IndexedSeries) throws {
    let spect = try QuantitativeSeries(series)
    try self.init(
      .concentration, grid: spect.image.grid, values: spect.image.values, uid: series.uid,
      frameOfReferenceUID: spect.frameOfReferenceUID,
      readings: [Reading(name: "concentration", unit: "kBq/mL", factor: 1e-3)],
      rule: "Bq/mL as stored, Decay Correction \(spect.decayCorrection.rawValue)", findings: spect.findings)
  }

  private init(anatomy series: IndexedSeries) throws {
    let anatomy = try AnatomicalSeries(series)
    let isTomography = anatomy.kind == .tomography
    try self.init(
      isTomography ? .hounsfield : .signal, grid: anatomy.grid, values: anatomy.values, uid: series.uid,
      frameOfReferenceUID: anatomy.frameOfReferenceUID,
      readings: [Reading(name: isTomography ? "HU" : "signal", unit: isTomography ? "HU" : "", factor: 1)],
      window: Double(anatomy.window.lowerBound)...Double(anatomy.window.upperBound))
  }

  private init(dose series: IndexedSeries) throws {
    guard series.files.count == 1 else {
      throw CaseError(
        "several-doses", "The series holds \(series.files.count) dose maps.", remedy: "Keep one file a series.")
    }
    let dose = try DoseMap(path: series.files[0].path)
    try self.init(
      .dose, grid: dose.image.grid, values: dose.image.values, uid: series.uid,
      frameOfReferenceUID: dose.frameOfReferenceUID,
      readings: [Reading(name: "dose", unit: dose.kind == .physical ? "Gy" : "Gy effective", factor: 1)],
      rule: "RT Dose, \(dose.kind.rawValue), \(printable(dose.summation ?? "no summation type"))")
  }
}
