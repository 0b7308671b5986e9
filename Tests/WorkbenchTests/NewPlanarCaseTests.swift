import DICOM
import Foundation
import JSON
import Quantities
import SyntheticPatient
import Testing

@testable import Workbench

/// Writes the case, answers its questions and returns them; a question without an answer is an issue.
private func answer(_ answers: [String: String], in folder: String) throws -> [String] {
  let new = try NewCase.write(in: folder)
  var text = new.text
  for (path, question) in new.questions {
    let place = try #require(text.range(of: "null /* ? \(question) */"))
    text.replaceSubrange(
      place, with: try #require(answers[path] ?? (path.hasSuffix("].organ") ? "\"other\"" : nil), "\(path)"))
  }
  try Data(text.utf8).write(to: URL(filePath: folder + "/case.json"))
  return new.questions.map(\.path)
}

/// A demonstration's images with the drawing of its planar regions, and its own case kept beside them.
private struct Demonstrated {
  let folder: String
  let own: String

  init(in root: String) throws {
    (folder, own) = (root + "/new", root + "/own")
    try Demonstration.write(try SyntheticPatient(seed: 1), to: own)
    try FileManager.default.copyItem(atPath: own, toPath: folder)
    try FileManager.default.removeItem(atPath: folder + "/case.json")
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder + "/" + name) }

  /// The demonstration's values.
  static let answers = [
    "name": "\"New\"", "agent": "\"[177Lu]Pentixather\"", "subject.sex": "\"female\"",
    "measurements.planar.scatter": "{ method: \"triple-window\" }",
    "measurements.planar.deadTime":
      "{ model: \"paralysable\", tau_us: \(SyntheticPlanarCamera.deadTime.seconds * 1e6) }",
    "measurements.planar.bed.fieldOfView_cm": "\(SyntheticPlanarCamera.fieldOfView.centimetres)",
    "measurements.planar.bed.beginsAtFeet": "false",
    "measurements.planar.attenuation": "{ coefficient_per_cm: 0.135, relativeUncertainty: 0.03 }",
    "measurements.planar.calibration":
      "{ sensitivity_cps_per_MBq: \(SyntheticPlanarCamera.countsPerSecondPerMegabecquerel), "
      + "relativeUncertainty: \(SyntheticPlanarCamera.sensitivityUncertainty) }",
    "measurements.planar.pointUncertainty": "0.05",
  ]
}

extension PlanarCaseResult {
  fileprivate var points: [[Uncertain<Activity>?]] { activities.regions.map { $0.measurements.map(\.activity) } }
}

@Suite("A case made from planar scans")
struct NewPlanarCaseTests {
  @Test("A new case of the demonstration's planar scans, answered, gives the activities of the demonstration's own")
  func roundTrip() throws {
    try withFolder { root in
      let demonstrated = try Demonstrated(in: root)
      try demonstrated.remove("imaging")
      let own = try CaseFile.read(demonstrated.own).file
      let given = own.administration
      var answers = Demonstrated.answers
      answers["administrations[0].activity_MBq"] = "\(given.assay!.activity.megabecquerels)"
      answers["administrations[0].start"] = "\"\(given.start)\""
      answers["regions[0]"] = "{ name: \"Kidney left\", organ: \"kidney-left\" }"
      let asked = try answer(answers, in: demonstrated.folder)
      // What only a person knows is asked for, what the files tell is not.
      #expect(Set(asked) == Set(answers.keys))
      let file = try CaseFile.read(demonstrated.folder).file
      #expect(file.nuclide == "Lu-177" && file.spect == nil && file.planar?.folder == "planar")
      #expect(file.planar?.windows.main == 1 && file.planar?.windows.lower == 2 && file.planar?.windows.upper == 3)
      #expect(file.subject?.weight == own.subject?.weight)
      let (new, old) = (
        try PlanarCaseResult(case: demonstrated.folder), try PlanarCaseResult(case: demonstrated.own)
      )
      #expect(new.points == old.points && new.points.count == 5 && new.points.joined().contains { $0 != nil })
    }
  }

