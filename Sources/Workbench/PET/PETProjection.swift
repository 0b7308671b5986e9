import Foundation
public import JSON
import Quantities
import Uptake
import Volumes

/// The rotating maximum intensity projection of one PET series.
public struct PETProjection: Sendable {
  let pet: QuantifiedPET
  let projection: RotatingProjection<UptakeValue>
  let window: Double

  /// Projects a series.
  ///
  /// - Parameters:
  ///   - frames: from how many sides, an even number.
  ///   - window: the SUV that is drawn black; zero is white.
  /// - Throws: a refusal when no series has a factor, or an argument is outside its range.
  public init(
    folder: String, series uid: String? = nil, frames: Int = 36, window: Double = 10, stated: StatedText = StatedText()
  ) throws {
    guard window > 0, window.isFinite else {
      throw CaseError(
        "window", "The window ends at an SUV of \(window).", remedy: "Give one above 0.", category: .usage)
    }
    pet = try PETStudy(folder: folder, series: uid, frameOfReference: nil, stated: stated).pet
    projection = try pet.image().rotatingProjection(frames: frames)
    self.window = window
  }

  /// The frames as one animated PNG, 100 ms each.
  public func png() -> [UInt8] {
    let scale = Float(255 / window)
    let frames = projection.frames.map { frame in frame.map { 255 - UInt8(max(0, min(255, ($0 * scale).rounded()))) } }
    return GreyAnimation(
      columns: projection.columns, rows: projection.rows, frames: frames, milliseconds: 100
    ).png()
  }

  /// Writes the animated PNG.
  ///
  /// - Throws: ``CaseError`` when the file cannot be written.
  public func write(to path: String) throws {
    do { try Data(png()).write(to: URL(filePath: path), options: .atomic) } catch {
      throw CaseError(
        "picture-not-written", "The picture \(fileName(path)) cannot be written.",
        remedy: "Check that the folder exists and may be written.", category: .inputOutput)
    }
  }

  /// What was drawn: series, factor, size, window.
  public func document(path: String) -> JSONValue {
    [
      "series": .string(pet.series.seriesUID), "suvbw": pet.factorDocument, "file": .string(path),
      "frames": JSONValue(projection.frames.count), "columns": JSONValue(projection.columns),
      "rows": JSONValue(projection.rows), "pixelMm": .number(projection.pixel.millimetres),
      "window": [.number(0), .number(window)], "findings": JSONValue(pet.factor.findings.map(\.document)),
    ]
  }

  /// One line.
  public func summary(path: String) -> String {
    "\(path): \(projection.frames.count) frames of \(projection.columns) × \(projection.rows), SUV 0 to "
      + "\(shortNumber(window)), \(pet.factor.rule)\n"
  }
}
