public import JSON
import Provenance
import Quantities
import Volumes

extension ViewedVolume {
  private var picture: Image<PictureValue> { cut(to: VoxelBox(all: grid)) }

  /// Maximum intensity projections from all sides as stored numbers, 16 bits each, the lower byte first, frame after
  /// frame; see `Image.rotatingProjection`.
  public func projection(frames: Int) throws -> (document: JSONValue, bytes: [UInt8]) {
    let found = try picture.rotatingProjection(frames: frames)
    let bytes = found.frames.flatMap { Self.steps($0[...], slope, intercept).withUnsafeBytes { Array($0) } }
    return (
      [
        "columns": JSONValue(found.columns), "rows": JSONValue(found.rows), "frames": JSONValue(found.frames.count),
        "pixelMm": .number(found.pixel.millimetres),
      ], bytes
    )
  }

  /// How this volume lies against another: where its points go on the other, as three points and the origin in mm.
  ///
  /// `{"origin", "x", "y", "z", "correlation", "shiftMm", "turnDegrees"}`.
  public func registration(to fixed: ViewedVolume) throws -> JSONValue {
    let found = try RigidRegistration(of: picture, to: fixed.picture)
    func point(_ p: SIMD3<Double>) -> JSONValue { [.number(p.x), .number(p.y), .number(p.z)] }
    let centre = fixed.grid.position(fixed.grid.columns / 2, fixed.grid.rows / 2, fixed.grid.slices / 2)
    return [
      "origin": point(found.transform(.zero)), "x": point(found.transform.rotated(SIMD3(1, 0, 0))),
      "y": point(found.transform.rotated(SIMD3(0, 1, 0))), "z": point(found.transform.rotated(SIMD3(0, 0, 1))),
      "correlation": .number(found.correlation),
      "shiftMm": .number(found.transform.displacement(of: centre).millimetres),
      "turnDegrees": .number(found.transform.turn.degrees),
    ]
  }
}
