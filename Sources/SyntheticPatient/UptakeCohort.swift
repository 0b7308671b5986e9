import Glibc
import Numerics
public import Quantities
public import Volumes

/// Patients and controls with known uptake of [68Ga]Pentixafor at the sites of Herhaus et al. 2016.
///
/// Nobody is behind them: five are bright in the marrow (one of them in a lesion alone), five are not, five are
/// controls. Every number follows from the seed.
public struct UptakeCohort: Sendable {
  /// How the marrow of a group takes the tracer up.
  public enum Group: String, CaseIterable, Sendable {
    case positive, negative, control

    /// The mean and the spread between patients of the marrow's SUV.
    var marrow: (mean: Double, deviation: Double) {
      switch self {
      case .positive: (7.6, 1.6)
      case .negative: (2.6, 0.4)
      case .control: (2.0, 0.3)
      }
    }
  }

  /// One of the cohort.
  public struct Patient: Sendable {
    /// `P01` to `P15`.
    public let name: String
    public let group: Group
    /// The disease; `nil` for a control.
    public let entity: String?
    public let weight: Mass
    public let administered: Activity
    /// When it was given.
    public let injection: Timestamp
    /// When the scan began.
    public let scanStart: Timestamp
    /// The organs and bones with their uptake as SUV by body weight.
    public let organs: [(name: String, parts: [Ellipsoid], uptake: Double)]
    /// The uptake of the rest of the body.
    public let background: Double
    /// The lesion outside the marrow; `nil` without one.
    public let lesion: Ellipsoid?
    /// The names of bones that cannot be measured, with the reason.
    public let missing: [String: String]
    /// Factors of the marrow's uptake before (1) and, where there is a second study, after treatment.
    public let studies: [Double]
  }

  /// Half-life 67.71 min (ICRP Publication 107).
  public static let halfLife = Time.minutes(67.71)
  /// The grid of the PET: 76 × 52 × 164 voxels of 5.5 × 5.5 × 6 mm.
  public static let emissionGrid = Grid(
    columns: 76, rows: 52, slices: 164, origin: SIMD3(-206.25, -130, -210), columnStep: SIMD3(5.5, 0, 0),
    rowStep: SIMD3(0, 5.5, 0), sliceStep: SIMD3(0, 0, 6))
  /// The grid of the CT on the same slices: 152 × 104 × 164 voxels of 2.75 × 2.75 × 6 mm.
  public static let tomographyGrid = Grid(
    columns: 152, rows: 104, slices: 164, origin: SIMD3(-207.625, -131.375, -210), columnStep: SIMD3(2.75, 0, 0),
    rowStep: SIMD3(0, 2.75, 0), sliceStep: SIMD3(0, 0, 6))

  /// Decides all random numbers.
  public let seed: UInt64
  /// All fifteen, by name.
  public let patients: [Patient]

  public init(seed: UInt64) {
    self.seed = seed
    patients = (0..<15).map { Self.patient($0, seed: seed) }
  }

  private static func patient(_ n: Int, seed: UInt64) -> Patient {
    var draws = RandomStream(seed: seed &* 64 &+ UInt64(n), stream: "uptake")
    func normal(_ mean: Double, _ deviation: Double, atLeast least: Double) -> Double {
      max(least, mean + deviation * max(-2.5, min(2.5, draws.normal())))
    }
    let group: Group = n < 5 ? .positive : n < 10 ? .negative : .control
    let hasLesionAlone = n == 4
    let marrow = hasLesionAlone ? Group.control.marrow : group.marrow
    let own = normal(marrow.mean, marrow.deviation, atLeast: 1)
    let uptakes = [
      "liver": normal(2.3, 0.3, atLeast: 1.5), "spleen": normal(6, 1.2, atLeast: 3),
      "kidney_left": normal(5, 0.8, atLeast: 2), "urinary_bladder": normal(24, 7, atLeast: 8),
      "aorta": normal(1.8, 0.2, atLeast: 1.2),
    ]
    let organs = UptakeAnatomy.organs.map { name, parts in
      let isBone = name.hasPrefix("vertebrae_") || name.hasPrefix("hip_")
      let uptake =
        isBone
        ? own * normal(1, 0.15, atLeast: 0.5)
        : uptakes[name == "kidney_right" ? "kidney_left" : name] ?? 1
      return (name, parts, uptake)
    }
    let start = Timestamp(secondsSince1970: 1_772_000_000 + Double(n) * 86_400, utcOffset: 3600)
    let weight = (normal(74, 11, atLeast: 45) * 10).rounded() / 10
    let activity = (normal(140, 15, atLeast: 90) * 10).rounded() / 10
    return Patient(
      name: n < 9 ? "P0\(n + 1)" : "P\(n + 1)", group: group,
      entity: group == .control ? nil : ["AML", "AML", "multiple myeloma", "lymphoma", "AML"][n % 5],
      weight: .kilograms(weight), administered: .megabecquerels(activity), injection: start,
      scanStart: start + .minutes(60), organs: organs, background: 0.7,
      lesion: hasLesionAlone ? UptakeAnatomy.lesion : nil, missing: UptakeAnatomy.missing[n] ?? [:],
      studies: UptakeAnatomy.responses[n].map { [1, $0] } ?? [1])
  }
}

