import Compression
import DICOM
public import Provenance
public import Volumes

/// Regions of NIfTI files: masks, and volumes of labels with their names.
public struct NIfTILabels: Sendable {
  /// A region with its voxels.
  public struct Region: Sendable {
    public let name: String
    public let mask: Mask
  }

  /// The regions with at least one voxel; those of a volume of labels in the order of their numbers.
  public let regions: [Region]
  /// What is worth knowing about the input.
  public let findings: [Finding]
  /// The digest of the file.
  public let digest: Digest

  private static let mostLabels = 4096

  /// Whether the name of a file is that of a NIfTI file.
  public static func isNamed(_ path: String) -> Bool {
    path.lowercased().hasSuffix(".nii") || path.lowercased().hasSuffix(".nii.gz")
  }

  /// Reads a file.
  ///
  /// A file with one value beside 0 and no names is one region by the file's name. Of a file with more labels the names must be
  /// told in its header, as TotalSegmentator writes them: numbers mean other organs in other versions, so that no name
  /// is ever taken from a number.
  /// - Throws: ``StudyError`` for what is no NIfTI file, has no orientation, has fractions, or labels without a name.
  public init(path: String) throws {
    let raw = try FileBytes(path: path).all()
    digest = Digest(of: raw)
    let bytes = try NIfTIHeader.unpacked(raw)
    let header = try NIfTIHeader(bytes)
    let labels = try header.labels(in: bytes)
    let present = Set(labels).subtracting([0]).sorted()
    guard present.count <= Self.mostLabels else { throw NIfTIHeader.malformed("has \(present.count) labels") }
    let names = header.names(in: bytes)
    let stem = path.split(separator: "/").last.map { $0.split(separator: ".").first.map(String.init) ?? "" } ?? ""
    let isMask = present.count == 1 && names.isEmpty
    let unnamed = isMask ? [] : present.filter { names[Int($0)] == nil }
    guard unnamed.isEmpty else {
      throw StudyError(
        "labels-without-names", "\(unnamed.count) of \(present.count) labels of the NIfTI file have no name.",
        remedy: "Export one file for each organ, or labels with their names in the header, as TotalSegmentator does.")
    }
    regions = Self.masks(of: labels, present, on: header.grid).map { label, mask in
      Region(name: isMask ? stem : names[Int(label)] ?? stem, mask: mask)
    }
    guard Set(regions.map(\.name)).count == regions.count else {
      throw NIfTIHeader.malformed("has two labels of one name")
    }
    findings = [
      Finding(
        .info, code: "nifti-without-frame", title: "No frame of reference.",
        "A NIfTI file does not tell in which frame of reference it lies; its places are taken as the images'.",
        subject: stem, origin: "Studies")
    ]
  }

  /// One mask a label, from the block of voxels that holds it.
  private static func masks(of labels: [Int32], _ present: [Int32], on grid: Grid) -> [(Int32, Mask)] {
    var boxes: [Int32: VoxelBox] = [:]
    VoxelBox(all: grid).forEachRow { j, k in
      let start = grid.index(0, j, k)
      var i = 0
      while i < grid.columns {
        let label = labels[start + i]
        let first = i
        while i < grid.columns, labels[start + i] == label { i += 1 }
        guard label != 0 else { continue }
        let run = VoxelBox(columns: first..<i, rows: j..<j + 1, slices: k..<k + 1)
        boxes[label] = boxes[label]?.union(run) ?? run
      }
    }
    return present.compactMap { label in
      guard let box = boxes[label] else { return nil }
      var members: [Bool] = []
      members.reserveCapacity(box.count)
      box.forEachRow { j, k in
        let start = grid.index(0, j, k)
        for i in box.columns { members.append(labels[start + i] == label) }
      }
      return Mask(grid: grid, box: box, members: members).map { (label, $0) }
    }
  }
}

extension NIfTIHeader {
  /// The bytes of a file that may be packed by gzip.
  static func unpacked(_ raw: [UInt8]) throws -> [UInt8] {
    guard raw.starts(with: [0x1F, 0x8B]) else { return raw }
    return try Inflation(raw[...], wrapper: .gzip, bounds: .init(size: 8 * mostVoxels, ratio: 1032)).bytes
  }

