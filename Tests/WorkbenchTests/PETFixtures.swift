import DICOM
import Foundation
import TestFolders

/// A folder with a PET series of 8 × 8 × n voxels of 4 × 4 × 5 mm, which is removed with the value.
final class SyntheticPET: Sendable {
  let folder: String

  /// What a header says; the defaults are a sound series of [68Ga]Pentixafor an hour after 150 MBq.
  struct Header {
    var manufacturer = "SYNTHETIC"
    var seriesDate = "20240315"
    var seriesTime: String? = "130000"
    var acquisitionTimes = ["130000"]
    var units = "BQML"
    var suvType: String?
    var decay = "START"
    var corrected = ["NORM", "DTIM", "ATTN", "SCAT", "DECY"]
    var weight: String? = "70"
    var height: String?
    var sex = "F"
    var frameReference = "0"
    var duration = "180000"
    var dose: String? = "150000000"
    var halfLife: String? = "4062.6"
    var startTime: String? = "120000"
    var startDateTime: String? = "20240315120000"
    var nuclide: String? = "^68^Gallium"
    var radiopharmaceuticals = 1
    var zone: String?
    var philipsSUV: String?
    var philipsActivity: String?
    var canonUnit: String?
    var slices = 3
    var slope = "2.5"
    /// The stored value of voxel (i, j) of a slice.
    var pixel: @Sendable (Int, Int, Int) -> UInt16 = { i, j, k in UInt16(100 + i + 8 * j + k) }
  }

  init(_ header: Header = Header()) throws {
    folder = NSTemporaryDirectory() + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for k in 0..<header.slices {
      let path = "\(folder)/\(k + 1).dcm"
      try Self.slice(k, header).write(to: path)
      try Self.insertPrivateGroup(header, path)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private static func slice(_ k: Int, _ header: Header) -> DataSetDraft {
    var draft = DataSetDraft()
    draft.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1.128")
    draft.put(.sopInstanceUID, "2.25.100\(k)")
    draft.put(.studyInstanceUID, "2.25.1")
    draft.put(.seriesInstanceUID, "2.25.2")
    draft.put(.frameOfReferenceUID, "2.25.3")
    draft.put(.modality, "PT")
    draft.put(.manufacturer, header.manufacturer)
    draft.put(.patientName, "Test^Zoe")
    draft.put(.patientID, "T1")
    draft.put(.patientSex, header.sex)
    if let weight = header.weight { draft.put(.patientWeight, weight) }
    if let height = header.height { draft.put(Tag(0x0010, 0x1020), height) }
    draft.put(.seriesDate, header.seriesDate)
    if let time = header.seriesTime { draft.put(.seriesTime, time) }
    draft.put(.acquisitionDate, header.seriesDate)
    draft.put(.acquisitionTime, header.acquisitionTimes[k % header.acquisitionTimes.count])
    if let zone = header.zone { draft.put(.timezoneOffsetFromUTC, zone) }
    draft.put(.sliceThickness, "5")
    draft.put(.actualFrameDuration, header.duration)
    draft.put(.numberOfSlices, unsigned16: UInt16(header.slices))
    draft.put(.units, header.units)
    if let type = header.suvType { draft.put(Tag(0x0054, 0x1006), type) }
    draft.put(.decayCorrection, header.decay)
    draft.put(.correctedImage, header.corrected)
    draft.put(.frameReferenceTime, header.frameReference)
    draft.put(.imagePosition, decimals: [0, 0, Double(k) * 5])
    draft.put(.imageOrientation, decimals: [1, 0, 0, 0, 1, 0])
    draft.put(.pixelSpacing, decimals: [4, 4])
    draft.put(.rescaleSlope, header.slope)
    draft.put(.rescaleIntercept, "0")
    draft.put(.radiopharmaceuticalInformation, items: (0..<header.radiopharmaceuticals).map { _ in item(header) })
    let pixels = (0..<8).flatMap { j in (0..<8).map { i in header.pixel(i, j, k) } }
    draft.put(pixels: pixels, rows: 8, columns: 8)
    return draft
  }

  /// Puts Philips' or Canon's private group before the pixel data.
  private static func insertPrivateGroup(_ header: Header, _ path: String) throws {
    let isCanon = header.canonUnit != nil
    let values =
      isCanon
      ? [(0x10, "LO", "TOSHIBA PRIVATE "), (0x102D, "LO", header.canonUnit)]
      : [
        (0x10, "LO", "Philips PET Private Group "), (0x1000, "DS", header.philipsSUV),
        (0x1009, "DS", header.philipsActivity),
      ]
    guard isCanon || header.philipsSUV != nil || header.philipsActivity != nil else { return }
    var group: [UInt8] = []
    for (element, representation, value) in values {
      guard let value else { continue }
      let text = Array(value.utf8) + (value.utf8.count % 2 == 0 ? [] : [0x20])
      group += [isCanon ? 0x65 : 0x53, 0x70, UInt8(element & 0xFF), UInt8(element >> 8)] + Array(representation.utf8)
      group += [UInt8(text.count), 0] + text
    }
    let url = URL(filePath: path)
    var data = try Data(contentsOf: url)
    guard let pixels = data.range(of: Data([0xE0, 0x7F, 0x10, 0x00, 0x4F, 0x57])) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    data.insert(contentsOf: group, at: pixels.lowerBound)
    try data.write(to: url)
  }

  private static func item(_ header: Header) -> DataSetDraft {
    var item = DataSetDraft()
    if let dose = header.dose { item.put(.radionuclideTotalDose, dose) }
    if let halfLife = header.halfLife { item.put(.radionuclideHalfLife, halfLife) }
    if let time = header.startTime { item.put(.radiopharmaceuticalStartTime, time) }
    if let dateTime = header.startDateTime { item.put(.radiopharmaceuticalStartDateTime, dateTime) }
    if let nuclide = header.nuclide {
      var code = DataSetDraft()
      code.put(.codeValue, "X")
      code.put(.codingSchemeDesignator, "99TEST")
      code.put(.codeMeaning, nuclide)
      item.put(.radionuclideCode, items: [code])
    }
    return item
  }
}

/// The folder with the test data that are not in the repository.
enum PETData {
  static let folder = TestData.path("pet-suv-dro").flatMap { _ in TestData.folder }

  static func path(_ name: String) -> String { (folder ?? "") + "/" + name }
}
