import DICOM
public import Quantities

/// The mean absorbed doses that organs of a patient got from an administration: a Patient Radiation Dose SR (PS3.16
/// TID 10030).
public struct PatientDoseReport: Sendable {
  /// One organ.
  public struct Organ: Sendable {
    let name: String
    let site: Code?
    let dose: Uncertain<AbsorbedDose>

    /// - Parameter site: where in the body it lies; without it the name alone tells.
    public init(name: String, site: Code?, dose: Uncertain<AbsorbedDose>) {
      (self.name, self.site, self.dose) = (name, site, dose)
    }
  }

  /// The body in which doses were worked out (PS3.16 CID 10064).
  public enum Model: Sendable {
    /// A reference adult of a sex, brought to the patient's masses.
    case referenceAdult(Code)
    /// Each organ as an ellipsoid or a sphere.
    case simpleObjects

    /// A woman's body (PS3.16 CID 7455).
    public static let female = Model.referenceAdult(Code("F", "DCM", "Female"))
    /// A man's body (PS3.16 CID 7455).
    public static let male = Model.referenceAdult(Code("M", "DCM", "Male"))
  }

  let title: String
  let organs: [Organ]
  let nuclide: String
  let administered: Activity
  let model: Model
  let method: String
  let basis: WrittenResult

  /// - Parameters:
  ///   - nuclide: such as `Lu-177`.
  ///   - method: how the doses follow, with the name of the S values.
  ///   - basis: the report of the measurements that doses rest on.
  public init(
    title: String, organs: [Organ], nuclide: String, administered: Activity, model: Model, method: String,
    basis: WrittenResult
  ) {
    (self.title, self.organs, self.nuclide, self.administered) = (title, organs, nuclide, administered)
    (self.model, self.method, self.basis) = (model, method, basis)
  }
}

extension ResultWriter {
  /// Writes the doses as a Patient Radiation Dose SR, in gray.
  ///
  /// - Throws: ``StudyError`` when there is no organ, or a dose or activity is not finite or negative.
  public func write(_ report: PatientDoseReport, number: Int, to path: String) throws -> WrittenResult {
    let doses = report.organs.flatMap { organ -> [AbsorbedDose] in
      [organ.dose.value] + (organ.dose.standardUncertainty.map { [$0] } ?? [])
    }
    let numbers = doses.map(\.grays) + [report.administered.becquerels]
    guard !report.organs.isEmpty, numbers.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw StudyError(
        "unwritable-value", "The report has no organ, or a dose or activity that is negative or not finite.",
        remedy: "Report doses that were found.", category: .internalFault)
    }
    let estimate = ContentItem(
      .contains, Code("128402", "DCM", "Radiation Dose Estimate"), .container(template: "10031"),
      [ContentItem(.contains, Code("128403", "DCM", "Radiation Dose Estimate Name"), .text(report.title))]
        + report.organs.map(\.item) + [methodology(report)])
    return try writeReport(
      [estimate], under: Code("128401", "DCM", "Patient Radiation Dose Report"), template: "10030",
      sopClassUID: "1.2.840.10008.5.1.4.1.1.88.73", name: report.title, beside: [report.basis], number: number,
      to: path)
  }

  /// PS3.16 TID 10033.
  private func methodology(_ report: PatientDoseReport) -> ContentItem {
    let method = ContentItem(
      .contains, Code("128476", "DCM", "Radiation Dose Estimate Method"), .container(template: nil),
      [
        ContentItem(
          .contains, Code("128477", "DCM", "Radiation Dose Estimate Method Type"),
          .code(Code("128479", "DCM", "Tabular Data Algorithm"))),
        ContentItem(
          .contains, Code("128482", "DCM", "Radiation Dose Estimate Method Reference"), .text(report.method)),
        ContentItem(
          .contains, Code("128434", "DCM", "Radiation Dose Estimate Parameters"), .container(template: nil),
          [
            report.radionuclide,
            ContentItem(
              .contains, CodedQuantity.administeredActivity.quantity,
              .number(report.administered.megabecquerels, CodedQuantity.administeredActivity.unit)),
          ]),
      ])
    return ContentItem(
      .contains, Code("128415", "DCM", "Radiation Dose Estimate Methodology"), .container(template: "10033"),
      [
        ContentItem(.contains, Code("128416", "DCM", "SR Instance Used"), .composite(report.basis)), report.model.item,
        method,
      ])
  }
}

extension PatientDoseReport.Organ {
  fileprivate var item: ContentItem {
    let gray = CodedQuantity.absorbedDose.unit
    var properties = [ContentItem(.modifier, Code("112039", "DCM", "Tracking Identifier"), .text(name))]
    if let site {
      properties.append(ContentItem(.modifier, Code("363698007", "SCT", "Finding Site"), .code(site)))
    }
    if let uncertainty = dose.standardUncertainty {
      properties.append(
        ContentItem(.property, MeasurementReport.Measurement.standardDeviation, .number(uncertainty.grays, gray)))
    }
    return ContentItem(
      .contains, Code("128533", "DCM", "Mean Absorbed Radiation Dose"), .number(dose.value.grays, gray), properties)
  }
}

extension PatientDoseReport.Model {
  fileprivate var item: ContentItem {
    let type: Code
    var demographics: [ContentItem] = []
    switch self {
    case .referenceAdult(let sex):
      type = Code("128404", "DCM", "Anthropomorphic Model")
      demographics = [ContentItem(.contains, Code("128437", "DCM", "Model Patient Sex"), .code(sex))]
    case .simpleObjects: type = Code("128418", "DCM", "Simple Object Model")
    }
    return ContentItem(
      .contains, Code("128500", "DCM", "Patient Radiation Dose Model"), .container(template: nil),
      [
        ContentItem(.contains, Code("128417", "DCM", "Patient Model Type"), .code(type)),
        ContentItem(
          .contains, Code("128420", "DCM", "Radiation Transport Model Type"),
          .code(Code("128421", "DCM", "Geometric Radiation Transport Model"))),
        ContentItem(
          .contains, Code("128427", "DCM", "Patient Model Demographics"), .container(template: nil), demographics),
      ])
  }
}

extension PatientDoseReport {
  /// By code where PS3.16 CID 18 or 4020 has one.
  fileprivate var radionuclide: ContentItem {
    let codes = [
      "Lu-177": "447553000", "Y-90": "14691008", "Ga-68": "35337001", "I-131": "1368003", "In-111": "56609000",
      "Sm-153": "419804008", "Cu-64": "3932008", "Cu-67": "53700003",
    ]
    let concept = Code("89457008", "SCT", "Radionuclide")
    return ContentItem(.contains, concept, codes[nuclide].map { .code(Code($0, "SCT", nuclide)) } ?? .text(nuclide))
  }
}
