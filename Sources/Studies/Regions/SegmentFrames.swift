import DICOM
import Provenance
import Volumes

/// The frames of a segmentation on one grid.
struct SegmentFrames {
  private enum Content {
    /// One segment a frame.
    case bits(BitFrames, segments: [Int])
    case shares([UInt8], atLeast: Int, segments: [Int])
    /// All segments in every frame.
    case labels([Int32])
  }

  private let grid: Grid
  /// The slice of every frame.
  private let slices: [Int]
  private let content: Content
  let findings: [Finding]

  init(_ file: DICOMFile) throws {
    let dataSet = file.dataSet
    let shared = try dataSet.item(.sharedFunctionalGroups)
    let frames = try dataSet.items(.perFrameFunctionalGroups)
    func group(_ tag: Tag, of frame: DataSet) throws -> DataSet? { try frame.item(tag) ?? shared?.item(tag) }
    let kind = try dataSet.string(.segmentationType)
    let planes = try frames.map { frame in
      try SegmentPlane(
        position: group(.planePosition, of: frame), orientation: group(.planeOrientation, of: frame),
        measures: group(.pixelMeasures, of: frame))
    }
    func segments() throws -> [Int] {
      try frames.map { frame in
        guard let number = try group(.segmentIdentification, of: frame)?.unsigned16(.referencedSegmentNumber) else {
          throw StudyError(
            "malformed-segment", "A frame does not tell of which segment it is.",
            remedy: "Export the segmentation again.")
        }
        return number
      }
    }
    let (rows, columns, count): (Int, Int, Int)
    switch kind {
    case "BINARY":
      let bits = try file.bitFrames()
      content = .bits(bits, segments: try segments())
      (rows, columns, count) = (bits.rows, bits.columns, bits.frames)
      findings = []
    case "FRACTIONAL":
      let format = try file.pixelFormat()
      guard case .unsigned8(let samples) = try file.samples(),
        let most = try dataSet.unsigned16(.maximumFractionalValue),
        most > 0
      else { throw Self.malformed("are no fractions with a largest value") }
      content = .shares(samples, atLeast: (most + 1) / 2, segments: try segments())
      (rows, columns, count) = (format.rows, format.columns, format.frames)
      findings = [
        Finding(
          .info, code: "fractional-segment", title: "Fractional segments.",
          "A voxel belongs to a segment from half of the largest value on.", origin: "Studies")
      ]
    case "LABELMAP":
      let format = try file.pixelFormat()
      switch try file.samples() {
      case .unsigned8(let samples): content = .labels(samples.map(Int32.init))
      case .unsigned16(let samples): content = .labels(samples.map(Int32.init))
      default: throw Self.malformed("are no labels of 8 or 16 bits")
      }
      (rows, columns, count) = (format.rows, format.columns, format.frames)
      findings = []
    default:
      throw StudyError(
        "segmentation-type", "The segmentation is none of BINARY, FRACTIONAL and LABELMAP.",
        remedy: "Export it as one of them.")
    }
    guard count == frames.count else {
      throw Self.malformed("have \(count) frames, of which \(frames.count) are described")
    }
    (grid, slices) = try SegmentPlane.stack(planes, rows: rows, columns: columns)
  }

  /// The voxels of a segment; `nil` when it has none.
  func mask(of segment: Int) throws -> Mask? {
    let own = slices.indices.filter { n in
      switch content {
      case .bits(_, let segments), .shares(_, _, let segments): segments[n] == segment
      case .labels: true
      }
    }
    let planes = own.map { slices[$0] }
    guard let first = planes.min(), let last = planes.max() else { return nil }
    guard Set(planes).count == planes.count else {
      throw StudyError(
        "duplicate-position", "Two frames of a segment lie at one place.",
        remedy: "Export the segmentation with each slice once.")
    }
    let box = VoxelBox(columns: 0..<grid.columns, rows: 0..<grid.rows, slices: first..<last + 1)
    guard box.count <= Segmentation.mostVoxels else {
      throw StudyError(
        "segmentation-too-large", "A segment spans \(box.count) voxels.",
        remedy: "Export the segmentation on the grid of its image.")
    }
    let size = grid.columns * grid.rows
    var members = [Bool](repeating: false, count: box.count)
    for n in own {
      let start = (slices[n] - first) * size
      switch content {
      case .bits(let bits, _): members.replaceSubrange(start..<start + size, with: bits.frame(n))
      case .shares(let samples, let least, _):
        for i in 0..<size { members[start + i] = Int(samples[n * size + i]) >= least }
      case .labels(let labels):
        for i in 0..<size { members[start + i] = labels[n * size + i] == Int32(segment) }
      }
    }
    return Mask(grid: grid, box: box, members: members)
  }

