import DICOM
import Foundation
import Quantities
import Studies
import Testing

@Suite("Enhanced multi-frame CT, MR and PET")
struct EnhancedSeriesTests {
  /// An object of five frames of 4 × 3 pixels that are stored from the last slice to the first.
  struct Object {
    var modality = "CT"
    var sopClass = "2.1"
    var frames = 5
    var positions = (0..<5).map { [-10, 5, 100 - 2.5 * Double($0)] }
    var orientation: (Int) -> [Double] = { _ in [1, 0, 0, 0, 1, 0] }
    var stack: (Int) -> String = { _ in "1" }
    var temporalPosition: (Int) -> String = { _ in "1" }
    var slope: (Int) -> Double = { Double($0 + 1) * 0.5 }
    var describesPlane: (Int) -> Bool = { _ in true }
    var more: (inout DataSetDraft) -> Void = { _ in }
    var perFrame: (Int, inout DataSetDraft) -> Void = { _, _ in }

    static func stored(_ frame: Int) -> [UInt16] { (0..<12).map { UInt16(frame * 100 + $0) } }

    func write(to folder: String, name: String = "enhanced.dcm") throws {
      var draft = DataSetDraft()
      draft.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1." + sopClass)
      draft.put(.sopInstanceUID, "2.25.9" + String(name.utf8.count))
      draft.put(.studyInstanceUID, "2.25.1")
      draft.put(.seriesInstanceUID, "2.25.2")
      draft.put(.frameOfReferenceUID, "2.25.3")
      draft.put(.modality, modality)
      draft.put(.patientID, "T1")
      draft.put(pixels: (0..<frames).flatMap(Self.stored), rows: 3, columns: 4, frames: frames)
      more(&draft)
      var measures = DataSetDraft()
      measures.put(.pixelSpacing, decimals: [2, 3])
      measures.put(.sliceThickness, decimal: 2.5)
      var shared = DataSetDraft()
      shared.put(.pixelMeasures, items: [measures])
      draft.put(.sharedFunctionalGroups, items: [shared])
      draft.put(
        .perFrameFunctionalGroups,
        items: positions.enumerated().map { n, position in
          var (frame, content) = (DataSetDraft(), DataSetDraft())
          content.put(.stackID, stack(n))
          content.put(.temporalPositionIndex, temporalPosition(n))
          frame.put(.frameContent, items: [content])
          var (place, axes, rescale) = (DataSetDraft(), DataSetDraft(), DataSetDraft())
          place.put(.imagePosition, decimals: position)
          axes.put(.imageOrientation, decimals: orientation(n))
          rescale.put(.rescaleSlope, decimal: slope(n))
          rescale.put(.rescaleIntercept, decimal: -10)
          rescale.put(.rescaleType, modality == "CT" ? "HU" : "US")
          if describesPlane(n) { frame.put(.planePosition, items: [place]) }
          frame.put(.planeOrientation, items: [axes])
          frame.put(.pixelValueTransformation, items: [rescale])
          perFrame(n, &frame)
          return frame
        })
      try draft.write(to: folder + "/" + name)
    }

    /// Frame n lies in slice 4 − n.
    func check(_ values: [Float], slope: (Int) -> Double, intercept: Double) {
      for frame in 0..<frames {
        let expected = Self.stored(frame).map { Float(Double($0) * slope(frame) + intercept) }
        #expect(Array(values[(4 - frame) * 12..<(5 - frame) * 12]) == expected)
      }
    }
  }

