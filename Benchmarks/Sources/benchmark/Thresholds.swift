import Foundation
import JSON

/// The reviewed bounds in thresholds.json.
struct Thresholds {
  private let root: JSONNode

  static func read() throws -> Thresholds {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("thresholds.json")
    return Thresholds(root: try JSONDocument(try Data(contentsOf: path)).root)
  }

  subscript(key: String) -> Double {
    get throws { try root.required(key).double() }
  }
}
