public import JSON
import Provenance
import Quantities
import Volumes

extension ViewedVolume {
  /// More levels are refused.
  private static let mostLevels = 12

  /// Round doses down to a tenth of the maximum, the largest first.
  var roundIsodoses: [Double] {
    guard quantity == .dose, maximum > 1e-9, maximum < 1e9 else { return [] }
    let exponents = (-10..<10).reversed()
    let powers = exponents.map { n in repeatElement(n < 0 ? 0.1 : 10, count: abs(n)).reduce(1, *) }
    return powers.flatMap { power in [7, 5, 3, 2, 1.5, 1].map { ($0 * power * 1e10).rounded() / 1e10 } }
      .filter { $0 < maximum && $0 >= maximum / 10 }
  }

  /// The lines of equal dose in a plane of the body.
  ///
  /// `{"unit", "lines": [{"dose", "paths": [[h, v, h, v, ...], ...]}]}` with the two coordinates of the plane in mm: x and y,
  /// x and z, or y and z.
  ///
  /// - Parameters:
  ///   - plane: axial, coronal or sagittal.
  ///   - place: of the plane along its normal, in mm.
  ///   - levels: in Gy.
  /// - Throws: a refusal for a volume of other values, and for levels that are none.
  public func isodoses(in plane: String, at place: Double, levels: [Double]) throws -> JSONValue {
    guard quantity == .dose else {
      throw CaseError(
        "no-dose-map", "The series holds no doses.", remedy: "Choose a dose map of the case.", category: .input)
    }
    guard let plane = AnatomicalPlane(rawValue: plane), place.isFinite else {
      throw CaseError(
        "no-such-plane", "This is no plane of the body.", remedy: "Choose axial, coronal or sagittal.", category: .input
      )
    }
    guard (1...Self.mostLevels).contains(levels.count), levels.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw CaseError(
        "isodose-levels", "Lines of equal dose need 1 to \(Self.mostLevels) doses above 0 Gy.",
        remedy: "Name them in Gy, such as 0.5, 1, 2.", category: .input)
    }
    let image: Image<AbsorbedDose> = cut(to: VoxelBox(all: grid))
    let found = try image.isolines(at: levels.map { .grays($0) }, in: plane, through: SIMD3(repeating: place))
    return [
      "unit": "Gy",
      "lines": .array(
        zip(levels, found).map { level, lines in
          [
            "dose": .number(level),
            "paths": .array(
              lines.map { line in
                .array(
                  line.flatMap { point in
                    plane.axes.map { .number((point[$0] * 100).rounded() / 100) }
                  })
              }),
          ]
        }),
    ]
  }
}

extension AnatomicalPlane {
  /// The axes of the patient that lie in the plane.
  fileprivate var axes: [Int] {
    switch self {
    case .axial: [0, 1]
    case .coronal: [0, 2]
    case .sagittal: [1, 2]
    }
  }
}
