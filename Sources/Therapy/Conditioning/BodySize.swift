public import Dosimetry
import Glibc
public import Provenance
public import Quantities

/// The area of the skin.
public struct BodySurfaceArea: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "m^2" }

  /// From a value in m².
  public static func squareMetres(_ value: Double) -> Self { Self(base: value) }
  /// The value in m².
  public var squareMetres: Double { base }
}

/// The plasma that the kidneys clear per time.
public struct Clearance: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "mL/min" }

  /// From a value in mL/min.
  public static func millilitresPerMinute(_ value: Double) -> Self { Self(base: value) }
  /// The value in mL/min.
  public var millilitresPerMinute: Double { base }
}

/// What doses of drugs are scaled by.
public struct BodySize: Hashable, Sendable {
  /// Formulae of the body surface area.
  public enum SurfaceFormula: String, CaseIterable, Sendable {
    case duBois = "du-bois"
    case mosteller
  }

  /// Weights that doses per kilogram refer to.
  public enum WeightChoice: String, CaseIterable, Sendable {
    case actual, ideal
    case adjusted25 = "adjusted-25"
    case adjusted40 = "adjusted-40"
  }

  public let sex: Sex
  public let weight: Mass
  public let height: Length

  /// - Throws: ``TherapyError`` for a weight outside 10–400 kg or a height outside 0.8–2.6 m.
  public init(sex: Sex, weight: Mass, height: Length) throws {
    guard (10...400).contains(weight.kilograms), (80...260).contains(height.centimetres) else {
      throw TherapyError(
        "body-size-invalid", "The weight is \(weight.kilograms) kg and the height \(height.centimetres) cm.",
        remedy: "Give a weight from 10 to 400 kg and a height from 80 to 260 cm.")
    }
    self.sex = sex
    self.weight = weight
    self.height = height
  }

  /// Du Bois 1916: 0.007184 W^0.425 H^0.725; Mosteller 1987: √(W H/3600), with W in kg and H in cm.
  public func surface(_ formula: SurfaceFormula) -> BodySurfaceArea {
    let (w, h) = (weight.kilograms, height.centimetres)
    switch formula {
    case .duBois: return .squareMetres(0.007184 * pow(w, 0.425) * pow(h, 0.725))
    case .mosteller: return .squareMetres((w * h / 3600).squareRoot())
    }
  }

  /// Devine 1974: 50 kg (men) or 45.5 kg (women) and 2.3 kg for each inch above 60. Remembered, not read.
  public var idealWeight: Sourced<Mass> {
    let inches = height.centimetres / 2.54
    let base = sex == .male ? 50.0 : 45.5
    return Sourced(.kilograms(max(0, base + 2.3 * (inches - 60))), Source("Devine 1974", .unverified))
  }

  /// The weight of a choice; adjusted is ideal + 0.25 or 0.4 of what the actual weight is above it.
  public func weight(_ choice: WeightChoice) -> Mass {
    let ideal = idealWeight.value
    switch choice {
    case .actual: return weight
    case .ideal: return ideal
    case .adjusted25: return ideal + 0.25 * (weight - ideal)
    case .adjusted40: return ideal + 0.4 * (weight - ideal)
    }
  }

  /// Cockcroft and Gault 1976: (140 − age) W (0.85 in women)/(72 creatinine), creatinine in mg/dL.
  ///
  /// - Throws: ``TherapyError`` for an age outside 1–120 years or a creatinine that is not above 0.
  public func creatinineClearance(ageInYears age: Double, creatinine: ExactDecimal) throws -> Clearance {
    guard (1...120).contains(age), creatinine > 0 else {
      throw TherapyError(
        "clearance-invalid", "The age is \(age) years and the creatinine \(creatinine) mg/dL.",
        remedy: "Give an age from 1 to 120 years and a creatinine above 0 mg/dL.")
    }
    let factor = sex == .female ? 0.85 : 1
    return .millilitresPerMinute((140 - age) * weight.kilograms * factor / (72 * creatinine.double))
  }
}
