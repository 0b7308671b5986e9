import DICOM
import Foundation
import Quantities
import Studies
import SyntheticPatient
import Uptake

/// A synthetic cohort of fifteen with PET, CT, outlines and `pet.json`, as cases that the verbs of PET read.
public struct PETDemonstration: Sendable {
  private static let marker = "synthetic-pet-cohort.txt"
  private let cohort: UptakeCohort

  public init(seed: Int) throws {
    guard seed >= 0, let seed = UInt64(exactly: seed) else {
      throw CaseError("seed", "The seed is \(seed).", remedy: "Give a whole number from 0.", category: .usage)
    }
    cohort = UptakeCohort(seed: seed)
  }

  /// Writes every patient as a folder `P01` to `P15`; an earlier cohort is replaced.
  ///
  /// - Parameters:
  ///   - asNumbers: writes what was measured in the images instead of the images.
  ///   - names: the patients that are written, all without it.
  /// - Throws: ``CaseError`` when the folder holds anything else or cannot be written.
  public func write(to folder: String, asNumbers: Bool = false, only names: Set<String>? = nil) throws {
    try clear(folder)
    for patient in cohort.patients where names?.contains(patient.name) != false {
      let home = folder + "/" + patient.name
      let images = asNumbers ? folder + "/.images" : home
      for study in patient.studies.indices {
        let (from, to) = (images + Self.suffix(study), home + Self.suffix(study))
        try writeImages(of: patient, study, to: from)
        try Self.write(caseText(patient, study), to: from)
        if asNumbers { try Self.write(numbers(patient, study, PETSites(case: from)), to: to) }
      }
      if asNumbers { try? FileManager.default.removeItem(atPath: images) }
    }
  }

  private static func suffix(_ study: Int) -> String { study == 0 ? "" : "/after" }

  private func clear(_ folder: String) throws {
    let manager = FileManager.default
    let content = ((try? manager.contentsOfDirectory(atPath: folder)) ?? [])
    guard content.isEmpty || content.contains(Self.marker) else {
      throw CaseError(
        "folder-in-use", "The folder \(printable(fileName(folder))) holds something else than an earlier cohort.",
        remedy: "Name another folder with --output.", category: .usage)
    }
    for patient in cohort.patients { try? manager.removeItem(atPath: folder + "/" + patient.name) }
    try Self.write(
      "These cases were made by `endora pet demo`; the next run replaces them. Nobody is behind them.\n", to: folder,
      name: Self.marker)
  }

  private static func write(_ text: String, to folder: String, name: String = "pet.json") throws {
    try PictureFolder(path: folder).write([(name, Array(text.utf8))])
  }

  private func writeImages(of patient: UptakeCohort.Patient, _ study: Int, to folder: String) throws {
    let start = patient.scanStart + .hours(Double(study) * 28 * 24)
    let writer = StudyWriter(
      study: study == 0 ? "Before" : "After", patientName: "Synthetic^\(patient.name)", patientID: patient.name,
      patientWeight: patient.weight, started: start, seed: UIDSeed(cohort.seed, UInt64(patient.weight.grams)))
    let frame = "study \(study)"
    let ct = try writer.writeCT(
      patient.tomography(), grid: UptakeCohort.tomographyGrid, description: "CT", number: 1, frameOfReference: frame,
      acquired: start, to: folder + "/imaging/ct")
    try writer.writeStructureSet(
      patient.structures(), name: "Regions", number: 2, on: ct, drawn: start, to: folder + "/structures.dcm")
    let draft = QuantitativeSeriesDraft(
      image: try patient.image(study: study), description: "PET", number: 3, frameOfReference: frame,
      acquisitionStart: start, frameDuration: .minutes(3), nuclide: "Ga-68", halfLife: UptakeCohort.halfLife,
      injectedActivity: patient.administered, injection: patient.injection + (start - patient.scanStart))
    _ = try writer.write(draft, to: folder + "/imaging/pet")
  }

