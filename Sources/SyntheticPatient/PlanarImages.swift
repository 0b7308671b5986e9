import Glibc
import Numerics
public import Quantities
import Volumes

/// A planar whole-body acquisition with two detectors and three windows, as the camera stores it.
public struct SyntheticPlanarScan: Sendable {
  /// When it began.
  public let start: Timestamp
  /// From the first to the last row.
  public let duration: Time
  /// How long each row was before the detectors.
  public let exposure: Time
  /// Main, lower and upper window of the front detector, head first, row after row.
  public let front: [[UInt16]]
  /// The same of the back detector, as it sees the patient: the patient's left on the image's left.
  public let back: [[UInt16]]
}

/// What the user of the synthetic planar camera knows about it.
public enum SyntheticPlanarCamera {
  public static let columns = 256
  public static let rows = 640
  public static let pixel = Length.millimetres(2.4)
  /// Counts per second and MBq in air, of one detector in the main window.
  public static let countsPerSecondPerMegabecquerel = 6.11
  /// The relative standard uncertainty of that.
  public static let sensitivityUncertainty = 0.03
  /// The width of its point-spread function.
  public static let fullWidthAtHalfMaximum = Length.millimetres(10)
  /// The detectors' length along the bed.
  public static let fieldOfView = Length.millimetres(400)
  /// The dead time, paralysable.
  public static let deadTime = Time.seconds(1e-6)
  /// The limits of main, lower and upper window in keV: 208 keV 12 %, 10 % below and 15 % above of 208 keV.
  public static let windows = [(195.52, 220.48), (174.72, 195.52), (220.48, 251.68)]
  /// The millimetres per second at which the bed moves: 12 cm/min on the first two days, slower later.
  public static func speed(after administration: Time) -> Double {
    administration.hours < 36 ? 2 : administration.hours < 100 ? 1 : 0.6
  }
  /// Where the first row lies above the patient's origin.
  public static let top = Length.millimetres(470)

  /// The pixel of a place in the patient's coordinates, in mm, as seen from the front.
  public static func place(x: Double, z: Double) -> SIMD2<Double> {
    SIMD2((x + 306) / pixel.millimetres, (top.millimetres - z) / pixel.millimetres)
  }
}

extension SyntheticPatient {
  /// The planar whole-body scans, 20 minutes after the beginning of each SPECT.
  ///
  /// Photons are attenuated along the patient's y axis, blurred, joined by scattered ones (a quarter of them, blurred 40 mm
  /// wide, seen in the scatter windows as the three-window method assumes), lost to dead time and counted (Poisson). The patient
  /// lies up to some mm differently each time. Deterministic in the seed.
  public func planarScans() throws -> [SyntheticPlanarScan] {
    var draws = RandomStream(seed: seed, stream: "planar camera")
    var counts = RandomStream(seed: seed, stream: "planar counts")
    let calibration = 1 + (errors.calibration > 0 ? SyntheticPlanarCamera.sensitivityUncertainty : 0) * draws.normal()
    let templates = try planarTemplates()
    return try acquisitionStarts.map { begin in
      let start = begin + .minutes(40)
      let speed = SyntheticPlanarCamera.speed(after: start - administration.start)
      let shift = errors.counting ? SIMD2(draws.normal() * 4, draws.normal() * 4) : .zero
      let exposure = SyntheticPlanarCamera.fieldOfView.millimetres / speed
      let duration = Double(SyntheticPlanarCamera.rows) * SyntheticPlanarCamera.pixel.millimetres / speed + exposure
      let weights = templates.map { template in
        let row = (SyntheticPlanarCamera.top.millimetres - template.z) / speed + exposure / 2
        return template.concentration(start + .seconds(row)) * 1e-6
          * SyntheticPlanarCamera.countsPerSecondPerMegabecquerel * calibration * exposure
      }
      let views = try [\PlanarTemplate.front, \PlanarTemplate.back].map { side in
        try counted(
          templates.map { $0[keyPath: side] }, weights, shift, exposure: exposure, duration: duration, &counts)
      }
      return SyntheticPlanarScan(
        start: start, duration: .seconds(duration), exposure: .seconds(exposure), front: views[0],
        back: views[1].map(Self.mirrored))
    }
  }

