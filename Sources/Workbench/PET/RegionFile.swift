import DICOM
import Foundation
import JSON
import Numerics
import Provenance
import Quantities
import Studies
import Volumes

/// Regions by name: the structures of an RTSTRUCT, or spheres and boxes in a JSON5 file.
struct RegionFile: Sendable {
  /// A region before it is laid on an image.
  indirect enum Shape: Sendable {
    case structure(Structure)
    case sphere(centre: SIMD3<Double>, diameter: Length)
    case box(centre: SIMD3<Double>, size: SIMD3<Double>)
    /// Voxels of another image.
    case voxels(Mask)
    /// What is at least a distance inside a region, so that no wall counts.
    case inset(Shape, by: Length)
    /// A region less others: a fracture, the place of a biopsy.
    case without(Shape, [Shape])

    /// The voxels whose centres it holds.
    func mask(on grid: Grid) throws(VolumeError) -> Mask {
      switch self {
      case .structure(let structure): return try Mask(of: structure, on: grid)
      case .sphere(let centre, let diameter): return try Mask(sphereAt: centre, radius: diameter * 0.5, on: grid)
      case .box(let centre, let size): return try Mask(boxAt: centre, size: size, on: grid)
      case .voxels(let mask):
        guard let own = try mask.resampled(on: grid) else { throw Self.outside }
        return own
      case .inset(let shape, let distance):
        guard let rest = try shape.mask(on: grid).eroded(by: distance) else { throw Self.nothingLeft }
        return rest
      case .without(let shape, let others):
        var rest: Mask? = try shape.mask(on: grid)
        for other in others {
          if let hole = try other.maskIfInside(grid) { rest = rest?.subtracting(hole) }
        }
        guard let rest else { throw Self.nothingLeft }
        return rest
      }
    }

    /// The same as contours; voxels keep their own grid.
    func outline(name: String, on grid: Grid) throws(VolumeError) -> Structure {
      switch self {
      case .structure(let structure): Structure(name: name, contours: structure.contours)
      case .voxels(let mask): Structure(name: name, outlining: mask)
      case .sphere, .box, .inset, .without: Structure(name: name, outlining: try mask(on: grid))
      }
    }

    /// As ``mask(on:)``; `nil` for voxels of another image that all lie outside this one.
    func maskIfInside(_ grid: Grid) throws(VolumeError) -> Mask? {
      if case .voxels(let mask) = self { return try mask.resampled(on: grid) }
      return try mask(on: grid)
    }

    /// Whether the image holds all of it; shapes that leave it are refused when they are laid on it.
    func isWhole(on grid: Grid) throws(VolumeError) -> Bool {
      switch self {
      case .voxels(let mask): try mask.share(inside: grid) > 0.999
      case .inset(let shape, _), .without(let shape, _): try shape.isWhole(on: grid)
      case .structure, .sphere, .box: true
      }
    }

    private static let nothingLeft = VolumeError(
      "nothing-left", "Nothing is left of a region.", remedy: "Leave out less of it.")

    private static let outside = VolumeError(
      "region-outside-image", "The region holds the centre of no voxel of the image.",
      remedy: "Check that it was drawn on this patient's images.")
  }

  let regions: [(name: String, shape: Shape)]
  /// The frame of reference in which they were drawn; `nil` when the file does not tell it.
  let frameOfReferenceUID: String?
  let findings: [Finding]

  /// Refuses regions that were drawn in another frame of reference than a series has.
  func requireFrameOfReference(of series: PETSeries) throws(StudyError) {
    try requireFrameOfReference(series.frameOfReferenceUID, of: "series")
  }

  /// Refuses regions that were drawn in another frame of reference than a dose map has.
  func requireFrameOfReference(of map: DoseMap) throws(StudyError) {
    try requireFrameOfReference(map.frameOfReferenceUID, of: "dose map")
  }

  private func requireFrameOfReference(_ uid: String, of image: String) throws(StudyError) {
    guard let own = frameOfReferenceUID, own != uid else { return }
    throw StudyError(
      "other-frame-of-reference", "The regions were drawn in another frame of reference than the \(image) has.",
      remedy: "Name regions that were drawn on this \(image) or on its CT, or register them first.")
  }

