import Foundation
import Glibc
import JSON
import Quantities
import Scintigraphy
import Statistics
import SyntheticPatient
import Volumes
import Workbench

/// How long the activities of a planar case and of a series of SPECT take.
enum Quantification {
  static func measure(_ thresholds: Thresholds) throws -> [Figure] {
    let patient = try SyntheticPatient(seed: 0)
    let folder = NSTemporaryDirectory() + "endora-benchmark-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try Demonstration.run(in: folder, seed: 0)
    try drawEight(folder)
    let planar = try median { _ = try PlanarCaseResult(case: folder) }

    let images = try patient.scans().map(\.image)
    let quantification = try RegionQuantification(
      regions: twelve(patient).map { RegionOfInterest(name: $0.name, emitting: $0) },
      recovery: .regionBased(
        fullWidthAtHalfMaximum: SyntheticCamera.fullWidthAtHalfMaximum, standardUncertainty: .millimetres(0.5)),
      outlineImage: OutlineImage(
        voxelSize: SyntheticCamera.outlineVoxelSize,
        fullWidthAtHalfMaximum: SyntheticCamera.outlineFullWidthAtHalfMaximum), pointUncertainty: 0.02,
      calibrationUncertainty: 0.03)
    let spect = try median { _ = try quantification.activities(in: images) }
    return [
      Figure(
        name: "nm planar of 5 whole-body pairs with 8 regions, s", value: planar.wall,
        bounds: 0...(try thresholds["planarCaseSeconds"]),
        note: String(format: "reading included, 256 × 640 pixels, 3 windows; %.2f s of one core", planar.core)),
      Figure(
        name: "12 regions in 5 SPECT of 128³ voxels, s", value: spect.wall,
        bounds: 0...(try thresholds["spectRegionsSeconds"]),
        note: String(format: "after reading, region-based recovery; %.2f s of one core", spect.core)),
    ]
  }

  /// Three more regions on the drawing of the demonstration, and no hybrid, which would read the SPECT as well.
  private static func drawEight(_ folder: String) throws {
    let drawing = URL(fileURLWithPath: folder + "/planar-regions.json")
    let more = [("Head", 128, 40), ("Thigh left", 166, 440), ("Thigh right", 90, 440)].map { name, column, row in
      "{ name: \"\(name)\", ellipse: { centre: [\(column), \(row)], semiaxes: [20, 25] }, attenuation: \"none\" },"
    }
    let text = try String(contentsOf: drawing, encoding: .utf8)
    let end = text.range(of: "  ],", options: .backwards)!.lowerBound
    try (text[..<end] + more.joined(separator: "\n") + text[end...]).write(
      to: drawing, atomically: true, encoding: .utf8)
    let file = URL(fileURLWithPath: folder + "/case.json")
    try String(contentsOf: file, encoding: .utf8).replacingOccurrences(of: "hybridSpect: [3],", with: "")
      .write(to: file, atomically: true, encoding: .utf8)
  }

  /// The organs, and six cylinders where none of them lies.
  private static func twelve(_ patient: SyntheticPatient) -> [Structure] {
    let cylinders = [(-60.0, -150.0), (0, -160), (-110, 0), (120, -30), (60, 180), (-60, 190)].enumerated().map {
      n, place in
      Structure(
        name: "Cylinder \(n + 1)",
        contours: (0..<8).map { k in
          (0..<36).map { step in
            let angle = Double(step) * .pi / 18
            return SIMD3(
              place.0 + 14 * cos(angle), -30 + 14 * sin(angle), place.1 - 16.8 + 4.8 * Double(k))
          }
        })
    }
    return patient.structures().prefix(6) + cylinders
  }

  /// The median time by the clock of the wall and by that of the process, which other programs do not lengthen.
  private static func median(_ work: () throws -> Void) throws -> (wall: Double, core: Double) {
    let watch = ContinuousClock()
    var (wall, core): ([Double], [Double]) = ([], [])
    for _ in 0..<7 {
      let before = Glibc.clock()
      let duration = try watch.measure(work)
      core.append(Double(Glibc.clock() - before) / Double(CLOCKS_PER_SEC))
      wall.append(Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18)
    }
    return (try Sample(wall).median, try Sample(core).median)
  }
}
