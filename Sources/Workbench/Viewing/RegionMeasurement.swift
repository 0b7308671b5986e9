public import JSON
import Provenance
import Quantities
import Uptake
import Volumes

/// What a region holds in one volume, by the functions that `endora pet measure` calls.
public struct RegionMeasurement: Sendable {
  private let volume: ViewedVolume
  private let mask: Mask
  private let values: [(String, JSONValue)]
  private let findings: [Finding]

  /// Lays a region on a volume and measures it.
  ///
  /// - Parameters:
  ///   - root: a shape of the regions' file, or `{"structure": NAME}`; with `threshold` (`41 %`, `2.5`, `gradient`) and
  ///     `parts` (`all`, `largest`, `hottest`) the part of it above the threshold.
  /// - Throws: a refusal when the region cannot be read, leaves the image or holds no voxel.
  public init(_ root: JSONNode, in volume: ViewedVolume, of images: CaseImages) throws {
    let shape = try RegionFile.Shape(root, drawn: images.structures)
    if let name = root["structure"]?.value.string, let frame = images.framesOfStructures[name],
      frame != volume.frameOfReferenceUID
    {
      throw CaseError(
        "other-frame-of-reference", "The structure was drawn in another frame of reference than the series has.",
        remedy: "Choose the series on which it was drawn.")
    }
    var mask = try shape.mask(on: volume.grid)
    if let threshold = root["threshold"] {
      let parts = try root["parts"].map { node in
        guard let parts = UptakeThreshold.Parts(rawValue: try node.string()) else {
          throw node.refusal(
            "parts", found: "there is no such rule of parts", remedy: "Choose from all, largest, hottest.")
        }
        return parts
      }
      let rule = try ThresholdText(try threshold.string())
      let image: Image<UptakeValue> = volume.cut(to: mask.box.grown(by: .millimetres(20), on: volume.grid))
      guard
        let part = try rule.threshold.lesion(in: image, region: mask.moved(to: image.grid), parts: parts ?? .hottest)
      else {
        throw CaseError(
          "empty-lesion", "No voxel of the region is above \(rule.text).", remedy: "Lower the threshold.")
      }
      mask = part.moved(to: volume.grid)
    }
    self.volume = volume
    self.mask = mask
    (values, findings) = try volume.measure(mask)
  }

  /// The voxels of a region that was measured in one volume, measured in another: those above a threshold stay those.
  public init(_ other: RegionMeasurement, in volume: ViewedVolume) throws {
    guard let mask = try other.mask.resampled(on: volume.grid) else {
      throw CaseError(
        "region-outside-image", "The region holds the centre of no voxel of the image.",
        remedy: "Check that it was drawn on this patient's images.")
    }
    self.volume = volume
    self.mask = mask
    (values, findings) = try volume.measure(mask)
  }

  /// `{"series", "unit", "statistics": {"mean", "sd", "max", "volumeMl", "voxels", ...}, "centreMm", "voxels"?}`.
  public func document(withVoxels: Bool) -> JSONValue {
    let centre = mask.centroid
    let members: [(String, JSONValue)] = [
      ("series", .string(volume.uid)), ("quantity", .string("\(volume.quantity)")),
      ("unit", .string(volume.readings.first?.unit ?? "")), ("statistics", .object(JSONObject(values))),
      ("centreMm", [.number(centre.x), .number(centre.y), .number(centre.z)]),
      ("findings", .array(findings.map(\.document))),
    ]
    return .object(JSONObject(withVoxels ? members + [("voxels", mask.document)] : members))
  }
}

extension ViewedVolume {
  /// The values of a block as an image of its own.
  func cut<Q: Quantities.Quantity>(to box: VoxelBox) -> Image<Q> {
    let all = VoxelBox(all: grid)
    if box == all, case .values(let values) = store { return Image(grid: grid, values: values) }
    return Image(
      grid: Grid(
        columns: box.columns.count, rows: box.rows.count, slices: box.slices.count,
        origin: grid.position(box.columns.lowerBound, box.rows.lowerBound, box.slices.lowerBound),
        columnStep: grid.columnStep, rowStep: grid.rowStep, sliceStep: grid.sliceStep), values: self.values(in: box))
  }

