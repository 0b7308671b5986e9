public import Quantities

/// The contours of a structure, sorted into the parallel planes in which they were drawn.
public struct ContourPlanes: Sendable {
  /// One plane and its closed polygons.
  public struct Plane: Sendable {
    /// The distance of the plane from the patient's origin along the normal, in mm.
    public let offset: Double
    /// The polygons in mm in the patient's coordinates.
    public let contours: [[SIMD3<Double>]]
  }

  /// The name of the structure.
  public let name: String
  /// The common normal of the planes, of length 1.
  public let normal: SIMD3<Double>
  /// The planes by ascending offset.
  public let planes: [Plane]
  /// The median distance of neighbouring planes; `nil` when there is one plane only.
  public let spacing: Length?

  /// How far, in mm, a point may lie from its plane.
  static let flatness = 0.1
  /// More points or polygons than any person or program draws; beyond, the work would not end.
  static let (mostPoints, mostPolygonsOfAPlane) = (2_000_000, 5000)

  /// Sorts the contours of a structure into planes.
  ///
  /// - Parameter normal: the direction, of length 1, to which the planes must be perpendicular; without it the planes
  ///   only have to be parallel to one another.
  /// - Throws: ``VolumeError`` when there is no contour, a contour has fewer than three points or a point that is not
  ///   finite, a contour is drawn twice, the planes are not parallel (by more than 0.1 mm) or not evenly spaced.
  public init(of structure: Structure, normal: SIMD3<Double>? = nil) throws(VolumeError) {
    let name = structure.name
    guard !structure.contours.isEmpty else {
      throw VolumeError("no-contours", "Structure \(name) has no contours.", remedy: "Draw it, or name another one.")
    }
    guard structure.contours.reduce(0, { $0 + $1.count }) <= Self.mostPoints else {
      throw VolumeError(
        "too-many-points", "Structure \(name) has more than \(Self.mostPoints) points.",
        remedy: "Draw it with fewer points.")
    }
    for contour in structure.contours {
      guard contour.count >= 3 else {
        throw VolumeError(
          "contour-too-short", "Structure \(name) has a contour of \(contour.count) points.",
          remedy: "Remove the contour: an area needs three points.")
      }
      guard contour.allSatisfy({ $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }) else {
        throw VolumeError(
          "contour-not-finite", "Structure \(name) has a contour with a coordinate that is no number.",
          remedy: "Export the structure again.")
      }
    }
    let largest = structure.contours.map(areaVector).max { length($0) < length($1) }!
    guard length(largest) > 0 else {
      throw VolumeError(
        "contour-without-area", "The contours of structure \(name) enclose no area.", remedy: "Draw it again.")
    }
    let normal = normal ?? upward(largest / length(largest))
    var sorted: [(offset: Double, contour: [SIMD3<Double>])] = []
    for contour in structure.contours {
      let offsets = contour.map { ($0 * normal).sum() }
      let (low, high) = (offsets.min()!, offsets.max()!)
      guard high - low <= 2 * Self.flatness else {
        throw VolumeError(
          "contours-not-parallel",
          "A contour of structure \(name) leaves the plane of the slices by \(rounded(high - low)) mm.",
          remedy: "Draw the structure on slices parallel to those of the image.")
      }
      sorted.append(((low + high) / 2, contour))
    }
    sorted.sort { $0.offset < $1.offset }
    var planes: [Plane] = []
    var start = 0
    for end in 1...sorted.count where end == sorted.count || sorted[end].offset - sorted[start].offset > Self.flatness {
      let contours = sorted[start..<end].map(\.contour)
      guard Set(contours).count == contours.count else {
        throw VolumeError(
          "contour-twice", "Structure \(name) holds the same contour twice.",
          remedy: "Remove one: by the even-odd rule two equal contours cancel.")
      }
      guard contours.count <= Self.mostPolygonsOfAPlane else {
        throw VolumeError(
          "too-many-contours", "Structure \(name) has \(contours.count) contours in one plane.",
          remedy: "Smooth the structure or remove its smallest parts.")
      }
      planes.append(Plane(offset: sorted[start].offset, contours: contours))
      start = end
    }
    let gaps = zip(planes.dropFirst(), planes).map { $0.offset - $1.offset }.sorted()
    let median = gaps.isEmpty ? nil : gaps[(gaps.count - 1) / 2]
    if let median, let least = gaps.first, least < 0.75 * median {
      throw VolumeError(
        "contours-not-evenly-spaced",
        "The contour planes of structure \(name) lie \(rounded(least)) mm and \(rounded(median)) mm apart.",
        remedy: "Draw the structure on evenly spaced slices.")
    }
    self.name = name
    self.normal = normal
    self.planes = planes
    self.spacing = median.map { .millimetres($0) }
  }

