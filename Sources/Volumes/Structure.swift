/// A region drawn by a person or a program: closed planar contours in the patient's coordinates.
public struct Structure: Hashable, Sendable {
  /// The name under which it was drawn.
  public let name: String
  /// Closed polygons, each in one plane; points in mm in the patient's coordinates. A polygon inside another of the
  /// same plane cuts a hole.
  public let contours: [[SIMD3<Double>]]

  public init(name: String, contours: [[SIMD3<Double>]]) {
    self.name = name
    self.contours = contours
  }
}