  /// Statistics in the unit of the first reading.
  fileprivate func measure(_ mask: Mask) throws -> ([(String, JSONValue)], [Finding]) {
    // Room for the sphere of the peak, of 6.2 mm radius, about voxels at the region's border.
    let box = mask.box.grown(by: .millimetres(20), on: grid)
    switch quantity {
    case .uptake:
      let image: Image<UptakeValue> = cut(to: box)
      let found = try RegionUptake(image, in: mask.moved(to: image.grid))
      return (
        [
          ("mean", .number(found.mean.base)), ("sd", .number(found.standardDeviation.base)),
          ("max", .number(found.maximum.base)), ("peak", .number(found.peak.base)),
          ("median", .number(found.median.base)), ("min", .number(found.minimum.base)),
          ("total", .number(found.total.base)), ("volumeMl", .number(found.volume.millilitres)),
          ("voxels", JSONValue(found.voxels)),
        ], found.findings
      )
    case .concentration:
      let image: Image<ActivityConcentration> = cut(to: mask.box)
      var members = try Self.members(image, mask)
      // kBq/mL times mL, in MBq.
      if let mean = members.first?.1.double {
        members.append(("activityMBq", .number(mean * 1e-6 * mask.volume.millilitres)))
      }
      return (Self.scaled(members, readings[0].factor), [])
    case .dose:
      return (try Self.members(cut(to: mask.box) as Image<AbsorbedDose>, mask), [])
    case .hounsfield, .signal, .pixel:
      return (try Self.members(cut(to: mask.box) as Image<PictureValue>, mask), [])
    }
  }

  private static func members<Q: Quantities.Quantity>(_ image: Image<Q>, _ mask: Mask) throws -> [(String, JSONValue)] {
    let found = try image.statistics(in: mask.moved(to: image.grid))
    return [
      ("mean", .number(found.mean.base)), ("sd", .number(found.standardDeviation.base)),
      ("max", .number(found.maximum.base)), ("volumeMl", .number(mask.volume.millilitres)),
      ("voxels", JSONValue(found.count)),
    ]
  }

  private static func scaled(_ members: [(String, JSONValue)], _ factor: Double) -> [(String, JSONValue)] {
    members.map { key, value in
      ["mean", "sd", "max"].contains(key) ? (key, JSONValue(value.double.map { $0 * factor })) : (key, value)
    }
  }
}

/// A value that is shown and has no kind of its own: HU, signal, counts.
struct PictureValue: Quantity {
  let base: Double
  init(base: Double) { self.base = base }
  static var baseUnit: String { "" }
}

extension Mask {
  /// The same voxels on a grid that is a part of this one's, or of which this one's is a part.
  fileprivate func moved(to other: Grid) -> Mask {
    if other == grid { return self }
    let offset = SIMD3(
      Self.steps(from: other.origin, to: grid.origin, along: grid.columnStep),
      Self.steps(from: other.origin, to: grid.origin, along: grid.rowStep),
      Self.steps(from: other.origin, to: grid.origin, along: grid.sliceStep))
    func shifted(_ range: Range<Int>, by n: Int) -> Range<Int> { range.lowerBound + n..<range.upperBound + n }
    let place = VoxelBox(
      columns: shifted(box.columns, by: offset.x), rows: shifted(box.rows, by: offset.y),
      slices: shifted(box.slices, by: offset.z))
    return Mask(grid: other, box: place, members: members)!
  }

  private static func steps(from start: SIMD3<Double>, to end: SIMD3<Double>, along step: SIMD3<Double>) -> Int {
    Int((((end - start) * step).sum() / (step * step).sum()).rounded())
  }
}
