import Dosimetry
import Foundation
public import JSON
import Provenance
public import Quantities
import Reports
public import Studies
import Wording
import Therapy
import Uptake
import Volumes

/// Results that were written as objects of the study they come from: `endora dicom export`.
public struct ResultExport: Sendable {
  /// The objects, in the order of writing.
  public let written: [WrittenResult]

  /// Writes all that a case folder has: its plan, and its PET with the regions that were drawn.
  public static func all(_ path: String, to folder: String, created: Timestamp) throws -> ResultExport {
    let files = FileManager.default
    var written: [WrittenResult] = []
    if files.fileExists(atPath: path + "/pet.json") {
      let (regions, imaging) = (path + "/regions.json", path + "/imaging")
      written += try pet(
        folder: files.fileExists(atPath: imaging) ? imaging : path, series: nil,
        regions: files.fileExists(atPath: regions) ? regions : nil, to: folder,
        created: created
      ).written
    }
    if files.fileExists(atPath: path + "/case.json") || written.isEmpty {
      written += try plan(path, to: folder, created: created).written
    }
    return ResultExport(written: written)
  }

  /// Writes the plan of a case: a measurement report of the organs' doses, the doses of the administered activity as a
  /// Patient Radiation Dose SR, and the report as an Encapsulated PDF.
  ///
  /// - Throws: a refusal when the case has no images, for then there is no study to which results could belong.
  public static func plan(_ path: String, to folder: String, created: Timestamp) throws -> ResultExport {
    let plan = try Plan.make(path)
    let (file, caseFolder) = try CaseFile.read(path)
    guard let spect = file.spect else {
      throw CaseError(
        "no-imaging", "The case holds curves and no images: there is no study to which results could belong.",
        remedy: "Export a case with measurements.spect.")
    }
    let imaging = spect.folder.hasPrefix("/") ? spect.folder : caseFolder + "/" + spect.folder
    guard let source = try StudyIndex.scan(folder: imaging).series.first(where: { $0.kind == .quantitativeSPECT })
    else {
      throw CaseError("no-spect", "The folder holds no quantitative SPECT.", remedy: "Add the series in Bq/mL.")
    }
    let writer = try ResultWriter(source: source, created: created)
    var written: [WrittenResult] = []
    if !plan.analysis.organs.isEmpty {
      let measured = try writer.write(plan.measurementReport, number: 901, to: folder + "/dose-report.dcm")
      written.append(measured)
      written.append(
        try writer.write(plan.patientDoses(measured), number: 903, to: folder + "/patient-dose.dcm"))
    }
    let pdf = try plan.resultFiles().first { $0.name == Plan.reportName("pdf", in: .current) }?.bytes ?? []
    written.append(
      try writer.writeDocument(pdf: pdf, title: "Endora dosimetry report", number: 902, to: folder + "/report.dcm"))
    return ResultExport(written: written)
  }

  /// Writes a PET series as a map of SUV by body weight and its rotating projection as a Secondary Capture; with
  /// regions, those as a segmentation and their uptake as a measurement report.
  public static func pet(
    folder: String, series uid: String?, regions path: String?, to output: String, created: Timestamp,
    stated: StatedText = StatedText()
  ) throws -> ResultExport {
    let file = try path.map { try RegionFile(path: $0) }
    let pet = try PETStudy(
      folder: folder, series: uid, frameOfReference: file?.frameOfReferenceUID, stated: stated
    ).pet
    guard let source = try StudyIndex.scan(folder: folder).series.first(where: { $0.uid == pet.series.seriesUID })
    else {
      throw CaseError.internalFault("A series that was read is no longer there.")
    }
    let writer = try ResultWriter(source: source, created: created)
    let image = try pet.image()
    var written = [
      try writer.writeParametricMap(
        image.values, grid: image.grid, quantity: .uptakeByWeight, name: "SUVbw", number: 911,
        to: output + "/suv.dcm")
    ]
    let projection = try image.rotatingProjection(frames: 36)
    let frames = projection.frames.map { frame in
      frame.map { 255 - UInt8(max(0, min(255, ($0 * 25.5).rounded()))) }
    }
    written.append(
      try writer.writePicture(
        frames: frames, rows: projection.rows, columns: projection.columns, milliseconds: 100,
        name: "Rotating MIP, SUV 0-10", number: 912, to: output + "/mip.dcm"))
    guard let file else { return ResultExport(written: written) }
    try file.requireFrameOfReference(of: pet.series)
    let masks = try file.regions.map { (name: $0.name, mask: try $0.shape.mask(on: image.grid)) }
    let segmentation = try writer.writeSegmentation(
      masks.map { SegmentDraft(name: $0.name, mask: $0.mask) }, name: "Regions", number: 913,
      to: output + "/regions.dcm")
    let groups = try masks.enumerated().map { index, region in
      let uptake = try RegionUptake(image, in: region.mask)
      return MeasurementReport.Group(
        name: region.name, segment: (segmentation, index + 1),
        measurements: [
          .init(.uptakeByWeight, uptake.mean.base, MeasurementReport.Measurement.mean),
          .init(.uptakeByWeight, uptake.maximum.base, MeasurementReport.Measurement.maximum),
          .init(.uptakeByWeight, uptake.minimum.base, MeasurementReport.Measurement.minimum),
          .init(.uptakeByWeight, uptake.standardDeviation.base, MeasurementReport.Measurement.standardDeviation),
          .init(.volume, uptake.volume.millilitres),
        ])
    }
    let report = MeasurementReport(title: "Uptake of regions", groups: groups)
    written += [segmentation, try writer.write(report, number: 914, to: output + "/uptake-report.dcm")]
    return ResultExport(written: written)
  }