  private static func malformed(_ what: String) -> StudyError {
    StudyError("malformed-segmentation", "The pixels \(what).", remedy: "Export the segmentation again.")
  }
}

/// Where one frame of a segmentation lies.
struct SegmentPlane {
  let axes: PlaneAxes
  let thickness: Double?
  let spacing: Double?

  init(position: DataSet?, orientation: DataSet?, measures: DataSet?) throws {
    axes = try PlaneAxes(
      position: position?.decimals(.imagePosition) ?? [], orientation: orientation?.decimals(.imageOrientation) ?? [],
      spacing: measures?.decimals(.pixelSpacing) ?? [])
    func length(_ tag: Tag) throws -> Double? {
      try measures?.decimal(tag).flatMap { (0.01...1000).contains($0) ? $0 : nil }
    }
    thickness = try length(.sliceThickness)
    spacing = try length(.spacingBetweenSlices)
  }

  /// The grid of all planes and the slice of each; slices between them may be empty.
  static func stack(_ planes: [SegmentPlane], rows: Int, columns: Int) throws -> (grid: Grid, slices: [Int]) {
    guard let first = planes.first else {
      throw StudyError("no-frames", "The segmentation has no frames.", remedy: "Export it again.")
    }
    let normal = first.axes.normal
    guard planes.allSatisfy({ $0.axes.areParallel(to: first.axes) }) else {
      throw mixed("differ in orientation or pixel spacing")
    }
    let heights = planes.map { dot($0.axes.origin - first.axes.origin, normal) }
    let sorted = heights.sorted()
    let gaps = zip(sorted.dropFirst(), sorted).map { $0 - $1 }.filter { $0 > 0.01 }
    guard let step = step(gaps, first) else { throw mixed("do not tell how far they are apart") }
    let slices = heights.map { Int((($0 - sorted[0]) / step).rounded()) }
    let last = slices.max() ?? 0
    guard last < 65536 else { throw mixed("lie too far apart") }
    let exact = last > 0 ? (sorted[sorted.count - 1] - sorted[0]) / Double(last) : step
    let origin = first.axes.origin + sorted[0] * normal
    for (plane, k) in zip(planes, slices) {
      guard distance(plane.axes.origin, origin + Double(k) * exact * normal) < max(0.05, 0.05 * step) else {
        throw mixed("do not lie in line at equal distances")
      }
    }
    let grid = Grid(
      columns: columns, rows: rows, slices: last + 1, origin: origin, columnStep: first.axes.columnStep,
      rowStep: first.axes.rowStep, sliceStep: normal * exact)
    return (grid, slices)
  }

  /// The distance of slices: what is told when the frames' distances are multiples of it, else the smallest of these.
  private static func step(_ gaps: [Double], _ first: SegmentPlane) -> Double? {
    func fits(_ step: Double) -> Bool {
      gaps.allSatisfy {
        ($0 / step - ($0 / step).rounded()).magnitude * step < max(0.02, 0.02 * step) && $0 / step > 0.5
      }
    }
    let told = [first.spacing, first.thickness].compactMap { $0 }
    return told.first(where: fits) ?? gaps.min()
  }

  private static func mixed(_ what: String) -> StudyError {
    StudyError(
      "mixed-geometry", "The frames of the segmentation \(what).",
      remedy: "Export the segmentation on the grid of its image.")
  }
}
