import Dosimetry
import Foundation
import JSON
import Kinetics
import Provenance
import Quantities
import Scintigraphy
import Therapy

extension CaseFile {
  /// Reads and checks `case.json` in a folder, or the file itself.
  ///
  /// - Throws: ``CaseError`` or `JSONError` with the field's path, what was found and what was expected.
  public static func read(_ path: String) throws -> (file: CaseFile, folder: String) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CaseError(
        "case-missing", "There is no case at \(path).", remedy: "Name a folder that holds a case.json.",
        category: .missing)
    }
    let file = isFolder.boolValue ? path + "/case.json" : path
    let folder = isFolder.boolValue ? path : (path as NSString).deletingLastPathComponent
    let bytes = try readFile(file)
    var read = try CaseFile(bytes)
    let base = folder.isEmpty ? "." : folder
    read.settings.fractions = read.settings.fractions.map { $0.hasPrefix("/") ? $0 : base + "/" + $0 }
    return (read, base)
  }

  /// Reads a case from the bytes of its file.
  public init(_ bytes: [UInt8]) throws {
    let document = try JSONDocument(bytes)
    try CaseQuestions(document, bytes).requireAnswers()
    try Schema.case.read().check(document)
    try self.init(document.root, digest: Digest(of: bytes))
  }

  private init(_ root: JSONNode, digest: Digest) throws {
    self.digest = digest
    name = try root.required("name").string()
    notes = try root["notes"]?.list().map { try $0.string() } ?? []
    source = try root["source"]?.string()
    nuclide = try root.required("nuclide").string()
    agent = try root.required("agent").string()
    subject = try root["subject"].map { try Subject($0) }
    administration = try Administration(try root.required("administrations").list()[0])
    (spect, curves, planar) = try Self.measurements(root)
    verification = try root["verification"].map { node in
      let (spect, curves, _) = try Self.measurements(node)
      guard spect != nil || curves != nil else {
        throw node.refusal(
          "no-measurements", found: "neither spect nor curves is given", remedy: "Give one of them, or both.")
      }
      return Verification(
        administration: try Administration(try node.required("administrations").list()[0]), spect: spect, curves: curves
      )
    }
    reporting = try Dictionary(
      root["reporting"]?.list().map { (try $0.required("item").int(), try $0.required("text").string()) } ?? [],
      uniquingKeysWith: { $0 + "; " + $1 })
    otherIrradiation = try root["otherIrradiation"]?.list().map { try OtherIrradiation($0) } ?? []
    var names: Set<String> = []
    regions = try root.required("regions").list().map { node in
      let region = try Region(node)
      guard names.insert(region.name).inserted else {
        throw node.refusal(
          "duplicate-region", found: "region “\(region.name)” stands twice",
          remedy: "Give every region a name of its own.")
      }
      return region
    }
    if regions.contains(where: { $0.organ == .kidneys }),
      regions.contains(where: { $0.organ == .kidneyLeft || $0.organ == .kidneyRight })
    {
      throw try root.required("regions").refusal(
        "kidneys-twice", found: "the kidneys are given together and apart",
        remedy: "Give kidneys, or kidney-left and kidney-right.")
    }
    for organ in [Region.Organ.kidneys, .kidneyLeft, .kidneyRight, .liver, .spleen, .marrow]
    where regions.filter({ $0.organ == organ }).count > 1 {
      throw try root.required("regions").refusal(
        "organ-twice", found: "the organ “\(organ.rawValue)” stands twice", remedy: "Keep one region of that organ.")
    }
    if let mixed = regions.first(where: { $0.dilatedBy != nil && ($0.structure == nil || !$0.sampledBy.isEmpty) }) {
      throw try root.required("regions").refusal(
        "sampling-mixed", found: "region “\(mixed.name)” is to be grown and sampled in parts at once",
        remedy: "Give structure with dilatedBy_mm, or structure with sampledBy.")
    }
    if subject == nil, regions.contains(where: { $0.organ == .marrow }) {
      throw root.refusal(
        "missing-subject", found: "the marrow is asked for without a subject",
        remedy: "Give subject.sex; the marrow's mass and share depend on it.")
    }
    limits = try Limits(root["limits"])
    therapy = try Therapy(root["therapy"])
    settings = try CaseSettings(root["settings"])
  }

  private static func measurements(_ parent: JSONNode) throws -> (Spect?, Curves?, Planar?) {
    let node = try parent.required("measurements")
    let spect = try node["spect"].map { try Spect($0) }
    let curves = try node["curves"].map { try Curves($0) }
    let planar = try node["planar"].map { try Planar($0) }
    guard spect != nil || curves != nil || planar != nil else {
      throw node.refusal(
        "no-measurements", found: "none of spect, planar and curves is given", remedy: "Give at least one of them.")
    }
    return (spect, curves, planar)
  }
}

