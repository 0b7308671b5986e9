import DICOM
import Foundation
import Testing

@Suite(.enabled(if: TestData.folder != nil, "the test data are not on this machine"))
struct HostileFileTests {
  @Test("Hostile files are read or refused as expected, quickly")
  func hostile() throws {
    let folder = try #require(TestData.folder) + "/bad-inputs/own/dicom"
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".dcm") }
    #expect(paths.count > 40)
    let sound = ["depth-64.dcm", "preamble-elf.dcm", "preamble-html.dcm"]
    let start = ContinuousClock.now
    for path in paths {
      do {
        let file = try DICOMFile(path: folder + "/" + path)
        _ = try file.dataSet.uid(.sopInstanceUID)
        if !sound.contains(path) { #expect(throws: DICOMError.self, "\(path)") { try file.samples() } }
      } catch {
        #expect(!sound.contains(path), "\(path): \(error)")
      }
    }
    #expect(ContinuousClock.now - start < .seconds(10))
  }
}
