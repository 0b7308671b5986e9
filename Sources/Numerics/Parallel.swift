import Dispatch

/// The results of independent pieces of work, in order; the error of the first piece that has one.
public func inParallel<Result: Sendable>(_ count: Int, _ work: @Sendable (Int) throws -> Result) throws -> [Result] {
  guard count > 0 else { return [] }
  typealias Outcome = Swift.Result<Result, any Error>
  let outcomes = [Outcome?](unsafeUninitializedCapacity: count) { buffer, initialized in
    buffer.initialize(repeating: nil)
    nonisolated(unsafe) let slots = buffer
    DispatchQueue.concurrentPerform(iterations: count) { i in slots[i] = Outcome { try work(i) } }
    initialized = count
  }
  return try outcomes.compactMap { try $0?.get() }
}
