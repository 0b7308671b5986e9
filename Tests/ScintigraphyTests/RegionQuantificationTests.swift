import Foundation
import Quantities
import Scintigraphy
import Testing
import Volumes

@Suite("Activities of regions")
struct RegionQuantificationTests {
  static let grid = Grid(
    columns: 64, rows: 64, slices: 48, origin: SIMD3(-100, -100, -75), columnStep: SIMD3(4, 0, 0),
    rowStep: SIMD3(0, 4, 0), sliceStep: SIMD3(0, 0, 4))
  static let width = Length.millimetres(10)
  static let outline = OutlineImage(voxelSize: .millimetres(1), fullWidthAtHalfMaximum: .millimetres(1.5))

  static func sphere(_ name: String, _ centre: SIMD3<Double>, _ radius: Double) -> Structure {
    let contours = stride(from: -radius + 1, to: radius, by: 2).map { z in
      let r = (radius * radius - z * z).squareRoot()
      return (0..<120).map { n in
        let angle = Double(n) * .pi / 60
        return centre + SIMD3(r * cos(angle), r * sin(angle), z)
      }
    }
    return Structure(name: name, contours: contours)
  }

  static let large = sphere("large", SIMD3(20, 10, 5), 32)
  static let small = sphere("small", SIMD3(-29, 10, 5), 13)
  static let sample = sphere("sample", SIMD3(20, 10, 5), 12)

  /// Two spheres in a uniform surrounding as a camera of 10 mm resolution sees them.
  static func image(_ large: Double, _ small: Double, surrounding: Double) throws -> Image<ActivityConcentration> {
    var values = [Float](repeating: Float(surrounding), count: grid.count)
    let blur = try GaussianBlur(fullWidthAtHalfMaximum: width)
    for (structure, concentration) in [(Self.large, large), (Self.small, small)] {
      let spread = try blur(Occupancy(of: structure, on: grid))
      spread.box.forEachRow { j, k in
        for i in spread.box.columns {
          values[grid.index(i, j, k)] +=
            Float(concentration - surrounding) * spread.fractions[spread.box.index(i, j, k)]
        }
      }
    }
    return Image(grid: grid, values: values)
  }

  static func quantification(
    _ recovery: RecoveryCorrection, regions: [RegionOfInterest]? = nil
  ) throws -> RegionQuantification {
    try RegionQuantification(
      regions: regions ?? [
        RegionOfInterest(name: "large", emitting: large), RegionOfInterest(name: "small", emitting: small),
      ],
      recovery: recovery, outlineImage: outline, pointUncertainty: 0.02, calibrationUncertainty: 0.03)
  }

  static let matrix = RecoveryCorrection.regionBased(
    fullWidthAtHalfMaximum: width, standardUncertainty: .millimetres(0.5))

  @Test("A region copied to a later time tells how far its activity has moved, on another grid as well")
  func centroid() throws {
    let image = try Self.image(1000, 0, surrounding: 50)
    let moved = Image<ActivityConcentration>(
      grid: Grid(
        columns: 64, rows: 64, slices: 48, origin: Self.grid.origin + SIMD3(3, -2, 1), columnStep: Self.grid.columnStep,
        rowStep: Self.grid.rowStep, sliceStep: Self.grid.sliceStep), values: image.values)
    let shifts = try CentroidCheck.shifts([image, image, moved], of: Self.large, margin: .millimetres(12))
    #expect(shifts[0] == .zero && shifts[1] == .zero)
    #expect(((shifts[2]?.millimetres ?? 0) / 14.0.squareRoot() - 1).magnitude < 0.15)
  }

  @Test("A larger outline changes the activity of each time by that time's own sensitivity")
  func volumeSensitivity() throws {
    let images = try [0.03, 0.45].map { try Self.image(10000, 0, surrounding: 10000 * $0) }
    func measured(_ factor: Double) throws -> RegionActivity {
      try Self.quantification(
        Self.matrix,
        regions: [RegionOfInterest(name: "large", emitting: Self.sphere("large", SIMD3(20, 10, 5), 32 * factor))]
      ).activities(in: images)[0]
    }
    let (smaller, found, larger) = (try measured(0.97), try measured(1), try measured(1.03))
    let growth = log(larger.volume.value / smaller.volume.value)
    for t in images.indices {
      let slope = log(larger.measurements[t].activity.value / smaller.measurements[t].activity.value) / growth
      let stated = found.measurements[t].countSensitivity - found.common.recoverySensitivity
      #expect((slope - stated).magnitude < 0.03, "\(slope) \(stated)")
    }
    let (cold, warm) = (found.measurements[0].countSensitivity, found.measurements[1].countSensitivity)
    #expect(warm - cold > 0.15 && (cold...warm).contains(found.common.countSensitivity))
  }

