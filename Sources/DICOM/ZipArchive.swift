import Compression
public import Files
public import Provenance

/// The files of a zip archive, as hospitals exchange studies in one (PS3.12 annex V), found without trusting it.
///
/// Nothing is unpacked to the disk. An archive is refused whole when one of its entries cannot be what an honest
/// program writes: a name that leads out of the archive, a link, data that overlap, a size that is not that of the
/// data, an archive inside, or more than ``mostEntries`` entries or ``mostBytes`` bytes.
public struct ZipArchive: Sendable {
  /// A file in the archive.
  public struct Entry: Hashable, Sendable {
    /// Its name with folders, as the archive gives it.
    public let name: String
    /// Its bytes once unpacked.
    public let size: Int
    let packedSize: Int
    let offset: Int
    let checksum: UInt32
    let isDeflated: Bool
  }

  /// More entries are refused.
  public static let mostEntries = 20_000
  /// More bytes of all entries together are refused.
  public static let mostBytes = 8 << 30
  /// An entry of more bytes is refused.
  public static let mostEntryBytes = DICOMFile.decodedSizeLimit

  /// Where it lies.
  public let path: String
  /// The state of the archive when its directory was read.
  public let stamp: FileStamp
  /// The files in the order of their names.
  public let entries: [Entry]
  /// What is worth knowing about the archive.
  public let findings: [Finding]

  /// Whether bytes begin like an archive.
  public static func begins(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
  }

  /// Whether a regular file begins like an archive.
  public static func begins(path: String) -> Bool {
    (try? FileBytes(path: path).first(4)).map(begins) ?? false
  }

  /// Reads the directory of an archive and checks it against the archive.
  public init(path: String) throws(DICOMError) {
    let file = try FileBytes(path: path)
    self.path = path
    stamp = file.stamp
    entries = try ZipDirectory(file).entries.sorted { $0.name < $1.name }
    let folded = Dictionary(grouping: entries) { $0.name.lowercased() }
    guard Set(entries.map(\.name)).count == entries.count else { throw Self.refused("has two entries of one name") }
    let alike = folded.values.count { $0.count > 1 }
    findings =
      alike == 0
      ? []
      : [
        Finding(
          .caution, code: "names-differ-by-case", title: "Names that differ by case alone",
          "\(alike) names in the archive differ from others by upper and lower case alone; unpacked on some systems, "
            + "one file would replace the other.", origin: "DICOM")
      ]
  }

  /// The bytes of an entry, unpacked and checked against its size and checksum.
  public func bytes(of entry: Entry) throws(DICOMError) -> [UInt8] {
    let file = try FileBytes(path: path)
    guard file.stamp == stamp else { throw Self.refused("has changed since it was opened") }
    let packed = try file.bytes(entry.packedSize, at: entry.offset)
    guard packed.count == entry.packedSize else { throw Self.refused("ends early") }
    let bytes = entry.isDeflated ? try Self.inflated(packed, entry) : packed
    guard bytes.count == entry.size else { throw Self.refused("has an entry that is not as long as it says") }
    guard Checksum.crc32(bytes) == entry.checksum else { throw Self.refused("has an entry whose checksum is wrong") }
    guard !Self.begins(bytes) else { throw Self.refused("holds an archive in itself") }
    return bytes
  }

  private static func inflated(_ packed: [UInt8], _ entry: Entry) throws(DICOMError) -> [UInt8] {
    do {
      // One byte more than declared shows data that are longer than they say.
      let inflation = try Inflation(packed[...], wrapper: .none, bounds: .init(size: entry.size + 1, ratio: 200))
      guard inflation.consumed == packed.count else { throw Self.refused("has an entry with bytes behind its data") }
      return inflation.bytes
    } catch let error as DICOMError {
      throw error
    } catch let error as CompressionError {
      throw error.code == "compression-bomb"
        ? Self.refused("has an entry that is longer than it says, or than images need")
        : DICOMError(error.code, error.reason, remedy: error.remedy)
    } catch {
      throw Self.refused("cannot be unpacked")
    }
  }

  static func refused(_ what: String) -> DICOMError {
    DICOMError(
      "unsafe-archive", "The zip archive \(what).",
      remedy: "Ask for it again, or unpack it yourself and name the folder.")
  }
}
