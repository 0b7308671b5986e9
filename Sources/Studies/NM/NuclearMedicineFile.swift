import DICOM
public import Provenance
public import Quantities

/// A file of a gamma camera: what each of its frames shows (PS3.3 C.8.4).
public struct NuclearMedicineFile: Sendable {
  /// One picture of counts.
  public struct Frame: Hashable, Sendable {
    /// The detector, from 1.
    public let detector: Int?
    /// From which side it was taken; `nil` where neither the header nor the rule of two detectors tells.
    public let view: Detector.View?
    /// The energy window, from 1.
    public let energyWindow: Int?
    /// The phase of a dynamic study, from 1.
    public let phase: Int?
    /// The slice of a reconstruction, from 1.
    public let slice: Int?
    /// Where the detector stood.
    public let angle: Angle?
    /// How far the detector was from the centre of rotation.
    public let radius: Length?
    /// How long it was acquired.
    public let duration: Time?
    /// The sum of all stored values.
    public let totalCounts: Int
  }

  /// What it holds.
  public let kind: SeriesKind
  /// The UID of the transfer syntax.
  public let transferSyntaxUID: String
  /// Rows of a frame.
  public let rows: Int
  /// Columns of a frame.
  public let columns: Int
  /// The distances of neighbouring pixels, down a column and along a row.
  public let pixelSpacing: (down: Length, along: Length)?
  /// The detectors in the order of their numbers.
  public let detectors: [Detector]
  /// The energy windows in the order of their numbers.
  public let energyWindows: [EnergyWindow]
  /// When the acquisition began, by the clock of the camera.
  public let acquisition: LocalTime?
  /// Seconds east of Greenwich of that clock, where the header tells it.
  public let utcOffset: Int?
  /// The nuclide, where the header names it.
  public let nuclide: String?
  /// Maker and model of the camera.
  public let camera: String?
  /// How fast the bed moved, in mm per second.
  public let scanVelocity: Double?
  /// The digest of the file.
  public let digest: Digest
  /// The frames in the order of the file.
  public let frames: [Frame]
  /// The stored values of all frames, frame after frame, row after row.
  public let counts: [Float]
  /// What is worth knowing about the input.
  public let findings: [Finding]

  /// Reads a file of the NM class.
  ///
  /// Refuses other classes, frame vectors that do not fit the frames, numbers of detectors and windows that are not
  /// described, and malformed values.
  ///
  /// The view of a detector is what its code says; without codes, the side on which it stands by its start angle; and
  /// without those, two detectors of a planar study are anterior and posterior in the order of their numbers. The
  /// second and the third rule leave a finding.
  public init(path: String) throws {
    guard let header = try DICOMHeader(path: path) else {
      throw StudyError("not-dicom", "The file is no DICOM file.", remedy: "Name a file with modality NM.")
    }
    let indexed = try IndexedFile(header, path: path)
    let isOfClass = Self.storageClassUIDs.contains(indexed.sopClassUID)
    guard isOfClass || (indexed.modality == "NM" && header.dataSet.contains(.detectorVector)) else {
      throw StudyError(
        "not-nuclear-medicine", "The file is no Nuclear Medicine Image.", remedy: "Name a file with modality NM.")
    }
    let file = try indexed.read()
    let dataSet = file.dataSet
    let format = try file.pixelFormat()
    kind = SeriesKind(indexed)
    transferSyntaxUID = indexed.transferSyntaxUID
    rows = format.rows
    columns = format.columns
    pixelSpacing =
      indexed.pixelSpacing.count == 2
      ? (.millimetres(indexed.pixelSpacing[0]), .millimetres(indexed.pixelSpacing[1])) : nil
    acquisition = indexed.acquisition
    utcOffset = try dataSet.utcOffset(.timezoneOffsetFromUTC)
    nuclide = indexed.nuclide
    let names = [try dataSet.string(.manufacturer), try dataSet.string(.manufacturerModelName)].compactMap(\.self)
    camera = names.isEmpty ? nil : names.joined(separator: " ")
    scanVelocity = (try dataSet.decimal(.scanVelocity)).flatMap { $0 > 0 ? $0 : nil }
    digest = file.digest
    detectors = try dataSet.items(.detectorInformation).map(Detector.init)
    energyWindows = try dataSet.items(.energyWindowInformation).map(EnergyWindow.init)

    var findings: [Finding] = []
    if !isOfClass {
      findings.append(
        Self.finding(
          .caution, "other-class", "Stored as another class",
          "The file is not stored as a Nuclear Medicine Image, but has the modality and the vectors of one."))
    }
    if let name = file.lossyCompression {
      findings.append(
        Self.finding(
          .serious, "lossy-compression", "Compressed with loss",
          "The pixel data are \(name): their counts are not those that were measured."))
    }
    counts = try file.samples(allowingLoss: true).scaled()
    let organization = try FrameOrganization(dataSet, frames: format.frames)
    try organization.check(detectors: detectors.count, energyWindows: energyWindows.count)
    let views = Self.views(of: detectors, isPlanar: [.planar, .wholeBody, .dynamic].contains(kind), &findings)
    let (detectors, pixels) = (detectors, rows * columns)
    let timing = try FrameTiming(dataSet, organization, detectors: detectors)
    let counts = counts
    frames = (0..<format.frames).map { index in
      let detector = organization.detector?[index]
      return Frame(
        detector: detector, view: detector.flatMap { views.isEmpty ? nil : views[$0 - 1] },
        energyWindow: organization.energyWindow?[index], phase: organization.phase?[index],
        slice: organization.slice?[index], angle: timing.angle(of: index), radius: timing.radius(of: index),
        duration: timing.duration(of: index),
        totalCounts: Int(counts[index * pixels..<(index + 1) * pixels].reduce(0.0) { $0 + Double($1) }))
    }
    if kind == .projections, frames.contains(where: { $0.angle == nil }) {
      findings.append(
        Self.finding(
          .caution, "angles-unknown", "Angles not known",
          "The header does not tell where every detector stood; frames of those have no angle."))
    }
    let scale = (try dataSet.decimal(.rescaleSlope) ?? 1, try dataSet.decimal(.rescaleIntercept) ?? 0)
    if scale != (1, 0) {
      findings.append(
        Self.finding(
          .caution, "rescaled-values", "Stored values are rescaled",
          "The header rescales stored values by \(scale.0) and \(scale.1); the counts here are the stored values."))
    }
    self.findings = findings
  }

