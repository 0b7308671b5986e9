import Foundation
import Quantities
import Testing

@testable import Kinetics

@Suite("The compartment model of a ligand")
struct LigandTests {
  let reference = LigandModel.reference.model
  let administered = Activity.megabecquerels(200)

  private func simulate(
    _ model: LigandModel, peptide: Double = 25, at hours: [Double] = [1, 4, 18, 24, 48, 168]
  ) throws -> LigandSimulation {
    try model.simulated(
      administered: administered, peptide: peptide, physicalDecay: lutetium, at: hours.map { .hours($0) })
  }

  @Test("Nothing is lost: all amounts add up to what was given", arguments: [0.01, 25, 2000])
  func massBalance(peptide: Double) throws {
    let found = try simulate(reference, peptide: peptide)
    #expect(found.imbalance < 1e-6)
    let whole = found.timeIntegrated.reduce(0) { $0 + $1.megabecquerelHours }
    #expect(isClose(whole, 200 / lutetium.perHour, 1e-5))
    for (k, t) in found.times.enumerated() {
      let all = found.activities.reduce(0) { $0 + $1[k].megabecquerels }
      #expect(isClose(all, 200 * exp(-lutetium.perHour * t.hours), 1e-6))
    }
  }

  @Test("Without tissues the plasma is filtered exponentially and the kidneys follow Bateman's equation")
  func filtrationAlone() throws {
    let model = try LigandModel(
      plasma: 3, filtration: 6, retained: 0.1, kidneyRelease: 0.0126, association: 0, dissociation: 0, tissues: [])
    let found = try simulate(model)
    for (k, t) in found.times.map(\.hours).enumerated() {
      let physical = exp(-lutetium.perHour * t)
      #expect(abs(found.activities[0][k].megabecquerels - 200 * exp(-2 * t) * physical) < 2e-5)
      let kidneys = 200 * 0.1 * 2 / (2 - 0.0126) * (exp(-0.0126 * t) - exp(-2 * t)) * physical
      #expect(isClose(found.activities[1][k].megabecquerels, kidneys, 1e-5))
    }
    let lambda = lutetium.perHour
    #expect(isClose(found.timeIntegrated[0].megabecquerelHours, 200 / (2 + lambda), 1e-5))
    #expect(
      isClose(
        found.timeIntegrated[1].megabecquerelHours, 200 * 0.2 / ((2 + lambda) * (0.0126 + lambda)), 1e-5))
  }

  @Test("Without a way out binding reaches the equilibrium of its quadratic equation", arguments: [2.0, 20, 200])
  func equilibrium(peptide: Double) throws {
    let tissue = LigandModel.Tissue(name: "marrow", exchange: 6, volume: 1, receptors: 8)
    let model = try LigandModel(
      plasma: 3, filtration: 0, retained: 0, kidneyRelease: 0, association: 3, dissociation: 6, tissues: [tissue])
    let found = try simulate(model, peptide: peptide, at: [500])
    // Free ligand x − B spreads over 4 L; kon (x − B)/4 (R − B) = koff B.
    let (r, kd) = (8.0, 2.0)
    let sum = peptide + r + 4 * kd
    let bound = (sum - (sum * sum - 4 * peptide * r).squareRoot()) / 2
    #expect(isClose(try #require(found.occupancy["marrow"]), bound / r, 1e-5))
  }

  @Test("Traces are linear: half the peptide changes no activity; plenty of it saturates and shifts activity away")
  func saturation() throws {
    let (a, b) = (try simulate(reference, peptide: 1e-4), try simulate(reference, peptide: 2e-4))
    for region in a.regions.indices {
      #expect(isClose(a.timeIntegrated[region] / b.timeIntegrated[region], 1, 1e-3))
    }
    let much = try simulate(reference, peptide: 5000)
    #expect(try #require(much.occupancy["marrow"]) > 0.9)
    #expect(much.timeIntegrated[1] < a.timeIntegrated[1] * 0.1)
  }

  @Test("The reference patient has the published uptake and half-life of the kidneys")
  func kidneys() throws {
    let found = try simulate(reference)
    let kidneys = try #require(found.regions.firstIndex(of: "kidneys"))
    // Uptake is stated corrected for decay.
    let uptake = found.activities[kidneys][2].megabecquerels * exp(18 * lutetium.perHour) / 200
    #expect(isClose(uptake, 0.044, 0.15))
    let late = log(found.activities[kidneys][4] / found.activities[kidneys][5]) / 120
    #expect(isClose(log(2) / late, 41, 0.03))
  }

  @Test("A larger tumour takes activity from marrow and kidneys; amino acids take it from the kidneys alone")
  func whatIfs() throws {
    let before = try simulate(reference)
    var sink = reference
    let tumour = try #require(sink.tissues.firstIndex { $0.name == "tumour" })
    sink.tissues[tumour].receptors *= 20
    sink.tissues[tumour].exchange *= 20
    sink.tissues[tumour].volume *= 20
    let after = try simulate(sink)
    func integral(_ found: LigandSimulation, _ name: String) -> Double {
      found.timeIntegrated[found.regions.firstIndex(of: name)!].megabecquerelHours
    }
    #expect(integral(after, "tumour") > 2 * integral(before, "tumour"))
    #expect(integral(after, "marrow") < integral(before, "marrow"))
    #expect(integral(after, "kidneys") < integral(before, "kidneys"))
    var acids = reference
    acids.retained *= 0.64
    let protected = try simulate(acids)
    #expect(isClose(integral(protected, "kidneys") / integral(before, "kidneys"), 0.64, 1e-3))
    #expect(isClose(integral(protected, "marrow") / integral(before, "marrow"), 1, 1e-3))
  }

  @Test("Values that made the curves are found again")
  func fit() throws {
    var truth = reference
    truth["receptors.marrow"] = 6.1
    truth["retained"] = 0.09
    let made = try simulate(truth, at: [1, 4, 24, 48, 168])
    let curves = try ["marrow", "kidneys"].map { name in
      try made.curve(made.regions.firstIndex(of: name)!, physicalDecay: lutetium)
    }
    let fit = try reference.fitted(
      ["receptors.marrow", "retained"], to: curves, weighting: .relative(0.05), administered: administered,
      peptide: 25)
    #expect(isClose(fit.parameters[0].value, 6.1, 1e-3))
    #expect(isClose(fit.parameters[1].value, 0.09, 1e-3))
    #expect(fit.chiSquared < 1e-4 && fit.degreesOfFreedom == 8)
    #expect(fit.parameters.allSatisfy { $0.relativeUncertainty > 0.01 && $0.relativeUncertainty < 0.1 })
  }

  @Test("What cannot be is refused")
  func refusals() throws {
    for change in [
      { (m: inout LigandModel) in m.plasma = 0 }, { $0.retained = 1.2 }, { $0.filtration = .nan },
      { $0.tissues[0].name = "spleen" }, { $0.tissues[0].name = "kidneys" }, { $0.association = -1 },
    ] {
      var model = reference
      change(&model)
      #expect(throws: KineticsError.self) { try simulate(model) }
    }
    #expect(throws: KineticsError.self) { try simulate(reference, peptide: 0) }
    #expect(throws: KineticsError.self) { try simulate(reference, at: [4, 1]) }
    let curve = try curve([1, 4, 24], [5, 4, 3], region: "thyroid")
    let error = #expect(throws: KineticsError.self) {
      try reference.fitted(
        ["retained"], to: [curve], weighting: .relative(0.1), administered: administered, peptide: 25)
    }
    #expect(error?.code == "ligand-region")
  }
}
