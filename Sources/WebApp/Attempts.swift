/// Attempts to sign in that failed: each further one under the same name waits longer.
///
/// A name is counted whether there is such an account or not, so that waiting tells nothing about it. The first three
/// attempts are free; the wait then doubles from 1 s to 5 min, and is forgotten an hour after the last attempt.
struct Attempts: Sendable {
  static let free = 3
  static let longest = 300.0
  static let memory = 3600.0
  /// The most names that are counted; beyond, whoever names another one waits.
  static let most = 4096

  private var failures: [String: (count: Int, last: Double)] = [:]
  private var tidied = 0.0

  /// Seconds until the next attempt under a name is taken; 0 for at once.
  mutating func wait(for name: String, at now: Double) -> Double {
    if failures.count >= Self.most, now - tidied >= 60 {
      failures = failures.filter { now - $0.value.last < Self.memory }
      tidied = now
    }
    guard let failed = failures[name] else { return failures.count < Self.most ? 0 : 60 }
    guard failed.count >= Self.free, now - failed.last < Self.memory else { return 0 }
    let delay = min(Self.longest, Double(sign: .plus, exponent: min(20, failed.count - Self.free), significand: 1))
    return max(0, failed.last + delay - now)
  }

  mutating func fail(_ name: String, at now: Double) {
    let count = failures[name].map { now - $0.last < Self.memory ? $0.count : 0 } ?? 0
    failures[name] = (count + 1, now)
  }

  mutating func succeed(_ name: String) { failures[name] = nil }
}
