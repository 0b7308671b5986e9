import DICOM

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
