import Quantities
import Testing
import Uptake
import Volumes

private func suv(_ value: Double) -> UptakeValue { UptakeValue(base: value) }

@Suite("Sites and burden")
struct BurdenTests {
  private let patient5 = [
    SiteUptake("C4", maximum: suv(1.13)), SiteUptake("T5", maximum: suv(1.78)), SiteUptake("L5", maximum: suv(1.77)),
    SiteUptake("left ilium", maximum: suv(2.31)), SiteUptake("right ilium", maximum: suv(2.50)),
  ]

  @Test("WE-1.5: the mean of patient 5 without skull base is the published 1.90 (1.13 to 2.50) from five sites")
  func publishedMean() throws {
    let found = try SkeletalUptake(.braitsch2025, patient5)
    #expect(found.available == 5)
    #expect((try #require(found.meanMaximum).base - 1.898).magnitude < 1e-12)
    #expect(found.range == suv(1.13)...suv(2.50))
    #expect(found.sites.first == SiteUptake("skull base", missing: "not placed"))
    #expect((try #require(found.iliacAsymmetry) - 0.19 / 2.405).magnitude < 1e-12)
  }

  @Test("Fewer than three sites give no mean, and none gives no range")
  func tooFew() throws {
    #expect(try SkeletalUptake(.braitsch2025, Array(patient5.prefix(2))).meanMaximum == nil)
    #expect(try SkeletalUptake(.herhaus2016, []).range == nil)
    #expect(try SkeletalUptake(.herhaus2016, []).iliacAsymmetry == nil)
  }

  @Test("A site of another template, one that comes twice and one that is no number are refused")
  func wrongSites() {
    #expect(throws: UptakeError.self) { try SkeletalUptake(.herhaus2016, patient5) }
    #expect(throws: UptakeError.self) { try SkeletalUptake(.braitsch2025, patient5 + patient5) }
    #expect(throws: UptakeError.self) { try SkeletalUptake(.braitsch2025, [SiteUptake("C4", maximum: suv(.nan))]) }
  }

  @Test("WE-1.6: three lesions have 45.2 mL and a total uptake of 269.12; the hottest is 6.53 blood pools")
  func lesions() throws {
    let burden = try LesionBurden([
      (.millilitres(12), suv(7.5)), (.millilitres(30), suv(5)), (.millilitres(3.2), suv(9.1)),
    ])
    #expect((burden.volume.millilitres - 45.2).magnitude < 1e-12)
    #expect((burden.total.base - 269.12).magnitude < 1e-9)
    #expect((try #require(burden.mean).base - 5.953_982_300_884_955).magnitude < 1e-12)
    #expect(
      (try TargetToBackground(suv(12.4), over: suv(1.9), .bloodPool).ratio - 6.526_315_789_473_685).magnitude < 1e-12)
    #expect(try LesionBurden([]).mean == nil)
    #expect(throws: UptakeError.self) { try LesionBurden([(.zero, suv(1))]) }
    #expect(throws: UptakeError.self) { try TargetToBackground(suv(3), over: .zero, .liver) }
    #expect(TargetToBackground.Reference.allCases.filter(\.expressesTarget) == [.spleen])
  }

  @Test("Marrow above its reference is counted, what is excluded is not")
  func marrow() throws {
    let grid = Grid(
      columns: 10, rows: 10, slices: 10, origin: .zero, columnStep: SIMD3(5, 0, 0), rowStep: SIMD3(0, 5, 0),
      sliceStep: SIMD3(0, 0, 5))
    var values = [Float](repeating: 1, count: grid.count)
    for i in 0..<40 { values[i] = 5 }
    let image = Image<UptakeValue>(grid: grid, values: values)
    let skeleton = try #require(
      Mask(
        grid: grid, box: VoxelBox(columns: 0..<10, rows: 0..<10, slices: 0..<1),
        members: .init(repeating: true, count: 100)))
    let bladder = try #require(
      Mask(
        grid: grid, box: VoxelBox(columns: 0..<10, rows: 0..<1, slices: 0..<1),
        members: .init(repeating: true, count: 10)))
    let burden = try MarrowBurden(image, skeleton: skeleton, excluding: [bladder], reference: suv(2))
    #expect((burden.skeleton.millilitres - 11.25).magnitude < 1e-9)
    #expect((burden.volume.millilitres - 3.75).magnitude < 1e-9)
    #expect((burden.excess.base - 11.25).magnitude < 1e-9)
    #expect((burden.fraction - 1.0 / 3).magnitude < 1e-12)
    #expect(throws: UptakeError.self) { try MarrowBurden(image, skeleton: skeleton, reference: .zero) }
    #expect(throws: UptakeError.self) {
      try MarrowBurden(image, skeleton: bladder, excluding: [skeleton], reference: suv(2))
    }
  }
}
