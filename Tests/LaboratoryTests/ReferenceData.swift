import Foundation
import TestFolders
import Testing

/// The reference data of the laboratory; tests of real files run where they are.
enum ReferenceData {
  static let folder = TestData.path("lab").map { URL(filePath: $0) }

  static let isThere = folder != nil

  static func path(_ name: String) -> String { (folder ?? URL(fileURLWithPath: "/")).appending(path: name).path }

  static func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  static func json(_ name: String) throws -> Any {
    let text = try String(contentsOfFile: path(name), encoding: .utf8)
      .replacing(/(-?Infinity|NaN)\b/, with: "null")
    return try JSONSerialization.jsonObject(with: Data(text.utf8))
  }

  static func files(_ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
  }

  /// The rows of a two-dimensional NumPy file of doubles, floats or bytes.
  static func numbers(_ name: String) throws -> (shape: [Int], values: [Double]) {
    let data = try Data(contentsOf: URL(fileURLWithPath: path(name)))
    let length = Int(data[8]) | Int(data[9]) << 8
    let header = String(decoding: data[10..<(10 + length)], as: UTF8.self)
    let shape = try #require(header.firstMatch(of: /'shape': \(([^)]*)\)/)).1.split(separator: ",")
      .compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    let body = data[(10 + length)...]
    let type = try #require(header.firstMatch(of: /'descr': '([^']*)'/)).1
    let values: [Double] = body.withUnsafeBytes { bytes in
      switch type {
      case "<f8": (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: $0 * 8, as: Double.self) }
      case "<f4": (0..<bytes.count / 4).map { Double(bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self)) }
      case "<i8": (0..<bytes.count / 8).map { Double(bytes.loadUnaligned(fromByteOffset: $0 * 8, as: Int64.self)) }
      case "<u8": (0..<bytes.count / 8).map { Double(bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)) }
      default: bytes.map { Double($0) }
      }
    }
    #expect(!header.contains("'fortran_order': True"))
    return (shape, values)
  }
}
