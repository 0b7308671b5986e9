/// The body of the patients of the uptake cohort, from the thighs to the vertex; x to the left, y to the back.
enum UptakeAnatomy {
  static let body = [
    Ellipsoid(centre: SIMD3(0, 10, 190), semiaxes: SIMD3(185, 112, 430)),
    Ellipsoid(centre: SIMD3(0, 10, 660), semiaxes: SIMD3(78, 96, 105)),
  ]

  static let lungs = [70.0, -70.0].map { Ellipsoid(centre: SIMD3($0, -5, 370), semiaxes: SIMD3(52, 70, 110)) }

  /// Organs and the bones of the sites by the names of their classes.
  static let organs: [(name: String, parts: [Ellipsoid])] = [
    ("liver", [part(-78, -12, 205, 82, 62, 60)]),
    ("spleen", [part(112, 42, 220, 28, 30, 48)]),
    ("kidney_left", [part(66, 62, 118, 27, 22, 52)]),
    ("kidney_right", [part(-66, 62, 106, 27, 22, 52)]),
    ("urinary_bladder", [part(0, -38, -130, 36, 32, 28)]),
    ("aorta", [part(16, 18, 260, 13, 13, 130)]),
    ("vertebrae_C7", [part(0, 42, 508, 15, 14, 11)]),
    ("vertebrae_T12", [part(0, 58, 178, 22, 17, 14)]),
    ("hip_right", [part(-86, 46, -48, 22, 30, 40)]),
    ("vertebrae_L5", [part(0, 48, 2, 25, 18, 15)]),
    ("hip_left", [part(86, 46, -48, 22, 30, 40)]),
  ]

  /// A lesion in the orbit's soft tissue.
  static let lesion = part(34, -48, 640, 13, 12, 13)

  /// Bones that cannot be measured, by the place of the patient.
  static let missing: [Int: [String: String]] = [
    2: ["vertebrae_L5": "vertebral fracture"], 8: ["vertebrae_C7": "not in the field of view"],
  ]

  /// The factor of the marrow's uptake after treatment, by the place of the patient.
  static let responses: [Int: Double] = [0: 0.28, 1: 0.52, 2: 1.12, 3: 0.37, 4: 0.6, 6: 0.9]

  private static func part(
    _ x: Double, _ y: Double, _ z: Double, _ a: Double, _ b: Double, _ c: Double
  ) -> Ellipsoid {
    Ellipsoid(centre: SIMD3(x, y, z), semiaxes: SIMD3(a, b, c))
  }
}
