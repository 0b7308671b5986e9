/// Something that a command takes: an ``Option``, a ``Flag``, an ``Argument`` or a ``Rest``.
public protocol Parameter: Sendable {
  var declaration: Declaration { get }
}

/// What is declared of a parameter, for parsing, help and completions.
public struct Declaration: Sendable {
  enum Form: Sendable { case option, flag, argument, rest }

  let form: Form
  let name: String
  let summary: String
  var valueName = ""
  var kind = ""
  var completion = Completion.nothing
  var defaultWord: String?
  var isRequired = false
  var accepts: @Sendable (String) -> Bool = { _ in true }

  init(_ form: Form, _ name: String, _ summary: String) {
    self.form = form
    self.name = name
    self.summary = summary
  }

  init<Value: ArgumentValue>(_ form: Form, _ name: String, _ summary: String, _ type: Value.Type) {
    self.init(form, name, summary)
    valueName = form == .option ? Value.valueName ?? name.uppercased() : name.uppercased()
    kind = Value.kind
    completion = Value.completion
    accepts = { Value(argument: $0) != nil }
  }
}

/// A named value: `--model auto` or `--model=auto`. At most once.
public struct Option<Value: Sendable>: Parameter {
  public let declaration: Declaration
  let read: @Sendable (String?) -> Value?

  /// An option that has a value of its own when it is not given.
  public init(_ name: String, _ summary: String, default value: Value) where Value: ArgumentValue {
    var declaration = Declaration(.option, name, summary, Value.self)
    declaration.defaultWord = value.argument
    self.declaration = declaration
    read = { word in word.map { Value(argument: $0) } ?? value }
  }

  /// An option that must be given.
  public init(required name: String, _ summary: String) where Value: ArgumentValue {
    var declaration = Declaration(.option, name, summary, Value.self)
    declaration.isRequired = true
    self.declaration = declaration
    read = { $0.flatMap { Value(argument: $0) } }
  }

  /// An option that may be left out: its value is then `nil`.
  public init<Wrapped: ArgumentValue>(_ name: String, _ summary: String) where Value == Wrapped? {
    declaration = Declaration(.option, name, summary, Wrapped.self)
    read = { word in .some(word.flatMap { Wrapped(argument: $0) }) }
  }
}

/// A named switch: `--json`.
public struct Flag: Parameter {
  public let declaration: Declaration
  public init(_ name: String, _ summary: String) { declaration = Declaration(.flag, name, summary) }
}

/// A value by position.
public struct Argument<Value: Sendable>: Parameter {
  public let declaration: Declaration
  let read: @Sendable (String?) -> Value?

  /// An argument that must be given.
  public init(_ name: String, _ summary: String) where Value: ArgumentValue {
    var declaration = Declaration(.argument, name, summary, Value.self)
    declaration.isRequired = true
    self.declaration = declaration
    read = { $0.flatMap { Value(argument: $0) } }
  }

  /// An argument that may be left out: its value is then `nil`.
  public init<Wrapped: ArgumentValue>(_ name: String, _ summary: String) where Value == Wrapped? {
    declaration = Declaration(.argument, name, summary, Wrapped.self)
    read = { word in .some(word.flatMap { Wrapped(argument: $0) }) }
  }
}

/// All values by position after the others.
public struct Rest<Value: ArgumentValue>: Parameter {
  public let declaration: Declaration

  /// Any number of values, or at least one.
  public init(_ name: String, _ summary: String, required: Bool = false) {
    var declaration = Declaration(.rest, name, summary, Value.self)
    declaration.isRequired = required
    self.declaration = declaration
  }
}
