/// What a rule says: the verdict, the clause that decided, and what was not known.
public struct Verdict<Value: Hashable & Sendable>: Hashable, Sendable {
  /// `nil` when the rule cannot be decided from what is known.
  public let value: Value?
  /// The words of the rule that decided.
  public let clause: String
  /// What the rule asks for and was not given. With a value, it decides for what was given.
  public let missing: [String]

  init(_ value: Value?, _ clause: String, missing: [String] = []) {
    self.value = value
    self.clause = clause
    self.missing = missing
  }

  static func undecided(_ clause: String, missing: String...) -> Verdict { Verdict(nil, clause, missing: missing) }
}
