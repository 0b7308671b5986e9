/// Why a program that stops has to stop, as the exit codes of sysexits tell it.
public enum RefusalCategory: Int32, Sendable {
  /// The command was called in a way that it does not know (EX_USAGE).
  case usage = 64
  /// The input was read and cannot be used (EX_DATAERR).
  case input = 65
  /// An input that was named is not there (EX_NOINPUT).
  case missing = 66
  /// The fault is ours (EX_SOFTWARE).
  case internalFault = 70
  /// Reading or writing failed (EX_IOERR).
  case inputOutput = 74
}

/// Something that could not be done, why, and what to do about it.
///
/// Every room has one struct that conforms to it. A reason never holds a patient's name, birth date or identifier.
public protocol Refusal: Error, CustomStringConvertible {
  /// A stable, machine-readable name in lower-case words joined by hyphens, such as `missing-injection-time`.
  var code: String { get }
  /// One sentence: what was found.
  var reason: String { get }
  /// One sentence: what to do.
  var remedy: String { get }
  /// The kind of failure; it decides the exit code.
  var category: RefusalCategory { get }
}

extension Refusal {
  /// The two lines a person sees.
  public var description: String { "\(reason)\n\(remedy)" }
}
