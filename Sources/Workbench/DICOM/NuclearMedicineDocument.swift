import Foundation
public import JSON
import Provenance
import Quantities
import Studies

/// What `endora nm info` tells of a gamma camera's file: every frame with its view, window, angle, duration and counts.
public struct NuclearMedicineDocument: Sendable {
  private let file: NuclearMedicineFile

  /// Reads a DICOM file, or the header of Interfile projections with its data.
  public init(path: String) throws {
    file =
      try NuclearMedicineFile.isInterfile(path: path)
      ? NuclearMedicineFile(interfile: path) : NuclearMedicineFile(path: path)
  }

  /// The document of the contract.
  public var document: JSONValue {
    [
      "kind": JSONValue(file.kind.rawValue), "transferSyntax": JSONValue(file.transferSyntaxUID),
      "rows": JSONValue(file.rows), "columns": JSONValue(file.columns),
      "pixelSpacingMm": file.pixelSpacing.map { [JSONValue($0.down.millimetres), JSONValue($0.along.millimetres)] }
        ?? .null,
      "energyWindows": .array(
        file.energyWindows.map { window in
          [
            "name": JSONValue(window.name),
            "keV": .array(
              window.ranges.map {
                [JSONValue($0.lowerBound.kiloelectronvolts), JSONValue($0.upperBound.kiloelectronvolts)]
              }),
          ]
        }),
      "detectors": .array(
        file.detectors.map {
          [
            "collimator": JSONValue($0.collimator), "startAngleDegrees": JSONValue($0.startAngle?.degrees),
            "radiusMm": JSONValue($0.radius?.millimetres),
          ]
        }),
      "frames": .array(file.frames.map(Self.document)),
      "totalCounts": JSONValue(file.frames.map(\.totalCounts).reduce(0, +)),
      "findings": .array(file.findings.map(\.document)),
    ]
  }

  /// A line a frame below the windows.
  public var summary: String {
    var lines = ["\(file.kind.rawValue) · \(file.columns) × \(file.rows) · \(file.frames.count) frames"]
    for (number, window) in file.energyWindows.enumerated() {
      let ranges = window.ranges.map {
        String(format: "%.1f–%.1f keV", $0.lowerBound.kiloelectronvolts, $0.upperBound.kiloelectronvolts)
      }
      lines.append("window \(number + 1): \(ranges.joined(separator: ", "))")
    }
    for (number, frame) in file.frames.enumerated() {
      let parts = [
        frame.view?.rawValue, frame.detector.map { "detector \($0)" }, frame.energyWindow.map { "window \($0)" },
        frame.phase.map { "phase \($0)" }, frame.slice.map { "slice \($0)" },
        frame.angle.map { String(format: "%.1f°", $0.degrees) },
        frame.duration.map { String(format: "%.3f s", $0.seconds) }, "\(frame.totalCounts) counts",
      ]
      lines.append("frame \(number + 1): \(parts.compactMap(\.self).joined(separator: ", "))")
    }
    lines += file.findings.map { "\($0.severity.rawValue): \($0.text)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func document(_ frame: NuclearMedicineFile.Frame) -> JSONValue {
    [
      "view": JSONValue(frame.view?.rawValue), "detector": JSONValue(frame.detector.map(Double.init)),
      "energyWindow": JSONValue(frame.energyWindow.map(Double.init)),
      "phase": JSONValue(frame.phase.map(Double.init)), "slice": JSONValue(frame.slice.map(Double.init)),
      "angleDegrees": JSONValue(frame.angle?.degrees), "radiusMm": JSONValue(frame.radius?.millimetres),
      "durationS": JSONValue(frame.duration?.seconds),
      "totalCounts": JSONValue(frame.totalCounts),
    ]
  }
}