extension UptakeCohort.Patient {
  /// The concentration at the start of the scan: uniform organs blurred by 6 mm, with 4 % noise and that of the counts.
  ///
  /// - Parameter study: 0 before, 1 after treatment.
  public func image(study: Int = 0) throws -> Image<ActivityConcentration> {
    let grid = UptakeCohort.emissionGrid
    let factor = studies[study]
    var uptake = [Float](repeating: 0, count: grid.count)
    func fill(_ parts: [Ellipsoid], _ value: Double) {
      var share = [Float](repeating: 0, count: grid.count)
      for part in parts { part.rasterize(into: &share, box: VoxelBox(all: grid), grid: grid) }
      for i in share.indices where share[i] > 0 {
        let filled = min(1, share[i])
        uptake[i] = uptake[i] * (1 - filled) + Float(value) * filled
      }
    }
    fill(UptakeAnatomy.body, background)
    for organ in organs {
      let isBone = organ.name.hasPrefix("vertebrae_") || organ.name.hasPrefix("hip_")
      fill(organ.parts, isBone ? organ.uptake * factor : organ.uptake)
    }
    if let lesion { fill([lesion], 6.2 * factor) }
    let blurred = try GaussianBlur(fullWidthAtHalfMaximum: .millimetres(7))(
      Image<ActivityConcentration>(grid: grid, values: uptake))
    let elapsed = (scanStart - injection) / UptakeCohort.halfLife
    let scale = administered.becquerels * exp2(-elapsed) / weight.grams
    var draws = RandomStream(seed: UInt64(weight.grams) &* 8 &+ UInt64(study), stream: "pet noise")
    return Image(
      grid: grid,
      values: blurred.values.map { value in
        let noise = 0.04 * Double(value) + 0.02 * Double(value).squareRoot()
        return Float(max(0, Double(value) + noise * draws.normal()) * scale)
      })
  }

  /// The CT in Hounsfield units on ``UptakeCohort/tomographyGrid``.
  public func tomography() -> [Int16] {
    let grid = UptakeCohort.tomographyGrid
    var values = [Int16](repeating: -1000, count: grid.count)
    func fill(_ part: Ellipsoid, _ value: Int16) {
      let box = part.box(on: grid)
      box.forEachRow { j, k in
        for i in box.columns where part.squaredRadius(grid.position(i, j, k)) < 1 {
          values[grid.index(i, j, k)] = value
        }
      }
    }
    for part in UptakeAnatomy.body { fill(part, 20) }
    for part in UptakeAnatomy.lungs { fill(part, -800) }
    for organ in organs {
      let isBone = organ.name.hasPrefix("vertebrae_") || organ.name.hasPrefix("hip_")
      for part in organ.parts { fill(part, isBone ? 260 : organ.name == "aorta" ? 40 : 55) }
    }
    if let lesion { fill(lesion, 45) }
    return values
  }

  /// The outlines on the slices, by the class of each organ and bone.
  public func structures() -> [Structure] {
    let all = organs.map { ($0.name, $0.parts) } + (lesion.map { [("lesion", [$0])] } ?? [])
    return all.map { name, parts in
      Structure(name: name, contours: parts.flatMap { $0.contours(on: UptakeCohort.tomographyGrid) })
    }
  }
}