  /// How many neighbouring planes are more than 1.5 spacings apart, because parts are separate or a slice was missed.
  public var gaps: Int {
    guard let spacing else { return 0 }
    return zip(planes.dropFirst(), planes).count { $0.offset - $1.offset > 1.5 * spacing.millimetres }
  }

  /// The sum of the enclosed areas times the spacing of the planes, holes subtracted.
  ///
  /// A polygon counts negative when it lies inside an odd number of other polygons of its plane.
  /// - Throws: ``VolumeError`` when there is one plane only, so that the spacing is not known.
  public func planimetricVolume() throws(VolumeError) -> Volume {
    guard let spacing else {
      throw VolumeError(
        "single-contour-plane", "Structure \(name) is drawn on one slice only.",
        remedy: "Draw it on all slices that it crosses.")
    }
    let area = planes.reduce(0) { $0 + enclosedArea($1.contours) }
    return .millilitres(area * spacing.millimetres / 1000)
  }

  private func enclosedArea(_ contours: [[SIMD3<Double>]]) -> Double {
    // The plane is turned onto two coordinates by leaving out the one along which the normal is longest; that keeps
    // which polygon lies in which.
    let axis = (0..<3).max { normal[$0].magnitude < normal[$1].magnitude }!
    let (u, v) = ((axis + 1) % 3, (axis + 2) % 3)
    let flat = contours.map { $0.map { SIMD2($0[u], $0[v]) } }
    let low = flat.map { $0.reduce($0[0]) { pointwiseMin($0, $1) } }
    let high = flat.map { $0.reduce($0[0]) { pointwiseMax($0, $1) } }
    return contours.indices.reduce(0) { sum, c in
      let around = contours.indices.count {
        $0 != c && all(low[$0] .< high[c]) && all(low[c] .< high[$0]) && lies(flat[c], inside: flat[$0])
      }
      return sum + (around.isMultiple(of: 2) ? 1 : -1) * length(areaVector(contours[c]))
    }
  }
}

extension Structure {
  /// The sum of the enclosed areas times the spacing of the planes, holes subtracted.
  public func planimetricVolume() throws(VolumeError) -> Volume {
    try ContourPlanes(of: self).planimetricVolume()
  }
}

/// Half the sum of the cross products of consecutive points: normal to the polygon and as long as its area.
private func areaVector(_ polygon: [SIMD3<Double>]) -> SIMD3<Double> {
  let first = polygon[0]
  var sum = SIMD3<Double>.zero
  for (a, b) in zip(polygon, polygon.dropFirst()) {
    let (p, q) = (a - first, b - first)
    sum += SIMD3(p.y * q.z - p.z * q.y, p.z * q.x - p.x * q.z, p.x * q.y - p.y * q.x)
  }
  return sum / 2
}

private func upward(_ normal: SIMD3<Double>) -> SIMD3<Double> {
  let longest = (0..<3).max { normal[$0].magnitude < normal[$1].magnitude }!
  return normal[longest] < 0 ? -normal : normal
}

/// Whether most of a few points of one polygon lie inside another.
private func lies(_ polygon: [SIMD2<Double>], inside other: [SIMD2<Double>]) -> Bool {
  let step = max(1, polygon.count / 7)
  let sample = stride(from: 0, to: polygon.count, by: step).map { polygon[$0] }
  return 2
    * sample.count { point in
      zip(other, other.dropFirst() + other.prefix(1)).count { a, b in
        let (low, high) = a.y < b.y ? (a, b) : (b, a)
        guard low.y <= point.y, point.y < high.y else { return false }
        return low.x + (point.y - low.y) / (high.y - low.y) * (high.x - low.x) > point.x
      } % 2 == 1
    } > sample.count
}

func rounded(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