  /// `{"written": [{"file", "kind", "sopClassUID", "sopInstanceUID", "seriesUID"}]}`.
  public var document: JSONValue {
    [
      "written": .array(
        written.map {
          [
            "file": JSONValue($0.path), "kind": JSONValue($0.kind), "sopClassUID": JSONValue($0.sopClassUID),
            "sopInstanceUID": JSONValue($0.sopInstanceUID), "seriesUID": JSONValue($0.seriesUID),
          ]
        })
    ]
  }

  /// One line a file.
  public var summary: String { written.map { "\($0.path): \($0.kind)\n" }.joined() }
}

extension Plan {
  /// The organs' doses at the prescribed activity and for each activity given, with their standard uncertainty.
  fileprivate var measurementReport: MeasurementReport {
    var groups = analysis.organs.map { organ in
      let dose = organ.dose.perActivity
      var numbers: [MeasurementReport.Measurement] = [
        .init(.absorbedDosePerActivity, dose.value.graysPerGigabecquerel, MeasurementReport.Measurement.mean)
      ]
      if let uncertainty = dose.standardUncertainty {
        numbers.append(
          .init(
            .absorbedDosePerActivity, uncertainty.graysPerGigabecquerel,
            MeasurementReport.Measurement.standardDeviation))
      }
      if let predicted = predicted(organ) {
        numbers.append(.init(.absorbedDose, predicted.value.grays, MeasurementReport.Measurement.mean))
      }
      numbers.append(.init(.mass, organ.dose.region.mass.grams))
      return MeasurementReport.Group(name: organ.name, site: organ.organ.code, measurements: numbers)
    }
    if let activity = analysis.prescription?.activity {
      groups.append(
        MeasurementReport.Group(
          name: "Prescribed activity", measurements: [.init(.administeredActivity, activity.megabecquerels)]))
    }
    return MeasurementReport(title: "Endora absorbed doses", groups: groups)
  }

  /// The organs' doses from the administered activity.
  fileprivate func patientDoses(_ measured: WrittenResult) -> PatientDoseReport {
    let organs = analysis.organs.map { organ in
      let dose = organ.dose.perActivity
      return PatientDoseReport.Organ(
        name: organ.name, site: organ.organ.code,
        dose: Uncertain(
          dose.value * administered, standardUncertainty: dose.standardUncertainty.map { $0 * administered }))
    }
    return PatientDoseReport(
      title: "Endora doses of the administered activity", organs: organs, nuclide: nuclide.name,
      administered: administered,
      model: (set as? PatientSValues).flatMap { _ in file.subject?.sex.model } ?? .simpleObjects,
      method: "MIRD schema: time-integrated activity times S values; S values \(set.name).", basis: measured)
  }
}

extension CaseFile.Region.Organ {
  /// The anatomical structure in SNOMED CT; `nil` where the region is none.
  fileprivate var code: Code? {
    switch limited {
    case .kidneys: Code("64033007", "SCT", "Kidney")
    case .liver: Code("10200004", "SCT", "Liver")
    case .spleen: Code("78961009", "SCT", "Spleen")
    case .marrow: Code("14016003", "SCT", "Bone marrow")
    default: nil
    }
  }
}

extension Sex {
  fileprivate var model: PatientDoseReport.Model {
    switch self {
    case .female: .female
    case .male: .male
    }
  }
}
