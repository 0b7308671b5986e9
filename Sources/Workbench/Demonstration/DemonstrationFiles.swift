import DICOM
import Foundation
import JSON
import Quantities
import Studies
import SyntheticPatient

extension Demonstration {
  /// Writes `case.json` and the images of a patient.
  ///
  /// The folder may be missing, empty or an earlier demonstration, which is replaced.
  static func write(_ patient: SyntheticPatient, to folder: String) throws {
    let manager = FileManager.default
    let marker = folder + "/" + markerName
    let content = (try? manager.contentsOfDirectory(atPath: folder)) ?? []
    guard content.isEmpty || manager.fileExists(atPath: marker) else {
      throw CaseError(
        "folder-in-use", "The folder \(fileName(folder)) holds something else than an earlier demonstration.",
        remedy: "Name another folder with --output.", category: .usage)
    }
    do {
      for old in content { try manager.removeItem(atPath: folder + "/" + old) }
      try manager.createDirectory(atPath: folder + "/imaging", withIntermediateDirectories: true)
      try Data("This folder was made by `endora demo`; the next run replaces it.\n".utf8)
        .write(to: URL(fileURLWithPath: marker))
    } catch {
      throw CaseError(
        "folder-unwritable", "The folder \(fileName(folder)) cannot be written.",
        remedy: "Check the path, its permissions and the space.", category: .inputOutput)
    }
    try writeImages(of: patient, to: folder + "/imaging")
    do {
      try Data(caseText(patient).utf8).write(to: URL(fileURLWithPath: folder + "/case.json"), options: .atomic)
    } catch {
      throw CaseError(
        "folder-unwritable", "case.json cannot be written.", remedy: "Check the space.", category: .inputOutput)
    }
  }

  private static let markerName = "synthetic-patient.txt"

  private static func writeImages(of patient: SyntheticPatient, to folder: String) throws {
    let seed = UIDSeed(patient.seed, 1)
    let administration = patient.administration
    let scans = try patient.scans()
    func writer(_ study: String, _ start: Timestamp) -> StudyWriter {
      StudyWriter(
        study: study, patientName: "Synthetic^Patient", patientID: "SYNTHETIC-\(patient.seed)",
        patientWeight: patient.subject.mass, started: start, seed: seed)
    }
    let first = writer("Scan 1", scans[0].start)
    let ct = patient.tomography()
    let written = try first.writeCT(
      ct.hounsfieldUnits, grid: ct.grid, description: "CT", number: 1, frameOfReference: "patient",
      acquired: scans[0].start, to: folder + "/ct")
    try first.writeStructureSet(
      patient.structures(), name: "Regions", number: 2, on: written, drawn: scans[4].start,
      to: folder + "/structures.dcm")
    for (index, scan) in scans.enumerated() {
      let draft = QuantitativeSeriesDraft(
        image: scan.image, description: "SPECT", number: 3, frameOfReference: "patient", acquisitionStart: scan.start,
        frameDuration: scan.frameDuration, nuclide: "Lu-177", halfLife: administration.physical.halfLife,
        injectedActivity: administration.administered, injection: administration.start)
      _ = try writer("Scan \(index + 1)", scan.start).write(draft, to: folder + "/spect-\(index + 1)")
    }
    try writePlanar(patient, writer, to: (folder as NSString).deletingLastPathComponent)
  }

  /// The case file of a patient, as a person would write it.
  static func caseText(_ patient: SyntheticPatient) -> String {
    let given = patient.administration
    let subject = patient.subject
    let spheres = SyntheticPatient.marrowSpheres.map { "\"\($0)\"" }.joined(separator: ", ")
    let decimals = { (value: Double) in String(format: "%.1f", value) }
    return """
      {
        // A synthetic patient: every number of its images follows from stated kinetics and seed \(patient.seed).
        format: "endora-case-1",
        name: "Demo \(patient.seed)",
        notes: ["synthetic"],
        nuclide: "Lu-177",
        agent: "[177Lu]Pentixather",
        subject: {
          sex: "\(subject.isFemale ? "female" : "male")", age_y: \(subject.ageInYears), \
      weight_kg: \(decimals(subject.mass.kilograms)), height_m: \(String(format: "%.2f", subject.height.centimetres / 100)),
        },
        administrations: [
          {
            assay: { activity_MBq: \(decimals(given.assay.megabecquerels)), time: "\(given.assayTime)" },
            residual: { activity_MBq: \(decimals(given.residual.megabecquerels)), time: "\(given.residualTime)" },
            start: "\(given.start)",
          },
        ],
        measurements: {
          spect: {
            folder: "imaging",
            calibrationUncertainty: \(patient.errors.calibration),
            pointUncertainty: \(patient.errors.reconstruction),
            // The camera's point-spread function, measured with a point source.
            recovery: {
              method: "region-based",
              fwhm_mm: \(SyntheticCamera.fullWidthAtHalfMaximum.millimetres),
              fwhmUncertainty_mm: \(patient.errors.fullWidthAtHalfMaximum.millimetres),
            },
            // The regions were drawn on the CT.
            outlineImage: {
              voxel_mm: \(SyntheticCamera.outlineVoxelSize.millimetres),
              fwhm_mm: \(SyntheticCamera.outlineFullWidthAtHalfMaximum.millimetres),
            },
          },
          \(planarText(patient))
        },
        regions: [
          { name: "Kidney left", organ: "kidney-left", structure: "Left kidney" },
          { name: "Kidney right", organ: "kidney-right", structure: "Right kidney" },
          { name: "Liver", organ: "liver", structure: "Liver" },
          { name: "Spleen", organ: "spleen", structure: "Spleen" },
          // Three spheres inside the vertebral bodies give the concentration, the bodies the volume.
          { name: "Marrow L2-L4", organ: "marrow-L2-L4", structure: "\(SyntheticPatient.vertebralBodies)", \
      sampledBy: [\(spheres)] },
          { name: "Lesion", organ: "lesion", structure: "Lesion" },
        ],
        limits: { kidneys_Gy: 23, marrow_Gy: 1 },
        therapy: { graftDay_d: 14, acceptedRisk: 0.05 },
      }

      """
  }
}
