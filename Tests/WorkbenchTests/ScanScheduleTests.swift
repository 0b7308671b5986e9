import Foundation
import JSON
import Testing

@testable import Workbench

@Suite("What scans to come are worth for the activity")
struct ScanScheduleTests {
  /// Two kidneys with their measured times, points exactly on their curves.
  private func write(_ folder: String, times: [Double], massUncertainty: Double = 0.05) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try """
    { format: "endora-case-1", name: "Synthetic", source: "synthetic", nuclide: "Lu-177", agent: "[177Lu]Pentixather",
      subject: { sex: "female", age_y: 46, weight_kg: 70 },
      administrations: [{ activity_MBq: 200, start: "2026-03-02T09:00:00+01:00" }],
      measurements: { curves: { file: "curves.csv", weights: "relative", calibrationUncertainty: 0.03 } },
      regions: [
        { name: "Left", organ: "kidney-left", volume_mL: 140, massUncertainty: \(massUncertainty), model: "F3u" },
        { name: "Right", organ: "kidney-right", volume_mL: 150, massUncertainty: \(massUncertainty), model: "F3u" },
      ],
      limits: { kidneys_Gy: 23 }, therapy: { acceptedRisk: 0.05 } }
    """.write(toFile: folder + "/case.json", atomically: true, encoding: .utf8)
    let rows = [("Left", 9.0, 0.0181, 0.2), ("Right", 8, 0.0172, 0.3)].flatMap { name, a, slow, fast in
      times.map { "\(name),\($0),\(a * (exp(-slow * $0) - exp(-fast * $0)))" }
    }
    try ("region,time_h,activity_MBq\n" + rows.joined(separator: "\n") + "\n")
      .write(toFile: folder + "/curves.csv", atomically: true, encoding: .utf8)
  }

  private func activity(_ folder: String, scans: Int = 1) throws -> JSONValue {
    let schedule = try ScanSchedule.make(
      folder, nuclide: nil, model: .auto, weights: nil, relativeUncertainty: 0.05, prior: nil, scans: scans, step: 36,
      until: 180, precision: 0.05)
    return try #require(schedule.document["activity"])
  }

  @Test("The promise for one more scan is kept by the case that has it; calibration and mass stay")
  func promise() throws {
    try withFolder { folder in
      try write(folder, times: [2, 8, 30, 70])
      let before = try activity(folder)
      let plan = try Plan.make(folder)
      let dose = try #require(plan.analysis.organs.first?.dose.perActivity)
      let u = try #require(before["relativeUncertainty"]?.double)
      // One limit on one organ: ln A_max has the uncertainty of ln d.
      #expect(isClose(u, try #require(dose.relativeUncertainty), 0.03))
      #expect(before["now"]?["value"]?.double == plan.analysis.prescription?.activity.gigabecquerels)
      let candidates = try #require(before["candidates"]?.array)
      #expect(candidates.compactMap { $0["time_h"]?.double } == [72, 108, 144, 180])
      for candidate in candidates {
        let time = try #require(candidate["time_h"]?.double)
        try write(folder, times: [2, 8, 30, 70, time])
        let after = try activity(folder)
        let promised = try #require(candidate["relativeUncertainty"]?.double)
        #expect(isClose(promised, try #require(after["relativeUncertainty"]?.double), 0.01))
        #expect(isClose(try #require(candidate["reduction"]?.double), 1 - promised / u, 1e-9))
        #expect(
          isClose(
            try #require(candidate["activity"]?["value"]?.double), try #require(after["now"]?["value"]?.double), 0.01))
        #expect(promised < u)
        #expect(try #require(before["leastRelativeUncertainty"]?.double) < promised)
      }
      let next = try #require(before["nextScans"])
      let least = candidates.min { $0["relativeUncertainty"]!.double! < $1["relativeUncertainty"]!.double! }
      #expect(next["times_h"]?[0]?.double == least?["time_h"]?.double)
    }
  }

  @Test("With exact curves calibration, mass and density are what is left")
  func floor() throws {
    try withFolder { folder in
      try write(folder, times: [2, 8, 30, 70], massUncertainty: 0.08)
      let found = try activity(folder, scans: 4)
      let dose = try #require(try Plan.make(folder).analysis.organs.first?.dose)
      let rest = dose.components.reduce(0) { $0 + $1.relative * $1.relative }.squareRoot()
      #expect(isClose(try #require(found["leastRelativeUncertainty"]?.double), rest, 0.03))
      let whole = try #require(found["wholeSchedule"])
      #expect(whole["times_h"]?.array?.count == 4)
      #expect(try #require(whole["relativeUncertainty"]?.double) > rest)
      // Two scans do not determine uptake and clearance.
      #expect(try activity(folder, scans: 2)["wholeSchedule"] == .null)
    }
  }

  @Test("A table without a nuclide, and options that repeat what the case says, are refused")
  func refusals() throws {
    try withFolder { folder in
      try write(folder, times: [2, 8, 30, 70])
      func code(_ path: String, nuclide: String?, scans: Int = 1) -> String? {
        let error = #expect(throws: CaseError.self) {
          try ScanSchedule.make(
            path, nuclide: nuclide, model: .auto, weights: nil, relativeUncertainty: 0.05, prior: nil, scans: scans,
            step: 36, until: 180, precision: 0.05)
        }
        return error?.code
      }
      #expect(code(folder, nuclide: "Lu-177") == "case-states-it")
      #expect(code(folder + "/curves.csv", nuclide: nil) == "nuclide-missing")
      #expect(code(folder, nuclide: nil, scans: 9) == "scans-out-of-range")
    }
  }
}