  /// What a probe at 2 m reads before voiding and before each scan: front, back and background in counts per second.
  public func probeReadings() -> [(time: Timestamp, front: Double, back: Double, background: Double)] {
    var draws = RandomStream(seed: seed, stream: "probe")
    let moments = [administration.start + .minutes(3)] + acquisitionStarts.map { $0 + .minutes(30) }
    return moments.map { moment in
      let rate = 25 * activity(of: physiology.wholeBody, at: moment).megabecquerels
      func read(_ mean: Double) -> Double {
        errors.counting ? Double(draws.poisson(mean: mean * 60)) / 60 : mean
      }
      return (moment, read(1.06 * rate + 20), read(0.94 * rate + 20), 20)
    }
  }

  /// How long the probe counts on each side.
  public static let probeDuration = Time.seconds(60)

  // MARK: Projection

  private struct PlanarTemplate {
    /// Of unit concentration, in mL per pixel after attenuation.
    let front: [Float]
    let back: [Float]
    /// The height of its middle.
    let z: Double
    /// Bq/mL at a moment.
    let concentration: (Timestamp) -> Double
  }

  private static var planarGrid: Grid {
    Grid(
      columns: SyntheticPlanarCamera.columns, rows: SyntheticPlanarCamera.rows, slices: 1, origin: .zero,
      columnStep: SIMD3(2.4, 0, 0), rowStep: SIMD3(0, 2.4, 0), sliceStep: SIMD3(0, 0, 1000))
  }

  private func planarTemplates() throws -> [PlanarTemplate] {
    let trunk = PlanarAnatomy.Part(ellipsoid: Anatomy.trunk, excess: PlanarAnatomy.trunkCoefficient)
    let parts = organs.flatMap { organ in
      let hounsfieldUnits = Double(Self.hounsfieldUnits[organ.name] ?? 45)
      return organ.parts.map {
        PlanarAnatomy.Part(
          ellipsoid: $0, excess: PlanarAnatomy.coefficient(hounsfieldUnits) - PlanarAnatomy.trunkCoefficient)
      }
    }
    let blur = try GaussianBlur(fullWidthAtHalfMaximum: SyntheticPlanarCamera.fullWidthAtHalfMaximum)
    // Every ellipsoid's own image; organs displace the rest of the trunk.
    let jobs: [(ellipsoid: Ellipsoid, body: [PlanarAnatomy.Part])] =
      [(Anatomy.trunk, [trunk] + parts)] + parts.map { ($0.ellipsoid, [trunk] + parts) }
      + PlanarAnatomy.limbs.map { limb in
        (limb.ellipsoid, [PlanarAnatomy.Part(ellipsoid: limb.ellipsoid, excess: PlanarAnatomy.trunkCoefficient)])
      }
    let views = try inParallel(jobs.count) { n in
      let view = Self.projected(jobs[n].ellipsoid, through: jobs[n].body)
      return try [view.front, view.back].map { try blur(Image<Volume>(grid: Self.planarGrid, values: $0)).values }
    }
    let restVolume = Anatomy.remainderCubicMillimetres / 1000
    let rest: (Timestamp) -> Double = { activity(of: remainder, at: $0).becquerels / restVolume }
    var templates = [PlanarTemplate(front: views[0][0], back: views[0][1], z: 0, concentration: rest)]
    var next = 1
    for organ in organs {
      let volume = organ.volume.millilitres
      for part in organ.parts {
        templates.append(
          PlanarTemplate(front: views[next][0], back: views[next][1], z: part.centre.z) { moment in
            activity(of: organ.kinetics, at: moment).becquerels / volume - rest(moment)
          })
        next += 1
      }
    }
    for limb in PlanarAnatomy.limbs {
      let volume = limb.ellipsoid.cubicMillimetres / 1000
      templates.append(
        PlanarTemplate(front: views[next][0], back: views[next][1], z: limb.ellipsoid.centre.z) { moment in
          let others = (organs.map(\.kinetics) + [remainder]).map { activity(of: $0, at: moment) }.total()
          return limb.share * (activity(of: physiology.wholeBody, at: moment) - others).becquerels / volume
        })
      next += 1
    }
    return templates
  }

