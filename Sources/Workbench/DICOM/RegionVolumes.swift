import Foundation
public import JSON
import Provenance
import Quantities
import Studies
import Volumes

/// What `endora dicom regions` tells: the regions of a file laid on a series, with their volume both ways.
public struct RegionVolumes: Sendable {
  private let series: String
  private let regions: [(name: String, outcome: Result<(voxels: Int, centre: Volume, area: Volume?), AnyRefusal>)]
  private let findings: [Finding]

  /// Lays regions on an image.
  ///
  /// - Parameters:
  ///   - uid: the Series Instance UID of the image.
  ///   - path: an RTSTRUCT, a SEG, NIfTI labels or masks, or spheres and boxes in JSON5.
  /// - Throws: a refusal when there is no such series, it makes no volume, or the regions belong to another frame of
  ///   reference. A region that cannot be laid on it is a result with its reason.
  public init(folder: String, image uid: String, regions path: String) throws {
    let index = try StudyIndex.scan(folder: folder)
    guard let image = index.series.first(where: { $0.uid == uid }) else {
      throw CaseError(
        "no-such-series", "The folder holds no series of this UID.",
        remedy: "Name one that endora dicom index lists.", category: .missing)
    }
    let grid = try image.grid()
    let file = try RegionFile(path: path)
    if let frame = file.frameOfReferenceUID, frame != image.frameOfReferenceUID {
      throw CaseError(
        "other-frame-of-reference", "The regions were drawn in another frame of reference than the series has.",
        remedy: "Name the series on which they were drawn, or register them first.")
    }
    series = uid
    findings = file.findings
    regions = file.regions.map { name, shape in
      do {
        let mask = try shape.mask(on: grid)
        return (name, .success((mask.count, mask.volume, try shape.areaVolume(on: grid))))
      } catch let refusal as any Refusal {
        return (name, .failure(AnyRefusal(refusal)))
      } catch {
        return (name, .failure(AnyRefusal(CaseError.internalFault("A region could not be laid on the image."))))
      }
    }
  }

  /// `{"series", "regions": [{"name", "voxels", "volumeMl": {"pixelCentre", "areaFraction"}}], "findings"}`.
  public var document: JSONValue {
    [
      "series": JSONValue(series),
      "regions": .array(
        regions.map { name, outcome in
          switch outcome {
          case .failure(let refusal): ["name": JSONValue(name), "refused": refusal.document]
          case .success(let size):
            [
              "name": JSONValue(name), "voxels": JSONValue(size.voxels),
              "volumeMl": [
                "pixelCentre": JSONValue(size.centre.millilitres), "areaFraction": JSONValue(size.area?.millilitres),
              ],
            ]
          }
        }), "findings": .array(findings.map(\.document)),
    ]
  }

  /// One line a region.
  public var summary: String {
    let lines = regions.map { name, outcome in
      switch outcome {
      case .failure(let refusal): return "\(printable(name)): refused: \(refusal.reason) \(refusal.remedy)"
      case .success(let size):
        let area = size.area.map { String(format: ", %.1f mL by area", $0.millilitres) } ?? ""
        let centre = String(format: "%.1f mL by centre", size.centre.millilitres)
        return "\(printable(name)): \(size.voxels) voxels, \(centre)\(area)"
      }
    }
    return (lines + findings.map { "\($0.severity.rawValue): \($0.text)" }).joined(separator: "\n") + "\n"
  }
}

extension RegionFile.Shape {
  /// The volume by the area that it fills: of contours the planimetric one, of voxels that of their own image, of a
  /// sphere or a box that of the solid; of regions made from others there is none.
  fileprivate func areaVolume(on grid: Grid) throws(VolumeError) -> Volume? {
    switch self {
    case .structure(let structure): try Occupancy(of: structure, on: grid).volume
    case .voxels(let mask): mask.volume
    case .sphere(_, let diameter):
      .millilitres(Double.pi / 6 * diameter.millimetres * diameter.millimetres * diameter.millimetres / 1000)
    case .box(_, let size): .millilitres(size.x * size.y * size.z / 1000)
    case .inset, .without: nil
    }
  }
}
