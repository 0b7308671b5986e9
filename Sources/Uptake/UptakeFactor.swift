import Glibc
public import Provenance
public import Quantities
public import Radionuclides
public import Studies

/// The factor that turns the rescaled pixel values of a series into SUV by body weight, with how it came about.
public struct UptakeFactor: Sendable {
  /// SUVbw in g/mL per unit of the rescaled pixel value.
  public let value: Double
  /// The activity that the patient holds at ``referenceTime`` but for excretion; `nil` when no activity was needed.
  public let injectedAtReference: Activity?
  /// The moment to which the values are corrected, by the clock of the series; `nil` when none was needed.
  public let referenceTime: LocalTime?
  /// The administration by the clock of the series; `nil` when it was not needed or is not known.
  public let injection: LocalTime?
  /// The half-life that was used.
  public let halfLife: Time?
  /// The nuclide, as the table or the header names it.
  public let nuclide: String?
  /// The body's measures; `nil` when they are neither needed nor known.
  public let body: Body?
  /// How the factor came about, in one line: units, activity, times, weight, rule.
  public let rule: String
  /// What is worth knowing about the factor and the input.
  public let findings: [Finding]

  /// Works the factor out, or refuses.
  ///
  /// BQML: W / A_ref with A_ref decayed from the administration to the reference time for START, undecayed for ADMIN;
  /// for NONE only when a person asks for it and all slices were one frame. CNTS: Philips' factors. GML, CM2ML: from
  /// the header's kind of uptake value to that by body weight. Anything else is refused (SCIENCE 1.1).
  /// - Throws: ``UptakeError`` with what is missing, impossible or contradicts itself.
  public init(_ series: PETSeries, stated: StatedFacts = StatedFacts(), nuclides: NuclideTable) throws(UptakeError) {
    var notes = Notes(series.findings)
    try notes.checkCorrections(series)
    notes.noteStated(stated, series)
    let weight = stated.weight ?? series.weight
    let (height, sex) = (stated.height ?? series.height, stated.sex ?? series.sex)

    switch series.unit {
    case .other(let unit):
      throw UptakeError(
        "units", "The series is in \(unit), which no factor in it turns into an uptake value.",
        remedy: "Export the reconstruction in BQML.")
    case .uptake(let kind):
      let body =
        kind == .bodyWeight
        ? notes.body(weight, height, sex)
        : try weight.map { w throws(UptakeError) in try Body(weight: w, height: height, sex: sex) }
      if kind == .bodyWeight {
        value = 1
        rule = "GML: the values are SUV by body weight"
      } else {
        guard let body else { throw Self.missingWeight }
        value = 1 / (try body.normOverWeight(kind))
        rule = "\(series.unit.term) (\(kind.rawValue)): weight over norm, \(text(weight?.kilograms)) kg"
        notes.noteKind(kind, body)
      }
      self.body = body
      (injectedAtReference, referenceTime, injection, halfLife) = (nil, nil, nil, nil)
      nuclide = series.nuclide
    case .counts(let factors) where factors.suv != nil:
      value = factors.suv ?? .nan
      rule = "CNTS: Philips SUV scale factor (7053,xx00)"
      body = notes.body(weight, height, sex)
      (injectedAtReference, referenceTime, injection, halfLife) = (nil, nil, nil, nil)
      nuclide = series.nuclide
    case .activityConcentration, .counts:
      guard let weight else { throw Self.missingWeight }
      _ = try Body(weight: weight)
      let body = notes.body(weight, height, sex)
      let decayed = try DecayedActivity(series, stated, nuclides, &notes)
      var scale = decayed.frameFactor
      if case .counts(let factors) = series.unit { scale *= factors.activity ?? .nan }
      let plausible = try decayed.checked(against: series, scale: scale, &notes)
      value = scale * weight.grams / plausible.becquerels
      self.body = body
      injectedAtReference = plausible
      (referenceTime, injection) = (decayed.reference, decayed.injection)
      (halfLife, nuclide) = (decayed.halfLife.value, decayed.halfLife.nuclide)
      rule = decayed.rule(series.unit, plausible, weight)
      notes.noteWeight(weight)
    }
    guard value.isFinite, value > 0 else {
      throw UptakeError(
        "factor", "The factor to an uptake value is \(value).",
        remedy: "Check activity, times and half-life in the header.")
    }
    notes.verify(value, against: series.canonFactor)
    findings = notes.findings.worstFirst()
  }

  private static let missingWeight = UptakeError(
    "missing-weight", "The series does not tell the patient's weight.",
    remedy: "State it with --weight, or export the series with Patient's Weight (0010,1030).")
}

/// Findings while a factor is worked out.
struct Notes {
  private(set) var findings: [Finding]

  init(_ findings: [Finding]) { self.findings = findings }

  mutating func note(_ severity: Finding.Severity, _ code: String, _ title: String, _ text: String) {
    findings.append(Finding(severity, code: code, title: title, text, origin: "Uptake · SUV"))
  }

  mutating func append(_ finding: Finding?) { findings += finding.map { [$0] } ?? [] }

