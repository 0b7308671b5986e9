import Archive
import Foundation
import Provenance
import Synchronization
import Workbench

/// Cases that are being worked on, kept in memory so that a slider is answered at once.
final class Sessions: Sendable {
  /// One case with what was drawn for it.
  final class Entry: Sendable {
    struct State: Sendable {
      var session: CaseSession?
      var checked: ContinuousClock.Instant?
      var prepared: [PreparedChoice.Key: PreparedChoice] = [:]
      var digests: [CaseInputs.Entry: Digest] = [:]
    }

    let state = Mutex(State())
  }

  private let folder: String
  private let entries = Mutex<[String: Entry]>([:])
  /// How many cases are kept.
  private static let most = 4
  /// How long files are taken to be as they were.
  private static let trust = Duration.seconds(2)

  init(folder: String) { self.folder = folder }

  /// The folder of a case that the archive knows: only its paths become paths on disk.
  func folder(of path: String) throws -> String {
    guard try Archive(folder: folder).worklist().contains(where: { $0.path == path }) else {
      throw WebAppError("no-such-case", "The archive has no such case.", remedy: "Index the folder again.")
    }
    return folder + "/" + path
  }

  private func entry(_ path: String) throws -> Entry {
    if let known = entries.withLock({ $0[path] }) { return known }
    _ = try folder(of: path)
    return entries.withLock { entries in
      if let known = entries[path] { return known }
      if entries.count >= Self.most, let first = entries.keys.first { entries[first] = nil }
      let made = Entry()
      entries[path] = made
      return made
    }
  }

  /// The case as it lies on disk now, measured again only where its images or tables have changed.
  func session(_ path: String, fresh: Bool = false) throws -> CaseSession {
    try entry(path).state.withLock { state in try Self.current(&state, at: folder + "/" + path, fresh) }
  }

  /// The case with a label and a reading prepared.
  func prepared(_ path: String, _ key: PreparedChoice.Key) throws -> (CaseSession, PreparedChoice) {
    try entry(path).state.withLock { state in
      let session = try Self.current(&state, at: folder + "/" + path, false)
      if let known = state.prepared[key] { return (session, known) }
      let made = try session.prepare(key)
      if state.prepared.count >= 24 { state.prepared = [:] }
      state.prepared[key] = made
      return (session, made)
    }
  }

  /// The case and the digests of its inputs as they are now.
  func digests(_ path: String) throws -> (CaseSession, [CaseInputs.Entry: Digest]) {
    try entry(path).state.withLock { state in
      let session = try Self.current(&state, at: folder + "/" + path, true)
      state.digests = try session.inputs.digests(known: state.digests)
      return (session, state.digests)
    }
  }

  private static func current(_ state: inout Entry.State, at folder: String, _ fresh: Bool) throws -> CaseSession {
    let now = ContinuousClock.now
    if let session = state.session, let checked = state.checked {
      if !fresh, now - checked < trust { return session }
      if session.inputs.isCurrent(for: session.file) {
        state.checked = now
        return session
      }
    }
    let made = try CaseSession(folder, earlier: state.session)
    state.session = made
    state.prepared = [:]
    state.checked = now
    return made
  }
}
