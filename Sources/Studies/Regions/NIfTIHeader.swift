import Glibc
import Volumes

/// The header of a NIfTI-1 or NIfTI-2 file: where its voxels lie and how they are stored (nifti.nimh.nih.gov).
struct NIfTIHeader: Sendable {
  /// How a voxel is stored.
  enum Kind: Int, Sendable {
    case unsigned8 = 2
    case signed16 = 4
    case signed32 = 8
    case float = 16
    case double = 64
    case signed8 = 256
    case unsigned16 = 512
    case unsigned32 = 768
    case signed64 = 1024
    case unsigned64 = 1280

    var size: Int {
      switch self {
      case .unsigned8, .signed8: 1
      case .signed16, .unsigned16: 2
      case .signed32, .unsigned32, .float: 4
      case .double, .signed64, .unsigned64: 8
      }
    }
  }

  /// More voxels are refused.
  static let mostVoxels = 1 << 29
  /// Bytes of the longer header and the flag of its extensions.
  static let longest = 544

  let grid: Grid
  let kind: Kind
  /// The first byte of the voxels.
  let offset: Int
  /// The first byte after the header, where extensions begin.
  let end: Int
  let slope: Double
  let intercept: Double
  let isSwapped: Bool

  /// Reads the header of an uncompressed file.
  ///
  /// The place comes from the sform, else from the qform; a file with neither does not tell left from right and is
  /// refused. NIfTI's axes run to the right, the front and the head; x and y are turned to DICOM's.
  init(_ bytes: [UInt8]) throws {
    func word(_ at: Int, swapped: Bool) -> Int32 {
      let raw = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: Int32.self) }
      return swapped ? raw.byteSwapped : raw
    }
    guard bytes.count >= 352 else { throw Self.malformed("ends within its header") }
    let sizes: [Int32] = [348, 540]
    guard let swapped = [false, true].first(where: { sizes.contains(word(0, swapped: $0)) }) else {
      throw StudyError(
        "not-nifti", "The file is no NIfTI file: its header has another size.", remedy: "Name a .nii or .nii.gz file.")
    }
    let isSecond = word(0, swapped: swapped) == 540
    end = isSecond ? 540 : 348
    let magic = isSecond ? Array(bytes[4..<8]) : Array(bytes[344..<348])
    guard bytes.count >= end + 4, magic == Array((isSecond ? "n+2\0" : "n+1\0").utf8) else {
      throw StudyError(
        "not-nifti", "The file is no NIfTI file with header and voxels together.",
        remedy: "Name a .nii or .nii.gz file, not .hdr and .img.")
    }
    isSwapped = swapped
    let fields = Fields(bytes: bytes, isSwapped: swapped, isSecond: isSecond)
    let extents = fields.extents()
    guard (1...7).contains(extents[0]) else { throw Self.malformed("has \(extents[0]) dimensions") }
    let shape = (1...7).map { $0 <= extents[0] ? extents[$0] : 1 }
    guard shape.prefix(3).allSatisfy({ (1...65535).contains($0) }), shape.dropFirst(3).allSatisfy({ $0 == 1 }),
      shape[0] * shape[1] * shape[2] <= Self.mostVoxels
    else {
      throw StudyError(
        "nifti-shape", "The NIfTI file is no single volume, or one of too many voxels.",
        remedy: "Export one volume with three dimensions.")
    }
    guard let kind = Kind(rawValue: fields.dataType) else {
      throw StudyError(
        "nifti-type", "The voxels of the NIfTI file are of type \(fields.dataType), which is not read.",
        remedy: "Export them as integers or real numbers.")
    }
    self.kind = kind
    let scale = fields.scale
    slope = scale.slope.isFinite && scale.slope != 0 ? scale.slope : 1
    intercept = scale.slope.isFinite && scale.slope != 0 && scale.intercept.isFinite ? scale.intercept : 0
    let start = fields.offset
    guard start.isFinite, start >= Double(end + 4), start < 1e9, start == start.rounded() else {
      throw Self.malformed("says that its voxels begin at byte \(start)")
    }
    offset = Int(start)
    let unit = try Self.millimetres(fields.spaceUnit)
    let affine = try fields.affine()
    func step(_ axis: Int) -> SIMD3<Double> {
      SIMD3(-affine[0][axis], -affine[1][axis], affine[2][axis]) * unit
    }
    let (a, b, c, origin) = (step(0), step(1), step(2), step(3))
    guard [a, b, c].allSatisfy({ (0.01...1000).contains(length($0)) }), length(origin) < 1e6,
      dot(cross(a, b), c).magnitude > 1e-6 * length(a) * length(b) * length(c)
    else {
      throw StudyError(
        "impossible-geometry", "The NIfTI file has voxels without volume, or of a size that cannot be.",
        remedy: "Export the file again with its geometry.")
    }
    grid = Grid(
      columns: shape[0], rows: shape[1], slices: shape[2], origin: origin, columnStep: a, rowStep: b, sliceStep: c)
  }

  private static func millimetres(_ code: Int) throws(StudyError) -> Double {
    switch code & 7 {
    case 0, 2: return 1
    case 1: return 1000
    case 3: return 0.001
    default: throw malformed("has an unknown unit of length")
    }
  }

  static func malformed(_ what: String) -> StudyError {
    StudyError("malformed-nifti", "The NIfTI file \(what).", remedy: "Export the file again.")
  }
}

