public import Quantities

/// A CT number on the Hounsfield scale: −1000 air, 0 water.
public struct CTNumber: Quantity {
  public let base: Double
  public init(base: Double) { self.base = base }
  public static var baseUnit: String { "HU" }

  /// From a value in HU.
  public static func hounsfield(_ value: Double) -> Self { Self(base: value) }
  /// The value in HU.
  public var hounsfield: Double { base }

  /// The density after Schneider, Bortfeld and Schlegel, Phys. Med. Biol. 45 (2000) 459.
  ///
  /// ρ/(g/mL) is straight from 0.00121 at −1000 HU to 0.9305 at −98, then 1.018 + 0.893 · 10⁻³ H to 14, 1.03 to 23,
  /// 1.003 + 1.169 · 10⁻³ H to 100, 1.017 + 0.592 · 10⁻³ H above. Numbers below −1000 and above 3000 HU count as these.
  /// The published lines leave a step of −4 % at 100 HU, where soft tissue ends and marrow with bone begins.
  ///
  /// - Throws: ``TransportError`` for a number that is not finite.
  public func density() throws(TransportError) -> Density {
    guard isFinite else {
      throw TransportError("ct-number", "A CT number is not finite.", remedy: "Check the CT series.")
    }
    let h = min(max(hounsfield, -1000), 3000)
    let value =
      switch h {
      case ..<(-98): Self.airDensity + (h + 1000) / 902 * (0.930486 - Self.airDensity)
      case ..<14: 1.018 + 0.893e-3 * h
      case ..<23: 1.03
      case ...100: 1.003 + 1.169e-3 * h
      default: 1.017 + 0.592e-3 * h
      }
    return .gramsPerMillilitre(value)
  }

  private static let airDensity = 0.00121
}
