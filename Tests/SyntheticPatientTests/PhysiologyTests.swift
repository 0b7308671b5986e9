import Foundation
import Kinetics
import Quantities
import Testing

@testable import SyntheticPatient

@Suite("Synthetic patients of the compartment model")
struct PhysiologyTests {
  let model = LigandModel.reference.model

  @Test("The patient's activities are those of the simulation, at any time, and so are her integrals")
  func simulated() throws {
    let patient = try SyntheticPatient(seed: 1, physiology: Physiology(model, peptide: 25))
    let times = [0.0005, 0.03, 0.7, 1.03, 4.1, 24.2, 47.9, 168.3, 600].map { Time.hours($0) }
    let found = try model.simulated(
      administered: .megabecquerels(200), peptide: 25, physicalDecay: patient.administration.physical, at: times)
    func fraction(_ names: [String], _ k: Int) throws -> Double {
      try names.reduce(0) { sum, name in
        sum + found.activities[try #require(found.regions.firstIndex(of: name))][k] / .megabecquerels(200)
      }
    }
    func organ(_ name: String) throws -> TrueKinetics {
      try #require(patient.organs.first { $0.name == name }).kinetics
    }
    let (left, right) = (try organ("Left kidney"), try organ("Right kidney"))
    for (k, t) in times.enumerated() {
      #expect(relative(try organ("Liver").fraction(at: t), try fraction(["liver"], k)) < 2e-3)
      #expect(relative(left.fraction(at: t) + right.fraction(at: t), try fraction(["kidneys"], k)) < 2e-3)
      #expect(relative(try organ("Lesion").fraction(at: t), try fraction(["tumour"], k)) < 2e-3)
      #expect(
        relative(
          patient.physiology.wholeBody.fraction(at: t), try fraction(found.regions.filter { $0 != "excreted" }, k))
          < 2e-3)
    }
    let liver = found.timeIntegrated[try #require(found.regions.firstIndex(of: "liver"))] / .megabecquerels(200)
    #expect(relative(try organ("Liver").timeIntegratedActivityCoefficient / liver, 1) < 1e-6)
    #expect(try organ("Spleen").fraction(at: .zero) == 0)
    #expect(relative(patient.physiology.wholeBody.fraction(at: .zero), 1) < 1e-9)
  }

  @Test("The integral of the interpolated curve is that of the simulation")
  func integral() throws {
    let kinetics = try #require(try Physiology(model, peptide: 25).organs.first).kinetics
    // Simpson's rule in the logarithm of the time.
    let (low, high, panels) = (log(1e-4), log(5000.0), 4000)
    var sum = 0.0
    for k in 0...panels {
      let t = exp(low + (high - low) * Double(k) / Double(panels))
      sum += (k == 0 || k == panels ? 1 : k % 2 == 1 ? 4 : 2) * t * kinetics.fraction(at: .hours(t))
    }
    sum *= (high - low) / Double(panels) / 3
    #expect(relative(kinetics.timeIntegratedActivityCoefficient.hours, sum) < 1e-4)
  }

  @Test("No organ holds less than nothing, and organs and trunk never more than the body", arguments: [1.0, 25, 500])
  func possible(peptide: Double) throws {
    let physiology = try Physiology(model, peptide: peptide)
    for hour in stride(from: 0.0, through: 1000, by: 2.5) {
      let fractions = (physiology.organs.map(\.kinetics) + [physiology.remainder]).map { $0.fraction(at: .hours(hour)) }
      #expect(fractions.allSatisfy { $0 >= 0 })
      #expect(fractions.reduce(0, +) <= physiology.wholeBody.fraction(at: .hours(hour)) * 1.0001)
    }
  }

  @Test("A tumour sink takes activity from every other organ, amino acids from the kidneys alone")
  func whatIfs() throws {
    func coefficients(_ change: (inout LigandModel) -> Void) throws -> [String: Double] {
      var other = model
      change(&other)
      return Dictionary(
        uniqueKeysWithValues: try Physiology(other, peptide: 25).organs.map {
          ($0.name, $0.kinetics.timeIntegratedActivityCoefficient.hours)
        })
    }
    let plain = try coefficients { _ in }
    let sink = try coefficients { model in
      for k in model.tissues.indices where model.tissues[k].name == "tumour" {
        model.tissues[k].receptors *= 20
        model.tissues[k].exchange *= 20
        model.tissues[k].volume *= 20
      }
    }
    let acids = try coefficients { $0.retained *= 0.64 }
    for (name, value) in plain {
      #expect(name == "Lesion" ? sink[name]! > 5 * value : sink[name]! < 0.95 * value, "\(name)")
      let kept = acids[name]! / value
      #expect(abs(kept - (name.hasSuffix("kidney") ? 0.64 : 1)) < 2e-3, "\(name)")
    }
  }

  @Test("A model without the organs of the patient is refused")
  func missing() throws {
    var other = model
    other.tissues.removeAll { $0.name == "spleen" }
    let error = #expect(throws: SyntheticPatientError.self) { try Physiology(other, peptide: 25) }
    #expect(error?.code == "tissue-missing" && error?.reason.contains("spleen") == true)
  }
}
