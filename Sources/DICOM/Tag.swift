/// The number of an attribute: its group and element (PS3.6).
public struct Tag: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The group number.
  public let group: UInt16
  /// The element number.
  public let element: UInt16

  public init(_ group: UInt16, _ element: UInt16) {
    self.group = group
    self.element = element
  }

  /// The tag as DICOM prints it: `(0010,1030)`.
  public var description: String { "(\(Self.hexadecimal(group)),\(Self.hexadecimal(element)))" }

  public static func < (a: Tag, b: Tag) -> Bool { (a.group, a.element) < (b.group, b.element) }

  private static func hexadecimal(_ number: UInt16) -> String {
    let digits = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
