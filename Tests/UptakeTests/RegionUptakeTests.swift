import Quantities
import Testing
import Uptake
import Volumes

private func grid(_ n: Int, _ spacing: Double) -> Grid {
  Grid(
    columns: n, rows: n, slices: n, origin: .zero, columnStep: SIMD3(spacing, 0, 0), rowStep: SIMD3(0, spacing, 0),
    sliceStep: SIMD3(0, 0, spacing))
}

@Suite("Uptake of regions")
struct RegionUptakeTests {
  @Test("WE-1.4: the 1 mL sphere holds 19 centres of 4 mm voxels and 123 of 2 mm")
  func sphere() throws {
    let radius = SphereKernel.peakRadius
    #expect((radius.millimetres - 6.203_504_908_994_001).magnitude < 1e-12)
    for (spacing, count) in [(4.0, 19), (2.0, 123), (4.07, 19)] {
      let kernel = try SphereKernel(radius: radius, on: grid(9, spacing), weights: .centre)
      #expect(kernel.count == count)
      #expect(kernel.total == Double(count))
    }
  }

  @Test("By fractions the sphere has 1 mL on voxels of any usual size", arguments: [1.0, 2, 2.7, 3.27, 4, 4.6875, 5.5])
  func fractions(spacing: Double) throws {
    let kernel = try SphereKernel(radius: SphereKernel.peakRadius, on: grid(9, spacing), weights: .fractional)
    let millilitres = kernel.total * spacing * spacing * spacing / 1000
    #expect((millilitres - 1).magnitude < 2e-3)
  }

  /// The digital phantom of the Image Biomarker Standardisation Initiative: slices of 4 rows of 5, 2 mm, without the
  /// voxels outside its mask, of which one is 9 and the others are 1.
  static let phantom: [Float?] =
    [
      1, 4, 4, 1, 1, 1, 4, 6, 1, 1, 4, 1, 6, 4, 1, 4, 4, 6, 4, 1,
      1, 4, 4, 1, 1, 1, 1, 6, 1, 1, nil, 1, 3, 1, 1, 4, 4, 6, 1, 1,
      1, 4, 4, nil, nil, 1, 1, 1, 1, 1, 1, 1, nil, 1, 1, 1, 1, 6, 1, 1,
      1, 4, 4, nil, nil, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 6, 1, 1,
    ]

  @Test("The statistics of IBSI's digital phantom are the published ones")
  func digitalPhantom() throws {
    let grid = Grid(
      columns: 5, rows: 4, slices: 4, origin: .zero, columnStep: SIMD3(2, 0, 0), rowStep: SIMD3(0, 2, 0),
      sliceStep: SIMD3(0, 0, 2))
    let image = Image<UptakeValue>(grid: grid, values: Self.phantom.enumerated().map { $1 ?? ($0 == 52 ? 9 : 1) })
    let region = try #require(
      Mask(grid: grid, box: VoxelBox(all: grid), members: Self.phantom.map { $0 != nil }))
    let found = try RegionUptake(image, in: region, peak: .voxels(.centre))
    #expect(found.voxels == 74)
    #expect((found.mean.base - 2.15).magnitude < 0.005)
    #expect((found.standardDeviation.base * found.standardDeviation.base - 3.05).magnitude < 0.005)
    #expect(found.median.base == 1)
    #expect(found.percentiles[10]?.base == 1)
    #expect(found.percentiles[90]?.base == 4)
    #expect(found.minimum.base == 1)
    #expect(found.maximum.base == 6)
    let interquartile = try #require(found.percentiles[75]) - #require(found.percentiles[25])
    #expect(interquartile.base == 3)
    let hottest = try #require(region.filter { image.values[$0] == 6 })
    #expect((try image.peak(in: hottest, weights: .centre).base - 2.6).magnitude < 0.05)
    #expect((found.peak.base - 3.1).magnitude < 0.05)
  }

  @Test("The peak of a hot sphere in a cold body is that of the sphere, wherever the region ends")
  func hotSphere() throws {
    let grid = grid(20, 3)
    let hot = try Mask(sphereAt: SIMD3(30, 30, 30), radius: .millimetres(12), on: grid)
    var values = [Float](repeating: 1, count: grid.count)
    for i in hot.gridIndices() { values[i] = 8 }
    let image = Image<UptakeValue>(grid: grid, values: values)
    let found = try RegionUptake(image, in: hot)
    #expect((found.peak.base - 8).magnitude < 1e-5)
    #expect(found.mean.base == 8)
    #expect(found.standardDeviation.base == 0)
    #expect(found.total == found.mean * found.volume)
    let speck = try #require(
      Mask(grid: grid, box: VoxelBox(columns: 2..<3, rows: 2..<3, slices: 2..<3), members: [true]))
    #expect(try RegionUptake(image, in: speck).findings.map(\.code) == ["region-smaller-than-peak"])
  }

  @Test("At the image's edge the peak is the mean of what is there")
  func edge() throws {
    let grid = grid(6, 4)
    let image = Image<UptakeValue>(grid: grid, values: [Float](repeating: 3, count: grid.count))
    #expect((try image.peak(in: Mask(all: grid)).base - 3).magnitude < 1e-6)
  }

  @Test("Thresholds keep what is hot enough, and parts that hang together")
  func thresholds() throws {
    let grid = grid(24, 3)
    let large = try Mask(sphereAt: SIMD3(20, 20, 20), radius: .millimetres(12), on: grid)
    let small = try Mask(sphereAt: SIMD3(55, 55, 55), radius: .millimetres(6), on: grid)
    var values = [Float](repeating: 1, count: grid.count)
    for i in large.gridIndices() { values[i] = 6 }
    for i in small.gridIndices() { values[i] = 10 }
    let image = Image<UptakeValue>(grid: grid, values: values)
    let all = Mask(all: grid)
    let half = UptakeThreshold.fractionOfMaximum(0.5)
    #expect(try half.lesion(in: image, region: all)?.count == large.count + small.count)
    #expect(try half.lesion(in: image, region: all, parts: .largest) == large)
    #expect(try half.lesion(in: image, region: all, parts: .hottest) == small)
    #expect(try UptakeThreshold.fixed(UptakeValue(base: 7)).lesion(in: image, region: all) == small)
    #expect(try UptakeThreshold.fixed(UptakeValue(base: 11)).lesion(in: image, region: all) == nil)
    let adapted = UptakeThreshold.contrastAdapted(a: 0.4, b: 0.6, background: UptakeValue(base: 1))
    #expect((try adapted.value(for: image, in: small).base - 4.6).magnitude < 1e-6)
    #expect(throws: UptakeError.self) { try UptakeThreshold.fixed(.zero).value(for: image, in: all) }
  }

  @Test("Shapes outside the image or without voxels are refused")
  func shapes() {
    let grid = grid(10, 4)
    #expect(throws: VolumeError.self) { try Mask(sphereAt: SIMD3(1, 1, 1), radius: .millimetres(9), on: grid) }
    #expect(throws: VolumeError.self) { try Mask(sphereAt: SIMD3(18, 18, 18), radius: .millimetres(0.5), on: grid) }
    #expect(throws: VolumeError.self) { try Mask(sphereAt: SIMD3(.nan, 18, 18), radius: .millimetres(5), on: grid) }
    #expect(throws: VolumeError.self) { try Mask(boxAt: SIMD3(18, 18, 18), size: SIMD3(4, 4, -4), on: grid) }
  }
}
