import Glibc
public import Quantities

/// An organ whose activity is uniform and known at every time.
public struct TrueOrgan: Hashable, Sendable {
  /// The name under which it is drawn.
  public let name: String
  /// The parts, which do not overlap and hold one concentration.
  public let parts: [Ellipsoid]
  /// The density of its tissue.
  public let density: Density
  /// The activity of all parts together.
  public let kinetics: TrueKinetics

  /// The volume of all parts together.
  public var volume: Volume { .millilitres(parts.reduce(0) { $0 + $1.cubicMillimetres } / 1000) }

  /// Density times volume.
  public var mass: Mass { volume * density }

  /// The diameter of the sphere of the same volume.
  var equivalentDiameter: Length { .millimetres(2 * cbrt(750 * volume.millilitres / .pi)) }
}

/// The body of the demonstration patient.
enum Anatomy {
  /// Half-life 6.647 d (ICRP Publication 107).
  static let physicalDecay = RateConstant.perHour(log(2.0) / 159.528)

  /// The trunk, as far as the camera sees it.
  static let trunk = Ellipsoid(centre: SIMD3(0, 0, 0), semiaxes: SIMD3(185, 120, 290))

  static let lungs = [55.0, -55.0].map { Ellipsoid(centre: SIMD3($0, -5, 205), semiaxes: SIMD3(38, 48, 50)) }

  /// The centres of L2, L3 and L4.
  static let vertebrae: [(name: String, centre: SIMD3<Double>)] = [
    ("L2", SIMD3(0, 45, -20)), ("L3", SIMD3(0, 45, -56)), ("L4", SIMD3(0, 45, -92)),
  ]

  static let vertebralBodies = "Vertebral bodies L2-L4"

  /// The radius of the spheres in which the marrow is sampled, in mm.
  static let samplingRadius = 8.0

  /// The organs with the effective half-lives published for [177Lu]pentixather.
  ///
  /// Kidneys 2.2 % each at 18 h, 41 h (Buck et al., Eur J Nucl Med Mol Imaging 2022;49:4133); liver 109 h, spleen 86 h,
  /// marrow 92 h (Hänscheid et al. 2022); tumour 122 h (Buck). The coefficients ã give doses of 1.0 to 1.2 (kidneys), 0.4
  /// (liver), 0.6 (spleen), 0.4 (marrow) and 3 Gy/GBq (lesion) by local absorption, the marrow with a share of
  /// 7.2 % in L2 to L4. The uptake half-lives but the kidneys' are assumed.
  static let organs: [TrueOrgan] = [
    organ("Left kidney", [SIMD3(65, 55, 0)], SIMD3(28.5, 22, 52.6), 1.764_171, 41, 5.315_369),
    organ("Right kidney", [SIMD3(-65, 55, -12)], SIMD3(26, 21.5, 52.9), 1.764_171, 41, 5.315_369),
    organ("Liver", [SIMD3(-65, -20, 92)], SIMD3(85, 62, 60.4), 6.56, 109, 1.5),
    organ("Spleen", [SIMD3(110, 30, 85)], SIMD3(30, 30, 50), 1.39, 86, 2),
    organ(vertebralBodies, vertebrae.map(\.centre), SIMD3(24, 18, 15), 0.535, 92, 3),
    organ("Lesion", [SIMD3(80, -10, -121.2)], SIMD3(17.5, 15.5, 16.5), 0.69, 122, 6),
  ]

  /// The trunk without the organs: its share of a whole body that retains half of the activity with 10 h and half with
  /// 96 h of biological half-life (Buck et al. 2022), less what the organs hold at most.
  static let remainder = TrueKinetics(
    phases: [(0.15, .hours(10)), (0.15, .hours(96))], physical: physicalDecay)

  static var remainderCubicMillimetres: Double {
    trunk.cubicMillimetres - organs.reduce(0) { $0 + $1.volume.millilitres * 1000 }
  }

  private static func organ(
    _ name: String, _ centres: [SIMD3<Double>], _ semiaxes: SIMD3<Double>, _ coefficient: Double, _ clearance: Double,
    _ uptake: Double
  ) -> TrueOrgan {
    TrueOrgan(
      name: name, parts: centres.map { Ellipsoid(centre: $0, semiaxes: semiaxes) },
      density: .gramsPerMillilitre(1.04),
      kinetics: TrueKinetics(
        coefficient: .hours(coefficient), clearance: .hours(clearance), uptake: .hours(uptake),
        physical: physicalDecay))
  }
}