/// The numbers of a header by their names, wherever the version puts them.
private struct Fields {
  let bytes: [UInt8]
  let isSwapped: Bool
  let isSecond: Bool

  private func integer<N: FixedWidthInteger>(_ at: Int, _: N.Type) -> Int {
    let raw = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: N.self) }
    return Int(clamping: isSwapped ? raw.byteSwapped : raw)
  }

  private func single(_ at: Int) -> Double {
    Double(Float(bitPattern: UInt32(truncatingIfNeeded: integer(at, UInt32.self))))
  }

  private func real(_ at: Int) -> Double {
    let raw = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: UInt64.self) }
    return Double(bitPattern: isSwapped ? raw.byteSwapped : raw)
  }

  /// A number that is of 4 bytes in the first version and of 8 in the second.
  private func number(_ first: Int, _ second: Int) -> Double { isSecond ? real(second) : single(first) }

  func extents() -> [Int] {
    (0..<8).map { isSecond ? integer(16 + 8 * $0, Int64.self) : integer(40 + 2 * $0, Int16.self) }
  }

  var dataType: Int { isSecond ? integer(12, Int16.self) : integer(70, Int16.self) }
  var offset: Double { isSecond ? Double(integer(168, Int64.self)) : single(108) }
  var scale: (slope: Double, intercept: Double) { (number(112, 176), number(116, 184)) }
  var spaceUnit: Int { isSecond ? integer(500, Int32.self) : Int(bytes[123]) }

  /// Three rows of four numbers: from the indices of a voxel to its place.
  func affine() throws -> [[Double]] {
    let codes =
      isSecond
      ? (integer(344, Int32.self), integer(348, Int32.self)) : (integer(252, Int16.self), integer(254, Int16.self))
    if codes.1 > 0 {
      return (0..<3).map { row in (0..<4).map { number(280 + 16 * row + 4 * $0, 400 + 32 * row + 8 * $0) } }
    }
    guard codes.0 > 0 else {
      throw StudyError(
        "nifti-orientation", "The NIfTI file does not tell where its voxels lie: sform and qform have no code.",
        remedy: "Export it with its orientation.")
    }
    return quaternion()
  }

  /// The rotation of the qform: a = √(1 − b² − c² − d²), the third axis turned by the sign of pixdim[0].
  private func quaternion() -> [[Double]] {
    let (b, c, d) = (number(256, 352), number(260, 360), number(264, 368))
    let a = max(0, 1 - b * b - c * c - d * d).squareRoot()
    let edges = (1...3).map { number(76 + 4 * $0, 104 + 8 * $0) }
    let sign = number(76, 104) < 0 ? -1.0 : 1
    let rotation = [
      [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
      [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
      [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
    ]
    let offsets = (0..<3).map { number(268 + 4 * $0, 376 + 8 * $0) }
    return (0..<3).map { row in
      [rotation[row][0] * edges[0], rotation[row][1] * edges[1], rotation[row][2] * edges[2] * sign, offsets[row]]
    }
  }
}
