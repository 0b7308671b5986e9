import Foundation

/// The test data that are not in the repository: the folder that ENDORA_TEST_DATA names, or .build/test-data.
public enum TestData {
  public static let folder: String? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let candidates = [ProcessInfo.processInfo.environment["ENDORA_TEST_DATA"], package.path + "/.build/test-data"]
    return candidates.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0) }
  }()

  /// Where a file or folder of theirs is, if it is there.
  public static func path(_ name: String) -> String? {
    folder.map { $0 + "/" + name }.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
  }
}
