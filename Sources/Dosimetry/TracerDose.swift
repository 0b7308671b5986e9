public import Provenance
public import Quantities
public import Radionuclides

/// The absorbed doses of both reference adults per administered activity of a diagnostic tracer, and its effective dose.
///
/// D(T) = Σ ã(h) S(T ← h) + ã(rest) S(T ← rest) at reference masses, with the same coefficients in both adults; what is
/// not in a named source is spread over the rest of the body.
public struct TracerDose: Sendable {
  /// What the tissues of ICRP 103 receive in one adult.
  public struct Adult: Sendable {
    public let sex: Sex
    /// By the tissue's name in ``EffectiveDose``.
    public let tissues: [String: AbsorbedDosePerActivity]
    /// All regions of the phantom, by name.
    public let regions: [String: AbsorbedDosePerActivity]
  }

  public let male: Adult
  public let female: Adult
  public let effective: EffectiveDosePerActivity

  /// Tissues that the phantoms lack, and the region that stands for each.
  public static let surrogates = [
    "extrathoracic": "thyroid", "lymph-nodes": "muscle", "oral-mucosa": "salivary glands",
    "prostate-or-uterus": "urinary bladder wall in men, for the prostate",
  ]

  /// The weights of upper and lower large intestine in the colon, by their masses.
  public static let colon = Sourced(
    [0.57, 0.43], Source("ICRP 67: colon 0.57 upper and 0.43 lower large intestine", .unverified))

  /// - Parameters:
  ///   - sources: ã by the region's usual name: `kidneys`, `urinary bladder` ...
  ///   - body: ã of the whole body, bladder and bowel included; without it nothing decays elsewhere.
  /// - Throws: a refusal for a region that is no source, for sources that hold more than the body, and for a nuclide that
  ///   emits alpha particles.
  public init(
    _ nuclide: Nuclide, sources: [(region: String, coefficient: TimeIntegratedActivityCoefficient)],
    body: TimeIntegratedActivityCoefficient?
  ) throws {
    guard nuclide.emitted[.alpha] == .zero else {
      throw DosimetryError(
        "effective-dose-of-therapy", "\(nuclide.name) emits alpha particles; effective dose is for diagnostic tracers.",
        remedy: "Ask for organ doses without the effective dose.")
    }
    let held = sources.map(\.coefficient).total()
    if let body, body < held {
      throw DosimetryError(
        "remainder-negative", "The organs hold \(held.hours) h of the body's \(body.hours) h.",
        remedy: "Check the coefficients; the body's includes bladder and bowel.")
    }
    func adult(_ sex: Sex) throws -> Adult {
      try Adult(sex, DecayChain(of: nuclide), sources, rest: body.map { $0 - held })
    }
    male = try adult(.male)
    female = try adult(.female)
    effective = try EffectiveDose.perActivity(male: male.tissues, female: female.tissues)
  }
}

extension TracerDose.Adult {
  fileprivate init(
    _ sex: Sex, _ chain: DecayChain,
    _ sources: [(region: String, coefficient: TimeIntegratedActivityCoefficient)],
    rest: TimeIntegratedActivityCoefficient?
  ) throws {
    let set = try PhantomSValues(sex)
    // Only what has a mass of its own can be taken out of the body.
    let solid = sources.map(\.region).filter { set.referenceMass(of: PhantomRegion.source($0)) != nil }
    var regions: [String: AbsorbedDosePerActivity] = [:]
    for target in set.targets {
      var dose = AbsorbedDosePerActivity.zero
      for source in sources {
        dose += source.coefficient * (try set.sValue(of: chain, target: target, source: source.region).total)
      }
      if let rest { dose += rest * (try set.remainder(of: chain, target: target, without: solid).total) }
      regions[target] = dose
    }
    func dose(_ name: String) throws -> AbsorbedDosePerActivity {
      guard let dose = regions[name] else {
        throw DosimetryError(
          "tissue-missing", "The phantom of the \(sex.rawValue) has no \(name).", remedy: "Report this.",
          category: .internalFault)
      }
      return dose
    }
    let colon = TracerDose.colon.value
    self.sex = sex
    self.regions = regions
    tissues = [
      "red-marrow": try dose("red marrow"),
      "colon": try dose("upper large intestine wall") * colon[0] + dose("lower large intestine wall") * colon[1],
      "lungs": try dose("lungs"), "stomach": try dose("stomach wall"),
      "breast": try regions["breasts"] ?? dose("muscle"),
      "gonads": try sex == .male ? dose("testes") : dose("ovaries"), "bladder": try dose("urinary bladder wall"),
      "oesophagus": try dose("oesophagus"), "liver": try dose("liver"), "thyroid": try dose("thyroid"),
      "bone-surface": try dose("bone surfaces"), "brain": try dose("brain"),
      "salivary-glands": try dose("salivary glands"), "skin": try dose("skin"), "adrenals": try dose("adrenals"),
      "extrathoracic": try dose("thyroid"), "gall-bladder": try dose("gall bladder wall"),
      "heart": try dose("heart wall"), "kidneys": try dose("kidneys"), "lymph-nodes": try dose("muscle"),
      "muscle": try dose("muscle"), "oral-mucosa": try dose("salivary glands"), "pancreas": try dose("pancreas"),
      "prostate-or-uterus": try sex == .male ? dose("urinary bladder wall") : dose("uterus"),
      "small-intestine": try dose("small intestine"), "spleen": try dose("spleen"), "thymus": try dose("thymus"),
    ]
  }
}
