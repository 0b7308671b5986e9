import Quantities
import Testing
import Uptake
import Volumes

/// 40 × 40 × 40 voxels of 2 mm about the origin, filled by a function of the place.
private func image(
  spacing: Double = 2, count: Int = 40, _ value: (SIMD3<Double>) -> Double
) -> Image<UptakeValue> {
  let edge = -spacing * Double(count - 1) / 2
  let grid = Grid(
    columns: count, rows: count, slices: count, origin: SIMD3(repeating: edge), columnStep: SIMD3(spacing, 0, 0),
    rowStep: SIMD3(0, spacing, 0), sliceStep: SIMD3(0, 0, spacing))
  var values: [Float] = []
  VoxelBox(all: grid).forEachRow { j, k in
    for i in 0..<count { values.append(Float(value(grid.position(i, j, k)))) }
  }
  return Image(grid: grid, values: values)
}

private func radius(_ point: SIMD3<Double>) -> Double { (point * point).sum().squareRoot() }

@Suite("Gradient thresholds and peaks between voxels")
struct EdgeTests {
  @Test(
    "The steepest surface of a blurred sphere is its edge, whatever the contrast", arguments: [(10.0, 1.0), (4.0, 2.0)])
  func gradient(hot: Double, cold: Double) throws {
    let sharp = image { radius($0) <= 20 ? hot : cold }
    let blurred = try GaussianBlur(fullWidthAtHalfMaximum: .millimetres(7))(sharp)
    let region = try Mask(sphereAt: .zero, radius: .millimetres(32), on: sharp.grid)
    let value = try UptakeThreshold.gradient.value(for: blurred, in: region)
    #expect((value.base / ((hot + cold) / 2) - 1).magnitude < 0.12)
    let lesion = try #require(try UptakeThreshold.gradient.lesion(in: blurred, region: region, parts: .largest))
    #expect((lesion.volume.millilitres / 33.51 - 1).magnitude < 0.08)
  }

  @Test("A region without a fall, or without uptake, has no steepest surface")
  func flat() throws {
    for value in [0.0, 3] {
      let flat = image(count: 10) { _ in value }
      #expect(throws: UptakeError.self) { try UptakeThreshold.gradient.value(for: flat, in: Mask(all: flat.grid)) }
    }
  }

  @Test("A peak between voxels is found where it lies, and is never below the one on voxels")
  func between() throws {
    let middle = SIMD3(2.0, 2.0, 2.0)
    let bright = image(spacing: 4, count: 14) { 10 - 0.01 * radius($0 - middle) * radius($0 - middle) }
    let region = try Mask(sphereAt: .zero, radius: .millimetres(12), on: bright.grid)
    let sphere = 10 - 0.01 * 0.6 * 6.2035 * 6.2035
    let (on, between) = (try bright.peak(in: region).base, try bright.subVoxelPeak(in: region).base)
    // The middle lies on a voxel of this grid shifted by half: on voxels the best is √12 mm away in the worst case.
    #expect(between >= on)
    #expect((between - sphere).magnitude < 0.06)
    let shifted = image(spacing: 4, count: 14) {
      let offset = $0 - SIMD3(0.0, 0, 0) - middle - SIMD3(2.0, 2, 2)
      return 10 - 0.01 * radius(offset) * radius(offset)
    }
    let other = try Mask(sphereAt: SIMD3(4, 4, 4), radius: .millimetres(10), on: shifted.grid)
    let (a, b) = (try shifted.peak(in: other).base, try shifted.subVoxelPeak(in: other).base)
    #expect(b - a > 0.05)
    #expect((b - between).magnitude < 0.03)
  }
}

@Suite("The burden of a whole body")
struct WholeBodyBurdenTests {
  private let kidney = SIMD3(-20.0, 0, 0)
  private let marrow = SIMD3(14.0, -14, 0)
  private let node = SIMD3(14.0, 16, 10)

  private func body() -> Image<UptakeValue> {
    image { point in
      radius(point - kidney) <= 9 ? 20 : radius(point - marrow) <= 8 ? 8 : radius(point - node) <= 6 ? 6 : 1
    }
  }

