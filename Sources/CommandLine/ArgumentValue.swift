/// A type that a word of the command line can stand for.
public protocol ArgumentValue: Sendable {
  /// Reads the word; `nil` when it is something else.
  init?(argument: String)
  /// The value as a word.
  var argument: String { get }
  /// What the word is called in help, such as `NUMBER`; `nil` to use the parameter's name.
  static var valueName: String? { get }
  /// What it is called in messages, such as `a number`.
  static var kind: String { get }
  /// What a shell offers for it.
  static var completion: Completion { get }
}

/// What a shell offers for a word.
public enum Completion: Hashable, Sendable {
  case nothing, files, folders
  case words([String])
}

extension String: ArgumentValue {
  public init?(argument: String) { self = argument }
  public var argument: String { self }
  public static var valueName: String? { nil }
  public static var kind: String { "a text" }
  public static var completion: Completion { .nothing }
}

extension Int: ArgumentValue {
  public init?(argument: String) { self.init(argument) }
  public var argument: String { description }
  public static var valueName: String? { "N" }
  public static var kind: String { "a whole number" }
  public static var completion: Completion { .nothing }
}

extension Double: ArgumentValue {
  /// Reads a finite decimal number.
  public init?(argument: String) {
    guard argument.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let value = Double(argument),
      value.isFinite
    else { return nil }
    self = value
  }
  public var argument: String { description.hasSuffix(".0") ? String(description.dropLast(2)) : description }
  public static var valueName: String? { "NUMBER" }
  public static var kind: String { "a number" }
  public static var completion: Completion { .nothing }
}

extension ArgumentValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  public init?(argument: String) { self.init(rawValue: argument) }
  public var argument: String { rawValue }
  public static var valueName: String? { nil }
  public static var kind: String { "one of \(allCases.map(\.rawValue).joined(separator: ", "))" }
  public static var completion: Completion { .words(allCases.map(\.rawValue)) }
}

/// The path of a file.
public struct FilePath: ArgumentValue, Hashable {
  /// The path as written.
  public let path: String
  public init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    path = argument
  }
  public var argument: String { path }
  public static var valueName: String? { nil }
  public static var kind: String { "a file" }
  public static var completion: Completion { .files }
}

/// The path of a folder.
public struct FolderPath: ArgumentValue, Hashable {
  /// The path as written.
  public let path: String
  public init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    path = argument
  }
  public var argument: String { path }
  public static var valueName: String? { nil }
  public static var kind: String { "a folder" }
  public static var completion: Completion { .folders }
}
