import Foundation
import JSON
import Testing

@testable import Workbench

/// What users of other programs complain about, where no other test has it (Documentation/Expectations.md).
@Suite("What others get wrong")
struct ExpectationTests {
  @Test("An administration with StartDateTime alone is enough, and one with neither is refused by the tag's name")
  func startDateTime() throws {
    var header = SyntheticPET.Header()
    let usual = try factor(header)
    header.startTime = nil
    #expect(try factor(header) == usual)
    header.startDateTime = nil
    let refused = try listed(header)["refused"]
    let text = (refused?["reason"]?.string ?? "") + (refused?["remedy"]?.string ?? "")
    #expect(refused?["code"]?.string != nil && !text.isEmpty)
    #expect(try factor(header) == nil)
  }

  @Test("A PET whose factor is refused is shown in its own unit, with the reason and without an uptake window")
  func window() throws {
    var header = SyntheticPET.Header()
    func volume() throws -> JSONValue {
      let pet = try SyntheticPET(header)
      return try CaseImages(folder: pet.folder).volume("2.25.2").document
    }
    let sound = try volume()
    #expect(sound["quantity"]?.string == "uptake" && sound["withoutUptake"]?.isNull == true)
    header.weight = nil
    let shown = try volume()
    #expect(shown["quantity"]?.string == "concentration")
    #expect(shown["withoutUptake"]?["reason"]?.string?.isEmpty == false)
    #expect(shown["readings"]?.array?.compactMap { $0["unit"]?.string } == ["kBq/mL"])
    #expect(shown["window"] != sound["window"])
  }

  @Test("A region measured, changed and changed back has the values that it had, bit for bit")
  func recomputed() throws {
    let pet = try SyntheticPET()
    let images = try CaseImages(folder: pet.folder)
    let volume = try images.volume("2.25.2")
    func measured(_ x: Double, _ diameter: Double) throws -> JSONValue {
      let region = try JSONDocument(#"{"sphere": {"centreMm": [\#(x), 14, 5], "diameterMm": \#(diameter)}}"#).root
      return try RegionMeasurement(region, in: volume, of: images).document(withVoxels: true)
    }
    let first = try measured(14, 10)
    for (x, diameter) in [(10.0, 10.0), (18, 8), (14, 12)] { #expect(try measured(x, diameter) != first) }
    #expect(try measured(14, 10) == first)
  }

  private func listed(_ header: SyntheticPET.Header) throws -> JSONValue {
    let pet = try SyntheticPET(header)
    return try #require(try PETListing(folder: pet.folder, stated: StatedText()).document["series"]?[0])
  }

  private func factor(_ header: SyntheticPET.Header) throws -> Double? {
    try listed(header)["suvbw"]?["factor"]?.double
  }
}
