import DICOM
import Quantities

/// To what each frame belongs: the vectors of PS3.3 C.8.4.8, numbers from 1.
struct FrameOrganization {
  let energyWindow: [Int]?
  let detector: [Int]?
  let phase: [Int]?
  let rotation: [Int]?
  let slice: [Int]?
  let angularView: [Int]?

  init(_ dataSet: DataSet, frames: Int) throws {
    func vector(_ tag: Tag) throws -> [Int]? {
      let numbers = try dataSet.unsigned16s(tag)
      guard !numbers.isEmpty else { return nil }
      guard numbers.count == frames, numbers.allSatisfy({ $0 > 0 }) else {
        throw StudyError(
          "frame-vectors", "The file has \(frames) frames, but \(tag) tells of \(numbers.count), or counts from zero.",
          remedy: "Export the acquisition again; without its vectors no frame can be told from another.")
      }
      return numbers
    }
    energyWindow = try vector(.energyWindowVector)
    detector = try vector(.detectorVector)
    phase = try vector(.phaseVector)
    rotation = try vector(.rotationVector)
    slice = try vector(.sliceVector)
    angularView = try vector(.angularViewVector)
  }

  /// Refuses numbers of detectors and windows that are not described; where none is described nothing is compared.
  func check(detectors: Int, energyWindows: Int) throws(StudyError) {
    for (name, numbers, described) in [
      ("detector", detector, detectors), ("energy window", energyWindow, energyWindows),
    ] {
      guard let largest = numbers?.max(), described > 0, largest > described else { continue }
      throw StudyError(
        "frame-vectors", "A frame belongs to \(name) \(largest), and \(described) are described.",
        remedy: "Export the acquisition again.")
    }
  }
}

/// How long frames took and where detectors stood: Phase and Rotation Information (PS3.3 C.8.4.12, C.8.4.14).
struct FrameTiming {
  private let common: Double?
  private let phases: [Double?]
  private let rotations: [Rotation]

  private struct Rotation {
    let start: Double?
    let step: Double?
    let isClockwise: Bool
    let duration: Double?
    let radii: [Double]

    init(_ item: DataSet) throws {
      start = try item.decimal(.startAngle)
      step = try item.decimal(.angularStep)
      isClockwise = try item.string(.rotationDirection) != "CC"
      duration = try item.decimal(.actualFrameDuration)
      radii = try item.decimals(.radialPosition)
    }
  }

  init(_ dataSet: DataSet) throws {
    common = try dataSet.decimal(.actualFrameDuration)
    phases = try dataSet.items(.phaseInformation).map { try $0.decimal(.actualFrameDuration) }
    rotations = try dataSet.items(.rotationInformation).map(Rotation.init)
  }

  /// The duration of a frame of a phase or rotation, or the one that all frames share.
  func duration(phase: Int?, rotation: Int?) -> Time? {
    let own = phase.flatMap { element($0, of: phases) } ?? rotation.flatMap { element($0, of: rotations)?.duration }
    return (own ?? common).flatMap { $0 > 0 ? .seconds($0 / 1000) : nil }
  }

  /// Where the detector stood at an angular view of a rotation: start ± (view − 1) steps, within a turn.
  func angle(rotation: Int?, view: Int?) -> Angle? {
    guard let rotation, let view, let turn = element(rotation, of: rotations), let start = turn.start,
      let step = turn.step
    else { return nil }
    let degrees = start + (turn.isClockwise ? 1 : -1) * step * Double(view - 1)
    return .degrees((degrees.truncatingRemainder(dividingBy: 360) + 360).truncatingRemainder(dividingBy: 360))
  }

  /// The distance of the detector from the centre of rotation: one for the rotation, or one for each view.
  func radius(rotation: Int?, view: Int?) -> Length? {
    guard let rotation, let radii = element(rotation, of: rotations)?.radii else { return nil }
    let radius = radii.count == 1 ? radii[0] : view.flatMap { element($0, of: radii) }
    return radius.flatMap { $0 > 0 ? .millimetres($0) : nil }
  }

  private func element<T>(_ number: Int, of list: [T?]) -> T? {
    list.indices.contains(number - 1) ? list[number - 1] : nil
  }
}
