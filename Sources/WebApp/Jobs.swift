import Dispatch
import HTTP
import JSON
import Provenance
import Synchronization
import Wording
import Workbench

/// Work that takes longer than a request, told step by step, and ended when somebody asks for it.
final class Jobs: Sendable {
  /// Why a job was ended.
  struct Cancelled: Error {}

  final class Job: Sendable {
    struct State: Sendable {
      var events: [(name: String, data: String)] = []
      var readers: [EventStream] = []
      var isCancelled = false
      var isEnded = false
    }

    let state = Mutex(State())
    private let isDetachable: Bool

    init(isDetachable: Bool = false) { self.isDetachable = isDetachable }

    /// Tells every reader, those who come later too.
    func tell(_ name: String, _ data: JSONValue, isLast: Bool = false) {
      let text = (try? data.text(indented: false)) ?? "{}"
      state.withLock { state in
        guard !state.isEnded else { return }
        state.events.append((name, text))
        state.isEnded = isLast
        for reader in state.readers {
          reader.send(name, text)
          if isLast { reader.end() }
        }
        if isLast { state.readers = [] }
      }
    }

    /// A step, unless the work was cancelled.
    func step(_ data: JSONValue) throws {
      if isCancelled { throw Cancelled() }
      tell("step", data)
    }

    var isCancelled: Bool { state.withLock(\.isCancelled) }

    /// Asks the work to end before its next step. One that waits for another system is let go of at once; what it
    /// still brings is dropped.
    func cancel() {
      state.withLock { $0.isCancelled = true }
      if isDetachable { tell("cancelled", [:], isLast: true) }
    }

    /// The events so far and those to come.
    func read() -> EventStream {
      let stream = EventStream()
      state.withLock { state in
        for event in state.events { stream.send(event.name, event.data) }
        if state.isEnded { stream.end() } else { state.readers.append(stream) }
      }
      return stream
    }
  }

  private struct Table: Sendable {
    var jobs: [String: Job] = [:]
    var order: [String] = []
    var running: [String: String] = [:]
  }

  private let table = Mutex(Table())
  private let queue = DispatchQueue(label: "endora.jobs", attributes: .concurrent)

  /// Begins work under a name; while a job of that name runs, no second one begins.
  ///
  /// - Returns: the job's number for ``job(_:)``.
  func begin(
    _ name: String, isDetachable: Bool = false, _ work: @escaping @Sendable (Job) throws -> JSONValue
  ) throws -> String {
    let id = Gate.secret()
    let job = Job(isDetachable: isDetachable)
    try table.withLock { table in
      guard table.running[name] == nil else {
        throw WebAppError(
          "running-already", "This is being done already.", remedy: "Wait for it, or cancel it.",
          category: .input)
      }
      table.running[name] = id
      table.jobs[id] = job
      table.order.append(id)
      if table.order.count > 32 { table.jobs[table.order.removeFirst()] = nil }
    }
    let language = Language.current
    queue.async {
      do {
        let result = try Language.$current.withValue(language) { try work(job) }
        self.finish(name)
        job.tell("done", result.said(in: language), isLast: true)
      } catch is Cancelled {
        self.finish(name)
        job.tell("cancelled", [:], isLast: true)
      } catch {
        self.finish(name)
        let refusal = WebApplication.refusal(error)
        job.tell("refused", WebApplication.document(refusal).said(in: language), isLast: true)
      }
    }
    return id
  }

  private func finish(_ name: String) { table.withLock { $0.running[name] = nil } }

  func job(_ id: String) throws -> Job {
    guard let job = table.withLock({ $0.jobs[id] }) else {
      throw WebAppError("no-such-job", "There is no such work.", remedy: "Begin it again.")
    }
    return job
  }
}

extension Route {
  static let jobs = [
    document("POST", "/api/plan") { app, request in
      let path = try request.document().text("case")
      let folder = try app.sessions.folder(of: path)
      guard try SignOff.read(in: folder) == nil else {
        throw WebAppError(
          "signed", "The prescription is signed; its case is not planned again.",
          remedy: "Withdraw the signature first; that is kept on record.", category: .input)
      }
      let actor = request.actor ?? app.actor
      let id = try app.jobs.begin("plan " + path) { job in
        _ = try Plan.write(folder) { step in
          try job.step([
            "step": JSONValue(step.rawValue), "number": JSONValue(PlanStep.allCases.firstIndex(of: step)! + 1),
            "of": JSONValue(PlanStep.allCases.count),
          ])
        }
        _ = try ArchiveIndexing(folder: app.folder, actor: actor, at: app.clock())
        return ["case": JSONValue(path)]
      }
      return ["job": JSONValue(id)]
    },
    Route("GET", "/api/progress") { app, request in try app.jobs.job(try request.required("job")).read().response },
    document("POST", "/api/cancel") { app, request in
      try app.jobs.job(try request.document().text("job")).cancel()
      return [:]
    },
  ]
}
