import Testing

@testable import Statistics

@Suite("What describes a sample")
struct SampleTests {
  @Test(
    "WE-7.2: the columns of Table 2 (Braitsch 2025), recomputed",
    arguments: [
      ([1.59, 1.44, 1.73, 1.18, 0.73, 1.30, 2.97], 1.44, 0.6991831969213383, 0.647317857133005),
      ([0.87, 1.21, 0.68, 0.68], 0.775, 0.24993332444207322, 0.2164486082191336),
      ([0.29, 0.40, 0.47, 0.66, 0.16, 0.38, 0.92], 0.4, 0.2516895290782258, 0.23301922492290947),
      ([0.42, 0.57, 0.47, 0.44, 0.11, 0.16, 0.01], 0.42, 0.2139648391230493, 0.19809294870471944),
      ([0.14, 0.41, 0.30, 0.10], 0.22, 0.1438459824488215, 0.1245742750330099),
      ([12.0, 14.4, 13.0, 11.4, 12.2, 16.1, 7.6], 12.2, 2.6548248978219338, 2.4578902517801566),
    ])
  func tableTwo(values: [Double], median: Double, sample: Double, population: Double) throws {
    let s = try Sample(values)
    #expect(abs(s.median - median) < 1e-12)
    #expect(abs(s.sampleDeviation! - sample) < 1e-12)
    #expect(abs(s.populationDeviation - population) < 1e-12)
  }

  @Test("Quantiles interpolate between order statistics")
  func quantiles() throws {
    let s = try Sample([3, 1, 2, 4])
    #expect(s.quantile(0) == 1)
    #expect(s.quantile(0.25) == 1.75)
    #expect(s.quantile(1) == 4)
    #expect(s.share(below: 2.5) == 0.5)
    #expect(s.share(below: 1) == 0)
    #expect(s.share(below: 9) == 1)
  }

  @Test("One number has no sample deviation; none, or one that is not finite, is refused")
  func edges() throws {
    #expect(try Sample([5]).sampleDeviation == nil)
    #expect(try Sample([5]).quantile(0.3) == 5)
    #expect(throws: StatisticsError.self) { try Sample([]) }
    #expect(throws: StatisticsError.self) { try Sample([1, .nan]) }
  }
}
