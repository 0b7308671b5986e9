import Foundation
import Numerics
import Provenance
import Quantities
import Radionuclides
import Scintigraphy
import Studies

/// The planar scans of a case's folder, in the order of their times.
struct PlanarReading: Sendable {
  let names: [String]
  let scans: [PlanarScan]
  let files: [NuclearMedicineFile]
  /// When each began.
  let starts: [Timestamp]
  let findings: [Finding]
  let scatter: ScatterCorrection
  /// The main window of the scans.
  let window: ClosedRange<Energy>?
  /// The Patient ID.
  let patient: String?

  init(_ planar: CaseFile.Planar, folder: String, case file: CaseFile, nuclide: Nuclide) throws {
    let path = planar.folder.hasPrefix("/") ? planar.folder : folder + "/" + planar.folder
    let index = try StudyIndex.scan(folder: path)
    if let refused = index.refused.first {
      throw CaseError(
        refused.code, "\(fileName(refused.path)): \(refused.reason)",
        remedy: "Export the file again, or remove it from the folder.")
    }
    let paths = index.series.filter { $0.kind == .wholeBody || $0.kind == .planar }.flatMap(\.files).map(\.path)
    guard !paths.isEmpty else {
      throw CaseError(
        "no-planar", "The folder \(planar.folder) holds no planar scintigraphy (modality NM, STATIC or WHOLE BODY).",
        remedy: "Add the anterior and posterior views.", category: .missing)
    }
    patient = try index.onePatient()
    let zero = file.administration.timeZero(file.settings.timeBase)
    let read = try inParallel(paths.count) { try NuclearMedicineFile(path: paths[$0]) }
    var found: [(name: String, scan: PlanarScan, file: NuclearMedicineFile, start: Timestamp)] = []
    var findings: [Finding] = []
    for (path, nm) in zip(paths, read) {
      findings += nm.findings
      guard let local = nm.acquisition else {
        throw CaseError(
          "planar-time", "\(fileName(path)) does not tell when it was acquired.", remedy: "Export it again.")
      }
      if let other = nm.nuclide, other != nuclide.name {
        throw CaseError(
          "other-nuclide", "\(fileName(path)) is of \(other), the case is of \(nuclide.name).",
          remedy: "Correct nuclide in the case, or the folder of the scans.")
      }
      if nm.utcOffset == nil {
        findings.append(
          Finding(
            .info, code: "time-zone-assumed", title: "Time zone assumed.",
            "The planar scans do not state their time zone; that of the administration is used.",
            origin: "Studies · Timezone Offset From UTC"))
      }
      let start = local.at(utcOffset: nm.utcOffset ?? zero.utcOffset)
      guard start > zero else {
        throw CaseError(
          "times-out-of-order", "\(fileName(path)) was acquired before the administration.",
          remedy: "Check administrations[0].start and its time zone against the clock of the camera.")
      }
      found.append((fileName(path), try Self.scan(nm, planar, start - zero, fileName(path)), nm, start))
    }
    found.sort { $0.start < $1.start }
    for (a, b) in zip(found, found.dropFirst())
    where a.start == b.start || a.scan.columns != b.scan.columns || a.scan.rows != b.scan.rows {
      throw CaseError(
        a.start == b.start ? "duplicate-scan" : "scans-differ",
        "\(a.name) and \(b.name) \(a.start == b.start ? "began at the same time" : "differ in size").",
        remedy: "Keep scans of one protocol, one a time.")
    }
    names = found.map(\.name)
    scans = found.map(\.scan)
    files = found.map(\.file)
    starts = found.map(\.start)
    for number in [planar.windows.main, planar.windows.lower, planar.windows.upper].compactMap(\.self) {
      for one in found.dropFirst() {
        try Self.requireSame(
          Self.range(found[0].file, number), Self.range(one.file, number), number, found[0].name, one.name)
      }
    }
    let (scatter, note) = try Self.scatter(planar, files[0], file.settings.scatterWindows)
    self.scatter = scatter
    window = Self.range(files[0], planar.windows.main)
    let line = window.flatMap { nuclide.finding(ofWindow: $0, origin: "Scintigraphy · energy window") }
    self.findings = (findings + [note, line].compactMap(\.self)).worstFirst()
  }