  @Test("SPECT and planar scans make one case, each with its own folder")
  func both() throws {
    try withFolder { root in
      let demonstrated = try Demonstrated(in: root)
      // All files in one folder, as an import puts them.
      try FileManager.default.moveItem(
        atPath: demonstrated.folder + "/planar", toPath: demonstrated.folder + "/imaging/planar")
      var answers = Demonstrated.answers
      answers["measurements.planar.hybridSpect"] = "[3]"
      answers["measurements.spect.calibrationUncertainty"] = "0.03"
      answers["measurements.spect.recovery"] = "{ method: \"none\" }"
      answers["measurements.spect.outlineImage.fwhm_mm"] = "2"
      let asked = try answer(answers, in: demonstrated.folder)
      #expect(asked.contains("measurements.planar.hybridSpect") && !asked.contains("regions[0]"))
      // The spheres of the marrow lie inside the vertebrae: a person sorts them out.
      let path = demonstrated.folder + "/case.json"
      let lines = String(decoding: try bytes(path), as: UTF8.self).split(separator: "\n")
      try Data(lines.filter { !$0.contains("Vertebral bodies") }.joined(separator: "\n").utf8)
        .write(to: URL(filePath: path))
      let file = try CaseFile.read(demonstrated.folder).file
      #expect(file.spect?.folder == "imaging" && file.planar?.folder == "imaging/planar")
      let own = try CaseFile.read(demonstrated.own).file
      #expect(file.administration.start == own.administration.start)
      #expect(
        try PlanarCaseResult(case: demonstrated.folder).points == PlanarCaseResult(case: demonstrated.own).points)
      // The planar scans that lie in the folder of the SPECT are not read as SPECT.
      let times = try SpectCaseResult(case: demonstrated.folder).document["times"]
      #expect(try times == SpectCaseResult(case: demonstrated.own).document["times"])
    }
  }

  @Test("Headers that disagree make a question, and no path tells who the patient is")
  func headers() throws {
    try withFolder { root in
      let demonstrated = try Demonstrated(in: root)
      try demonstrated.remove("imaging")
      let folder = demonstrated.folder
      try FileManager.default.moveItem(atPath: folder + "/planar", toPath: folder + "/SYNTHETIC^PATIENT")
      var file = try bytes(folder + "/SYNTHETIC^PATIENT/planar-2.dcm")
      // Patient's Weight (0010,1030), a decimal string.
      let weight = try #require(file.range(of: Data([0x10, 0, 0x30, 0x10]) + Data("DS".utf8)))
      file.replaceSubrange(weight.upperBound + 2..<weight.upperBound + 4, with: Data("72".utf8))
      try file.write(to: URL(filePath: folder + "/SYNTHETIC^PATIENT/planar-2.dcm"))
      let new = try NewCase.write(in: folder)
      #expect(new.questions.contains { $0.path == "subject.weight_kg" && $0.question.contains("72") })
      #expect(new.text.contains("folder: \".\","))
      #expect(!new.text.uppercased().contains("SYNTHETIC^") && !new.text.contains("SYNTHETIC-1"))
    }
  }

  @Test("Windows are numbered where their limits leave no choice, and asked for else")
  func windows() throws {
    func questions(_ windows: [(Double, Double)?]) throws -> [String] {
      var found: [String] = []
      try withFolder { folder in
        try StaticCase(windows: windows).write(to: folder)
        try FileManager.default.removeItem(atPath: folder + "/case.json")
        found = try NewCase.write(in: folder).questions.map(\.path)
      }
      return found
    }
    let path = "measurements.planar.windows"
    let three = [(195.52, 220.48), (174.72, 195.52), (220.48, 251.68)]
    let sound = try questions(three)
    #expect(!sound.contains(path))
    // A detector that stands still has no bed; these files name no collimator, nuclide or administration.
    #expect(!sound.contains { $0.hasPrefix("measurements.planar.bed") })
    #expect(Set(sound).isSuperset(of: ["measurements.planar.collimator", "nuclide", "administrations[0].start"]))
    #expect(try questions([(195.52, 220.48), (174.72, 195.52), (230, 251.68)]).contains(path))
    #expect(try questions([(195.52, 220.48), nil, nil]).contains(path))
  }

  @Test("Reconstructions in counts are asked for their calibration, and give what their own case gives")
  func counts() throws {
    try withFolder { folder in
      try CountCase().write(to: folder)
      let own = try SpectCaseResult(case: folder).document["regions"]?[0]?["points"]
      try FileManager.default.removeItem(atPath: folder + "/case.json")
      let asked = try answer(
        [
          "subject.sex": "\"female\"", "name": "\"Counts\"", "nuclide": "\"Lu-177\"", "agent": "\"a\"",
          "administrations[0].activity_MBq": "200", "administrations[0].start": "\"2026-03-02T09:00:00+00:00\"",
          "measurements.spect.regions": "\"segments\"", "measurements.spect.counts.duration_s": "1280",
          "measurements.spect.counts.calibration": "{ sensitivity_cps_per_MBq: 9.5, relativeUncertainty: 0.04 }",
          "measurements.spect.recovery": "{ method: \"none\" }", "measurements.spect.outlineImage.fwhm_mm": "8",
          "regions[0]": "{ name: \"Sphere\", organ: \"other\", structure: \"Sphere\" }",
        ], in: folder)
      #expect(asked.count == 12)
      let found = try SpectCaseResult(case: folder).document["regions"]?[0]?["points"]
      #expect(found == own && found?.array?.count == 2)
    }
  }
}