  /// The two views of an ellipsoid of unit concentration, attenuated by a body.
  private static func projected(_ ellipsoid: Ellipsoid, through body: [PlanarAnatomy.Part]) -> (
    front: [Float], back: [Float]
  ) {
    let (columns, rows, pixel) = (SyntheticPlanarCamera.columns, SyntheticPlanarCamera.rows, 2.4)
    var front = [Float](repeating: 0, count: columns * rows)
    var back = front
    for row in 0..<rows {
      let z = SyntheticPlanarCamera.top.millimetres - Double(row) * pixel
      for column in 0..<columns {
        let x = Double(column) * pixel - 306
        guard let source = ellipsoid.chord(x: x, z: z) else { continue }
        let chords = body.compactMap { part in part.ellipsoid.chord(x: x, z: z).map { ($0, part.excess) } }
        let total = chords.reduce(0) { $0 + ($1.0.upperBound - $1.0.lowerBound) * $1.1 }
        let points = max(4, Int((source.upperBound - source.lowerBound) / 8))
        let step = (source.upperBound - source.lowerBound) / Double(points)
        var (toFront, toBack) = (0.0, 0.0)
        for n in 0..<points {
          let y = source.lowerBound + (Double(n) + 0.5) * step
          let passed = chords.reduce(0) { $0 + max(0, min(y, $1.0.upperBound) - $1.0.lowerBound) * $1.1 }
          toFront += exp(-passed)
          toBack += exp(-(total - passed))
        }
        let volume = pixel * pixel * step / 1000
        front[row * columns + column] = Float(toFront * volume)
        back[row * columns + column] = Float(toBack * volume)
      }
    }
    return (front, back)
  }

  private func counted(
    _ templates: [[Float]], _ weights: [Double], _ shift: SIMD2<Double>, exposure: Double, duration: Double,
    _ stream: inout RandomStream
  ) throws -> [[UInt16]] {
    var primary = [Float](repeating: 0, count: templates[0].count)
    for (template, weight) in zip(templates, weights) {
      let weight = Float(weight)
      for n in primary.indices { primary[n] += weight * template[n] }
    }
    let (grid, origin) = (Self.planarGrid, SIMD3(shift.x, shift.y, 0))
    let moved = RigidTransform(turn: .degrees(0), axis: .zero, about: .zero, shift: -origin)
    let still = Image<Volume>(grid: grid, values: primary.map { max(0, $0) })
    let image = shift == .zero ? still : still.moved(by: moved, onto: grid)
    let scattered = try GaussianBlur(fullWidthAtHalfMaximum: .millimetres(40))(image).values.map { 0.25 * $0 }
    let widths = SyntheticPlanarCamera.windows.map { Double($0.1 - $0.0) }
    // S = (C_low/W_low + C_up/W_up)·W_main/2, 85 % of it from below.
    let share = [0, 2 * 0.85 * widths[1] / widths[0], 2 * 0.15 * widths[2] / widths[0]]
    let all = zip(image.values, scattered).reduce(0.0) { $0 + Double($1.0) + Double($1.1) * (1 + share[1] + share[2]) }
    let live = exp(-all / duration * SyntheticPlanarCamera.deadTime.seconds)
    return (0..<3).map { window in
      zip(image.values, scattered).map { p, s in
        let mean = live * (window == 0 ? Double(p + s) : Double(s) * share[window])
        guard mean > 0 else { return 0 }
        return UInt16(min(65535, stream.poisson(mean: mean)))
      }
    }
  }

  private static func mirrored(_ view: [UInt16]) -> [UInt16] {
    let columns = SyntheticPlanarCamera.columns
    return (0..<SyntheticPlanarCamera.rows).flatMap { view[$0 * columns..<($0 + 1) * columns].reversed() }
  }
}
