import Foundation
import Testing

@testable import Laboratory

@Suite(.enabled(if: ReferenceData.isThere, "The reference data of the laboratory are not there."))
struct IndelTests {
  @Test("Shares of indels are within 2 points of the mixtures that were made")
  func mixtures() throws {
    let truth = try #require(try ReferenceData.json("sanger_synthetic/truth.json") as? [String: Any])
    let guide = try #require(truth["guide"] as? String)
    let control = try SangerTrace(path: ReferenceData.path("sanger_synthetic/control.ab1"))
    for (name, expected) in try #require(truth["cases"] as? [String: [String: Any]]) {
      let sample = try SangerTrace(path: ReferenceData.path("sanger_synthetic/\(name).ab1"))
      let spectrum = try IndelSpectrum(control: control, edited: sample, guide: guide)
      #expect(spectrum.cut == truth["cut_after_base_0based"] as? Int)
      var shares = Dictionary(uniqueKeysWithValues: spectrum.shares.map { ($0.size, $0.fraction) })
      for (size, fraction) in try #require(expected["fractions"] as? [String: Double]) {
        let found = shares.removeValue(forKey: try #require(Int(size))) ?? 0
        #expect(abs(found - fraction) < 0.02, "\(name) \(size) \(found)")
      }
      for (size, fraction) in shares { #expect(fraction < 0.02, "\(name) \(size)") }
      let knockOut = try #require(expected["ko_percent(frameshift or >=21 bp)"] as? Double)
      #expect(abs(100 * spectrum.knockOut - knockOut) < 2, "\(name)")
      #expect(spectrum.goodness > 0.98)
    }
    #expect(throws: LaboratoryError.self) {
      try IndelSpectrum(control: control, edited: control, guide: "AAAAAAAAAAAAAAAAAAAA")
    }
  }
}