  @Test("The transfer matrix gives back both spheres and their surrounding at every time")
  func recovered() throws {
    let truth = [(9000.0, 20000.0, 1500.0), (4000, 16000, 500), (800, 6000, 100)]
    let found = try Self.quantification(Self.matrix).activities(
      in: truth.map { try Self.image($0.0, $0.1, surrounding: $0.2) })
    for (t, (large, small, surrounding)) in truth.enumerated() {
      for (region, concentration) in zip(found, [large, small]) {
        let measurement = region.measurements[t]
        let activity = measurement.activity.value.becquerels
        #expect(relative(activity, concentration * region.volume.value.millilitres) < 0.005)
        #expect(measurement.noise.map { $0 < 0.005 } == true)
        #expect(relative(measurement.backgroundConcentration?.base ?? 0, surrounding) < 0.02)
      }
      #expect(found[1].measurements[t].recoveryCoefficient < 0.75)
    }
    #expect(relative(found[1].volume.value.millilitres, 4 / 3 * Double.pi * 2.197) < 0.01)
  }

  @Test("The recovery's uncertainty is what half a millimetre of resolution changes")
  func recoveryUncertainty() throws {
    let images = [try Self.image(4000, 16000, surrounding: 500)]
    let found = try Self.quantification(Self.matrix).activities(in: images)
    let wider = try Self.quantification(
      .regionBased(fullWidthAtHalfMaximum: .millimetres(10.5), standardUncertainty: .zero)
    ).activities(in: images)
    for (a, b) in zip(found, wider) {
      // The wider function also moves the shell of the background, hence not exactly the same.
      let change = relative(b.measurements[0].activity.value.base, a.measurements[0].activity.value.base)
      #expect(relative(a.common.recovery, change) < 0.05)
    }
    #expect(found[1].common.recovery > 2 * found[0].common.recovery)
  }

  @Test("Without background counts change with the volume by what lies at the border over what lies inside")
  func countSensitivity() throws {
    let cold = try Self.quantification(.none).activities(in: [try Self.image(5000, 5000, surrounding: 0)])
    let uniform = try Self.quantification(.none).activities(in: [try Self.image(5000, 5000, surrounding: 5000)])
    #expect((0.4..<0.7).contains(cold[0].common.countSensitivity))
    #expect(uniform.allSatisfy { relative($0.common.countSensitivity, 1) < 1e-6 })
    #expect(cold.allSatisfy { $0.findings.contains { $0.code == "recovery-not-applied" } })
    #expect(relative(uniform[1].measurements[0].activity.value.base, 5000 * uniform[1].volume.value.base) < 1e-5)
  }

  @Test("The curve divides by the recovery of the region's volume and leaves an inner sample alone")
  func curve() throws {
    let regions = [
      RegionOfInterest(name: "large", emitting: Self.large, sampledBy: [Self.sample]),
      RegionOfInterest(name: "small", emitting: Self.small),
    ]
    let curve = RecoveryCorrection.volumeCurve(b: .millilitres(4), g: 0.85, relativeUncertainty: 0.04)
    let found = try Self.quantification(curve, regions: regions).activities(
      in: [try Self.image(5000, 9000, surrounding: 300)])
    let expected = RecoveryCorrection.volumeCurve(found[1].volume.value, b: .millilitres(4), g: 0.85)
    #expect(relative(found[1].measurements[0].recoveryCoefficient, expected) < 1e-9)
    #expect(found[1].common.recovery == 0.04)
    #expect(relative(found[1].common.recoverySensitivity, 0.85 * (1 - expected)) < 1e-9)
    #expect(found[0].measurements[0].recoveryCoefficient == 1)
    #expect(found[0].common.countSensitivity == 1)
    #expect(relative(found[0].measurements[0].measuredConcentration.base, 5000) < 0.005)
  }

