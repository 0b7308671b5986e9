/// A physical quantity of one kind, stored in one base unit.
///
/// Two kinds never mix: adding an ``AbsorbedDose`` to a ``BiologicallyEffectiveDose`` does not compile.
public protocol Quantity: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The value in ``baseUnit``.
  var base: Double { get }
  /// Makes the quantity from a value in ``baseUnit``.
  init(base: Double)
  /// The symbol of the unit in which ``base`` is stored.
  static var baseUnit: String { get }
}

extension Quantity {
  /// The quantity of size zero.
  public static var zero: Self { Self(base: 0) }

  /// Whether the value is neither infinite nor NaN.
  public var isFinite: Bool { base.isFinite }

  /// The value with its base unit.
  public var description: String { "\(base) \(Self.baseUnit)" }

  public static func < (a: Self, b: Self) -> Bool { a.base < b.base }
  public static func + (a: Self, b: Self) -> Self { Self(base: a.base + b.base) }
  public static func - (a: Self, b: Self) -> Self { Self(base: a.base - b.base) }
  public static func += (a: inout Self, b: Self) { a = a + b }
  public static prefix func - (a: Self) -> Self { Self(base: -a.base) }
  public static func * (a: Self, factor: Double) -> Self { Self(base: a.base * factor) }
  public static func * (factor: Double, a: Self) -> Self { Self(base: a.base * factor) }
  public static func / (a: Self, divisor: Double) -> Self { Self(base: a.base / divisor) }
  /// The ratio of two quantities of one kind.
  public static func / (a: Self, b: Self) -> Double { a.base / b.base }
}

extension Sequence where Element: Quantity {
  /// The sum of the sequence, zero when it is empty.
  public func total() -> Element { reduce(.zero, +) }
}
