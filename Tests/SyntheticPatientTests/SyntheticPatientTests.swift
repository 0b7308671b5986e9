import Foundation
import Quantities
import Testing
import Volumes

@testable import SyntheticPatient

@Suite("The synthetic patient")
struct SyntheticPatientTests {
  @Test("The noiseless images hold the true activity")
  func totalActivity() throws {
    let patient = try SyntheticPatient(seed: 1, errors: .none)
    for scan in try patient.scans() {
      let truth = (patient.organs.map(\.kinetics) + [patient.remainder])
        .map { patient.activity(of: $0, at: scan.start) }.total()
      let sum = scan.image.values.reduce(0.0) { $0 + Double($1) } * scan.image.grid.voxelVolume.millilitres
      #expect(relative(sum, truth.becquerels) < 0.005)
    }
  }

  @Test("A rasterised ellipsoid holds its volume")
  func rasterizedVolume() {
    let grid = SyntheticPatient.emissionGrid
    let ellipsoid = Ellipsoid(centre: SIMD3(3, -7, 11), semiaxes: SIMD3(21, 16, 34))
    let box = ellipsoid.box(on: grid)
    var fractions = [Float](repeating: 0, count: box.count)
    ellipsoid.rasterize(into: &fractions, box: box, grid: grid)
    let volume = fractions.reduce(0.0) { $0 + Double($1) } * grid.voxelVolume.millilitres
    #expect(relative(volume, 4 / 3 * Double.pi * 21 * 16 * 34 / 1000) < 1e-3)
    #expect(fractions.allSatisfy { (0...1).contains($0) })
  }

  @Test("One seed gives the same bytes again, another seed others")
  func reproducible() throws {
    let first = try SyntheticPatient(seed: 5)
    let again = try SyntheticPatient(seed: 5)
    let other = try SyntheticPatient(seed: 6)
    #expect(first.structures() == again.structures() && first.structures() != other.structures())
    let (a, b, c) = (try first.scans(), try again.scans(), try other.scans())
    for t in a.indices {
      #expect(a[t].image.values == b[t].image.values && a[t].image.values != c[t].image.values)
    }
  }

  @Test("Kidney kinetics are the published ones: 2.2 % at 18 h, 41 h, 1.764 h (WE-5.1)")
  func kidneyKinetics() throws {
    let patient = try SyntheticPatient(seed: 1)
    let kidney = try #require(patient.organs.first { $0.name == "Left kidney" }).kinetics
    #expect(relative(kidney.fraction(at: .hours(18)), 0.022) < 1e-4)
    #expect(kidney.fraction(at: .hours(17)) < kidney.fraction(at: .hours(18)))
    #expect(kidney.fraction(at: .hours(19)) < kidney.fraction(at: .hours(18)))
    #expect(relative(kidney.fraction(at: .hours(241)) / kidney.fraction(at: .hours(200)), 0.5) < 1e-6)
    #expect(relative(kidney.timeIntegratedActivityCoefficient.hours, 1.764_171) < 1e-9)
    #expect(kidney.fraction(at: .zero) == 0)
  }

  @Test("Doses by local absorption lie where the publications put them")
  func doses() throws {
    // 0.085320 Gy·g/(MBq·h) of 177Lu electrons.
    let expected = [
      "Left kidney": 0.9...1.4, "Right kidney": 0.9...1.4, "Liver": 0.35...0.45, "Spleen": 0.5...0.7, "Lesion": 2...5,
    ]
    let organs = try SyntheticPatient(seed: 1).organs
    for (name, range) in expected {
      let organ = try #require(organs.first { $0.name == name })
      let dose = 85.320 * organ.kinetics.timeIntegratedActivityCoefficient.hours / organ.mass.grams
      #expect(range.contains(dose), "\(name): \(dose) Gy/GBq")
    }
    let kidneys = organs.filter { $0.name.hasSuffix("kidney") }.map(\.mass).total()
    #expect(relative(kidneys.grams, 275) < 0.05)
    #expect((15.0...20).contains(organs.last?.volume.millilitres ?? 0))
  }

  @Test("No organ holds less than nothing, nor all together more than was given, at any time")
  func possible() throws {
    let patient = try SyntheticPatient(seed: 1)
    for hour in stride(from: 0.0, through: 1000, by: 0.5) {
      let fractions = (patient.organs.map(\.kinetics) + [patient.remainder]).map { $0.fraction(at: .hours(hour)) }
      #expect(fractions.allSatisfy { $0 >= 0 } && fractions.reduce(0, +) <= 1)
    }
  }

  @Test("The organs lie inside the body and share no space")
  func disjoint() throws {
    let patient = try SyntheticPatient(seed: 1, errors: .none)
    let masks = try patient.structures().prefix(patient.organs.count).map {
      try Mask(of: $0, on: SyntheticPatient.tomographyGrid)
    }
    for a in masks.indices {
      for b in masks.indices where a < b { #expect(masks[a].intersection(masks[b]) == nil) }
    }
    let tomography = patient.tomography()
    for (mask, organ) in zip(masks, patient.organs) {
      #expect(mask.gridIndices().allSatisfy { tomography.hounsfieldUnits[$0] >= 20 }, "\(organ.name)")
      #expect(relative(mask.volume.millilitres, organ.volume.millilitres) < 0.02)
    }
  }

  @Test("The marrow is sampled inside the vertebral bodies")
  func spheres() throws {
    let structures = try SyntheticPatient(seed: 1, errors: .none).structures()
    func mask(_ name: String) throws -> Mask {
      try Mask(of: try #require(structures.first { $0.name == name }), on: SyntheticPatient.emissionGrid)
    }
    let bodies = try mask(SyntheticPatient.vertebralBodies)
    for name in SyntheticPatient.marrowSpheres { #expect(try mask(name).subtracting(bodies) == nil) }
  }

  @Test("Outlines err by the standard deviation asked for")
  func outlineErrors() throws {
    let volumes = try (0..<300).map { seed in
      try SyntheticPatient(seed: seed).structures()[0].planimetricVolume().millilitres
    }
    let mean = volumes.reduce(0, +) / 300
    let spread = (volumes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 299).squareRoot() / mean
    let organ = try #require(try SyntheticPatient(seed: 0).organs.first)
    let diameter = 2 * cbrt(750 * organ.volume.millilitres / .pi)
    #expect(relative(spread, 3 * MeasurementErrors.realistic.outlineDiameter.millimetres / diameter) < 0.15)
  }

  @Test("The administration is the assay less the residual at the time of injection, in its zone")
  func administration() throws {
    let administration = try SyntheticPatient(seed: 1).administration
    #expect(administration.start.description == "2026-11-02T09:03:00+01:00")
    let expected = 206.3 * pow(2, -22 / 60.0 / 159.528) - 4.1 * pow(2, 14 / 60.0 / 159.528)
    #expect(relative(administration.administered.megabecquerels, expected) < 1e-9)
    let hours = try SyntheticPatient(seed: 1).acquisitionStarts.map { ($0 - administration.start).hours }
    for (actual, nominal) in zip(hours, [1.0, 4, 24, 48, 168]) { #expect(relative(actual, nominal) < 0.05) }
  }

  @Test("Errors that make no sense are refused")
  func refusedErrors() {
    let errors = MeasurementErrors(
      calibration: .nan, outlineDiameter: .zero, reconstruction: 0, fullWidthAtHalfMaximum: .zero, counting: false)
    #expect(throws: SyntheticPatientError.self) { try SyntheticPatient(seed: 1, errors: errors) }
  }
}

func relative(_ a: Double, _ b: Double) -> Double { abs(a / b - 1) }