  private func indexed(_ object: Object, files: Int = 1) throws -> (IndexedSeries, TemporaryFolder) {
    let folder = try TemporaryFolder()
    for n in 0..<files {
      try object.write(to: folder.path, name: String(repeating: "a", count: n + 1) + ".dcm")
    }
    return (try #require(try StudyIndex.scan(folder: folder.path).series.first), folder)
  }

  @Test("Frames of a CT or MR lie and are rescaled as each of them says", arguments: [("CT", "2.1"), ("MR", "4.1")])
  func anatomical(_ modality: String, _ sopClass: String) throws {
    var object = Object()
    (object.modality, object.sopClass) = (modality, sopClass)
    let (series, folder) = try indexed(object)
    defer { withExtendedLifetime(folder) {} }
    #expect(series.kind.rawValue == modality)
    #expect(series.frames == 5 && series.spacing == [3, 2, 2.5] && series.findings.isEmpty)
    let image = try AnatomicalSeries(series)
    #expect(try series.grid() == image.grid)
    #expect(image.grid.origin == SIMD3(-10, 5, 90) && image.grid.sliceStep == SIMD3(0, 0, 2.5))
    object.check(image.values, slope: object.slope, intercept: -10)
  }

  private static func pet(corrected: String, to moment: String? = "20240315130000") -> Object {
    var object = Object()
    (object.modality, object.sopClass) = ("PT", "130")
    object.more = { draft in
      draft.put(.seriesDate, "20240315")
      draft.put(.seriesTime, "110000")
      draft.put(.acquisitionDateTime, "20240315130000")
      draft.put(.decayCorrected, corrected)
      if let moment { draft.put(.decayCorrectionDateTime, moment) }
      draft.put(.attenuationCorrected, "YES")
      draft.put(.scatterCorrected, "YES")
      var (dose, code) = (DataSetDraft(), DataSetDraft())
      dose.put(.radiopharmaceuticalStartDateTime, "20240315120000")
      dose.put(.radionuclideTotalDose, decimal: 150e6)
      code.put(.codeValue, "35337001")
      code.put(.codingSchemeDesignator, "SCT")
      code.put(.codeMeaning, "^68^Gallium")
      dose.put(.radionuclideCode, items: [code])
      draft.put(.radiopharmaceuticalInformation, items: [dose])
    }
    object.perFrame = { n, frame in
      var (mapping, unit, content) = (DataSetDraft(), DataSetDraft(), DataSetDraft())
      unit.put(.codeValue, "Bq/ml")
      unit.put(.codingSchemeDesignator, "UCUM")
      unit.put(.codeMeaning, "becquerels per milliliter")
      mapping.put(.measurementUnits, items: [unit])
      mapping.put(.realWorldSlope, number: Double(n + 1) * 3)
      mapping.put(.realWorldIntercept, number: 0)
      frame.put(.realWorldValueMapping, items: [mapping])
      content.put(.frameAcquisitionDateTime, n == 0 ? "20240315130500" : "20240315131000")
      content.put(.frameAcquisitionDuration, number: 180_000)
      frame.put(.frameContent, items: [content])
    }
    return object
  }

  @Test("Frames of a PET become Bq/mL by their mapping, at the moment to which they are corrected")
  func emission() throws {
    let object = Self.pet(corrected: "YES")
    let (series, folder) = try indexed(object)
    defer { withExtendedLifetime(folder) {} }
    #expect(series.kind == .pet)
    let image = try QuantitativeSeries(series)
    object.check(image.image.values, slope: { Double($0 + 1) * 3 }, intercept: 0)
    #expect(image.decayCorrection == .start && image.acquisitionStart.description.contains("13:00"))
    #expect(image.nuclide == "Ga-68" && image.corrections == ["ATTN", "SCAT", "DECY"])
    #expect(image.frameDuration == .seconds(180))
    #expect(try image.digest == series.digest())
    let pet = try PETSeries(series)
    #expect(pet.values == image.image.values && pet.unit == .activityConcentration)
    #expect(pet.reference?.time == image.acquisitionStart)
  }

  @Test("A PET corrected to the administration says so")
  func administration() throws {
    let (series, folder) = try indexed(Self.pet(corrected: "YES", to: "20240315120000"))
    defer { withExtendedLifetime(folder) {} }
    #expect(try QuantitativeSeries(series).decayCorrection == .administration)
  }

  @Test(
    "What is no one volume or no quantity is refused by name",
    arguments: [
      "several-stacks", "several-temporal-positions", "missing-geometry", "frame-groups", "mixed-geometry",
      "duplicate-position", "missing-slice", "several-multi-frame-files", "unknown-decay-correction",
      "several-acquisition-times", "missing-decay-correction",
    ])
  func refused(_ code: String) throws {
    var (object, files) = (Object(), 1)
    switch code {
    case "several-stacks": object.stack = { $0 < 2 ? "1" : "2" }
    case "several-temporal-positions": object.temporalPosition = { $0 < 2 ? "1" : "2" }
    case "missing-geometry": object.describesPlane = { $0 != 3 }
    case "frame-groups": object.positions.removeLast()
    case "mixed-geometry": object.orientation = { $0 == 1 ? [0, 1, 0, 0, 0, -1] : [1, 0, 0, 0, 1, 0] }
    case "duplicate-position": object.positions[2] = object.positions[1]
    case "missing-slice": object.positions[4][2] -= 2.5
    case "several-multi-frame-files": files = 2
    case "unknown-decay-correction": object = Self.pet(corrected: "YES", to: "20240315123000")
    case "several-acquisition-times": object = Self.pet(corrected: "NO", to: nil)
    default: object = Self.pet(corrected: "YES", to: nil)
    }
    let (series, folder) = try indexed(object, files: files)
    defer { withExtendedLifetime(folder) {} }
    var found: String?
    do {
      if series.modality == "PT" { _ = try QuantitativeSeries(series) } else { _ = try AnatomicalSeries(series) }
    } catch let error as StudyError {
      found = error.code
    } catch let error as DICOMError {
      found = error.code
    }
    #expect(found == code)
    if series.modality == "CT", !["frame-groups", "several-multi-frame-files"].contains(code) {
      #expect(series.findings.map(\.code) == [code])
    }
  }
}
