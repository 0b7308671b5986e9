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

  private func matrix(_ text: String, named name: String) throws -> ImportedSValues {
    try ImportedSValues(Array(text.utf8), name: name)
  }

  @Test(
    "A matrix as OLINDA/EXM 2 shows it answers for the nuclide and the phantom that its file is named after",
    arguments: ["Lu177-Male-Svalues.csv", "177Lu am.csv", "svalues_Lu-177_MALE.csv"])
  func olinda(name: String) throws {
    let set = try matrix(
      "Target,Kidneys ,Red Mar.,Tot Body\nKidneys,7.76E-05,4.71E-08,3.58E-07\nRed Marrow,3.35E-08,1.15E-05,2.74E-07\n",
      named: name)
    func value(_ target: String, _ source: String, _ nuclide: String = "Lu-177", _ phantom: String = "adult-male")
      -> Double?
    {
      set.sValue(nuclide: nuclide, phantom: phantom, target: target, source: source)?.total
        .milligraysPerMegabecquerelSecond
    }
    #expect(isClose(try #require(value("red marrow", "kidneys")), 3.35e-8, 1e-12))
    #expect(isClose(try #require(value("kidneys", "red marrow")), 4.71e-8, 1e-12))
    #expect(isClose(try #require(value("red marrow", "total body")), 2.74e-7, 1e-12))
    #expect(value("kidneys", "kidneys", "Y-90") == nil && value("kidneys", "kidneys", "Lu-177", "adult-female") == nil)
  }

  @Test("A list in the layout of IDAC-Dose 2.1 has photons and electrons apart, in Gy/(Bq s)")
  func idac() throws {
    let head = "Source Regions,,Target Regions,,Photon,Electron,Beta,Alpha,Neutron,Total\nIDAC Dose2.1,OIR(FlexID),,\n"
    let rows = """
      "Liver",Liver,"Red (active) bone marrow",R-marrow,4E-17,1E-19,2E-19,0,0,4.03E-17
      ,,"Cortical bone mineral, volume",,,,,,,
      """
    let set = try matrix(head + rows, named: "Lu-177_female.csv")
    let entry = try #require(
      set.sValue(nuclide: "Lu-177", phantom: "adult-female", target: "red marrow", source: "liver"))
    #expect(isClose(entry.photon.graysPerBecquerelSecond, 4e-17, 1e-12))
    #expect(isClose(entry.electron.graysPerBecquerelSecond, 3e-19, 1e-12))
    let alphas = rows.replacing("0,0,4.03E-17", with: "1E-17,0,5.03E-17")
    #expect(throws: DosimetryError.self) { try matrix(head + alphas, named: "Ac-225_female.csv") }
  }

  @Test(
    "A matrix is refused where its file's name tells no nuclide or phantom, and where cells are missing or no numbers",
    arguments: [
      ("Target,Liver\nLiver,1e-5\n", "mine.csv", "s-table-unnamed"),
      ("Target,Liver\nLiver,1e-5\n", "Lu177.csv", "s-table-unnamed"),
      ("Target,Liver\nLiver,1e-5\n", "Lu177-Y90-male.csv", "s-table-unnamed"),
      ("Target,Liver\nLiver,1e-5,2\n", "Lu177-male.csv", "s-table-line"),
      ("Target,Liver\nLiver,-1\n", "Lu177-male.csv", "s-table-line"),
      ("Target,Liver\nLiver,1\nLiver,2\n", "Lu177-male.csv", "s-table-line"),
      ("Target,Liver\n", "Lu177-male.csv", "s-table-empty"),
    ])
  func brokenMatrix(text: String, name: String, code: String) {
    let error = #expect(throws: DosimetryError.self) { try matrix(text, named: name) }
    #expect(error?.code == code)
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