  @Test("Lesions are found outside what is physiological, marrow apart from the rest")
  func lesions() throws {
    let image = body()
    let organ = try Mask(sphereAt: kidney, radius: .millimetres(9), on: image.grid)
    let bone = try Mask(sphereAt: marrow, radius: .millimetres(12), on: image.grid)
    let found = try WholeBodyBurden(
      image, rule: .init(threshold: UptakeValue(base: 4)), excluding: [organ], skeleton: bone)
    #expect(found.lesions.map(\.uptake.maximum.base) == [8, 6])
    #expect(found.lesions.map(\.isSkeletal) == [true, false])
    #expect(radius(found.lesions[1].hottest - node) <= 6)
    let total = found.lesions.map { $0.uptake.total.base }.reduce(0, +)
    #expect((found.burden.total.base / total - 1).magnitude < 1e-12)
    let truth =
      try Mask(sphereAt: marrow, radius: .millimetres(8), on: image.grid).volume
      + Mask(sphereAt: node, radius: .millimetres(6), on: image.grid).volume
    #expect((found.burden.volume / truth - 1).magnitude < 1e-9)
    #expect(found.excluded > organ.volume)
    // A margin of a millimetre reaches the voxels beside the organ, although their centres are 2 mm away.
    let blurred = try GaussianBlur(fullWidthAtHalfMaximum: .millimetres(3))(image)
    func count(_ margin: Double) throws -> Int {
      try WholeBodyBurden(
        blurred,
        rule: .init(threshold: UptakeValue(base: 4), leastVolume: .millilitres(0.1), margin: .millimetres(margin)),
        excluding: [organ]
      ).lesions.count
    }
    #expect(try count(0) > 2)
    #expect(try count(1.5) == 2)
  }

  @Test("Without the organ its uptake counts; parts below the least volume do not")
  func rule() throws {
    let image = body()
    let all = try WholeBodyBurden(image, rule: .init(threshold: UptakeValue(base: 4)), excluding: [])
    #expect(all.lesions.count == 3)
    #expect(all.lesions.allSatisfy { $0.isSkeletal == nil })
    let large = try WholeBodyBurden(
      image, rule: .init(threshold: UptakeValue(base: 4), leastVolume: .millilitres(1.5)), excluding: [])
    #expect(large.lesions.count == 2)
    let none = try WholeBodyBurden(image, rule: .init(threshold: UptakeValue(base: 30)), excluding: [])
    #expect(none.lesions.isEmpty && none.burden.volume == .zero && none.burden.mean == nil)
    #expect(throws: UptakeError.self) { try WholeBodyBurden.Rule(threshold: .zero) }
    #expect(throws: UptakeError.self) {
      try WholeBodyBurden.Rule(threshold: UptakeValue(base: 4), margin: .millimetres(-1))
    }
  }
}

@Suite("Surrogates")
struct SurrogateTests {
  private func suv(_ value: Double) -> UptakeValue { UptakeValue(base: value) }

  @Test("The five points lie between blood pool, liver and twice the liver; the first is seen by a reader alone")
  func fivePoints() throws {
    let scores = try [0.2, 1.5, 1.6, 2.5, 2.6, 4.9, 5, 20].map {
      try FivePointScore(suv($0), bloodPool: suv(1.5), liver: suv(2.5)).rawValue
    }
    #expect(scores == [2, 2, 3, 3, 4, 4, 5, 5])
    #expect(throws: UptakeError.self) { try FivePointScore(suv(2), bloodPool: suv(2.5), liver: suv(1.5)) }
  }

  @Test("A patient lies as many standard deviations above the controls as the difference says")
  func controls() throws {
    let controls = try ControlCohort(mean: suv(2), standardDeviation: suv(0.4), count: 5)
    #expect((controls.deviation(of: suv(3)) - 2.5).magnitude < 1e-12)
    #expect(throws: UptakeError.self) { try ControlCohort(mean: suv(2), standardDeviation: suv(0.4), count: 2) }
    #expect(throws: UptakeError.self) { try ControlCohort(mean: suv(2), standardDeviation: .zero, count: 5) }
  }

  @Test("The bones of the sites have the names of their classes; the skull base has none")
  func bones() {
    #expect(
      SiteTemplate.herhaus2016.sites.map(SiteTemplate.herhaus2016.boneClass) == [
        "vertebrae_C7", "vertebrae_T12", "hip_right", "vertebrae_L5", "hip_left",
      ])
    #expect(SiteTemplate.braitsch2025.boneClass(of: "skull base") == nil)
    #expect(SiteTemplate.braitsch2025.boneClass(of: "C9") == nil)
  }
}
