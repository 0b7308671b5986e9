import Foundation
import JSON
import Provenance
import Transport

/// Kernels that were simulated before, one file each, named by the digest of all that they depend on.
struct KernelCache {
  private let folder: URL

  /// A folder, or `endora/kernels` in the user's cache: `XDG_CACHE_HOME`, or `.cache` in the home folder.
  init(folder: String?) {
    if let folder {
      self.folder = URL(fileURLWithPath: folder)
      return
    }
    let environment = ProcessInfo.processInfo.environment
    let home = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let base = home ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.cache"
    self.folder = URL(fileURLWithPath: base).appendingPathComponent("endora/kernels")
  }

  /// The kernel of an identity; `nil` when it is not there or its file is damaged.
  func kernel(_ identity: Digest) -> VoxelKernel? {
    guard let data = try? Data(contentsOf: file(identity)), let document = try? JSONDocument(data, dialect: .strict)
    else { return nil }
    return try? VoxelKernel(document.root)
  }

  /// Keeps a kernel. A folder that cannot be written costs time the next time and nothing else.
  func keep(_ kernel: VoxelKernel, _ identity: Digest) {
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    guard let text = try? kernel.document.text() else { return }
    try? Data(text.utf8).write(to: file(identity), options: .atomic)
  }

  private func file(_ identity: Digest) -> URL { folder.appendingPathComponent("\(identity.hexadecimal).json") }
}
