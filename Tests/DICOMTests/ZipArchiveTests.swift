import Compression
import DICOM
import Foundation
import Testing

/// Builds zip archives byte by byte, entries stored.
struct ByteArchive {
  struct Entry {
    var name: String
    var content: [UInt8]
    var mode: UInt32 = 0o100644
    var flags: UInt16 = 0
    var declared: UInt32?
    var checksum: UInt32?
  }

  /// An archive whose sizes and places have 64 bits throughout, as large ones have (APPNOTE 4.3.14, 4.5.3).
  static func longBytes(_ entries: [Entry], count declared: UInt64? = nil, end moved: UInt64 = 0) -> [UInt8] {
    var (data, directory): ([UInt8], [UInt8]) = ([], [])
    for entry in entries {
      let size = le(UInt64(entry.content.count))
      let common =
        le(UInt16(45)) + le(entry.flags) + le(UInt16(0)) + le(UInt32(0)) + le(Checksum.crc32(entry.content))
        + le(UInt32.max) + le(UInt32.max) + le(UInt16(entry.name.utf8.count))
      let offset = le(UInt64(data.count))
      data += [0x50, 0x4B, 3, 4] + common + le(UInt16(20)) + Array(entry.name.utf8)
      data += le(UInt16(1)) + le(UInt16(16)) + size + size + entry.content
      directory += [0x50, 0x4B, 1, 2, 45, 3] + common + le(UInt16(28)) + le(UInt16(0)) + le(UInt16(0)) + le(UInt16(0))
      directory += le(entry.mode << 16) + le(UInt32.max) + Array(entry.name.utf8)
      directory += le(UInt16(1)) + le(UInt16(24)) + size + size + offset
    }
    let count = le(declared ?? UInt64(entries.count))
    let start = UInt64(data.count + directory.count)
    var end: [UInt8] = [0x50, 0x4B, 6, 6] + le(UInt64(44)) + [45, 3, 45, 0] + le(UInt32(0)) + le(UInt32(0))
    end += count + count + le(UInt64(directory.count)) + le(UInt64(data.count))
    end += [0x50, 0x4B, 6, 7] + le(UInt32(0)) + le(start + moved) + le(UInt32(1))
    end += [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + le(UInt16.max) + le(UInt16.max) + le(UInt32.max) + le(UInt32.max) + [0, 0]
    return data + directory + end
  }

  static func bytes(_ entries: [Entry], offsets moved: [Int: UInt32] = [:]) -> [UInt8] {
    var (data, directory): ([UInt8], [UInt8]) = ([], [])
    for (n, entry) in entries.enumerated() {
      let size = UInt32(entry.content.count)
      let sum = entry.checksum ?? Checksum.crc32(entry.content)
      let common =
        le(UInt16(20)) + le(entry.flags) + le(UInt16(0)) + le(UInt32(0)) + le(sum) + le(size)
        + le(entry.declared ?? size) + le(UInt16(entry.name.utf8.count)) + le(UInt16(0))
      let offset = moved[n] ?? UInt32(data.count)
      data += [0x50, 0x4B, 3, 4] + common + Array(entry.name.utf8) + entry.content
      directory +=
        [0x50, 0x4B, 1, 2, 20, 3] + common + le(UInt16(0)) + le(UInt16(0)) + le(UInt16(0)) + le(entry.mode << 16)
        + le(offset) + Array(entry.name.utf8)
    }
    let count = le(UInt16(entries.count))
    return data + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count + le(UInt32(directory.count))
      + le(UInt32(data.count)) + [0, 0]
  }
}

@Suite struct ZipArchiveTests {
  private func archive(_ bytes: [UInt8]) throws -> ZipArchive {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.zip"
    try write(bytes, to: path)
    let archive = try ZipArchive(path: path)
    for entry in archive.entries { _ = try archive.bytes(of: entry) }
    return archive
  }

  @Test("The files of an archive are read, folders are none")
  func sound() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.zip"
    try write(
      ByteArchive.bytes([
        .init(name: "d/", content: [], mode: 0o040755), .init(name: "d/b", content: text("second")),
        .init(name: "a", content: text("first")),
      ]), to: path)
    let archive = try ZipArchive(path: path)
    #expect(archive.entries.map(\.name) == ["a", "d/b"])
    #expect(try archive.entries.map { try archive.bytes(of: $0) } == [text("first"), text("second")])
    #expect(archive.findings.isEmpty)
  }

