/// The central directory of a zip archive (APPNOTE 6.3, sections 4.3.12 and 4.3.16), checked against the archive.
struct ZipDirectory {
  private(set) var entries: [ZipArchive.Entry] = []

  init(_ file: borrowing FileBytes) throws(DICOMError) {
    let end = try End(file)
    let directory = try file.bytes(end.size, at: end.offset)
    guard directory.count == end.size else { throw ZipArchive.refused("ends early") }
    var cursor = Cursor(bytes: directory)
    var total = 0
    var previous = 0
    var records: [Record] = []
    while cursor.position < directory.count {
      records.append(try Record(&cursor))
      guard records.count <= ZipArchive.mostEntries else { throw End.tooMany() }
    }
    guard records.count == end.entries else {
      throw ZipArchive.refused("has a directory of another length than it says")
    }
    for record in records.sorted(by: { $0.offset < $1.offset }) {
      guard record.offset >= previous, record.offset < end.offset else {
        throw ZipArchive.refused("has entries whose data overlap")
      }
      let start = try record.dataStart(in: file)
      previous = start + record.packedSize
      guard previous <= end.offset else { throw ZipArchive.refused("has entries whose data overlap") }
      try record.check()
      guard !record.isFolder else { continue }
      total += record.size
      guard total <= ZipArchive.mostBytes else {
        throw ZipArchive.refused("would unpack to more than \(ZipArchive.mostBytes) bytes")
      }
      entries.append(
        ZipArchive.Entry(
          name: record.name, size: record.size, packedSize: record.packedSize, offset: start,
          checksum: record.checksum, isDeflated: record.method == 8))
    }
  }

  /// The record at the end of the archive.
  private struct End {
    let entries: Int
    let size: Int
    let offset: Int

    init(_ file: borrowing FileBytes) throws(DICOMError) {
      let length = 22
      let tail = min(file.size, length + 0xFFFF)
      let bytes = try file.bytes(tail, at: file.size - tail)
      let signature: [UInt8] = [0x50, 0x4B, 0x05, 0x06]
      guard bytes.count >= length,
        let start = stride(from: bytes.count - length, through: 0, by: -1).first(where: { start in
          bytes[start] == 0x50 && bytes[start..<start + 4].elementsEqual(signature)
            && start + length + bytes.number16(start + 20) == bytes.count
        })
      else { throw ZipArchive.refused("has no directory at its end") }
      entries = bytes.number16(start + 10)
      size = bytes.number32(start + 12)
      offset = bytes.number32(start + 16)
      guard bytes.number16(start + 4) == 0, bytes.number16(start + 8) == entries else {
        throw ZipArchive.refused("is one part of several")
      }
      guard entries < 0xFFFF, size < 0xFFFF_FFFF, offset < 0xFFFF_FFFF else { throw Self.tooMany() }
      guard offset + size == file.size - tail + start else {
        throw ZipArchive.refused("has a directory that does not lie where it says")
      }
    }

    static func tooMany() -> DICOMError {
      ZipArchive.refused("holds more than \(ZipArchive.mostEntries) entries or 4 GiB")
    }
  }

  private struct Cursor {
    let bytes: [UInt8]
    var position = 0
  }

  /// What the directory says of one entry.
  private struct Record {
    let name: String
    let method: Int
    let flags: Int
    let checksum: UInt32
    let packedSize: Int
    let size: Int
    let offset: Int
    let unixType: Int

    var isFolder: Bool { name.hasSuffix("/") }

    init(_ cursor: inout Cursor) throws(DICOMError) {
      let (bytes, start) = (cursor.bytes, cursor.position)
      guard bytes.count - start >= 46, bytes[start..<start + 4].elementsEqual([0x50, 0x4B, 0x01, 0x02]) else {
        throw ZipArchive.refused("has a damaged directory")
      }
      let (nameLength, extra, comment) = (
        bytes.number16(start + 28), bytes.number16(start + 30), bytes.number16(start + 32)
      )
      cursor.position = start + 46 + nameLength + extra + comment
      guard cursor.position <= bytes.count else { throw ZipArchive.refused("has a damaged directory") }
      flags = bytes.number16(start + 8)
      method = bytes.number16(start + 10)
      checksum = UInt32(bytes.number32(start + 16))
      packedSize = bytes.number32(start + 20)
      size = bytes.number32(start + 24)
      offset = bytes.number32(start + 42)
      unixType = bytes[start + 5] == 3 ? bytes.number32(start + 38) >> 28 : 0
      let raw = bytes[start + 46..<start + 46 + nameLength]
      guard raw.count <= 1024 else { throw ZipArchive.refused("has a name of more than 1024 bytes") }
      guard !raw.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0x5C }) else {
        throw ZipArchive.refused("has a name with a control character or a backslash")
      }
      name =
        String(validating: raw, as: UTF8.self)
        ?? String(String.UnicodeScalarView(raw.map { Unicode.Scalar($0) }))
    }

    /// Refuses what an honest program does not write.
    func check() throws(DICOMError) {
      let parts = (isFolder ? name.dropLast() : name[...]).split(separator: "/", omittingEmptySubsequences: false)
      guard !name.isEmpty, parts.count <= 64, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }),
        parts[0].utf8.count != 2 || parts[0].utf8.last != 0x3A
      else { throw ZipArchive.refused("has a name that leads out of the archive") }
      guard [0, 4, 8].contains(unixType) else { throw ZipArchive.refused("has an entry that is a link or a device") }
      guard flags & 0x41 == 0 else { throw ZipArchive.refused("is encrypted") }
      guard method == 8 || method == 0 && packedSize == size else {
        throw ZipArchive.refused("has an entry that is packed in an unknown way")
      }
      guard size <= ZipArchive.mostEntryBytes, size <= max(16 << 20, packedSize * 200) else {
        throw ZipArchive.refused("has an entry of \(packedSize) bytes that would unpack to \(size)")
      }
      guard !name.lowercased().hasSuffix(".zip") else { throw ZipArchive.refused("holds an archive in itself") }
    }

    /// Where the data begin, behind the header that repeats what the directory says.
    func dataStart(in file: borrowing FileBytes) throws(DICOMError) -> Int {
      let header = try file.bytes(30, at: offset)
      guard header.count == 30, header.starts(with: [0x50, 0x4B, 0x03, 0x04]), header.number16(8) == method else {
        throw ZipArchive.refused("has an entry that does not lie where the directory says")
      }
      let isSizeBehind = header.number16(6) & 8 != 0
      guard isSizeBehind || header.number32(18) == packedSize && header.number32(22) == size else {
        throw ZipArchive.refused("says two different sizes of one entry")
      }
      return offset + 30 + header.number16(26) + header.number16(28)
    }
  }
}

extension [UInt8] {
  fileprivate func number16(_ position: Int) -> Int { Int(ByteOrder.little.number(self, at: position, UInt16.self)) }
  fileprivate func number32(_ position: Int) -> Int { Int(ByteOrder.little.number(self, at: position, UInt32.self)) }
}
