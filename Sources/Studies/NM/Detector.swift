import DICOM
public import Quantities

/// A detector head of a gamma camera (PS3.3 C.8.4.11).
public struct Detector: Hashable, Sendable {
  /// From which side it looks at the patient.
  public enum View: String, Sendable {
    case anterior
    case posterior
  }

  /// The side, where the header names it.
  public let view: View?
  /// The type or name of its collimator.
  public let collimator: String?
  /// Where it stands at the start: 0° at the patient's back, 180° in front, towards the patient's left first
  /// (PS3.3 C.8.4.11.1.1).
  public let startAngle: Angle?
  /// Its distances from the centre of rotation in mm: one, or one for each view, as Siemens writes them.
  let radii: [Double]

  /// Its distance from the centre of rotation, at first where it changes.
  public var radius: Length? { radii.first.flatMap { $0 > 0 ? .millimetres($0) : nil } }

  /// One of which only its place is known.
  init(startAngle: Angle, radius: Length?) {
    (view, collimator) = (nil, nil)
    (self.startAngle, radii) = (startAngle, radius.map { [$0.millimetres] } ?? [])
  }

  init(_ item: DataSet) throws {
    view = try item.item(.viewCode)?.string(.codeMeaning).flatMap(View.init(meaning:))
    collimator = try item.string(.collimatorName) ?? item.string(.collimatorType)
    startAngle = try item.decimal(.startAngle).map { .degrees($0) }
    radii = try item.decimals(.radialPosition)
  }
}

extension Detector.View {
  /// The side on which a detector stands, within 45° of the patient's back or front.
  init?(angle: Angle) {
    let degrees = angle.degrees.truncatingRemainder(dividingBy: 360)
    let turn = degrees < 0 ? degrees + 360 : degrees
    switch turn {
    case 135...225: self = .anterior
    case ...45, 315...: self = .posterior
    default: return nil
    }
  }

  /// Understands the meanings of codes of views: `Anterior`, `Antero-posterior`, `posterior`, `postero-anterior`.
  init?(meaning: String) {
    let words = meaning.lowercased()
    if words.hasPrefix("ant") {
      self = .anterior
    } else if words.hasPrefix("post") {
      self = .posterior
    } else {
      return nil
    }
  }
}