  private static func requireSame(
    _ a: ClosedRange<Energy>?, _ b: ClosedRange<Energy>?, _ number: Int, _ first: String, _ other: String
  ) throws {
    guard let a, let b else {
      guard a != b else { return }
      throw CaseError(
        "windows-differ", "Only one of \(first) and \(other) states the limits of window \(number).",
        remedy: "Export both with their energy windows.")
    }
    guard
      (a.lowerBound - b.lowerBound).kiloelectronvolts.magnitude > 1
        || (a.upperBound - b.upperBound).kiloelectronvolts.magnitude > 1
    else { return }
    throw CaseError(
      "windows-differ",
      "Window \(number) is \(a.inKiloelectronvolts) in \(first) and \(b.inKiloelectronvolts) in \(other).",
      remedy: "Keep scans of one protocol in the folder.")
  }

  /// The place of the one scan whose file has this name.
  func scan(named name: String) throws -> Int {
    let found = names.indices.filter { names[$0] == name }
    guard found.count == 1 else {
      throw CaseError(
        found.isEmpty ? "drawn-on-missing" : "drawn-on-twice",
        "The regions were drawn on \(fileName(name)), which is in the folder \(found.count) times.",
        remedy: "The folder holds \(names.joined(separator: ", ")); give every scan a name of its own.")
    }
    return found[0]
  }

  private static func range(_ file: NuclearMedicineFile, _ number: Int?) -> ClosedRange<Energy>? {
    guard let number, file.energyWindows.indices.contains(number - 1) else { return nil }
    return file.energyWindows[number - 1].ranges.first
  }

  /// The method of the case with the widths of the windows in the files; where these do not state the limits of a
  /// scatter window, with those of register A2-1.
  private static func scatter(
    _ planar: CaseFile.Planar, _ file: NuclearMedicineFile, _ reading: ScatterWindowReading
  ) throws -> (ScatterCorrection, Finding?) {
    switch planar.scatter {
    case .none: return (.none, nil)
    case .dualWindow(let k): return (.dualWindow(k: k), nil)
    case .tripleWindow, .lowerTriangle: break
    }
    guard let main = range(file, planar.windows.main) else {
      throw CaseError(
        "scatter-window-missing", "The scans do not state the limits of their main window.",
        remedy: "Export them with their energy windows, or choose another scatter correction.")
    }
    let peak = (main.lowerBound + main.upperBound) / 2
    let published = ScatterWindows(peak: peak, mainWidth: main.width / peak, reading: reading)
    var asPublished: [String] = []
    var others: [String] = []
    func width(_ number: Int?, _ name: String, _ register: ClosedRange<Energy>) throws -> Energy {
      guard let number, file.energyWindows.indices.contains(number - 1) else {
        throw CaseError(
          "scatter-window-missing",
          number.map { "The scans have no window number \($0)." } ?? "The case names no \(name) scatter window.",
          remedy: "Name the windows in measurements.planar.windows, as `nm info` numbers them.")
      }
      if let stated = range(file, number) {
        let middle = (stated.lowerBound + stated.upperBound) / 2
        guard name == "lower" ? middle < main.lowerBound : middle > main.upperBound else {
          throw CaseError(
            "scatter-window-place",
            "The \(name) scatter window, number \(number), is \(stated.inKiloelectronvolts), the main one \(main.inKiloelectronvolts).",
            remedy: "Correct measurements.planar.windows: `nm info` shows the limits of each.")
        }
      }
      guard let stated = range(file, number) else {
        asPublished.append("\(name) \(shortNumber(register.width.kiloelectronvolts)) keV")
        return register.width
      }
      if (stated.width / register.width - 1).magnitude > 0.02 {
        others.append(
          "\(name) \(shortNumber(stated.width.kiloelectronvolts)) keV instead of "
            + "\(shortNumber(register.width.kiloelectronvolts)) keV")
      }
      return stated.width
    }
    let lower = try width(planar.windows.lower, "lower", published.lower)
    let correction: ScatterCorrection
    if planar.scatter == .tripleWindow {
      correction = .tripleWindow(
        main: main.width, lower: lower, upper: try width(planar.windows.upper, "upper", published.upper))
    } else {
      correction = .lowerTriangle(main: main.width, lower: lower)
    }
    if !asPublished.isEmpty {
      return (
        correction,
        Finding(
          .caution, code: "scatter-windows-assumed", title: "Scatter windows assumed.",
          "The files do not state the limits of their scatter windows; setting A2-1 (\(reading.rawValue)) gives "
            + asPublished.joined(separator: " and ") + ".", origin: "Scintigraphy · scatter windows")
      )
    }
    guard !others.isEmpty else { return (correction, nil) }
    return (
      correction,
      Finding(
        .info, code: "scatter-windows-differ", title: "Scatter windows of the camera.",
        "The files' widths are used, not those of setting A2-1 (\(reading.rawValue)): \(others.joined(separator: ", ")).",
        origin: "Scintigraphy · scatter windows")
    )
  }