  @Test("An archive with 64-bit numbers is read, and refused where they do not fit it")
  func long() throws {
    let entries = [ByteArchive.Entry(name: "a", content: text("first")), .init(name: "b", content: text("second"))]
    #expect(try archive(ByteArchive.longBytes(entries)).entries.map(\.size) == [5, 6])
    for bytes in [
      ByteArchive.longBytes(entries, count: 3), ByteArchive.longBytes(entries, count: .max),
      ByteArchive.longBytes(entries, end: 1), ByteArchive.longBytes(entries, end: 1 << 60),
      Array(ByteArchive.longBytes(entries).dropFirst(3)),
    ] {
      #expect(#expect(throws: DICOMError.self) { try archive(bytes) }?.code == "unsafe-archive")
    }
  }

  static let unsafe: [(what: String, bytes: [UInt8])] = [
    ("leads upwards", ByteArchive.bytes([.init(name: "../x", content: [1])])),
    ("leads upwards in the middle", ByteArchive.bytes([.init(name: "a/../../x", content: [1])])),
    ("begins at the root", ByteArchive.bytes([.init(name: "/etc/x", content: [1])])),
    ("has a drive", ByteArchive.bytes([.init(name: "C:/x", content: [1])])),
    ("has a backslash", ByteArchive.bytes([.init(name: "..\\x", content: [1])])),
    ("has a control character", ByteArchive.bytes([.init(name: "a\u{1}", content: [1])])),
    ("is long", ByteArchive.bytes([.init(name: String(repeating: "a", count: 1025), content: [1])])),
    ("is a link", ByteArchive.bytes([.init(name: "a", content: text("/etc/passwd"), mode: 0o120777)])),
    ("is encrypted", ByteArchive.bytes([.init(name: "a", content: [1], flags: 1)])),
    ("stands twice", ByteArchive.bytes([.init(name: "a", content: [1]), .init(name: "a", content: [2])])),
    (
      "lies over another",
      ByteArchive.bytes([.init(name: "a", content: [1]), .init(name: "b", content: [2])], offsets: [1: 0])
    ),
    ("has another size", ByteArchive.bytes([.init(name: "a", content: [1, 2], declared: 1)])),
    ("is damaged", ByteArchive.bytes([.init(name: "a", content: [1], checksum: 7)])),
    ("is an archive by name", ByteArchive.bytes([.init(name: "a.ZIP", content: [1])])),
    ("is an archive by content", ByteArchive.bytes([.init(name: "a", content: [0x50, 0x4B, 3, 4, 0])])),
    ("is cut", Array(ByteArchive.bytes([.init(name: "a", content: [1])]).dropLast())),
  ]

  @Test("An archive with an entry that no honest program writes is refused", arguments: unsafe.indices)
  func refused(_ n: Int) throws {
    let error = #expect(throws: DICOMError.self, "an entry that \(Self.unsafe[n].what)") {
      try archive(Self.unsafe[n].bytes)
    }
    #expect(error?.code == "unsafe-archive")
  }

  @Test("More entries than studies have are refused")
  func many() throws {
    let entries = (0...ZipArchive.mostEntries).map { ByteArchive.Entry(name: "\($0)", content: []) }
    #expect(throws: DICOMError.self) { try archive(ByteArchive.bytes(entries)) }
  }

  @Test("Names that differ by case alone leave a finding")
  func alike() throws {
    let bytes = ByteArchive.bytes([.init(name: "a", content: [1]), .init(name: "A", content: [2])])
    #expect(try archive(bytes).findings.map(\.code) == ["names-differ-by-case"])
  }

  @Test(
    "The archives of the test data are accepted or refused as expected",
    .enabled(if: TestData.folder != nil, "the test data are not on this machine"))
  func manifest() throws {
    let folder = try #require(TestData.folder) + "/bad-inputs/own/zip"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".zip") }
    #expect(names.count == 10)
    for name in names {
      let start = ContinuousClock.now
      let isRead = (try? archive(Array(Data(contentsOf: URL(filePath: folder + "/" + name))))) != nil
      #expect(isRead == (name == "collide-case.zip"), "\(name)")
      #expect(ContinuousClock.now - start < .seconds(5))
    }
  }
}