  /// The voxels as whole numbers; refuses fractions.
  func labels(in bytes: [UInt8]) throws -> [Int32] {
    var isWhole = true
    let labels = try voxels(in: bytes, as: Int32.self) { number in
      let whole = Int32(exactly: number.rounded()) ?? -1
      if whole < 0 || (number - Double(whole)).magnitude > 1e-4 { isWhole = false }
      return whole
    }
    guard isWhole else {
      throw StudyError(
        "not-labels", "The NIfTI file holds other numbers than labels from 0.",
        remedy: "Name a file of masks or labels, not of an image.")
    }
    return labels
  }

  /// The voxels as numbers of single precision; refuses those that are not finite.
  func numbers(in bytes: [UInt8]) throws -> [Float] {
    let numbers = try voxels(in: bytes, as: Float.self) { Float($0) }
    guard numbers.allSatisfy(\.isFinite) else { throw Self.malformed("holds a value that is not finite") }
    return numbers
  }

  /// The text that describes the file.
  func description(in bytes: [UInt8]) -> String {
    let start = end == 540 ? 240 : 148
    return String(decoding: bytes[start..<start + 80].prefix { $0 != 0 }, as: UTF8.self)
  }

  private func voxels<Voxel>(
    in bytes: [UInt8], as _: Voxel.Type, _ voxel: (Double) -> Voxel
  ) throws(StudyError) -> [Voxel] {
    guard bytes.count - offset >= grid.count * kind.size else {
      throw Self.malformed(
        "holds \(max(0, bytes.count - offset)) bytes of voxels where \(grid.count * kind.size) are declared")
    }
    func read<N: FixedWidthInteger>(_: N.Type, _ value: (N) -> Double) -> [Voxel] {
      let isScaled = slope != 1 || intercept != 0
      return bytes.withUnsafeBytes { raw in
        [Voxel](unsafeUninitializedCapacity: grid.count) { buffer, count in
          for n in 0..<grid.count {
            let word = raw.loadUnaligned(fromByteOffset: offset + n * MemoryLayout<N>.size, as: N.self)
            let number = value(isSwapped ? word.byteSwapped : word)
            buffer.initializeElement(at: n, to: voxel(isScaled ? number * slope + intercept : number))
          }
          count = grid.count
        }
      }
    }
    return switch kind {
    case .unsigned8: read(UInt8.self) { Double($0) }
    case .signed8: read(Int8.self) { Double($0) }
    case .signed16: read(Int16.self) { Double($0) }
    case .unsigned16: read(UInt16.self) { Double($0) }
    case .signed32: read(Int32.self) { Double($0) }
    case .unsigned32: read(UInt32.self) { Double($0) }
    case .signed64: read(Int64.self) { Double($0) }
    case .unsigned64: read(UInt64.self) { Double($0) }
    case .float: read(UInt32.self) { Double(Float(bitPattern: $0)) }
    case .double: read(UInt64.self) { Double(bitPattern: $0) }
    }
  }

  /// The names of labels in the header's extensions: `<Label Key="1" …><![CDATA[spleen]]></Label>`, as TotalSegmentator
  /// and others write them for Connectome Workbench.
  func names(in bytes: [UInt8]) -> [Int: String] {
    guard bytes[end] != 0 else { return [:] }
    let text = String(decoding: bytes[(end + 4)..<min(offset, bytes.count, end + 4 + 1 << 20)], as: UTF8.self)
    var names: [Int: String] = [:]
    for piece in text.components(from: "<Label ", to: "</Label>") {
      guard let key = piece.components(from: "Key=\"", to: "\"").first.flatMap({ Int($0) }),
        let name = piece.components(from: "<![CDATA[", to: "]]>").first, !name.isEmpty, name.count <= 64
      else { continue }
      names[key] = String(name)
    }
    return names
  }
}

extension StringProtocol {
  /// The pieces between two marks, in order.
  fileprivate func components(from start: String, to end: String) -> [String] {
    var found: [String] = []
    var rest = self[...]
    while let open = rest.firstRange(of: start), let close = rest[open.upperBound...].firstRange(of: end) {
      found.append(String(rest[open.upperBound..<close.lowerBound]))
      rest = rest[close.upperBound...]
    }
    return found
  }
}
