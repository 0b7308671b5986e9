import DICOM
import Foundation
import Quantities
import Studies
import Testing

@Suite("Files of gamma cameras")
struct NuclearMedicineTests {
  /// A planar study of 2 × 3 pixels: one frame a detector, or what `change` makes of it.
  private func file(
    angles: [Double] = [], views: [String] = [], change: (inout DataSetDraft) -> Void = { _ in }
  ) throws -> (folder: TemporaryFolder, path: String) {
    let folder = try TemporaryFolder()
    var draft = DataSetDraft()
    draft.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1.20")
    for (index, tag) in [Tag.sopInstanceUID, .studyInstanceUID, .seriesInstanceUID].enumerated() {
      draft.put(tag, "1.2.3.\(index + 1)")
    }
    draft.put(.modality, "NM")
    draft.put(.imageType, "ORIGINAL", "PRIMARY", "STATIC", "EMISSION")
    draft.put(.actualFrameDuration, integer: 90_000)
    draft.put(.energyWindowVector, unsigned16s: [1, 1])
    draft.put(.detectorVector, unsigned16s: [1, 2])
    var range = DataSetDraft()
    range.put(.energyWindowLower, decimal: 187.6)
    range.put(.energyWindowUpper, decimal: 229.2)
    var window = DataSetDraft()
    window.put(.energyWindowRange, items: [range])
    draft.put(.energyWindowInformation, items: [window])
    draft.put(
      .detectorInformation,
      items: (0..<2).map { index in
        var detector = DataSetDraft()
        if angles.indices.contains(index) { detector.put(.startAngle, decimal: angles[index]) }
        if views.indices.contains(index) {
          var view = DataSetDraft()
          view.put(.codeMeaning, views[index])
          detector.put(.viewCode, items: [view])
        }
        return detector
      })
    draft.put(pixels: [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60], rows: 2, columns: 3, frames: 2)
    change(&draft)
    let path = folder.path + "/planar.dcm"
    try draft.write(to: path)
    return (folder, path)
  }

  @Test("Frames tell their counts, window and duration, and a posterior one is mirrored")
  func frames() throws {
    let made = try file(views: ["Posterior", "Anterior"])
    let nm = try NuclearMedicineFile(path: made.path)
    #expect(nm.kind == .planar)
    #expect(nm.frames.map(\.totalCounts) == [21, 210])
    #expect(nm.frames.map(\.view) == [.posterior, .anterior])
    #expect(nm.frames.allSatisfy { $0.duration == .seconds(90) && $0.energyWindow == 1 })
    #expect(nm.energyWindows.first?.ranges == [.kiloelectronvolts(187.6)...(.kiloelectronvolts(229.2))])
    #expect(nm.countsSeenFromTheFront(frame: 0) == [3, 2, 1, 6, 5, 4])
    #expect(nm.countsSeenFromTheFront(frame: 1) == [10, 20, 30, 40, 50, 60])
    #expect(nm.findings.isEmpty)
  }

  @Test("Without codes the views follow the angles, and without those the order of the detectors, with a finding")
  func views() throws {
    let byAngle = try file(angles: [360, 180])
    let angled = try NuclearMedicineFile(path: byAngle.path)
    #expect(angled.frames.map(\.view) == [.posterior, .anterior])
    #expect(angled.findings.map(\.code) == ["view-by-angle"])
    let bare = try file()
    let assumed = try NuclearMedicineFile(path: bare.path)
    #expect(assumed.frames.map(\.view) == [.anterior, .posterior])
    #expect(assumed.findings.map(\.code) == ["view-assumed"])
    let sideways = try file(angles: [90, 270])
    #expect(try NuclearMedicineFile(path: sideways.path).findings.map(\.code) == ["view-assumed"])
  }

  @Test("Projections stand at start ± steps of their rotation")
  func projections() throws {
    for (direction, angles) in [("CC", [0, 5.625]), ("CW", [0, 354.375]), ("", [nil, nil])] as [(String, [Double?])] {
      let made = try file { draft in
        draft.put(.imageType, "ORIGINAL", "PRIMARY", "TOMO", "EMISSION")
        draft.put(.detectorVector, unsigned16s: [1, 1])
        draft.put(.rotationVector, unsigned16s: [1, 1])
        draft.put(.angularViewVector, unsigned16s: [1, 2])
        var rotation = DataSetDraft()
        rotation.put(.startAngle, decimal: 0)
        rotation.put(.angularStep, decimal: 5.625)
        rotation.put(.rotationDirection, direction)
        rotation.put(.actualFrameDuration, integer: 20_000)
        draft.put(.rotationInformation, items: [rotation])
      }
      let nm = try NuclearMedicineFile(path: made.path)
      #expect(nm.kind == .projections)
      #expect(nm.frames.map(\.angle) == angles.map { $0.map(Angle.degrees) })
      #expect(nm.findings.contains { $0.code == "angles-unknown" } == (angles[0] == nil))
      #expect(nm.frames.allSatisfy { $0.duration == .seconds(20) })
    }
  }

