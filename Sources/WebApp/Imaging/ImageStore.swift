import Archive
import Provenance
import Synchronization
import Workbench

/// The images of opened cases in memory, within a bound: what was not asked for the longest goes first.
final class ImageStore: Sendable {
  /// What volumes may take together; one volume always fits.
  static let mostBytes = 768 << 20
  /// Cases whose lists of images are kept.
  private static let mostCases = 16

  private struct Key: Hashable {
    let path: String
    let uid: String
  }

  private struct State {
    var cases: [(path: String, images: CaseImages)] = []
    var volumes: [(key: Key, volume: ViewedVolume)] = []
    var planar: (path: String, images: PlanarImages)?
  }

  private let folder: String
  private let state = Mutex(State())
  /// Volumes are read one after another, so that two requests never hold one twice.
  private let reading = Mutex(())

  init(folder: String) { self.folder = folder }

  /// What the volumes in memory take.
  var byteCount: Int { state.withLock { $0.volumes.reduce(0) { $0 + $1.volume.byteCount } } }

  /// Lists the images of a case afresh; only a case of the archive is one, so that no path of a request leads elsewhere.
  func open(_ path: String) throws -> CaseImages {
    guard try Archive(folder: folder).worklist().contains(where: { $0.path == path }) else {
      throw WebAppError("no-such-case", "The archive has no such case.", remedy: "Index the folder again.")
    }
    let images = try CaseImages(folder: folder + "/" + path)
    state.withLock { state in
      state.cases.removeAll { $0.path == path }
      state.volumes.removeAll { $0.key.path == path }
      if state.planar?.path == path { state.planar = nil }
      state.cases.append((path, images))
      if state.cases.count > Self.mostCases { state.cases.removeFirst() }
    }
    return images
  }

  /// The images of a case as they were listed last.
  func images(_ path: String) throws -> CaseImages {
    try state.withLock { state in state.cases.first { $0.path == path }?.images } ?? open(path)
  }

  /// The volume of a series, read when it is not in memory.
  func volume(_ path: String, _ uid: String) throws -> ViewedVolume {
    let key = Key(path: path, uid: uid)
    if let found = held(key) { return found }
    return try reading.withLock { _ in
      if let found = held(key) { return found }
      let volume = try images(path).volume(uid)
      state.withLock { state in
        state.volumes.append((key, volume))
        while state.volumes.count > 1, state.volumes.reduce(0, { $0 + $1.volume.byteCount }) > Self.mostBytes {
          state.volumes.removeFirst()
        }
      }
      return volume
    }
  }

  private func held(_ key: Key) -> ViewedVolume? {
    state.withLock { state in
      guard let place = state.volumes.firstIndex(where: { $0.key == key }) else { return nil }
      let found = state.volumes.remove(at: place)
      state.volumes.append(found)
      return found.volume
    }
  }

  /// The planar scans of a case; those of one case are kept.
  func planar(_ path: String) throws -> PlanarImages {
    if let found = state.withLock({ $0.planar?.path == path ? $0.planar?.images : nil }) { return found }
    let images = try PlanarImages(of: images(path))
    state.withLock { $0.planar = (path, images) }
    return images
  }
}
