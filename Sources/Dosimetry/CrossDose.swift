public import Kinetics
public import Quantities
public import Radionuclides

/// What other decays than an organ's own give to it: S(organ ← emitter) with one region's curves.
///
/// The remainder of the body is the sum of several: the whole body's curves, and each organ's with a scale below 0.
public struct CrossDose: Sendable {
  /// What emits.
  public enum Emitter: Hashable, Sendable {
    /// A region.
    case region(DoseRegion)
    /// What is left of a body of a mass without some organs.
    case remainder(without: [DoseRegion], body: Mass)

    /// Its name.
    public var name: String {
      switch self {
      case .region(let region): region.name
      case .remainder: RemainderOfBody.name
      }
    }

    /// S(organ ← emitter); `nil` when the set does not hold it.
    public func sValue(_ nuclide: Nuclide, target: DoseRegion, in set: any SValueSet) throws -> SValueEntry? {
      switch self {
      case .region(let region): try set.sValue(nuclide, target: target, source: region)
      case .remainder(let organs, let body): try set.remainder(nuclide, target: target, without: organs, body: body)
      }
    }
  }

  /// What emits.
  public let emitter: Emitter
  /// The name of the region whose curves these are.
  public let source: String
  /// The curves of its parts.
  public let curves: [CurveEstimate]
  /// From the measured to the source's activity.
  public let scale: Double
  /// S(organ ← emitter).
  public let sValue: SValueEntry

  public init(emitter: Emitter, source: String, curves: [CurveEstimate], scale: Double, sValue: SValueEntry) {
    self.emitter = emitter
    self.source = source
    self.curves = curves
    self.scale = scale
    self.sValue = sValue
  }

  /// The dose per administered activity that these decays give.
  public func perActivity(administered: Activity) -> AbsorbedDosePerActivity {
    curves.map(\.timeIntegratedActivity.value).total() * scale / administered * sValue.total
  }

  /// The same decays with another S value.
  public func replacing(sValue: SValueEntry) -> CrossDose {
    CrossDose(emitter: emitter, source: source, curves: curves, scale: scale, sValue: sValue)
  }
}