  @Test("A region can be read in a small sphere inside it")
  func sampledInside() throws {
    let regions = [
      RegionOfInterest(name: "large", emitting: Self.large, sampledBy: [Self.sample]),
      RegionOfInterest(name: "small", emitting: Self.small),
    ]
    let found = try Self.quantification(Self.matrix, regions: regions).activities(
      in: [try Self.image(5000, 20000, surrounding: 1000)])
    #expect(relative(found[0].measurements[0].activity.value.base, 5000 * found[0].volume.value.base) < 0.005)
    #expect(relative(found[1].measurements[0].activity.value.base, 20000 * found[1].volume.value.base) < 0.005)
  }

  @Test("The noise of the voxels shows in the uncertainty of a single reading, whole regions and samples alike")
  func voxelNoise() throws {
    var image = try Self.image(5000, 20000, surrounding: 1000)
    for k in 0..<Self.grid.slices {
      for j in 0..<Self.grid.rows {
        for i in 0..<Self.grid.columns { image.values[Self.grid.index(i, j, k)] += (i + j + k) % 2 == 0 ? 900 : -900 }
      }
    }
    let sampled = RegionOfInterest(name: "large", emitting: Self.large, sampledBy: [Self.sample])
    for (region, structure) in [
      (RegionOfInterest(name: "large", emitting: Self.large), Self.large), (sampled, Self.sample),
    ] {
      let found = try Self.quantification(Self.matrix, regions: [region]).activities(in: [image])[0].measurements[0]
      let expected = 900 / Double(try Mask(of: structure, on: Self.grid).count).squareRoot()
      let noise = try #require(found.noise)
      #expect(relative(noise * found.measuredConcentration.base, expected) < 0.05)
      #expect(found.activity.relativeUncertainty.map { relative($0, hypot(0.02, noise)) < 1e-9 } == true)
    }
    let plain = try Self.quantification(.none, regions: [sampled]).activities(in: [image])[0].measurements[0]
    #expect(
      relative(
        try #require(plain.noise) * 5000, 900 / Double(try Mask(of: Self.sample, on: Self.grid).count).squareRoot())
        < 0.05)
    #expect(try Self.quantification(.none).activities(in: [image])[0].measurements[0].noise == nil)
  }

  @Test("Regions that cannot be measured are refused")
  func refusals() throws {
    let image = try Self.image(5000, 9000, surrounding: 300)
    func code(_ body: () throws -> Void) -> String? { #expect(throws: ScintigraphyError.self, performing: body)?.code }
    let shifted = Self.sphere("shifted", SIMD3(30, 10, 5), 30)
    let overlapping = [
      RegionOfInterest(name: "a", emitting: Self.large), RegionOfInterest(name: "b", emitting: shifted),
    ]
    #expect(
      code { _ = try Self.quantification(Self.matrix, regions: overlapping).activities(in: [image]) }
        == "regions-overlap")
    let astray = [RegionOfInterest(name: "a", emitting: Self.large, sampledBy: [Self.small])]
    #expect(
      code { _ = try Self.quantification(Self.matrix, regions: astray).activities(in: [image]) }
        == "sample-outside-region")
    #expect(code { _ = try Self.quantification(.none).activities(in: []) } == "no-images")
    #expect(code { _ = try Self.quantification(.none, regions: []) } == "no-regions")
    let twice = [RegionOfInterest(name: "a", emitting: Self.large), RegionOfInterest(name: "a", emitting: Self.small)]
    #expect(code { _ = try Self.quantification(.none, regions: twice) } == "duplicate-region")
    let empty = try Self.image(-50, -50, surrounding: 300)
    #expect(code { _ = try Self.quantification(Self.matrix).activities(in: [empty]) } == "activity-not-positive")
    #expect(
      code {
        _ = try Self.quantification(.volumeCurve(b: .zero, g: 1, relativeUncertainty: 0.1))
      } == "recovery-curve-out-of-range")
    #expect(
      code {
        _ = try Self.quantification(
          .regionBased(fullWidthAtHalfMaximum: .millimetres(.nan), standardUncertainty: .zero))
      } == "point-spread-out-of-range")
    #expect(
      code {
        _ = try RegionQuantification(
          regions: overlapping, recovery: .none, outlineImage: Self.outline, pointUncertainty: .nan,
          calibrationUncertainty: 0)
      } == "uncertainty-out-of-range")
  }
}
