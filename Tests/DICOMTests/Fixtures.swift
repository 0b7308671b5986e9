import DICOM
import Foundation
import TestFolders

typealias TemporaryFolder = TestFolders.TemporaryFolder
typealias TestData = TestFolders.TestData

/// Builds DICOM files byte by byte.
struct ByteFile {
  private(set) var bytes = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)

  init(transferSyntax: String = "1.2.840.10008.1.2.1") { explicit(0x0002, 0x0010, "UI", Array(transferSyntax.utf8)) }

  mutating func raw(_ more: [UInt8]) { bytes += more }

  mutating func explicit(_ group: UInt16, _ element: UInt16, _ vr: String, _ value: [UInt8]) {
    let padding: UInt8 = ["UI", "OB", "OW", "UN"].contains(vr) ? 0 : 0x20
    let value = value.count.isMultiple(of: 2) ? value : value + [padding]
    bytes += le(group) + le(element) + Array(vr.utf8)
    let isLong = ["OB", "OD", "OW", "OF", "SQ", "UN", "UT"].contains(vr)
    bytes += isLong ? [0, 0] + le(UInt32(value.count)) : le(UInt16(value.count))
    bytes += value
  }

  mutating func implicit(_ group: UInt16, _ element: UInt16, _ value: [UInt8]) {
    bytes += le(group) + le(element) + le(UInt32(value.count)) + value
  }

  /// The header of an attribute or item without a length.
  mutating func open(_ group: UInt16, _ element: UInt16, _ vr: String? = nil) {
    bytes += le(group) + le(element) + (vr.map { Array($0.utf8) + [0, 0] } ?? []) + le(UInt32.max)
  }

  mutating func close(_ element: UInt16) { bytes += le(UInt16(0xFFFE)) + le(element) + le(UInt32(0)) }
}

func le<N: FixedWidthInteger>(_ number: N) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { Array($0) } }

func text(_ value: String) -> [UInt8] { Array(value.utf8) }

func write(_ bytes: some Sequence<UInt8>, to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }
