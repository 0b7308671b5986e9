import DICOM
import Foundation
import Studies
import Testing

@Suite("All DICOM of the test data")
struct TestDataTests {
  /// Sets whose files all read whole; the hostile ones have tests of their own.
  private static let sets = [
    "dicom-seg", "nm-dynamic-tomo", "nm-planar", "pet-ct-ibsi", "pet-phantom", "pet-single-slices", "pet-suv-dro",
    "pet-whole-body-ge", "rt-dose-dvh", "spect-lu177-dotatate",
  ]

  @Test(
    "Every file reads with all values and pixels, or is refused for the reason that is known", arguments: sets)
  func all(_ set: String) throws {
    guard let folder = TestData.folder.map({ $0 + "/" + set }), FileManager.default.fileExists(atPath: folder) else {
      return
    }
    let index = try StudyIndex.scan(folder: folder)
    #expect(index.refused.map { "\($0.path): \($0.reason)" } == [])
    var read = 0
    for file in index.series.flatMap(\.files) {
      let whole = try DICOMFile(path: file.path)
      #expect(try whole.readAllValues() > 10, "\(file.path)")
      guard whole.dataSet.contains(.pixelData) || whole.dataSet.contains(.floatPixelData) else { continue }
      read += 1
      let bits = try whole.dataSet.unsigned16(.bitsAllocated)
      if bits == 1 {
        #expect(try whole.bitFrames().frames > 0)
        continue
      }
      do throws(DICOMError) {
        _ = try whole.samples()
      } catch {
        let colours = try whole.dataSet.unsigned16(.samplesPerPixel)
        let isPicture = error.code == "pixel-layout" && colours == 3
        let isLossy = error.code == "compression" && whole.lossyCompression != nil
        #expect(isPicture || isLossy, "\(file.path): \(error.reason)")
      }
    }
    #expect(read > 0)
  }
}
