import Foundation
import Glibc
import TestFolders
import Testing

@testable import Files

@Suite("Files that are mapped")
struct MappedFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A file of bytes that tell their place.
  private func file(_ count: Int, name: String = "a") throws -> String {
    let path = folder.path + "/" + name
    try Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }).write(to: URL(filePath: path))
    return path
  }

  @Test("Bytes are those of the file, from any place, and fewer where it ends", arguments: [1, 4096, 100_001])
  func bytes(count: Int) throws {
    let path = try file(count)
    let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
    for isReadWhole in [false, true] {
      let mapped = try MappedFile(path: path, isReadWhole: isReadWhole)
      #expect(mapped.stamp.size == count)
      #expect(try mapped.bytes(count + 5) == whole)
      #expect(try mapped.bytes(3, at: count / 2) == Array(whole.dropFirst(count / 2).prefix(3)))
      #expect(try mapped.bytes(1, at: count) == [])
      #expect(try mapped.withBytes { $0.reduce(0) { $0 &+ Int($1) } } == whole.reduce(0) { $0 &+ Int($1) })
    }
  }

  @Test("An empty file has no bytes")
  func empty() throws {
    let mapped = try MappedFile(path: try file(0))
    #expect(try mapped.bytes(10) == [])
    #expect(try mapped.withBytes(\.count) == 0)
  }

  @Test("What is not there, a folder and a pipe are refused")
  func refused() throws {
    let pipe = folder.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    for (path, code) in [(folder.path + "/none", "no-such-file"), (folder.path, "unreadable"), (pipe, "unreadable")] {
      #expect(#expect(throws: FileError.self) { try MappedFile(path: path) }?.code == code)
    }
  }

  @Test("A file that is cut short under the reader is refused, and the process goes on", arguments: [0, 4096, 50_000])
  func cut(left: Int) throws {
    let path = try file(100_000)
    let mapped = try MappedFile(path: path)
    let refusal = #expect(throws: FileError.self) {
      try mapped.withBytes { bytes in
        #expect(truncate(path, left) == 0)
        return bytes.reduce(0) { $0 &+ Int($1) }
      }
    }
    #expect(refusal?.code == "changed")
    for limit in [1, 100_000] { #expect(throws: FileError.self) { try mapped.bytes(limit) } }
  }

  @Test("A file that is written again in its length is refused")
  func rewritten() throws {
    let path = try file(5000)
    let mapped = try MappedFile(path: path)
    #expect(utimensat(AT_FDCWD, path, [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)], 0) == 0)
    #expect(#expect(throws: FileError.self) { try mapped.bytes(5000) }?.code == "changed")
  }

  @Test("Of many files that are read at once only those that are cut short are refused")
  func many() async throws {
    let paths = try (0..<64).map { try file(40_000, name: "\($0)") }
    let refused = await withTaskGroup(of: (Int, Bool).self) { group in
      for (n, path) in paths.enumerated() {
        group.addTask {
          let outcome = Result {
            try MappedFile(path: path).withBytes { bytes in
              if n % 3 == 0 { _ = truncate(path, 10) }
              return bytes.reduce(0) { $0 &+ Int($1) }
            }
          }
          if case .success = outcome { return (n, false) }
          return (n, true)
        }
      }
      return await group.reduce(into: Set<Int>()) { if $1.1 { $0.insert($1.0) } }
    }
    #expect(refused == Set(paths.indices.filter { $0 % 3 == 0 }))
  }

  @Test("No more files are mapped at once than there are places, and a place that is left is taken again")
  func places() throws {
    let path = try file(10)
    for _ in 0..<5000 { _ = try MappedFile(path: path).bytes(10) }
  }

  @Test(
    "A fault in memory that is no mapping of ours ends the process as ever",
    .disabled(
      if: ProcessInfo.processInfo.environment["ENDORA_SANITIZER"] != nil, "a sanitizer takes the signal for itself"))
  func foreign() async throws {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      let path = NSTemporaryDirectory() + UUID().uuidString
      try Data(count: 8192).write(to: URL(filePath: path))
      _ = try MappedFile(path: path).bytes(1)
      let descriptor = open(path, O_RDONLY)
      let start = mmap(nil, 8192, PROT_READ, MAP_PRIVATE, descriptor, 0)
      truncate(path, 0)
      unlink(path)
      print(UnsafeRawPointer(start!).load(fromByteOffset: 4096, as: UInt8.self))
    }
  }
}