  /// The digest of a file, or of all NIfTI files of a folder.
  static func digest(of path: String) throws -> Digest {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      return Digest(of: try readFile(path))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: path).filter(NIfTILabels.isNamed).sorted()
    return .combining(try names.map { Digest(of: try readFile(path + "/" + $0)) })
  }

  /// Reads an RTSTRUCT, a SEG, a NIfTI file of labels or a mask, a folder of NIfTI masks, or
  /// `{"regions": [{"name", "sphere": {"centreMm", "diameterMm"}}, {"name", "box": {"centreMm", "sizeMm"}}]}` with
  /// `contours` and `voxels` as further shapes and `frameOfReference` where it is known.
  init(path: String) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      try self.init(masksIn: path)
    } else if NIfTILabels.isNamed(path) {
      let labels = try NIfTILabels(path: path)
      try self.init(labels.regions.map { ($0.name, .voxels($0.mask)) }, labels.findings)
    } else if DICOMFile.beginsLikeDICOM(path: path) {
      try self.init(dicom: path)
    } else {
      let root = try JSONDocument(try readFile(path)).root
      try self.init(
        root.required("regions").list().map { node in (try node.required("name").string(), try Shape(node)) }, [],
        frameOfReference: try root["frameOfReference"]?.string())
    }
  }

  private init(
    _ regions: [(name: String, shape: Shape)], _ findings: [Finding], frameOfReference: String? = nil
  ) throws {
    guard !regions.isEmpty else {
      throw CaseError("no-regions", "The file of regions holds none.", remedy: "Draw or name at least one.")
    }
    (self.regions, self.findings, frameOfReferenceUID) = (regions, findings, frameOfReference)
  }

  private init(dicom path: String) throws {
    if try DICOMFile(path: path).dataSet.string(.modality) == "SEG" {
      let segmentation = try Segmentation(path: path)
      try self.init(
        segmentation.segments.map { ($0.name, .voxels($0.mask)) }, segmentation.findings,
        frameOfReference: segmentation.frameOfReferenceUID)
    } else {
      let set = try StructureSet(path: path)
      try self.init(
        set.structures.map { ($0.name, .structure($0)) }, set.findings, frameOfReference: set.frameOfReferenceUID)
    }
  }

  /// One region a file, by the file's name; masks without voxels are left out.
  private init(masksIn folder: String) throws {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter(NIfTILabels.isNamed)
    let files = try inParallel(names.count) { try NIfTILabels(path: folder + "/" + names.sorted()[$0]) }
    let empty = zip(names.sorted(), files).filter { $0.1.regions.isEmpty }.map { printable($0.0) }
    var findings = files.prefix(1).flatMap(\.findings)
    if !empty.isEmpty {
      findings.append(
        Finding(
          .info, code: "empty-masks", title: "Masks without voxels.",
          "\(empty.count) masks hold no voxel and are left out: \(empty.prefix(8).joined(separator: ", ")).",
          origin: "Studies"))
    }
    try self.init(files.flatMap { $0.regions.map { ($0.name, .voxels($0.mask)) } }, findings)
  }
}

extension RegionFile.Shape {
  /// A sphere, a box, contours or voxels of a JSON node.
  init(_ node: JSONNode) throws {
    if let drawn = try Self(drawn: node, name: node["name"]?.string() ?? "drawn") {
      self = drawn
    } else if let sphere = node["sphere"] {
      self = .sphere(
        centre: try Self.point(sphere, "centreMm"), diameter: .millimetres(try sphere.required("diameterMm").double()))
    } else if let box = node["box"] {
      self = .box(centre: try Self.point(box, "centreMm"), size: try Self.point(box, "sizeMm"))
    } else {
      throw node.refusal(
        "region-shape", found: "the region has no sphere, box, contours or voxels", remedy: "Give one of them.")
    }
  }

  private static func point(_ node: JSONNode, _ key: String) throws -> SIMD3<Double> {
    let numbers = try node.required(key).list().map { try $0.double() }
    guard numbers.count == 3 else {
      throw node.refusal("region-shape", found: "\(key) has \(numbers.count) numbers", remedy: "Give x, y and z in mm.")
    }
    return SIMD3(numbers[0], numbers[1], numbers[2])
  }
}
