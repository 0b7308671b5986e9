import DICOM
import Quantities

/// How long frames took and where detectors stood: Phase and Rotation Information (PS3.3 C.8.4.12, C.8.4.14).
///
/// Cameras with several heads deviate: Siemens tells the start and the radius at every view with each detector, GE describes a
/// rotation for each head. Source: the readers of public software (PyTomography) alone; both are within the standard.
struct FrameTiming {
  private let common: Double?
  private let phases: [Double?]
  private let rotations: [Rotation]
  private let detectors: [Detector]
  private let organization: FrameOrganization
  /// The detectors of every rotation.
  private let heads: [Int: Set<Int>]

  private struct Rotation {
    let start: Double?
    let step: Double?
    /// 1 against the clock, −1 with it; `nil` where it is not told.
    let direction: Double?
    let duration: Double?
    let radii: [Double]

    init(_ item: DataSet) throws {
      start = try item.decimal(.startAngle)
      step = try item.decimal(.angularStep)
      direction = try item.string(.rotationDirection).flatMap { ["CC": 1, "CW": -1][$0] }
      duration = try item.decimal(.actualFrameDuration)
      radii = try item.decimals(.radialPosition)
    }
  }

  init(_ dataSet: DataSet, _ organization: FrameOrganization, detectors: [Detector]) throws {
    common = try dataSet.decimal(.actualFrameDuration)
    phases = try dataSet.items(.phaseInformation).map { try $0.decimal(.actualFrameDuration) }
    rotations = try dataSet.items(.rotationInformation).map(Rotation.init)
    self.detectors = detectors
    self.organization = organization
    heads = zip(organization.rotation ?? [], organization.detector ?? []).reduce(into: [:]) {
      $0[$1.0, default: []].insert($1.1)
    }
  }

  /// The duration of the phase or rotation of a frame, or the one that all frames share.
  func duration(of frame: Int) -> Time? {
    let own =
      organization.phase.flatMap { element($0[frame], of: phases) }
      ?? organization.rotation.flatMap { element($0[frame], of: rotations)?.duration }
    return (own ?? common).flatMap { $0 > 0 ? .seconds($0 / 1000) : nil }
  }

  /// Where the detector of a frame stood: start ± (view − 1) steps, + against the clock, within a turn; where it does not
  /// turn, its own start.
  ///
  /// The start of a rotation is that of one head. Others that turn with it stand as far from it as at the start of the
  /// acquisition; it is not known where the header does not tell them apart.
  func angle(of frame: Int) -> Angle? {
    let detector = organization.detector?[frame]
    guard let number = organization.rotation?[frame], let view = organization.angularView?[frame],
      let turn = element(number, of: rotations), let start = turn.start, let step = turn.step
    else { return detector.flatMap { element($0, of: detectors)?.startAngle } }
    guard let ahead = ahead(detector, in: number), let direction = turn.direction else { return nil }
    let degrees = start + ahead + direction * step * Double(view - 1)
    return .degrees((degrees.truncatingRemainder(dividingBy: 360) + 360).truncatingRemainder(dividingBy: 360))
  }

  /// How many degrees a detector stands from the one whose start a rotation gives.
  private func ahead(_ detector: Int?, in rotation: Int) -> Double? {
    guard let detector, let heads = heads[rotation], heads.count > 1 else { return 0 }
    func start(_ head: Int) -> Double? { element(head, of: detectors)?.startAngle?.degrees }
    let first = rotations.first?.start ?? 0
    let leading = heads.sorted().first { head in
      start(head).map { ($0 - first).remainder(dividingBy: 360).magnitude < 0.5 } == true
    }
    guard let base = leading ?? heads.min(), base != detector else { return 0 }
    return start(detector).flatMap { own in start(base).map { own - $0 } }
  }

  /// How far the detector of a frame was from the centre of rotation: by the vector of the detector, where it tells one
  /// for each view, by that of the rotation, or by the one number of either.
  func radius(of frame: Int) -> Length? {
    let own = organization.detector.flatMap { element($0[frame], of: detectors)?.radii } ?? []
    let turn = organization.rotation.flatMap { element($0[frame], of: rotations)?.radii } ?? []
    let view = organization.angularView?[frame]
    let millimetres =
      [own, turn].first { $0.count > 1 }.flatMap { radii in view.flatMap { element($0, of: radii) } }
      ?? [turn, own].first { $0.count == 1 }?.first
    return millimetres.flatMap { $0 > 0 ? .millimetres($0) : nil }
  }

  private func element<T>(_ number: Int, of list: [T?]) -> T? {
    list.indices.contains(number - 1) ? list[number - 1] : nil
  }
}
