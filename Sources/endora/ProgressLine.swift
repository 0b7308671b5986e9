import CommandLine

/// How far a long run is, on one line of standard error; silent where nobody watches.
final class ProgressLine {
  private let isShown = Terminal(of: .standardError).isTerminal
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last = ""

  init() { start = clock.now }

  /// From the share of the work that is done.
  func share(_ done: Double) {
    let elapsed = clock.now - start
    show("\(Int(done * 100)) %", remaining: done > 0 ? elapsed * ((1 - done) / done) : nil)
    if done >= 1 { end() }
  }

  /// A few words and the time that is left, where it is known.
  func show(_ words: String, remaining: Duration?) {
    guard isShown else { return }
    let seconds = remaining.map { $0.components.seconds }
    let rest = seconds.map { $0 >= 90 ? ", \(($0 + 30) / 60) min left" : ", \($0) s left" } ?? ""
    let line = words + rest
    guard line != last else { return }
    last = line
    try? OutputStream.standardError.write("\r\u{1B}[K\(line)")
  }

  /// Clears the line.
  func end() {
    guard isShown, !last.isEmpty else { return }
    last = ""
    try? OutputStream.standardError.write("\r\u{1B}[K")
  }
}
