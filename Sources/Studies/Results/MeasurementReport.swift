import DICOM

/// What was measured, coded for other programs: a report by template TID 1500 (PS3.16).
public struct MeasurementReport: Sendable {
  /// One number of a region.
  public struct Measurement: Sendable {
    let quantity: CodedQuantity
    let value: Double
    let derivation: Code?

    /// - Parameters:
    ///   - value: in the unit of the quantity; finite.
    ///   - derivation: how it came about from several, such as ``mean``.
    public init(_ quantity: CodedQuantity, _ value: Double, _ derivation: Code? = nil) {
      (self.quantity, self.value, self.derivation) = (quantity, value, derivation)
    }

    public static let mean = Code("373098007", "SCT", "Mean")
    public static let maximum = Code("56851009", "SCT", "Maximum")
    public static let minimum = Code("255605001", "SCT", "Minimum")
    public static let standardDeviation = Code("386136009", "SCT", "Standard Deviation")
  }

  /// A region with its numbers.
  public struct Group: Sendable {
    let name: String
    let site: Code?
    let segment: (segmentation: WrittenResult, number: Int)?
    let measurements: [Measurement]

    /// - Parameters:
    ///   - name: tells the region from others over time.
    ///   - site: where in the body it lies.
    ///   - segment: the region's voxels, where they were written.
    public init(
      name: String, site: Code? = nil, segment: (segmentation: WrittenResult, number: Int)? = nil,
      measurements: [Measurement]
    ) {
      (self.name, self.site, self.segment, self.measurements) = (name, site, segment, measurements)
    }
  }

  let title: String
  let groups: [Group]

  public init(title: String, groups: [Group]) { (self.title, self.groups) = (title, groups) }
}

extension ResultWriter {
  /// Writes a report as a Comprehensive 3D SR. Regions with voxels follow TID 1411, others TID 1501.
  ///
  /// - Throws: ``StudyError`` when there is nothing to report or a number is not finite.
  public func write(_ report: MeasurementReport, number: Int, to path: String) throws -> WrittenResult {
    guard !report.groups.isEmpty, report.groups.flatMap(\.measurements).allSatisfy(\.value.isFinite) else {
      throw StudyError(
        "unwritable-value", "The report has no region, or a number that is not finite.",
        remedy: "Report what was measured.", category: .internalFault)
    }
    let items = [
      ContentItem(
        .modifier, Code("121058", "DCM", "Procedure reported"), .code(Code("363679005", "SCT", "Imaging procedure"))),
      ContentItem(
        .contains, Code("126010", "DCM", "Imaging Measurements"), .container(template: nil),
        report.groups.map(content)),
    ]
    return try writeReport(
      items, under: Code("126000", "DCM", "Imaging Measurement Report"), template: "1500",
      sopClassUID: "1.2.840.10008.5.1.4.1.1.88.34", name: report.title,
      beside: report.groups.compactMap { $0.segment?.segmentation }, number: number, to: path)
  }

  private func content(_ group: MeasurementReport.Group) -> ContentItem {
    var items = [
      ContentItem(.context, Code("112039", "DCM", "Tracking Identifier"), .text(group.name)),
      ContentItem(.context, Code("112040", "DCM", "Tracking Unique Identifier"), .uid(uid("tracking", group.name))),
    ]
    if let segment = group.segment {
      items.append(
        ContentItem(
          .contains, Code("121191", "DCM", "Referenced Segment"), .segment(segment.segmentation, segment.number)))
      items.append(
        ContentItem(.contains, Code("121232", "DCM", "Source series for segmentation"), .uid(source.uid)))
    }
    if let site = group.site {
      items.append(ContentItem(.modifier, Code("363698007", "SCT", "Finding Site"), .code(site)))
    }
    items += group.measurements.map { measurement in
      ContentItem(
        .contains, measurement.quantity.quantity, .number(measurement.value, measurement.quantity.unit),
        measurement.derivation.map { [ContentItem(.modifier, Code("121401", "DCM", "Derivation"), .code($0))] } ?? [])
    }
    return ContentItem(
      .contains, Code("125007", "DCM", "Measurement Group"),
      .container(template: group.segment == nil ? "1501" : "1411"), items)
  }
}
