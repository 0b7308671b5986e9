import Foundation
import JSON
import Testing
import Workbench

@Suite("Regions on a series")
struct RegionVolumeTests {
  @Test("A box and a sphere have their voxels, and their volume both ways")
  func shapes() throws {
    var header = SyntheticPET.Header()
    header.slices = 8
    let pet = try SyntheticPET(header)
    let regions = pet.folder + "/regions.json"
    try Data(
      """
      {regions: [
        {name: "box", box: {centreMm: [6, 6, 10], sizeMm: [16, 8, 15]}},
        {name: "ball", sphere: {centreMm: [14, 14, 17.5], diameterMm: 20}}]}
      """.utf8
    ).write(to: URL(filePath: regions))
    let document = try RegionVolumes(folder: pet.folder, image: "2.25.2", regions: regions).document
    #expect(document["series"]?.string == "2.25.2")
    let found = try #require(document["regions"]?.array)
    // 4 columns × 2 rows × 3 slices of 4 × 4 × 5 mm.
    #expect(found[0]["name"]?.string == "box" && found[0]["voxels"]?.double == 24)
    #expect(found[0]["volumeMl"]?["pixelCentre"]?.double == 1.92)
    #expect(found[0]["volumeMl"]?["areaFraction"]?.double == 1.92)
    // Centres within 10 mm of the middle, counted by hand: 16 in each of the slices 2.5 mm away, 12 in those 7.5 mm away.
    let inside = (0..<8).flatMap { k in (0..<8).flatMap { j in (0..<8).map { (i: $0, j: j, k: k) } } }.count {
      let (x, y, z) = (4 * Double($0.i) - 14, 4 * Double($0.j) - 14, 5 * Double($0.k) - 17.5)
      return x * x + y * y + z * z <= 100
    }
    #expect(inside == 56)
    #expect(found[1]["voxels"]?.double == 56)
    let ball = try #require(found[1]["volumeMl"]?["areaFraction"]?.double)
    #expect((ball / (Double.pi * 8000 / 6 / 1000) - 1).magnitude < 1e-12)
    #expect(document["findings"]?.array?.isEmpty == true)
  }

  @Test("A series that is not there is refused, and a shape that leaves the image inside the document")
  func refused() throws {
    let pet = try SyntheticPET()
    let regions = pet.folder + "/regions.json"
    try Data(#"{regions: [{name: "a", sphere: {centreMm: [8, 8, 5], diameterMm: 20}}]}"#.utf8).write(
      to: URL(filePath: regions))
    let error = #expect(throws: CaseError.self) {
      try RegionVolumes(folder: pet.folder, image: "2.25.9", regions: regions)
    }
    #expect(error?.code == "no-such-series")
    let found = try RegionVolumes(folder: pet.folder, image: "2.25.2", regions: regions).document["regions"]?.array
    #expect(found?.first?["refused"]?["reason"]?.string?.contains("outside the image") == true)
    #expect(found?.first?["voxels"] == nil)
  }
}