extension OtherIrradiation {
  fileprivate init(_ node: JSONNode) throws {
    try self.init(
      name: try node.required("name").string(), kind: try node.required("kind").choice(),
      date: try node["date"]?.string(), fractions: try node["fractions"]?.int() ?? 1,
      fractionDose: .grays(try node.required("fractionDose_Gy").double()),
      effectiveHalfLife: try node["halfLife_h"].map { .hours(try $0.double()) },
      shares: Dictionary(
        uniqueKeysWithValues: try node.required("shares").members.map { ($0.key, try $0.node.double()) }),
      counting: try node.required("counted").choice())
  }
}

extension CaseFile.Subject {
  init(_ node: JSONNode) throws {
    sex = try node.required("sex").choice()
    age = try node["age_y"]?.double()
    weight = try node["weight_kg"].map { .kilograms(try $0.double()) }
    height = try node["height_m"].map { .centimetres(try $0.double() * 100) }
    diagnosis = try node["diagnosis"]?.string()
    haematocrit = try node["haematocrit"]?.double()
    cellularity = try node["marrowCellularity"]?.double() ?? 1
    kidneyRiskFactors = try node["kidneyRiskFactors"]?.bool() ?? false
  }
}

extension CaseFile.Administration {
  init(_ node: JSONNode) throws {
    func moment(_ key: String, in parent: JSONNode) throws -> Timestamp? {
      guard let field = parent[key] else { return nil }
      guard let time = Timestamp(iso8601: try field.string()) else {
        throw field.refusal(
          "time-invalid", found: "“\(try field.string().prefix(40))” is no moment",
          remedy: "Write it like 2026-11-02T09:03:00+01:00.")
      }
      return time
    }
    func reading(_ key: String) throws -> Reading? {
      guard let parent = node[key] else { return nil }
      return Reading(
        activity: .megabecquerels(try parent.required("activity_MBq").double()), time: try moment("time", in: parent)!)
    }
    activity = try node["activity_MBq"].map { .megabecquerels(try $0.double()) }
    assay = try reading("assay")
    residual = try reading("residual")
    start = try moment("start", in: node)!
    end = try moment("end", in: node)
    guard (activity == nil) != (assay == nil) else {
      throw node.refusal(
        "administered-activity", found: activity == nil ? "no activity is given" : "the activity is given twice",
        remedy: "Give activity_MBq at the start, or an assay with its time.")
    }
    guard residual == nil || assay != nil else {
      throw node.refusal(
        "residual-without-assay", found: "a residual is given without an assay",
        remedy: "Give the assay it is to be subtracted from.")
    }
    if let end, end < start {
      throw node.refusal(
        "times-out-of-order", found: "the end comes before the start", remedy: "Check start and end, with their zones.")
    }
    if let assay, (assay.time - start).days.magnitude > 3 {
      throw node.refusal(
        "assay-far-away", found: "the assay lies \(shortNumber((assay.time - start).days)) days from the start",
        remedy: "Check the dates of assay and start.")
    }
  }

