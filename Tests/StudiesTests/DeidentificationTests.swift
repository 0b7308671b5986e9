import DICOM
import Foundation
import Provenance
import Quantities
@testable import Studies
import Testing

@Suite struct DeidentificationTests {
  private let secret = Digest(of: "secret".utf8)

  private func run(_ folder: String, to output: String, _ secret: Digest? = nil) throws -> Deidentification.Report {
    try Deidentification(secret: secret ?? self.secret).write(StudyIndex.scan(folder: folder), to: output)
  }

  private func bytes(below folder: String) throws -> [Data] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".dcm") }.sorted()
      .map { try Data(contentsOf: URL(filePath: folder + "/" + $0)) }
  }

  @Test("Names, numbers and UIDs are gone from every byte; what is measured is as it was")
  func measured() throws {
    let study = try SyntheticStudy()
    let written = try study.write()
    let output = study.folder.path + "/out"
    let report = try run(study.spect, to: output)
    #expect(report.written == 6)
    #expect(report.patients == 1)
    for file in try bytes(below: output) {
      for text in ["Test", "Zoë", "T1", study.writer.studyUID, written.uid, "20260305", "20260304"]
        + written.instanceUIDs
      { #expect(file.range(of: Data(text.utf8)) == nil, "\(text)") }
    }
    let before = try study.read()
    let series = try #require(try StudyIndex.scan(folder: output).series.first)
    let after = try QuantitativeSeries(series)
    #expect(after.image.values == before.image.values)
    #expect(after.patientWeight == before.patientWeight)
    #expect(after.injectedActivity == before.injectedActivity)
    let delay = { (series: QuantitativeSeries) in
      series.acquisitionStart.secondsSince1970 - (series.injection?.secondsSince1970 ?? 0)
    }
    #expect(delay(after) == delay(before))
    let days = (before.acquisitionStart.secondsSince1970 - after.acquisitionStart.secondsSince1970) / 86400
    #expect(days == days.rounded() && days >= 366)
    #expect(series.files.allSatisfy { $0.patient != nil })
  }

  @Test("Of files with one UID the first is written and the other told; what a user calls an image is gone")
  func twice() throws {
    let study = try SyntheticStudy()
    let written = try study.write()
    let first = URL(filePath: written.paths[0])
    var bytes = try Data(contentsOf: first)
    let place = try #require(bytes.range(of: Data([0x54, 0, 0x10, 0x04])))
    bytes.insert(
      contentsOf: attribute(Tag(0x0054, 0x0400), "SH", Array("Doe left".utf8)), at: place.lowerBound)
    try bytes.write(to: first)
    try bytes.write(to: URL(filePath: study.spect + "/twice.dcm"))
    let output = study.folder.path + "/out"
    let report = try run(study.spect, to: output)
    #expect(report.written == 6 && report.skipped.map(\.code) == ["duplicate-instance"])
    #expect(try self.bytes(below: output).count == 6)
    #expect(try self.bytes(below: output).allSatisfy { $0.range(of: Data("Doe left".utf8)) == nil })
  }

  @Test("The same secret gives the same files, another one other names and dates")
  func secrets() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    let outputs = ["/a", "/b", "/c"].map { study.folder.path + $0 }
    _ = try run(study.spect, to: outputs[0])
    _ = try run(study.spect, to: outputs[1])
    _ = try run(study.spect, to: outputs[2], Digest(of: "another".utf8))
    #expect(try bytes(below: outputs[0]) == bytes(below: outputs[1]))
    #expect(Set(try bytes(below: outputs[0])).isDisjoint(with: try bytes(below: outputs[2])))
  }

  @Test("References between files lead where they led")
  func references() throws {
    let study = try SyntheticStudy()
    let written = try study.write()
    let structures = study.folder.path + "/spect/rt.dcm"
    try study.writer.writeStructureSet(
      [.init(name: "Kidney of Zoë", contours: [[SIMD3(-8, -18, 1000), SIMD3(4, -18, 1000), SIMD3(4, -8, 1000)]])],
      name: "Set", number: 2, on: written, drawn: SyntheticStudy.start, to: structures)
    let output = study.folder.path + "/out"
    _ = try run(study.spect, to: output)
    let index = try StudyIndex.scan(folder: output)
    let image = try #require(index.series.first { $0.modality == "PT" })
    let drawn = try #require(index.series.first { $0.modality == "RTSTRUCT" })
    let set = try StructureSet(drawn)
    #expect(set.frameOfReferenceUID == image.frameOfReferenceUID)
    #expect(!set.structures[0].name.contains("Zoë"))
    #expect(set.structures[0].contours == [[SIMD3(-8, -18, 1000), SIMD3(4, -18, 1000), SIMD3(4, -8, 1000)]])
  }

  @Test("Files that say that writing is in their pixels are flagged, others are not")
  func annotation() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    #expect(try run(study.spect, to: study.folder.path + "/before").findings.isEmpty)
    let slices = try FileManager.default.contentsOfDirectory(atPath: study.spect).sorted().prefix(2)
    for name in slices {
      let url = URL(filePath: study.spect + "/" + name)
      var bytes = try Data(contentsOf: url)
      let place = try #require(bytes.range(of: Data([0x28, 0, 0x52, 0x10])))
      bytes.insert(contentsOf: attribute(.burnedInAnnotation, "CS", Array("YES ".utf8)), at: place.lowerBound)
      try bytes.write(to: url)
    }
    let findings = try run(study.spect, to: study.folder.path + "/after").findings
    #expect(findings.map(\.code) == ["burned-in-annotation"])
    #expect(findings.first?.severity == .serious)
    #expect(findings.first?.text.hasPrefix("2 files") == true)
  }

  @Test(
    "Images of kinds that are often written on are flagged where they do not tell",
    arguments: ["ultrasound", "colours", "screen", "capture as NM", "NM of no type", "overlay in pixels"])
  func likelyAnnotation(_ kind: String) throws {
    func findings(saying value: String?) throws -> [Finding] {
      let folder = try TemporaryFolder()
      var draft = DataSetDraft()
      draft.put(.sopClassUID, "1.2.840.10008.5.1.4.1.1." + (kind == "capture as NM" ? "7" : "20"))
      for (n, tag) in [Tag.sopInstanceUID, .studyInstanceUID, .seriesInstanceUID].enumerated() {
        draft.put(tag, "2.25.\(n + 1)")
      }
      draft.put(.patientID, "T1")
      draft.put(.modality, kind == "ultrasound" ? "US" : "NM")
      draft.put(.imageType, "DERIVED", "PRIMARY", kind == "screen" ? "SCREEN SAVE" : "STATIC")
      if kind == "NM of no type" { draft.put(.imageType, "DERIVED", "SECONDARY") }
      draft.put(pixels: [1, 2, 3, 4] as [UInt16], rows: 2, columns: 2)
      if kind == "colours" { draft.put(.samplesPerPixel, unsigned16: 3) }
      if kind == "overlay in pixels" { draft.put(Tag(0x6000, 0x0100), unsigned16: 16) }
      if let value { draft.put(.burnedInAnnotation, value) }
      try draft.write(to: folder.path + "/one.dcm")
      return try run(folder.path, to: folder.path + "/out").findings
    }
    #expect(try findings(saying: nil).map(\.code) == ["possible-annotation"])
    #expect(try findings(saying: "NO").isEmpty)
    #expect(try findings(saying: "YES").map(\.code) == ["burned-in-annotation"])
  }

  @Test("Reports and pictures, whose content may name the patient, are left out")
  func leftOut() throws {
    let study = try SyntheticStudy()
    _ = try study.write()
    let source = try #require(try StudyIndex.scan(folder: study.spect).series.first)
    let writer = try ResultWriter(source: source, created: SyntheticStudy.start)
    _ = try writer.writeDocument(
      pdf: Array("%PDF-1.7 Test^Zoë\n".utf8), title: "R", number: 3, to: study.spect + "/report.dcm")
    let report = try run(study.spect, to: study.folder.path + "/out")
    #expect(report.written == 6)
    #expect(report.skipped.map(\.code) == ["names-in-content"])
  }

  @Test(
    "Dates move by whole days, moments keep their time",
    arguments: [
      ("20260301", 1, "20260228"), ("20240301", 1, "20240229"), ("20260101103000.5+0100", 366, "20241231103000.5+0100"),
      ("", 5, ""),
    ])
  func dates(_ date: String, _ days: Int, _ moved: String) {
    #expect(Deidentification.moved(date, by: days) == moved)
  }
}
