public import Quantities
import Volumes

/// The counts of one detector, as the patient is seen from the front: those of the back are mirrored.
public struct PlanarView: Sendable {
  /// The main window, row after row.
  public let main: [Float]
  /// The window below it.
  public let lower: [Float]?
  /// The window above it.
  public let upper: [Float]?

  public init(main: [Float], lower: [Float]? = nil, upper: [Float]? = nil) {
    self.main = main
    self.lower = lower
    self.upper = upper
  }

  var total: Double {
    [main, lower ?? [], upper ?? []].reduce(0) { $0 + $1.reduce(0.0) { $0 + Double($1) } }
  }
}

/// Two opposite views at one time.
public struct PlanarScan: Sendable {
  /// When it began, after the administration.
  public let start: Time
  /// From its begin to its end.
  public let duration: Time
  /// How long each pixel was counted: the duration of a static, the detector's length over the speed of a moving bed.
  public let exposure: Time
  /// The bed, where it moved.
  public let bed: BedMotion?
  /// Pixels along a row.
  public let columns: Int
  /// Rows, head first.
  public let rows: Int
  /// The edge of a pixel.
  public let pixel: Length
  public let front: PlanarView
  public let back: PlanarView

  /// - Throws: ``ScintigraphyError`` when sizes do not fit, or durations are not above 0.
  public init(
    start: Time, duration: Time, exposure: Time, bed: BedMotion?, columns: Int, rows: Int, pixel: Length,
    front: PlanarView, back: PlanarView
  ) throws(ScintigraphyError) {
    let arrays = [front, back].flatMap { [$0.main, $0.lower, $0.upper].compactMap(\.self) }
    guard columns > 1, rows > 1, arrays.allSatisfy({ $0.count == columns * rows }) else {
      throw ScintigraphyError(
        "views-differ", "The two views or their windows differ in size.",
        remedy: "Export anterior and posterior of one acquisition.")
    }
    guard arrays.allSatisfy({ $0.allSatisfy { $0 >= 0 && $0.isFinite } }) else {
      throw ScintigraphyError(
        "counts-negative", "A view holds a pixel below zero.", remedy: "Use the counts as they were acquired.")
    }
    guard duration > .zero, exposure > .zero, exposure <= duration, duration.isFinite, pixel > .zero else {
      throw ScintigraphyError(
        "scan-duration", "A scan took \(duration.seconds) s and counted each pixel \(exposure.seconds) s.",
        remedy: "Check duration, speed of the bed and length of the detector.")
    }
    self.start = start
    self.duration = duration
    self.exposure = exposure
    self.bed = bed
    self.columns = columns
    self.rows = rows
    self.pixel = pixel
    self.front = front
    self.back = back
  }

  /// When the middle of a region was counted.
  public func time(of region: PlanarCoverage) -> Time {
    guard let bed else { return start + duration / 2 }
    return start + bed.time(atRow: region.middleRow, rows: rows, height: pixel) + exposure / 2
  }

  /// The root of the geometric mean, smoothed: nearly the same noise everywhere, for laying times on one another.
  func outline() throws -> Image<CountRate> {
    let grid = Grid(
      columns: columns, rows: rows, slices: 1, origin: .zero, columnStep: SIMD3(pixel.millimetres, 0, 0),
      rowStep: SIMD3(0, pixel.millimetres, 0), sliceStep: SIMD3(0, 0, 1000))
    let blur = try GaussianBlur(fullWidthAtHalfMaximum: max(.millimetres(12), pixel * 2.5))
    let mean = zip(front.main, back.main).map { ($0 + $1) / 2 }
    let smooth = try blur(Image<CountRate>(grid: grid, values: mean))
    return Image(grid: grid, values: smooth.values.map { max(0, $0).squareRoot() })
  }
}

/// How a later scan lies against the one on which the regions were drawn.
public struct PlanarShift: Hashable, Sendable {
  /// Towards higher columns.
  public let across: Length
  /// Towards higher rows.
  public let down: Length
  /// By the right-hand rule about the axis into the image.
  public let turn: Angle
  /// Of the smoothed images after the motion.
  public let correlation: Double

  private let transform: RigidTransform
  private let pixel: Double

  /// Finds the rigid motion in the plane, see ``RigidRegistration``.
  ///
  /// Shift and turn are those of the middle of the image.
  public init(from drawn: PlanarScan, to other: PlanarScan) throws {
    let found = try RigidRegistration(of: other.outline(), to: drawn.outline())
    transform = found.transform
    pixel = drawn.pixel.millimetres
    let centre = SIMD3(Double(drawn.columns) / 2 * pixel, Double(drawn.rows) / 2 * pixel, 0)
    let shift = found.transform(centre) - centre
    across = .millimetres(shift.x)
    down = .millimetres(shift.y)
    let direction = found.transform(centre + SIMD3(1, 0, 0)) - found.transform(centre)
    turn = .degrees((direction.y < 0 ? -1 : 1) * found.transform.turn.degrees)
    correlation = found.correlation
  }

  /// Where a point of the drawing, in pixels, lies on the other scan.
  public func callAsFunction(_ point: SIMD2<Double>) -> SIMD2<Double> {
    let moved = transform(SIMD3(point.x * pixel, point.y * pixel, 0)) / pixel
    return SIMD2(moved.x, moved.y)
  }
}