  private static func scan(
    _ nm: NuclearMedicineFile, _ planar: CaseFile.Planar, _ start: Time, _ name: String
  ) throws -> PlanarScan {
    func view(_ side: Detector.View) throws -> PlanarView {
      func counts(_ window: Int?) throws -> [Float]? {
        guard let window else { return nil }
        let frames = nm.frames.indices.filter {
          nm.frames[$0].view == side && (nm.frames[$0].energyWindow ?? 1) == window
        }
        guard frames.count == 1 else {
          throw CaseError(
            "planar-views", "\(name) has \(frames.count) \(side.rawValue) frames of window \(window).",
            remedy: "Keep files with one anterior and one posterior frame a window; see `nm info`.")
        }
        return nm.countsSeenFromTheFront(frame: frames[0])
      }
      guard let main = try counts(planar.windows.main) else { throw CaseError.internalFault("no main window") }
      return PlanarView(main: main, lower: try counts(planar.windows.lower), upper: try counts(planar.windows.upper))
    }
    guard let duration = nm.frames.compactMap(\.duration).first, let spacing = nm.pixelSpacing,
      (spacing.down / spacing.along - 1).magnitude < 0.01
    else {
      throw CaseError(
        "planar-header", "\(name) lacks its duration or its pixel spacing, or has pixels that are not square.",
        remedy: "Export it again.")
    }
    var bed: BedMotion?
    var exposure = duration
    if nm.kind == .wholeBody {
      guard let speed = nm.scanVelocity.map({ Speed(base: $0) }) ?? planar.bedSpeed else {
        throw CaseError(
          "bed-speed-missing", "\(name) is a whole-body scan, and its header does not tell the speed of the bed.",
          remedy: "Give measurements.planar.bed.speed_cm_per_min.")
      }
      let moving = try BedMotion(speed: speed, beginsAtFeet: planar.beginsAtFeet)
      bed = moving
      if let field = planar.fieldOfView { exposure = moving.time(at: field) }
    }
    do {
      return try PlanarScan(
        start: start, duration: duration, exposure: exposure, bed: bed, columns: nm.columns, rows: nm.rows,
        pixel: spacing.along, front: try view(.anterior), back: try view(.posterior))
    } catch let error as ScintigraphyError {
      throw ScintigraphyError(error.code, "\(name): \(error.reason)", remedy: error.remedy, category: error.category)
    }
  }
}

extension CaseSettings {
  /// Register A2-1.
  var scatterWindows: ScatterWindowReading {
    others["A2-1"].flatMap(ScatterWindowReading.init) ?? .percentOfPeak
  }
}