  private static let sites = [
    ("C7", "vertebrae_C7"), ("T12", "vertebrae_T12"), ("right ilium", "hip_right"), ("L5", "vertebrae_L5"),
    ("left ilium", "hip_left"),
  ]

  private func head(_ patient: UptakeCohort.Patient, _ study: Int) -> String {
    var lines = [
      "  // A synthetic case of seed \(cohort.seed): nobody is behind it.",
      "  name: \"\(patient.name)\(study == 0 ? "" : " after")\", group: \"\(patient.group.rawValue)\","
        + (patient.entity.map { " entity: \"\($0)\"," } ?? ""),
    ]
    if study == 0, patient.studies.count > 1 { lines.append("  followUp: \"after\",") }
    if patient.lesion != nil { lines.append("  leftOut: \"disease outside the marrow alone\",") }
    lines.append("  template: \"herhaus-2016\",")
    return lines.joined(separator: "\n")
  }

  private func assessment(_ patient: UptakeCohort.Patient) -> String {
    patient.group == .control
      ? "" : "\n  assessment: { positive: \(patient.group == .positive), reader: \"the program that made the case\" },"
  }

  /// The case with its regions.
  private func caseText(_ patient: UptakeCohort.Patient, _ study: Int) -> String {
    let sites = Self.sites.map { site, bone in
      patient.missing[bone].map { "    \"\(site)\": { missing: \"\($0)\" }," }
        ?? "    \"\(site)\": { structure: \"\(bone)\" },"
    }
    let lesion =
      patient.lesion == nil ? "" : "\n  lesions: [{ name: \"orbit\", structure: \"lesion\", threshold: \"50 %\" }],"
    return """
      {
      \(head(patient, study))
        pet: { folder: "imaging" },
        structures: "structures.dcm",
        sites: {
      \(sites.joined(separator: "\n"))
        },
        references: {
          bloodPool: { structure: "aorta", insetMm: 7 },
          liver: { sphere: { centreMm: [-78, -12, 205], diameterMm: 30 } },
          spleen: { structure: "spleen" },
        },\(lesion)
        burden: {
          threshold: 4, marginMm: 12,
          exclude: { bowel: { sphere: { centreMm: [0, -60, 40], diameterMm: 30 } },
                     adrenals: { sphere: { centreMm: [30, 40, 165], diameterMm: 14 } } },
        },\(assessment(patient))
      }

      """
  }

  /// The case with what was measured in its regions.
  private func numbers(_ patient: UptakeCohort.Patient, _ study: Int, _ found: PETSites) throws -> String {
    let sites = found.skeleton.sites.map { site in
      site.maximum.map { "    \"\(site.site)\": { suvMax: \(twoDecimals($0.base)) }," }
        ?? "    \"\(site.site)\": { missing: \"\(site.missing ?? "")\" },"
    }
    let names: [TargetToBackground.Reference: String] = [.bloodPool: "bloodPool", .liver: "liver", .spleen: "spleen"]
    let references = found.references.map { kind, uptake, _ in
      "    \(names[kind] ?? ""): { suvMean: \(twoDecimals(uptake.mean.base)), "
        + "suvSd: \(twoDecimals(uptake.standardDeviation?.base ?? 0)) },"
    }
    let burden = found.wholeBody?.lesions ?? []
    let lesions = burden.enumerated().map { n, lesion in
      "    { name: \"\(n + 1)\", suvMax: \(twoDecimals(lesion.uptake.maximum.base)), "
        + "suvMean: \(twoDecimals(lesion.uptake.mean.base)), "
        + "volumeMl: \(twoDecimals(lesion.uptake.volume.millilitres)) },"
    }
    return """
      {
      \(head(patient, study))
        sites: {
      \(sites.joined(separator: "\n"))
        },
        references: {
      \(references.joined(separator: "\n"))
        },\(lesions.isEmpty ? "" : "\n  lesions: [\n\(lesions.joined(separator: "\n"))\n  ],")\(assessment(patient))
      }

      """
  }
}
