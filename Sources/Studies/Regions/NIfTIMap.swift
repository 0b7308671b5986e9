import Compression
import DICOM
public import Provenance
public import Volumes

/// A map of numbers in a NIfTI file, such as Endora writes for a dose or a time-integrated activity in every voxel.
public struct NIfTIMap: Sendable {
  /// Where the voxels lie.
  public let grid: Grid
  /// One number a voxel in the grid's order.
  public let values: [Float]
  /// What the header says of it; Endora ends it with a comma and the unit.
  public let description: String
  /// The digest of the file.
  public let digest: Digest

  /// Reads a file, packed by gzip or not.
  ///
  /// - Throws: ``StudyError`` for what is no NIfTI file, has no orientation or a value that is not finite.
  public init(path: String) throws {
    let raw = try FileBytes(path: path).all()
    let bytes = try NIfTIHeader.unpacked(raw)
    let header = try NIfTIHeader(bytes)
    grid = header.grid
    values = try header.numbers(in: bytes)
    description = header.description(in: bytes)
    digest = Digest(of: raw)
  }
}
