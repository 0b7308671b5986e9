import Glibc
public import Provenance

/// Why output could not be written.
public struct OutputError: Refusal {
  /// The error number of the system.
  let number: Int32
  public var code: String { isClosedPipe ? "closed-pipe" : "output" }
  public var reason: String { "The output could not be written: \(String(cString: strerror(number)))." }
  public var remedy: String { isClosedPipe ? "Keep the reader open." : "Check the disk or where the output goes." }
  public var category: RefusalCategory { .inputOutput }

  /// Whether the reader of a pipe has gone, as `head` does when it has enough.
  public var isClosedPipe: Bool { number == EPIPE }
}

/// Standard output, standard error or another open descriptor.
public struct OutputStream: Sendable {
  let descriptor: Int32

  public init(descriptor: Int32) { self.descriptor = descriptor }

  /// For results: text or one JSON document.
  public static let standardOutput = OutputStream(descriptor: STDOUT_FILENO)
  /// For messages and progress.
  public static let standardError = OutputStream(descriptor: STDERR_FILENO)

  /// Whether a person looks at it: a terminal that moves its cursor.
  public var isTerminal: Bool {
    isatty(descriptor) == 1 && getenv("TERM").map { String(cString: $0) != "dumb" } == true
  }

  /// Lets writing to a pipe without a reader fail with an error instead of ending the process. Call it once at the
  /// start of a program.
  public static func reportClosedPipes() { signal(SIGPIPE, SIG_IGN) }

  /// Writes all of a text at once, without a buffer of its own.
  public func write(_ text: String) throws(OutputError) {
    var bytes = ContiguousArray(text.utf8)[...]
    while !bytes.isEmpty {
      let (count, number) = bytes.withUnsafeBytes { (Glibc.write(descriptor, $0.baseAddress, $0.count), errno) }
      if count >= 0 {
        bytes = bytes.dropFirst(count)
      } else if number == EAGAIN {
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&ready, 1, -1)
      } else if number != EINTR {
        throw OutputError(number: number)
      }
    }
  }
}