  /// The activity at the start: the assay less the residual, both decayed to it.
  func administered(decay: RateConstant) -> Activity {
    func atStart(_ reading: Reading) -> Activity {
      reading.activity * exp(-decay.perSecond * (start - reading.time).seconds)
    }
    if let activity { return activity }
    return atStart(assay!) - (residual.map(atStart) ?? .zero)
  }

  /// The moment from which times are counted.
  func timeZero(_ base: CaseSettings.TimeBase) -> Timestamp {
    guard let end else { return start }
    switch base {
    case .start: return start
    case .middle: return start + (end - start) / 2
    case .end: return end
    }
  }
}

extension CaseFile.Spect {
  init(_ node: JSONNode) throws {
    folder = try node.required("folder").string()
    regions = try node["regions"]?.string()
    counts = try node["counts"].map { try Counts($0) }
    switch (counts?.sensitivity, node["calibrationUncertainty"]) {
    case (nil, let stated?): calibrationUncertainty = try stated.double()
    case (.stated(let sensitivity)?, nil): calibrationUncertainty = sensitivity.relativeUncertainty ?? 0
    // Known once the file is read.
    case (.file?, nil): calibrationUncertainty = 0
    case (nil, nil), (_?, _?):
      throw node.refusal(
        "calibration-uncertainty",
        found: counts == nil
          ? "calibrationUncertainty is missing" : "calibrationUncertainty stands beside counts, which have their own",
        remedy: "Give calibrationUncertainty for images in Bq/mL, and counts for images in counts.")
    }
    pointUncertainty = try node["pointUncertainty"]?.double() ?? 0.05
    let outline = try node.required("outlineImage")
    outlineImage = OutlineImage(
      voxelSize: .millimetres(try outline.required("voxel_mm").double()),
      fullWidthAtHalfMaximum: .millimetres(try outline.required("fwhm_mm").double()))
    registers = try node["register"]?.bool() ?? false
    let method = try node.required("recovery")
    switch try method.required("method").string() {
    case "region-based":
      recovery = .regionBased(
        fullWidthAtHalfMaximum: .millimetres(try method.required("fwhm_mm").double()),
        standardUncertainty: .millimetres(try method.required("fwhmUncertainty_mm").double()))
    case "volume-curve":
      recovery = .volumeCurve(
        b: .millilitres(try method.required("b_mL").double()), g: try method.required("g").double(),
        relativeUncertainty: try method.required("relativeUncertainty").double())
    default:
      recovery = .none
    }
  }
}

extension CaseFile.Spect.Counts {
  init(_ node: JSONNode) throws {
    duration = .seconds(try node.required("duration_s").double())
    collimator = try node["collimator"]?.string()
    let calibration = try node.required("calibration")
    sensitivity =
      if let file = calibration["file"] {
        .file(try file.string())
      } else {
        .stated(
          Uncertain(
            .countsPerSecondPerMegabecquerel(try calibration.required("sensitivity_cps_per_MBq").double()),
            relative: try calibration.required("relativeUncertainty").double()))
      }
  }
}

extension CaseFile.Curves {
  init(_ node: JSONNode) throws {
    file = try node.required("file").string()
    weights = try node["weights"].flatMap { Weights(rawValue: try $0.string()) }
    relativeUncertainty = try node["relativeUncertainty"]?.double() ?? 0.05
    calibrationUncertainty = try node["calibrationUncertainty"]?.double()
  }
}

