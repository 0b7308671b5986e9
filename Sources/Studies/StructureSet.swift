import DICOM
public import Provenance
public import Volumes

/// The structures that were drawn on a study (RTSTRUCT).
public struct StructureSet: Sendable {
  /// The name, or else the label, of the set.
  public let name: String?
  /// The Series Instance UID.
  public let seriesUID: String
  /// The Frame of Reference UID.
  public let frameOfReferenceUID: String
  /// The structures with at least one closed planar contour, in the order of the file.
  public let structures: [Structure]
  /// What is worth knowing about the input.
  public let findings: [Finding]
  /// The digest of the file.
  public let digest: Digest

  /// Refuses structures that were drawn in another frame of reference than a series has.
  public func requireFrameOfReference(of series: QuantitativeSeries) throws(StudyError) {
    try requireFrameOfReference(series.frameOfReferenceUID)
  }

  /// Refuses structures that were drawn in another frame of reference than that of a UID.
  public func requireFrameOfReference(_ uid: String) throws(StudyError) {
    guard uid == frameOfReferenceUID else {
      throw StudyError(
        "other-frame-of-reference", "The structures were drawn in another frame of reference than the series has.",
        remedy: "Name the structure set that was drawn on this series or on its CT, or register them first.")
    }
  }
}

extension StructureSet {
  static let storageClassUID = "1.2.840.10008.5.1.4.1.1.481.3"

  /// Reads the one structure set of a series.
  public init(_ series: IndexedSeries) throws {
    guard series.files.count == 1, let file = series.files.first else {
      throw StudyError(
        "several-structure-sets", "The series holds \(series.files.count) structure sets.",
        remedy: "Name the file of the one that is meant.")
    }
    try self.init(file)
  }

  /// Reads a structure set.
  ///
  /// Closed planar contours are used, also those that are to be combined by exclusive or, which is the even-odd rule of
  /// ``Volumes/Mask/init(of:on:)``; others are skipped with a finding. Refuses contours that are not planar or
  /// malformed, and structures in more than one frame of reference.
  public init(_ file: IndexedFile) throws {
    guard file.sopClassUID == Self.storageClassUID else {
      throw StudyError(
        "not-a-structure-set", "The file is no RT Structure Set.", remedy: "Name a file with modality RTSTRUCT.")
    }
    let read = try file.read()
    let dataSet = read.dataSet
    let regions = try dataSet.items(.structureSetROI)
    var drawings = try Dictionary(grouping: dataSet.items(.roiContour)) { try $0.integer(.referencedROINumber) }
    var structures: [Structure] = []
    var findings: [Finding] = []
    for region in regions {
      guard let number = try region.integer(.roiNumber), let name = try region.string(.roiName) else {
        throw StudyError(
          "malformed-structure", "A structure has no number or no name.", remedy: "Export the structure set again.")
      }
      let drawing = Drawing(name: name, items: drawings.removeValue(forKey: number) ?? [])
      let contours = try drawing.contours(&findings)
      if !contours.isEmpty { structures.append(Structure(name: name, contours: contours)) }
    }
    for (name, same) in Dictionary(grouping: structures, by: \.name).sorted(by: { $0.key < $1.key })
    where same.count > 1 {
      findings.append(
        Finding(
          .serious, code: "duplicate-structure-name", title: "Two structures of one name.",
          "\(same.count) structures have this name; which one is meant is not clear.", subject: name,
          origin: "Studies"))
    }
    self.name = try dataSet.string(.structureSetName) ?? dataSet.string(.structureSetLabel)
    seriesUID = file.seriesUID
    frameOfReferenceUID = try Self.frameOfReferenceUID(dataSet, regions)
    self.structures = structures
    self.findings = findings
    digest = read.digest
  }

  private static func frameOfReferenceUID(_ dataSet: DataSet, _ regions: [DataSet]) throws -> String {
    let named = Set(try regions.compactMap { try $0.uid(.referencedFrameOfReferenceUID) })
    guard named.count <= 1 else {
      throw StudyError(
        "mixed-frames-of-reference", "The structures were drawn in \(named.count) frames of reference.",
        remedy: "Export one structure set for each.")
    }
    guard let uid = try named.first ?? dataSet.uid(.frameOfReferenceUID) else {
      throw StudyError(
        "missing-frame-of-reference", "The structure set does not name its frame of reference.",
        remedy: "Export it again from the planning system.")
    }
    return uid
  }
}

/// The contours of one structure in a file.
private struct Drawing {
  /// How far a point may lie from the plane of its contour, in mm.
  static let planarity = 0.1
  /// Contour Geometric Types of areas (PS3.3 C.8.8.6.3).
  static let areas: Set<String?> = ["CLOSED_PLANAR", "CLOSEDPLANAR_XOR"]

  let name: String
  let items: [DataSet]

  func contours(_ findings: inout [Finding]) throws -> [[SIMD3<Double>]] {
    var contours: [[SIMD3<Double>]] = []
    var skipped = 0
    for contour in try items.flatMap({ try $0.items(.contour) }) {
      guard try Self.areas.contains(contour.string(.contourGeometricType)) else {
        skipped += 1
        continue
      }
      let points = try self.points(contour)
      if points.count < 3 { skipped += 1 } else { contours.append(points) }
    }
    if skipped > 0 {
      note(&findings, "skipped-contours", "\(skipped) of its contours are not closed and planar and are not used.")
    }
    if contours.isEmpty { note(&findings, "empty-structure", "It has no closed planar contour and is not used.") }
    return contours
  }

  private func points(_ contour: DataSet) throws -> [SIMD3<Double>] {
    let numbers = try contour.decimals(.contourData)
    let declared = try contour.integer(.numberOfContourPoints)
    guard numbers.count.isMultiple(of: 3), declared == nil || declared == numbers.count / 3 else {
      throw StudyError(
        "malformed-contour", "A contour holds \(numbers.count) numbers for \(declared ?? 0) points.",
        remedy: "Export the structure set again.")
    }
    let points = stride(from: 0, to: numbers.count, by: 3).map {
      SIMD3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
    }
    guard points.allSatisfy({ max(abs($0.x), abs($0.y), abs($0.z)) < 1e6 }) else {
      throw StudyError(
        "malformed-contour", "A contour has a point more than a kilometre away.",
        remedy: "Export the structure set again.")
    }
    guard isPlanar(points) else {
      throw StudyError(
        "non-planar-contour", "A contour called planar has points outside its plane.",
        remedy: "Draw or export it again slice by slice.")
    }
    return points
  }

  /// Whether all points lie near the plane through their mean whose normal is the polygon's area vector.
  private func isPlanar(_ points: [SIMD3<Double>]) -> Bool {
    guard points.count > 3 else { return true }
    let mean = points.reduce(.zero, +) / Double(points.count)
    let area = zip(points, points.dropFirst() + points.prefix(1))
      .reduce(SIMD3<Double>.zero) { $0 + cross($1.0 - mean, $1.1 - mean) }
    guard length(area) > 0 else { return points.allSatisfy { abs($0.z - mean.z) <= Self.planarity } }
    let normal = area / length(area)
    return points.allSatisfy { abs(dot($0 - mean, normal)) <= Self.planarity }
  }

  private func note(_ findings: inout [Finding], _ code: String, _ text: String) {
    findings.append(
      Finding(.caution, code: code, title: "Contours not used.", text, subject: name, origin: "Studies"))
  }
}