  /// Projections that come without the attributes of DICOM.
  init(
    kind: SeriesKind, transferSyntaxUID: String, rows: Int, columns: Int, pixelSpacing: (down: Length, along: Length)?,
    detectors: [Detector], energyWindows: [EnergyWindow], digest: Digest, frames: [Frame], counts: [Float],
    findings: [Finding]
  ) {
    (self.kind, self.transferSyntaxUID) = (kind, transferSyntaxUID)
    (self.rows, self.columns, self.pixelSpacing) = (rows, columns, pixelSpacing)
    (self.detectors, self.energyWindows) = (detectors, energyWindows)
    (self.digest, self.frames, self.counts, self.findings) = (digest, frames, counts, findings)
    (acquisition, utcOffset, nuclide, camera, scanVelocity) = (nil, nil, nil, nil, nil)
  }

  /// The counts of a frame as the patient is seen from the front: a posterior frame is mirrored left to right.
  public func countsSeenFromTheFront(frame: Int) -> [Float] {
    let start = frame * rows * columns
    let stored = counts[start..<start + rows * columns]
    guard frames[frame].view == .posterior else { return Array(stored) }
    return (0..<rows).flatMap { row in stored[(start + row * columns)..<(start + (row + 1) * columns)].reversed() }
  }

  /// Nuclear Medicine Image Storage and the retired class of the same images.
  private static let storageClassUIDs = ["1.2.840.10008.5.1.4.1.1.20", "1.2.840.10008.5.1.4.1.1.5"]

  /// The side from which each detector of a planar study looks, by the first of three rules that tells it.
  private static func views(
    of detectors: [Detector], isPlanar: Bool, _ findings: inout [Finding]
  ) -> [Detector.View?] {
    let coded = detectors.map(\.view)
    guard isPlanar, detectors.count == 2, coded.allSatisfy({ $0 == nil }) else { return coded }
    let placed = detectors.map { $0.startAngle.flatMap(Detector.View.init(angle:)) }
    if Set(placed) == [.anterior, .posterior] {
      findings.append(
        finding(
          .info, "view-by-angle", "Views by angle",
          "The header does not name the views; they follow from where the detectors stood."))
      return placed
    }
    findings.append(
      finding(
        .caution, "view-assumed", "Views assumed",
        "The header does not name the views; detector 1 is taken as anterior and detector 2 as posterior."))
    return [.anterior, .posterior]
  }

  private static func finding(_ severity: Finding.Severity, _ code: String, _ title: String, _ text: String) -> Finding
  { Finding(severity, code: code, title: title, text, origin: "Studies · nuclear medicine") }
}