  @Test("Two heads of one rotation stand as far apart as at the start, each at the radii of its own")
  func heads() throws {
    func tomogram(_ starts: [Double?], radii: [[Double]], turn: [Double] = []) throws -> NuclearMedicineFile {
      let made = try file { draft in
        draft.put(.imageType, "ORIGINAL", "PRIMARY", "TOMO", "EMISSION")
        draft.put(.energyWindowVector, unsigned16s: [1, 1, 1, 1])
        draft.put(.detectorVector, unsigned16s: [1, 1, 2, 2])
        draft.put(.rotationVector, unsigned16s: [1, 1, 1, 1])
        draft.put(.angularViewVector, unsigned16s: [1, 2, 1, 2])
        draft.put(pixels: [UInt16](1...24), rows: 2, columns: 3, frames: 4)
        draft.put(
          .detectorInformation,
          items: zip(starts, radii).map { start, radii in
            var detector = DataSetDraft()
            if let start { detector.put(.startAngle, decimal: start) }
            detector.put(.radialPosition, decimals: radii)
            return detector
          })
        var rotation = DataSetDraft()
        rotation.put(.startAngle, decimal: 0)
        rotation.put(.angularStep, decimal: 3)
        rotation.put(.rotationDirection, "CW")
        rotation.put(.radialPosition, decimals: turn)
        draft.put(.rotationInformation, items: [rotation])
      }
      return try NuclearMedicineFile(path: made.path)
    }
    let told = try tomogram([180, 360], radii: [[250, 245], [190, 195]])
    #expect(told.frames.map(\.angle?.degrees) == [180, 177, 0, 357])
    #expect(told.frames.map(\.radius?.millimetres) == [250, 245, 190, 195])
    #expect(told.findings.isEmpty)
    let untold = try tomogram([nil, nil], radii: [[], []], turn: [230])
    #expect(untold.frames.map(\.angle?.degrees) == [0, 357, nil, nil])
    #expect(untold.frames.allSatisfy { $0.radius == .millimetres(230) })
    #expect(untold.findings.map(\.code) == ["angles-unknown"])
  }

  @Test("Stored values that the header rescales are told")
  func rescaled() throws {
    let made = try file(views: ["Anterior", "Posterior"]) { $0.put(.rescaleSlope, decimal: 0.5) }
    let nm = try NuclearMedicineFile(path: made.path)
    #expect(nm.frames.map(\.totalCounts) == [21, 210] && nm.findings.map(\.code) == ["rescaled-values"])
  }

  @Test("Vectors that do not fit the frames and windows that are none are refused")
  func refused() throws {
    let short = try file { $0.put(.detectorVector, unsigned16s: [1]) }
    let unknown = try file { $0.put(.energyWindowVector, unsigned16s: [1, 3]) }
    let reversed = try file { draft in
      var range = DataSetDraft()
      range.put(.energyWindowLower, decimal: 229)
      range.put(.energyWindowUpper, decimal: 187)
      var window = DataSetDraft()
      window.put(.energyWindowRange, items: [range])
      draft.put(.energyWindowInformation, items: [window])
    }
    let other = try file { $0.put(.modality, "CT") }
    for (made, code) in [(short, "frame-vectors"), (unknown, "frame-vectors"), (reversed, "energy-window")] {
      #expect(#expect(throws: StudyError.self) { try NuclearMedicineFile(path: made.path) }?.code == code)
    }
    // The class alone suffices; a CT of another class does not.
    #expect(throws: Never.self) { try NuclearMedicineFile(path: other.path) }
    let ct = try file {
      $0.put(.modality, "CT")
      $0.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1.2")
    }
    #expect(
      #expect(throws: StudyError.self) { try NuclearMedicineFile(path: ct.path) }?.code == "not-nuclear-medicine")
  }

  @Test(
    "Counts of every frame of real files are those that another program counted",
    .enabled(if: TestData.folder != nil, "the test data are not on this machine"),
    arguments: ["nm-planar", "nm-dynamic-tomo"])
  func reference(_ set: String) throws {
    struct Answer: Decodable {
      let counts: [Int]?
      let error: String?
      enum CodingKeys: String, CodingKey {
        case counts = "counts_per_frame"
        case error
      }
    }
    let folder = try #require(TestData.folder) + "/" + set
    let answers = try JSONDecoder().decode(
      [String: Answer].self, from: Data(contentsOf: URL(filePath: folder + "/reference.json")))
    var compared = 0
    for (name, answer) in answers where answer.counts != nil {
      #expect(try NuclearMedicineFile(path: folder + "/" + name).frames.map(\.totalCounts) == answer.counts, "\(name)")
      compared += 1
    }
    #expect(compared >= (set == "nm-planar" ? 10 : 3))
  }

  @Test(
    "The sum of the geometric mean of a real pair, its posterior mirrored, is the reference's",
    .enabled(if: TestData.folder != nil, "the test data are not on this machine"))
  func geometricMean() throws {
    let path = try #require(TestData.folder) + "/nm-planar/lung_kidney_ant_post_2frame_deid.dcm"
    let nm = try NuclearMedicineFile(path: path)
    let (front, back) = (nm.countsSeenFromTheFront(frame: 0), nm.countsSeenFromTheFront(frame: 1))
    let sum = zip(front, back).reduce(0.0) { $0 + (Double($1.0) * Double($1.1)).squareRoot() }
    #expect(abs(sum / 767_068.141_598_882_2 - 1) < 1e-12)
  }
}
