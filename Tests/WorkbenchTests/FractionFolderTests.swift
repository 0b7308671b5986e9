import Dosimetry
import Foundation
import JSON
import Provenance
import Quantities
import Radionuclides
import Testing

import SyntheticPatient
@testable import Workbench

@Suite("Absorbed fractions of the user's own in a folder")
struct FractionFolderTests {
  private static let regions = ["Kidneys", "Liver", "Spleen", "R-marrow", "Muscle"]

  /// A folder with photons, electrons and alphas of a phantom: 5/kg in the region itself, photons 0.1/kg elsewhere.
  private static func folder(_ sex: String = "Male") throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fractions-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (radiation, elsewhere) in [("Photons", 0.1), ("Electrons", 0), ("Alpha SAFs", 0), ("Neutrons", 0)] {
      var lines = [
        "Specific absorbed fractions of energy (1/kg)", "Adult \(sex) Reference Computational Phantom", radiation,
      ]
      lines += ["  5  5     0.0  0.1  12.0  Ecutoff  ID|", "-----"]
      for source in regions {
        for target in regions {
          let value = target == source ? 5 : elsewhere
          lines.append("\(target)<-\(source) \(value) \(value) \(value) 0.0 1")
        }
      }
      let file = folder.appendingPathComponent("rcp-am_\(radiation.prefix(5).lowercased())_2016-08-12.SAF")
      try Data((lines.joined(separator: "\r\n") + "\r\n").utf8).write(to: file)
    }
    let masses = ["Source Regions 2016-08-12"] + regions.map { "\($0) 10.0 1 8.0 1" }
    try Data(masses.joined(separator: "\r\n").utf8).write(to: folder.appendingPathComponent("sregions.NDX"))
    return folder
  }

  private func object(
    _ set: String, target: String, source: String = "kidneys", progeny: Bool = false
  ) throws -> JSONObject {
    let report = try SValueReport(
      .init(nuclide: "Lu-177", withProgeny: progeny, phantom: "AM", source: source, target: target, set: set))
    return try #require(report.document.object)
  }

  @Test("A folder, or a file in it, is a set: it names itself, its files by digest, and states no uncertainty")
  func report() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let own = try object(folder.path, target: "kidneys")
    let lutetium = try NuclideTable.icrp107().nuclide("Lu-177").emitted
    let expected = try DoseConstant(energyPerDecay: lutetium.electrons).sValue(mass: .grams(200))
    #expect(abs(try #require(own["electron"]?.double) / expected.graysPerBecquerelSecond - 1) < 1e-6)
    #expect(own["set"]?.string == folder.lastPathComponent && own["relativeUncertainty"] == .null)
    #expect(own["verification"]?.string == "unverified" && own["targetMass"]?["value"]?.double == 200)
    #expect(try #require(own["origin"]?.string).contains("photon unknown edition"))
    let file = folder.appendingPathComponent("rcp-am_photo_2016-08-12.SAF").path
    #expect(try object(file, target: "kidneys")["value"] == own["value"])
    let rest = try object(folder.path, target: "kidneys", source: "remainder", progeny: true)
    #expect(rest["electron"]?.double == 0 && rest["photon"]?.double ?? 0 > 0)
    #expect(throws: DosimetryError.self) { try object(folder.path, target: "tail") }
    #expect(throws: DosimetryError.self) { try object(folder.deletingLastPathComponent().path + "/", target: "liver") }
    #expect(throws: CaseError.self) {
      try SValueReport(
        .init(
          nuclide: "Lu-177", withProgeny: false, phantom: "adult-male", source: "liver", target: "liver",
          set: folder.path, cellularity: 2))
    }
  }

  @Test("A plan takes them with settings.sValues, names them, and tells what the program's own set would change")
  func plan() throws {
    let demonstration = try Demonstration.inMemory(seed: 1).plan
    let folder = try Self.folder(demonstration.file.subject?.sex == .female ? "Female" : "Male")
    defer { try? FileManager.default.removeItem(at: folder) }
    var file = demonstration.file
    file.settings.fractions = folder.path
    let plan = try Plan(file, nuclide: demonstration.nuclide, measurement: demonstration.measurement)
    #expect(plan.set.name == folder.lastPathComponent)
    let kidneys = try #require(plan.analysis.organs.first { $0.name == "Kidneys" }?.dose)
    let before = try #require(demonstration.analysis.organs.first { $0.name == "Kidneys" }?.dose)
    // Both absorb nearly all electrons in the patient's mass.
    #expect(abs(kidneys.sValue.electron / before.sValue.electron - 1) < 0.02)
    #expect(
      kidneys.cross.contains { $0.source == RemainderOfBody.body }
        == before.cross.contains { $0.source == RemainderOfBody.body })
    #expect(!kidneys.cross.isEmpty)
    let setting = try #require(plan.settings.first { $0.id == "s-values" })
    #expect(setting.here.contains(folder.lastPathComponent) && setting.others == "reference adult, with cross-dose")
    #expect(setting.isUnverified && !setting.effects.isEmpty)
    #expect(plan.findings.contains { $0.code == "s-values-unverified" })
    let inputs = try #require(plan.document()["inputs"]?.array)
    #expect(inputs.contains { $0["input"]?.string == "S values" && $0["sha256"]?.string?.count == 64 })
  }

  @Test("A case names the folder relative to itself; one that is missing is refused")
  func reading() throws {
    var file = try Demonstration.inMemory(seed: 1).plan.file
    file.settings.fractions = "nowhere"
    let error = #expect(throws: CaseError.self) { try file.sValueSet() }
    #expect(error?.code == "fractions-missing")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("case-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = Demonstration.caseText(try SyntheticPatient(seed: 1))
    let stated = text.replacing(
      "nuclide: \"Lu-177\",", with: "nuclide: \"Lu-177\", settings: { sValues: { folder: \"saf\" } },")
    try Data(stated.utf8).write(to: folder.appendingPathComponent("case.json"))
    let read = try CaseFile.read(folder.path).file.settings
    #expect(read.fractions == folder.path + "/saf" && read.alternative == .full)
  }
}
