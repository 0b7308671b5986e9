import Glibc

/// What is known of the terminal behind a stream.
public struct Terminal: Hashable, Sendable {
  /// Whether a person reads it there and then.
  public let isTerminal: Bool
  /// Whether colours may be used: a terminal that is not dumb, and no `NO_COLOR` in the environment.
  public let usesColour: Bool
  /// The number of columns; 80 where it is not known.
  public let width: Int

  public init(isTerminal: Bool, usesColour: Bool, width: Int) {
    self.isTerminal = isTerminal
    self.usesColour = usesColour
    self.width = width
  }

  /// The terminal behind a stream.
  /// - Parameter variable: the environment, a name to its value.
  public init(of stream: OutputStream, environment variable: (String) -> String? = Terminal.processVariable) {
    isTerminal = isatty(stream.descriptor) == 1
    usesColour = isTerminal && (variable("NO_COLOR") ?? "").isEmpty && variable("TERM") != "dumb"
    var size = winsize()
    let isKnown = isTerminal && ioctl(stream.descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let columns = variable("COLUMNS").flatMap { Int($0) }.flatMap { (20...1000).contains($0) ? $0 : nil }
    width = isKnown ? Int(size.ws_col) : columns ?? 80
  }

  /// A variable of this process's environment.
  public static func processVariable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
