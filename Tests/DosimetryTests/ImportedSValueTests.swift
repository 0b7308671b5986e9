import Foundation
import Provenance
import Quantities
import Radionuclides
import Testing

@testable import Dosimetry

@Suite("S values of the user's own")
struct ImportedSValueTests {
  private func table(_ text: String) throws -> ImportedSValues {
    try ImportedSValues(Array(text.utf8), name: "mine.csv")
  }

  @Test("A table in CSV answers for its nuclide, phantom and regions, and names itself")
  func csv() throws {
    let set = try table(
      """
      # in mGy/(MBq s)
      nuclide,phantom,target,source,S_total,S_photon,S_electron,relative_uncertainty
      177Lu,AM,Kidneys,Kidneys,5.0e-5,1.0e-6,4.9e-5,0.02
      Lu-177,adult-male,Liver,Kidneys,4e-8,,,
      """)
    let own = try #require(
      set.sValue(nuclide: "lu177", phantom: "adult-male", target: "kidneys", source: "KIDNEYS"))
    #expect(isClose(own.total.milligraysPerMegabecquerelSecond, 5e-5, 1e-12))
    #expect(isClose(own.photon.milligraysPerMegabecquerelSecond, 1e-6, 1e-12))
    #expect(own.relativeUncertainty == 0.02 && own.set == "mine.csv")
    #expect(own.source.verification == .unverified)
    #expect(set.sValue(nuclide: "Y-90", phantom: "AM", target: "kidneys", source: "kidneys") == nil)
    let lutetium = try NuclideTable.icrp107().nuclide("Lu-177")
    func region(_ name: String) -> DoseRegion { DoseRegion(name: name, mass: .grams(300), shape: .organ) }
    let cross = try #require(try set.sValue(lutetium, target: region("liver"), source: region("kidneys")))
    #expect(isClose(cross.total.milligraysPerMegabecquerelSecond, 4e-8, 1e-12))
  }

  @Test("A list of OpenDose answers with its targets and their uncertainties")
  func list() throws {
    let set = try table("[[\"Liver\", \"2e-5\", \"1e-7\", \"1800\"], [\"Spleen\", \"4e-8\", \"0\", \"150\"]]")
    let liver = try #require(set.sValue(nuclide: "Lu-177", phantom: "adult-male", target: "liver", source: "liver"))
    #expect(isClose(liver.total.milligraysPerMegabecquerelSecond, 2e-5, 1e-12))
    #expect(isClose(liver.relativeUncertainty, 0.005, 1e-9))
  }

  @Test(
    "Tables that are broken are refused, with the line",
    arguments: [
      ("", "s-table-empty"), ("nuclide,phantom\n", "s-table-line"), ("[1]", "s-list-broken"),
      ("[[\"Liver\", \"x\", \"1\", \"1\"]]", "s-table-line"), ("{}", "s-table-line"),
      ("nuclide,phantom,target,source,S_total\nLu-177,AM,a,b,-1\n", "s-table-line"),
      ("nuclide,phantom,target,source,S_total\nLu-177,AM,a,b,nan\n", "s-table-line"),
      ("nuclide,phantom,target,source,S_total\nLu-177,AM,a\n", "s-table-line"),
      ("nuclide,phantom,target,source,S_total\nLu-177,AM,a,b,1\nLu-177,AM,A,B,2\n", "s-table-line"),
      ("nuclide,phantom,target,source,S_total,S_photon,S_electron\nLu-177,AM,a,b,1,1,1\n", "s-table-line"),
    ])
  func broken(text: String, code: String) {
    let error = #expect(throws: DosimetryError.self) { try table(text) }
    #expect(error?.code == code)
  }
}
