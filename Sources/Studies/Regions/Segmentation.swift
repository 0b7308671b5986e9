import DICOM
public import Provenance
public import Volumes

/// The segments of a DICOM segmentation (SEG): binary, fractional or as a map of labels.
public struct Segmentation: Sendable {
  /// A segment with its voxels on the grid of the segmentation.
  public struct Segment: Sendable {
    /// Its label; a number is appended where another segment has it too.
    public let name: String
    public let mask: Mask
  }

  /// The Series Instance UID.
  public let seriesUID: String
  /// The Frame of Reference UID.
  public let frameOfReferenceUID: String
  /// The segments with at least one voxel, in the order of the file.
  public let segments: [Segment]
  /// What is worth knowing about the input.
  public let findings: [Finding]
  /// The digest of the file.
  public let digest: Digest

  static let storageClassUIDs = ["1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"]
  /// A segment of more voxels, those around it included, is refused.
  static let mostVoxels = 1 << 29

  /// Reads a segmentation.
  ///
  /// A voxel of a fractional segment belongs to it from half of the largest value on. Refuses frames that do not lie on
  /// one grid, two frames of a segment at one place, and pixels that are malformed.
  public init(path: String) throws {
    let file = try DICOMFile(path: path)
    let dataSet = file.dataSet
    let sopClassUID = try dataSet.requiredUID(.sopClassUID)
    guard Self.storageClassUIDs.contains(sopClassUID) else {
      throw StudyError(
        "not-a-segmentation", "The file is no segmentation.", remedy: "Name a file with modality SEG.")
    }
    guard let frameOfReferenceUID = try dataSet.uid(.frameOfReferenceUID) else {
      throw StudyError(
        "missing-frame-of-reference", "The segmentation does not name its frame of reference.",
        remedy: "Export it again from where it was drawn.")
    }
    let frames = try SegmentFrames(file)
    var segments: [Segment] = []
    var findings = frames.findings
    let labels = try Self.labels(dataSet)
    let counts = Dictionary(labels.map { ($0.label, 1) }, uniquingKeysWith: +)
    for (number, label) in labels {
      let name = counts[label] == 1 ? label : "\(label) \(number)"
      guard let mask = try frames.mask(of: number) else {
        findings.append(
          Finding(
            .caution, code: "empty-segment", title: "A segment without voxels.",
            "The segment holds no voxel and is not used.", subject: name, origin: "Studies"))
        continue
      }
      segments.append(Segment(name: name, mask: mask))
    }
    seriesUID = try dataSet.requiredUID(.seriesInstanceUID)
    self.frameOfReferenceUID = frameOfReferenceUID
    self.segments = segments
    self.findings = findings
    digest = file.digest
  }

  /// Number and label of every segment but the background of a map of labels.
  private static func labels(_ dataSet: DataSet) throws -> [(number: Int, label: String)] {
    let labels = try dataSet.items(.segments).map { item in
      guard let number = try item.unsigned16(.segmentNumber), let label = try item.string(.segmentLabel) else {
        throw StudyError(
          "malformed-segment", "A segment has no number or no label.", remedy: "Export the segmentation again.")
      }
      return (number: number, label: label)
    }
    guard Set(labels.map(\.number)).count == labels.count else {
      throw StudyError(
        "malformed-segment", "Two segments have one number.", remedy: "Export the segmentation again.")
    }
    return labels.filter { $0.number > 0 }
  }
}
