import Foundation
import JSON
import Provenance
import Radionuclides
import Testing
import Transport

@testable import Workbench

@Suite("S values as commands give them")
struct SValueReportTests {
  private func request(
    _ nuclide: String = "Lu-177", source: String = "kidneys", target: String = "red marrow", set: String = "endora",
    progeny: Bool = false, masses: String = "without-blood", phantom: String = "adult-male", mass: String? = nil
  ) throws -> SValueReport {
    try SValueReport(
      .init(
        nuclide: nuclide, withProgeny: progeny, phantom: phantom, source: source, target: target, set: set,
        masses: masses, mass: mass))
  }

  @Test("The document holds the value, its parts, the uncertainty and the set")
  func document() throws {
    let object = try #require(request().document.object)
    func number(_ key: String) throws -> Double { try #require(object[key]?.double) }
    #expect(object["unit"]?.string == "Gy/(Bq s)")
    #expect(object["set"]?.string == "endora")
    let parts = try number("electron") + number("photon") + number("alpha")
    #expect(abs(try number("value") - parts) <= 1e-12 * parts)
    // OLINDA/EXM 2 gives 3.4e-17 Gy/(Bq s), voxel phantoms 5.0e-17.
    #expect((2.5e-17...7.5e-17).contains(try number("value")))
    #expect((0.001...0.05).contains(try number("relativeUncertainty")))
  }

  @Test("Progeny adds alpha particles; the remainder is answered; a sex is told from the other")
  func variants() throws {
    let parent = try #require(request("Bi-213", source: "liver", target: "liver").document.object?["alpha"]?.double)
    let chain = try #require(
      request("Bi-213", source: "liver", target: "liver", progeny: true).document.object?["alpha"]?.double)
    #expect(chain > 10 * parent)
    #expect(try request(source: "remainder").summary.contains("S(red marrow <- remainder)"))
    #expect(try request().document != request(phantom: "adult-female").document)
  }

  @Test("Self-dose follows the mass that is given; cross-dose has none")
  func mass() throws {
    let light = try #require(request(target: "kidneys", mass: "155 g").document.object)
    let reference = try #require(request(target: "kidneys").document.object)
    let ratio = try #require(light["electron"]?.double) / #require(reference["electron"]?.double)
    #expect(abs(ratio - 2) < 1e-9)
    #expect(light["targetMass"]?.object?["value"]?.double == 155)
    let error = #expect(throws: CaseError.self) { try request(mass: "155 g") }
    #expect(error?.code == "mass-cross-dose")
    #expect(throws: CaseError.self) { try request(target: "kidneys", mass: "heavy") }
  }

  @Test("A user's table answers under its own name; what it lacks is refused")
  func imported() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("s-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("nuclide,phantom,target,source,S_total\nLu-177,AM,red marrow,kidneys,5e-8\n".utf8).write(to: file)
    let object = try #require(request(set: file.path).document.object)
    #expect(object["set"]?.string == file.lastPathComponent)
    #expect(abs(try #require(object["value"]?.double) / 5e-17 - 1) < 1e-12)
    let error = #expect(throws: CaseError.self) { try request(target: "liver", set: file.path) }
    #expect(error?.code == "pair-missing")
    #expect(throws: CaseError.self) { try request(set: file.path, progeny: true) }
  }

  @Test("What is unknown is refused")
  func refusals() {
    #expect(throws: TransportError.self) { try request(phantom: "child") }
    #expect(throws: TransportError.self) { try request(source: "tail") }
    #expect(throws: RadionuclideError.self) { try request("Xx-1") }
    #expect(throws: CaseError.self) { try request(masses: "dry") }
  }
}
