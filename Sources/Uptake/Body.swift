import Glibc
public import Quantities
public import Studies

/// A patient's measures within the limits that an uptake value needs.
public struct Body: Hashable, Sendable {
  /// The weight, 2 to 400 kg.
  public let weight: Mass
  /// The height, 0.4 to 2.5 m; `nil` when it is not known.
  public let height: Length?
  /// The sex; `nil` when it is not known.
  public let sex: PatientSex?

  /// - Throws: ``UptakeError`` for a weight or a height outside its limits.
  public init(weight: Mass, height: Length? = nil, sex: PatientSex? = nil) throws(UptakeError) {
    guard (2...400).contains(weight.kilograms) else {
      throw UptakeError(
        "weight", "The patient's weight is \(weight.kilograms) kg.",
        remedy: "State the weight in kg; DICOM holds kg, not g or lb.")
    }
    if let height, !(40...250).contains(height.centimetres) {
      throw UptakeError(
        "height", "The patient's height is \(height.centimetres / 100) m.",
        remedy: "State the height; DICOM holds m, not cm.")
    }
    self.weight = weight
    self.height = height
    self.sex = sex
  }

  /// How the lean body mass is computed.
  public enum LeanFormula: String, CaseIterable, Hashable, Sendable {
    /// James: men 1.10 W − 128 (W/H)², women 1.07 W − 148 (W/H)², W in kg and H in cm.
    case james128 = "James 128"
    /// As ``james128`` with 120 for men, a variant in wide use; for comparison with reports of others.
    case james120 = "James 120"
    /// Janmahasatian: men 9270 W / (6680 + 216 BMI), women 9270 W / (8780 + 244 BMI).
    case janmahasatian = "Janmahasatian"
  }

  /// How the body surface is computed.
  public enum SurfaceFormula: String, CaseIterable, Hashable, Sendable {
    /// Du Bois: 0.007184 W^0.425 H^0.725 m², W in kg and H in cm.
    case duBois = "Du Bois"
    /// Mosteller: √(W H / 3600) m², W in kg and H in cm.
    case mosteller = "Mosteller"
  }

  /// The lean body mass; refused without height or for a sex for which there is no formula (SCIENCE 1.1, WE-1.2).
  public func leanMass(_ formula: LeanFormula) throws(UptakeError) -> Mass {
    let (w, h) = (weight.kilograms, try required().centimetres)
    let bmi = w / (h / 100 * h / 100)
    let kilograms: Double
    switch (formula, sex) {
    case (.james128, .male): kilograms = 1.10 * w - 128 * (w / h) * (w / h)
    case (.james120, .male): kilograms = 1.10 * w - 120 * (w / h) * (w / h)
    case (.james128, .female), (.james120, .female): kilograms = 1.07 * w - 148 * (w / h) * (w / h)
    case (.janmahasatian, .male): kilograms = 9270 * w / (6680 + 216 * bmi)
    case (.janmahasatian, .female): kilograms = 9270 * w / (8780 + 244 * bmi)
    case (_, .other), (_, nil):
      throw UptakeError(
        "sex", "The lean body mass needs the patient's sex, which is \(sex == nil ? "not known" : "neither M nor F").",
        remedy: "State it, or use SUV by body weight.")
    }
    guard kilograms > 0 else {
      throw UptakeError(
        "lean-mass", "The formula \(formula.rawValue) gives no lean mass for \(w) kg and \(h) cm.",
        remedy: "Use Janmahasatian's formula.")
    }
    return .kilograms(kilograms)
  }

  /// The body surface; refused without height.
  public func surface(_ formula: SurfaceFormula) throws(UptakeError) -> BodySurface {
    let (w, h) = (weight.kilograms, try required().centimetres)
    return switch formula {
    case .duBois: .squareMetres(0.007184 * pow(w, 0.425) * pow(h, 0.725))
    case .mosteller: .squareMetres((w * h / 3600).squareRoot())
    }
  }

  /// The ideal body weight: men 48.0 + 1.06 (H − 152), women 45.5 + 0.91 (H − 152), H in cm, otherwise their mean.
  public func idealWeight() throws(UptakeError) -> Mass {
    let h = try required().centimetres
    let (man, woman) = (48.0 + 1.06 * (h - 152), 45.5 + 0.91 * (h - 152))
    let kilograms =
      switch sex {
      case .male: man
      case .female: woman
      case .other, nil: (man + woman) / 2
      }
    guard kilograms > 0 else {
      throw UptakeError(
        "ideal-weight", "There is no ideal weight for a height of \(h) cm.", remedy: "Use SUV by body weight.")
    }
    return .kilograms(kilograms)
  }

  /// What an uptake value of a kind is divided by to be one by body weight: the kind's norm over the weight. For the
  /// body surface in cm²/g, as the value is in cm²/mL.
  public func normOverWeight(_ kind: SUVKind) throws(UptakeError) -> Double {
    switch kind {
    case .bodyWeight: return 1
    case .bodySurface: return try surface(.duBois).base / weight.grams
    case .leanJames128: return try leanMass(.james128) / weight
    case .leanJanmahasatian: return try leanMass(.janmahasatian) / weight
    case .idealBodyWeight: return try idealWeight() / weight
    case .leanUnnamed:
      throw UptakeError(
        "lean-formula-unnamed", "The values are normalised to a lean body mass whose formula is not named.",
        remedy: "Export the series in BQML, or with SUV Type LBMJAMES128 or LBMJANMA.")
    }
  }

  private func required() throws(UptakeError) -> Length {
    guard let height else {
      throw UptakeError(
        "missing-height", "The patient's height is not known.", remedy: "State it, or use SUV by body weight.")
    }
    return height
  }
}