  /// The body's measures where they are not needed: those that cannot be are left out and told of.
  mutating func body(_ weight: Mass?, _ height: Length?, _ sex: PatientSex?) -> Body? {
    guard let weight, let body = try? Body(weight: weight, sex: sex) else {
      if let weight {
        note(
          .caution, "implausible-weight", "Weight left out.",
          "The weight of \(weight.kilograms) kg cannot be; SUV by body weight does not need it here.")
      }
      return nil
    }
    guard let height else { return body }
    if let whole = try? Body(weight: weight, height: height, sex: sex) { return whole }
    note(
      .caution, "implausible-height", "Height left out.",
      "The height of \(height.centimetres / 100) m cannot be; SUV by body weight does not need it.")
    return body
  }

  /// A concentration must be corrected for attenuation, and for decay as Decay Correction says.
  ///
  /// - Parameter isSmallAnimal: in a mouse attenuation is told of and not refused.
  mutating func checkCorrections(_ series: PETSeries, isSmallAnimal: Bool = false) throws(UptakeError) {
    let isAttenuationCorrected = series.corrections.contains("ATTN")
    if isSmallAnimal, !isAttenuationCorrected {
      note(
        .serious, "no-attenuation-correction", "No attenuation correction.",
        "The header does not name it; in a mouse the uptake is then too low by some ten percent.")
    }
    guard isAttenuationCorrected || isSmallAnimal else {
      throw UptakeError(
        "no-attenuation-correction", "The series is not corrected for attenuation, or does not say that it is.",
        remedy: "Choose the corrected series of the study.")
    }
    let saysDecay = series.corrections.contains("DECY") || series.corrections.contains("DECAY")
    if case .uptake = series.unit { return }
    guard saysDecay || series.decayCorrection == DecayCorrection.none else {
      throw UptakeError(
        "contradicting-decay-correction",
        "Corrected Image does not name decay, although Decay Correction is "
          + "\(series.decayCorrection?.rawValue ?? "missing").",
        remedy: "Export the series as the scanner reconstructed it.")
    }
    if series.corrections.contains("DECAY") {
      note(.info, "decay-term", "Term for decay.", "Corrected Image says DECAY for DICOM's DECY; it was read so.")
    }
    if !isSmallAnimal, !series.corrections.contains("SCAT") {
      note(.caution, "no-scatter-correction", "No scatter correction.", "The header does not name scatter correction.")
    }
  }

  /// Every fact that a person stated, and where it stands against the header.
  mutating func noteStated(_ stated: StatedFacts, _ series: PETSeries) {
    func told(_ name: String, _ stated: String?, header: String?) {
      guard let stated else { return }
      findings.append(
        Finding(
          header == nil || header == stated ? .info : .caution, code: "stated-by-person", title: "Stated by a person.",
          "The \(name) of \(stated) was stated; the header \(header.map { "gives \($0)" } ?? "gives none").",
          subject: name, origin: "Uptake · SUV"))
    }
    told("weight", stated.weight.map { "\($0.kilograms) kg" }, header: series.weight.map { "\($0.kilograms) kg" })
    told(
      "height", stated.height.map { "\($0.centimetres) cm" }, header: series.height.map { "\($0.centimetres) cm" })
    told("sex", stated.sex?.rawValue, header: series.sex?.rawValue)
    told(
      "administered activity", stated.administered.map { "\($0.megabecquerels) MBq" },
      header: series.administered.map { "\($0.megabecquerels) MBq" })
    told("residual activity", stated.residual.map { "\($0.megabecquerels) MBq" }, header: nil)
    told("administration", stated.injection?.description, header: series.injection?.description)
    told("nuclide", stated.nuclide, header: series.nuclide)
  }

  /// Sets the factor beside that of Canon's private attribute, which is told of and not used.
  mutating func verify(_ factor: Double, against canon: Double?) {
    guard let canon else { return }
    let ratio = factor / canon
    if (ratio - 1).magnitude < 0.02 {
      note(
        .info, "canon-factor-agrees", "Maker's factor agrees.",
        "Canon's private attribute (7065,xx2D) gives the same factor within \(text((ratio - 1).magnitude * 100)) %.")
    } else {
      note(
        .serious, "canon-factor-differs", "Maker's factor differs.",
        "The factor is \(text(ratio)) times that of Canon's private attribute (7065,xx2D), whose meaning is unverified; "
          + "check weight, activity and times.")
    }
  }

  mutating func noteKind(_ kind: SUVKind, _ body: Body) {
    if kind == .bodySurface {
      note(.info, "surface-formula", "Formula of the body surface.", "The body surface is taken to be Du Bois'.")
    }
    if kind == .idealBodyWeight, body.sex != .male, body.sex != .female {
      note(
        .caution, "ideal-weight-mean", "Ideal weight without sex.",
        "The sex is neither M nor F; the mean of the two formulas is used.")
    }
  }

  mutating func noteWeight(_ weight: Mass) {
    if !(20...300).contains(weight.kilograms) {
      note(
        .caution, "unusual-weight", "Unusual weight.",
        "The weight of \(weight.kilograms) kg is outside the usual 20 to 300 kg.")
    }
  }
}

/// A number with at most six significant digits, for a sentence.
func text(_ value: Double?) -> String {
  guard let value else { return "no" }
  let scale = value == 0 ? 1 : pow(10, (5 - log10(value.magnitude)).rounded(.down))
  let rounded = (value * scale).rounded() / scale
  return rounded == rounded.rounded() && rounded.magnitude < 1e15 ? "\(Int(rounded))" : "\(rounded)"
}
