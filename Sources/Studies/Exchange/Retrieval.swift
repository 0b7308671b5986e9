public import DICOM
import Dispatch
import Glibc
import Synchronization

/// How objects come from a peer.
public enum RetrievalRoute: Sendable {
  /// Over the connection that asks (C-GET).
  case get
  /// The peer sends them to our listener (C-MOVE), which it knows by its title.
  case move(StorageListener)
}

extension NetworkPeer {
  /// Brings a study into a folder, whole or not at all; objects that came before a connection broke are not asked again.
  ///
  /// - Throws: ``StudyError`` when the peer has no such study (`no-such-study`), or when objects are missing at the end
  ///   (`incomplete-study`): starting again goes on from what came.
  public func retrieve(_ study: String, into reception: Reception, by route: RetrievalRoute) throws
    -> Reception.Arrival
  {
    let listed = try series(of: study).map { series in
      (uid: series.uid, instances: try instances(of: series.uid, in: study))
    }
    guard listed.contains(where: { !$0.instances.isEmpty }) else {
      throw StudyError(
        "no-such-study", "The other system has no study of this UID.", remedy: "Look for it with endora dicom find.",
        category: .missing)
    }
    let missing = listed.map { (uid: $0.uid, instances: $0.instances.filter { !reception.holds($0, of: study) }) }
      .filter { !$0.instances.isEmpty }
    let queries =
      missing.map(\.instances) == listed.map(\.instances)
      ? [Self.query("STUDY", study)]
      : missing.flatMap { series in
        stride(from: 0, to: series.instances.count, by: 64).map { start in
          Self.query(
            "IMAGE", study, series: series.uid,
            instances: Array(series.instances[start..<min(start + 64, series.instances.count)]))
        }
      }
    var failure: (any Error)?
    do { try bring(queries, into: reception, by: route) } catch { failure = error }
    let left = listed.flatMap(\.instances).count { !reception.holds($0, of: study) }
    guard left == 0 else {
      reception.leave()
      if let failure { throw failure }
      throw StudyError(
        "incomplete-study", "\(left) of \(listed.flatMap(\.instances).count) objects of the study did not come.",
        remedy: "Start again: what came is kept and not asked again.", category: .inputOutput)
    }
    reception.resume(study)
    return try reception.complete().first { $0.studyUID == study }
      ?? Reception.Arrival(
        studyUID: study, folder: "\(reception.folder)/\(study)", files: listed.flatMap(\.instances).count)
  }

  private func bring(_ queries: [DataSetDraft], into reception: Reception, by route: RetrievalRoute) throws {
    switch route {
    case .get:
      for query in queries { _ = try get(query, into: reception.arriving) { reception.take($0) } }
    case .move(let listener):
      let background = Listening(listener, reception)
      background.start()
      defer { background.stop() }
      for query in queries { _ = try move(query, to: listener.title) }
      try background.check()
    }
  }

  private static func query(
    _ level: String, _ study: String, series: String? = nil, instances: [String] = []
  ) -> DataSetDraft {
    var draft = DataSetDraft()
    draft.put(.queryLevel, level)
    draft.put(.studyInstanceUID, study)
    if let series { draft.put(.seriesInstanceUID, series) }
    if !instances.isEmpty { draft.put(.sopInstanceUID, instances) }
    return draft
  }
}

/// A listener on a thread of its own: the peer sends to it while it answers us.
private final class Listening: Sendable {
  private let listener: StorageListener
  private let reception: Reception
  private let goesOn = Mutex(true)
  private let failure = Mutex<DICOMError?>(nil)
  private let ended = DispatchSemaphore(value: 0)

  init(_ listener: StorageListener, _ reception: Reception) { (self.listener, self.reception) = (listener, reception) }

  func start() {
    DispatchQueue.global().async { [self] in
      do throws(DICOMError) {
        try listener.run(
          folder: reception.arriving, received: { self.reception.take($0) }, ended: { _ in },
          goesOn: { self.goesOn.withLock { $0 } })
      } catch { failure.withLock { $0 = error } }
      ended.signal()
    }
    // The peer must find us listening; without a certificate to show we can ask ourselves.
    guard listener.security == nil,
      let own = try? NetworkPeer(host: "127.0.0.1", port: listener.port, title: listener.title, ownTitle: "ENDORA")
    else {
      usleep(300_000)
      return
    }
    for _ in 0..<40 {
      if (try? own.echo()) != nil { return }
      usleep(50_000)
    }
  }

  /// Ends listening, which takes up to a second.
  func stop() {
    goesOn.withLock { $0 = false }
    ended.wait()
  }

  /// Throws why it could not listen.
  func check() throws(DICOMError) { if let error = failure.withLock({ $0 }) { throw error } }
}