@Suite("Parameters shared between cycles")
struct CycleTests {
  /// Two organs in two cycles: each organ keeps its rate, each cycle has its own times and amplitudes.
  private func write(_ folder: String) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var rows: [String] = []
    for (cycle, times) in [("1", [3.0, 25, 70, 120]), ("2", [4, 28, 96])] {
      for (organ, rate) in [("Kidney", 0.017), ("Spleen", 0.009)] {
        let amplitude = (cycle == "1" ? 10.0 : 7) * (organ == "Kidney" ? 1 : 2)
        rows += times.map {
          "\(organ),\(cycle),\($0),\(amplitude * exp(-rate * $0) * (1 + 0.02 * sin($0 + amplitude)))"
        }
      }
    }
    let path = folder + "/cycles.csv"
    try ("region,cycle,time_h,activity_MBq\n" + rows.joined(separator: "\n") + "\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func fit(_ path: String, _ sharing: CurveRequest.Sharing, share: String? = "lambda1") throws -> JSONValue {
    try CurveRequest(
      table: path, nuclide: "Lu-177", administered: nil, model: .F2, weights: nil, relativeUncertainty: 0.05,
      prior: nil, share: share, sharing: sharing
    ).fit().document
  }

  @Test("Rates are one over the cycles of an organ, the organs of a cycle, or all")
  func sharing() throws {
    try withFolder { folder in
      let path = try write(folder)
      func rates(_ sharing: CurveRequest.Sharing) throws -> [String: Double] {
        let regions = try #require(try fit(path, sharing)["regions"]?.array)
        return Dictionary(
          uniqueKeysWithValues: try regions.map {
            (try #require($0["name"]?.string), try #require($0["parameters"]?["lambda1"]?["value"]?.double))
          })
      }
      let cycles = try rates(.cycles)
      #expect(cycles["Kidney, 1"] == cycles["Kidney, 2"] && cycles["Spleen, 1"] == cycles["Spleen, 2"])
      #expect(isClose(try #require(cycles["Kidney, 1"]), 0.017 - 0.004345, 0.05))
      #expect(isClose(try #require(cycles["Spleen, 1"]), 0.009 - 0.004345, 0.15))
      let organs = try rates(.organs)
      #expect(organs["Kidney, 1"] == organs["Spleen, 1"] && organs["Kidney, 1"] != organs["Kidney, 2"])
      #expect(Set(try rates(.all).values).count == 1)
    }
  }

  @Test("Groups that share nothing add their totals and their variances")
  func total() throws {
    try withFolder { folder in
      let path = try write(folder)
      let document = try fit(path, .cycles)
      let regions = try #require(document["regions"]?.array)
      let sum = regions.reduce(0) { $0 + ($1["tia"]?["value"]?.double ?? .nan) }
      #expect(isClose(try #require(document["total"]?["value"]?.double), sum, 1e-12))
      // Each organ alone in a table of its own.
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      let parts = try ["Kidney", "Spleen"].map { organ in
        let one = "\(folder)/\(organ).csv"
        try ([lines[0]] + lines.filter { $0.hasPrefix(organ) }).joined(separator: "\n")
          .write(toFile: one, atomically: true, encoding: .utf8)
        return try #require(try fit(one, .all)["total"]?["standardUncertainty"]?.double)
      }
      #expect(
        isClose(try #require(document["total"]?["standardUncertainty"]?.double), hypot(parts[0], parts[1]), 1e-6))
    }
  }

  @Test("Sharing over cycles needs cycles and something to share; a plan does not take a table of cycles")
  func refusals() throws {
    try withFolder { folder in
      let path = try write(folder)
      #expect(#expect(throws: CaseError.self) { try fit(path, .cycles, share: nil) }?.code == "nothing-shared")
      let plain = folder + "/plain.csv"
      try "region,time_h,activity_MBq\nA,1,9\nA,30,5\nA,90,2\n".write(
        toFile: plain, atomically: true, encoding: .utf8)
      #expect(#expect(throws: CaseError.self) { try fit(plain, .organs) }?.code == "no-cycles")
      try "region,cycle,time_h,activity_MBq\nA,,1,9\n".write(toFile: plain, atomically: true, encoding: .utf8)
      #expect(#expect(throws: CaseError.self) { try CurveTable(path: plain) }?.code == "table-line")
      try "region,cycle,time_h,activity_MBq\nA,\"1, 2\",1,9\n\"A, 1\",2,30,5\n".write(
        toFile: plain, atomically: true, encoding: .utf8)
      #expect(#expect(throws: CaseError.self) { try CurveTable(path: plain) }?.code == "region-ambiguous")
      try "region,cycle,time_h,activity_MBq\nA,1,1,9\nA,1,30,5\nB,1,1,4\n".write(
        toFile: plain, atomically: true, encoding: .utf8)
      #expect(#expect(throws: CaseError.self) { try CurveTable(path: plain) }?.code == "region-absent")
    }
  }
}