extension CaseFile.Region {
  init(_ node: JSONNode) throws {
    name = try node.required("name").string()
    organ = try node.required("organ").choice()
    structure = try node["structure"]?.string()
    sampledBy = try node["sampledBy"]?.list().map { try $0.string() } ?? []
    dilatedBy = try node["dilatedBy_mm"].map { .millimetres(try $0.double()) }
    volume = try node["volume_mL"].map { .millilitres(try $0.double()) }
    mass = try node["mass_g"].map { .grams(try $0.double()) }
    massUncertainty = try node["massUncertainty"]?.double()
    density = try node["density_g_per_mL"].map { .gramsPerMillilitre(try $0.double()) }
    model = try node["model"].flatMap { CurveModel(rawValue: try $0.string()) }
    let prior = node["prior"]?.value.string
    self.prior = PopulationPrior.named.first { $0.name == prior }
    priorFile = try node["prior"]?["file"]?.string()
    excluded =
      try node["excluded"]?.list().map {
        Exclusion(time: .hours(try $0.required("time_h").double()), reason: try $0.required("reason").string())
      } ?? []
    published = try node["published"].map { published in
      Published(
        timeIntegratedActivity: .megabecquerelHours(try published.required("tia_MBq_h").double()),
        model: try published.required("model").choice(),
        weights: try published.required("weights").choice())
    }
  }
}

extension CaseFile.Limits {
  init(_ node: JSONNode?) throws {
    func dose(_ key: String) throws -> AbsorbedDose? { try node?[key].map { .grays(try $0.double()) } }
    // Limits left out altogether are the published ones; once a case names limits, it names all that apply.
    kidneys = node == nil ? .grays(23) : try dose("kidneys_Gy")
    marrow = node == nil ? .grays(1) : try dose("marrow_Gy")
    liver = try dose("liver_Gy")
    spleen = try dose("spleen_Gy")
    priorKidneys = try dose("priorKidneys_Gy") ?? .zero
    priorMarrow = try dose("priorMarrow_Gy") ?? .zero
    kidneysBED = node?["kidneysBED_Gy"].map { $0.value.double.map { .stated(.grays($0)) } ?? .published }
  }
}

extension CaseFile.Therapy {
  init(_ node: JSONNode?) throws {
    graftIsStated = node?["graftDay_d"] != nil
    graft = .days(try node?["graftDay_d"]?.double() ?? 14)
    acceptedRisk = node?["acceptedRisk"].map { $0.value.double } ?? 0.05
    cap = try node?["cap_GBq"].map { .gigabecquerels(try $0.double()) }
    labels = try node?["labels"]?.list().map { try $0.string() } ?? []
    seed = UInt64(try node?["seed"]?.int() ?? 1)
  }
}

extension CaseSettings {
  init(_ node: JSONNode?) throws {
    self.init()
    guard let node else { return }
    timeBase = try node["timeBase"].flatMap { TimeBase(rawValue: try $0.string()) } ?? .middle
    marrowReading = try node["A4-1"].flatMap { MarrowReading(rawValue: try $0.string()) } ?? .vertebrae
    if let share = node["A4-2"] {
      marrowShare = share.value.double.map { .share($0) } ?? (share.value.string == "papers" ? .papers : .bySex)
    }
    criterion = node["A5-1"]?.value.string == "sigma-unknown" ? .sigmaUnknown : .sigmaKnown
    scalesMass = node["A6-1"]?.value.string != "off"
    marrowLimit = try node["A7-1"].flatMap { LimitReading(rawValue: try $0.string()) } ?? .afterGraft
    sValues = node["sValues"]?.value.string.flatMap(SValueChoice.init) ?? .full
    fractions = try node["sValues"]?["folder"]?.string()
    limitsMarrow = node["A7-2"]?.value.string != "kidneys"
    combination = node["A7-2"]?.value.string == "governing" ? .governing : .all
    conversionFactor = try node["A7-3"]?.double() ?? 1
    let used = Set(AmbiguityRegister.entries.filter(\.isUsedByPlan).map(\.id) + ["timeBase", "sValues"])
    for (key, field) in node.members where !used.contains(key) { others[key] = try field.string() }
  }
}

/// A number for messages: three significant digits.
func shortNumber(_ value: Double) -> String { String(format: "%.3g", value) }
