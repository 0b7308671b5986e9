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
      let short = (bytes.number16(start + 10), bytes.number32(start + 12), bytes.number32(start + 16))
      guard bytes.number16(start + 4) == 0, bytes.number16(start + 8) == short.0 else {
        throw ZipArchive.refused("is one part of several")
      }
      var (end, long): (Int, [UInt8]?) = (file.size - tail + start, nil)
      if short.0 == 0xFFFF || short.1 == 0xFFFF_FFFF || short.2 == 0xFFFF_FFFF {
        (end, long) = try Self.long(before: end, in: file)
      }
      entries = try long?.number64(32) ?? short.0
      size = try long?.number64(40) ?? short.1
      offset = try long?.number64(48) ?? short.2
      guard entries <= ZipArchive.mostEntries else { throw Self.tooMany() }
      guard offset <= end, size == end - offset else {
        throw ZipArchive.refused("has a directory that does not lie where it says")
      }
    }

    /// The record of archives whose numbers do not fit 16 or 32 bits (APPNOTE 4.3.14, 4.3.15), and where it begins.
    private static func long(
      before end: Int, in file: borrowing FileBytes
    ) throws(DICOMError) -> (start: Int, record: [UInt8]) {
      let locator = try file.bytes(20, at: max(0, end - 20))
      guard end >= 76, locator.starts(with: [0x50, 0x4B, 6, 7]), locator.number32(4) == 0,
        try locator.number64(8) == end - 76
      else { throw ZipArchive.refused("has no long directory record where it should be") }
      let record = try file.bytes(56, at: end - 76)
      guard record.count == 56, record.starts(with: [0x50, 0x4B, 6, 6]), try record.number64(4) == 44,
        record.number32(16) == 0, record.number32(20) == 0, try record.number64(24) == record.number64(32)
      else { throw ZipArchive.refused("has a damaged long directory record") }
      return (end - 76, record)
    }

    static func tooMany() -> DICOMError {
      ZipArchive.refused("holds more than \(ZipArchive.mostEntries) entries")
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
      let extras = Array(bytes[start + 46 + nameLength..<start + 46 + nameLength + extra])
      var long = LongNumbers(extras)
      size = try long.number(bytes.number32(start + 24))
      packedSize = try long.number(bytes.number32(start + 20))
      offset = try long.number(bytes.number32(start + 42))
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
      let (name, extra) = (header.number16(26), header.number16(28))
      var long = LongNumbers(try file.bytes(extra, at: offset + 30 + name))
      let own = (size: try long.number(header.number32(22)), packed: try long.number(header.number32(18)))
      guard isSizeBehind || own.packed == packedSize && own.size == size else {
        throw ZipArchive.refused("says two different sizes of one entry")
      }
      return offset + 30 + name + extra
    }
  }
}

/// The 64-bit numbers of an entry, in the extra field with the number 1 (APPNOTE 4.5.3), in the order in which their
/// short places are full of ones.
private struct LongNumbers {
  private var rest: ArraySlice<UInt8>

  init(_ extra: [UInt8]) {
    rest = []
    var place = 0
    while place + 4 <= extra.count {
      let length = extra.number16(place + 2)
      guard place + 4 + length <= extra.count else { return }
      if extra.number16(place) == 1 { rest = extra[place + 4..<place + 4 + length] }
      place += 4 + length
    }
  }

  mutating func number(_ short: Int) throws(DICOMError) -> Int {
    guard short == 0xFFFF_FFFF else { return short }
    guard rest.count >= 8 else { throw ZipArchive.refused("lacks the long size of an entry") }
    defer { rest = rest.dropFirst(8) }
    return try Array(rest.prefix(8)).number64(0)
  }
}

extension [UInt8] {
  fileprivate func number16(_ position: Int) -> Int { Int(ByteOrder.little.number(self, at: position, UInt16.self)) }
  /// Refuses numbers that no file can reach.
  fileprivate func number64(_ position: Int) throws(DICOMError) -> Int {
    let number = ByteOrder.little.number(self, at: position, UInt64.self)
    guard number < 1 << 48 else { throw ZipArchive.refused("says a size that cannot be") }
    return Int(number)
  }
  fileprivate func number32(_ position: Int) -> Int { Int(ByteOrder.little.number(self, at: position, UInt32.self)) }
}
