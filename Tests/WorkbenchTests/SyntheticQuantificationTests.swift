import Quantities
import Scintigraphy
import SyntheticPatient
import Testing
import Volumes

@Suite("Quantification of the synthetic patient")
struct SyntheticQuantificationTests {
  private func regions(of patient: SyntheticPatient) -> [RegionOfInterest] {
    let structures = patient.structures()
    let spheres = structures.filter { SyntheticPatient.marrowSpheres.contains($0.name) }
    return structures.prefix(patient.organs.count).map {
      RegionOfInterest(
        name: $0.name, emitting: $0, sampledBy: $0.name == SyntheticPatient.vertebralBodies ? spheres : [])
    }
  }

  @Test("Without errors every organ's activity is recovered within 2 % at every time")
  func errorFree() throws {
    let patient = try SyntheticPatient(seed: 1, errors: .none)
    let scans = try patient.scans()
    let quantification = try RegionQuantification(
      regions: regions(of: patient),
      recovery: .regionBased(
        fullWidthAtHalfMaximum: SyntheticCamera.fullWidthAtHalfMaximum, standardUncertainty: .millimetres(0.5)),
      outlineImage: OutlineImage(
        voxelSize: SyntheticCamera.outlineVoxelSize,
        fullWidthAtHalfMaximum: SyntheticCamera.outlineFullWidthAtHalfMaximum),
      pointUncertainty: 0.02, calibrationUncertainty: 0.03)
    let found = try quantification.activities(in: scans.map(\.image))
    for (region, organ) in zip(found, patient.organs) {
      for (measurement, scan) in zip(region.measurements, scans) {
        let truth = patient.activity(of: organ.kinetics, at: scan.start)
        let ratio = measurement.activity.value / truth
        #expect((ratio - 1).magnitude < 0.02, "\(organ.name) at \(scan.start)")
      }
    }
  }
}
