import Glibc
import Numerics
import Provenance
public import Quantities

/// From planar whole-body counts to activities: MIRD Pamphlet 16 or probe normalisation.
///
/// Order: dead time, scatter, background on each view, geometric mean, attenuation and self-attenuation, calibration.
public struct PlanarQuantification: Sendable {
  /// How counts become activity.
  public enum Calibration: Sendable {
    /// The camera's sensitivity in air, and its relative standard uncertainty.
    case sensitivity(Sensitivity, relativeUncertainty: Double)
    /// A(t) = A0·R(t)·GM/GM_wb: the share of the whole body's counts, with the whole body's activity from a probe.
    case probe(ProbeReadings, administered: Activity, relativeUncertainty: Double, wholeBody: PlanarRegionOfInterest)
    /// The patient as its own source: on one scan before voiding the whole body holds A0·e^(−λt), which gives the
    /// sensitivity of all scans, with the body's mean attenuation in it.
    case patient(
      scan: Int, administered: Activity, decay: RateConstant, relativeUncertainty: Double,
      wholeBody: PlanarRegionOfInterest)
  }

  public let regions: [PlanarRegionOfInterest]
  public let calibration: Calibration
  public let deadTime: DeadTime?
  public let scatter: ScatterCorrection
  /// Relative, independent from time to time: placement of the region and what no other component names.
  public let pointUncertainty: Double

  /// - Throws: ``ScintigraphyError`` when there is no region, a name stands twice, a mirrored region is not there, or an
  ///   uncertainty is out of its range.
  public init(
    regions: [PlanarRegionOfInterest], calibration: Calibration, deadTime: DeadTime?, scatter: ScatterCorrection,
    pointUncertainty: Double
  ) throws(ScintigraphyError) {
    let names = regions.map(\.name)
    guard !regions.isEmpty, Set(names).count == names.count else {
      throw ScintigraphyError(
        "planar-regions", "There is no region, or a name stands twice.", remedy: "Give every region a name of its own.")
    }
    for region in regions {
      guard let mirror = region.mirrorOf else { continue }
      guard names.contains(mirror), mirror != region.name,
        regions.first(where: { $0.name == mirror })?.mirrorOf == nil
      else {
        throw ScintigraphyError(
          "mirror-missing", "Region \(region.name) is to be taken from \(mirror), which is not measured itself.",
          remedy: "Name the region on the other side.")
      }
    }
    guard (0..<1).contains(pointUncertainty) else {
      throw ScintigraphyError(
        "uncertainty-out-of-range", "The relative point uncertainty is \(pointUncertainty).",
        remedy: "Give it as a fraction from 0 to below 1, such as 0.05.")
    }
    self.regions = regions
    self.calibration = calibration
    self.deadTime = deadTime
    self.scatter = scatter
    self.pointUncertainty = pointUncertainty
  }

  /// The activities of all regions in all scans.
  ///
  /// - Parameters:
  ///   - drawnOn: the scan on which the regions were drawn.
  ///   - registers: whether the others are laid on it first.
  public func activities(in scans: [PlanarScan], drawnOn: Int, registers: Bool) throws -> PlanarActivities {
    guard scans.indices.contains(drawnOn) else {
      throw ScintigraphyError(
        "no-scans", "There is no scan on which the regions were drawn.", remedy: "Name one of the scans, from 1.")
    }
    let shifts = try inParallel(scans.count) { n in
      registers && n != drawnOn ? try PlanarShift(from: scans[drawnOn], to: scans[n]) : nil
    }
    var reference: Sensitivity?
    if case .patient(let scan, let administered, let decay, _, let wholeBody) = calibration {
      guard scans.indices.contains(scan) else {
        throw ScintigraphyError(
          "no-reference-scan", "There is no scan \(scan + 1) on which the patient's own activity is known.",
          remedy: "Name the scan before voiding, from 1.")
      }
      let (one, shift) = (scans[scan], shifts[scan])
      let move: (SIMD2<Double>) -> SIMD2<Double> = { point in shift.map { $0(point) } ?? point }
      let counts = try body(wholeBody, one, try live(one), move)
      let time = one.time(
        of: try wholeBody.coverage(in: one, move))
      let activity = administered * exp(-decay.perSecond * time.seconds)
      reference = Sensitivity(base: counts.counts / one.exposure.seconds / activity.becquerels)
    }
    let measured = try inParallel(scans.count) { [reference] n in
      let shift = shifts[n]
      return try measure(scans[n], reference) { point in shift.map { $0(point) } ?? point }
    }
    return PlanarActivities(
      regions: regions.indices.map { r in
        PlanarActivity(name: regions[r].name, measurements: measured.map { $0[r] })
      },
      shifts: shifts, findings: commonFindings(scans, shifts))
  }

  private func commonFindings(_ scans: [PlanarScan], _ shifts: [PlanarShift?]) -> [Finding] {
    var findings: [Finding] = []
    func add(_ severity: Finding.Severity, _ code: String, _ title: String, _ text: String) {
      findings.append(Finding(severity, code: code, title: title, text, origin: "Scintigraphy · planar"))
    }
    if case .probe(let readings, _, _, _) = calibration {
      findings += readings.findings
      let alone = scans.indices.filter { !readings.isRead(near: scans[$0].start) }
      if !alone.isEmpty {
        add(
          .caution, "probe-interpolated", "Probe not read at a scan.",
          "No reading lies within \(hours(ProbeReadings.slack)) of scan "
            + alone.map { "\($0 + 1)" }.joined(separator: ", ")
            + "; the retention is interpolated between its neighbours.")
      }
    }
    if scatter == .none {
      add(
        .caution, "scatter-not-corrected", "Scatter not corrected.",
        "The coefficient of attenuation must then be the effective one of a broad beam.")
    }
    for (n, shift) in shifts.enumerated() {
      guard let shift, shift.correlation < 0.8 else { continue }
      add(
        .serious, "registration-poor", "Scans do not match.",
        "Scan \(n + 1) correlates with the one of the drawing by only \((shift.correlation * 100).rounded() / 100): look at "
          + "where its regions lie.")
    }
    return findings
  }

  // MARK: One scan

  /// The factors of both views that undo the loss by dead time.
  private func live(_ scan: PlanarScan) throws(ScintigraphyError) -> (front: Double, back: Double) {
    func correction(_ view: PlanarView) throws(ScintigraphyError) -> Double {
      guard let deadTime else { return 1 }
      let observed = CountRate(base: view.total / scan.duration.seconds)
      return observed > .zero ? try deadTime.trueRate(observed: observed) / observed : 1
    }
    return (try correction(scan.front), try correction(scan.back))
  }

  private func body(
    _ wholeBody: PlanarRegionOfInterest, _ scan: PlanarScan, _ live: (front: Double, back: Double),
    _ move: (SIMD2<Double>) -> SIMD2<Double>
  ) throws(ScintigraphyError) -> Counted {
    let whole = try counts(wholeBody, scan, live, move)
    guard let body = try wholeBody.geometry.unattenuated(front: whole.front, back: whole.back, wholeBody.name) else {
      throw ScintigraphyError(
        "whole-body-empty", "The whole-body region of a scan holds no counts above its background.",
        remedy: "Draw it around the whole patient.")
    }
    return body
  }

  /// - Parameter reference: the sensitivity that the patient's own activity gives.
  private func measure(
    _ scan: PlanarScan, _ reference: Sensitivity?, _ move: (SIMD2<Double>) -> SIMD2<Double>
  ) throws(ScintigraphyError) -> [PlanarMeasurement] {
    let live = try live(scan)
    var body: Counted?
    if case .probe(_, _, _, let wholeBody) = calibration { body = try self.body(wholeBody, scan, live, move) }
    let coverages = try regions.map { region throws(ScintigraphyError) in
      try region.coverage(in: scan, move)
    }
    let overlaps = try PlanarOverlap(coverages, regions)
    let nets = try regions.map { region throws(ScintigraphyError) in try counts(region, scan, live, move) }
    let (front, back) = (
      try overlaps.separated(nets.map(\.front), \.front), try overlaps.separated(nets.map(\.back), \.back)
    )
    let alone = zip(front, back).map { RegionCounts(front: $0, back: $1) }
    var results: [PlanarMeasurement] = []
    for r in regions.indices {
      let spilled = overlaps.neighbours(of: r).compactMap { other in
        overlaps.spill(of: other, in: r).map { Spill(share: $0, source: alone[other], name: regions[other].name) }
      }
      results.append(
        try measure(
          regions[r], coverages[r],
          overlap: coverages.indices.filter { $0 != r }.map { coverages[r].overlap(with: coverages[$0]) }.max() ?? 0,
          (alone[r], spilled, overlaps.covered(r)), scan, live, (body, reference), move))
    }
    return try regions.indices.map { r throws(ScintigraphyError) in
      guard let mirror = regions[r].mirrorOf, results[r].overlap > 0.5,
        let other = regions.firstIndex(where: { $0.name == mirror })
      else { return results[r] }
      return mirrored(results[r], results[other], regions[r].name, mirror)
    }
  }

  private struct RegionCounts {
    let front: Counted
    let back: Counted

    /// Without a share of other counts, known exactly.
    func subtracting(_ share: (front: Double, back: Double), of other: RegionCounts) -> RegionCounts {
      RegionCounts(
        front: Counted(counts: front.counts - share.front * other.front.counts, variance: front.variance),
        back: Counted(counts: back.counts - share.back * other.back.counts, variance: back.variance))
    }
  }

  /// What a region holds of another's counts.
  private struct Spill {
    let share: PlanarSpill
    let source: RegionCounts
    let name: String
  }

  private func primary(
    _ coverage: PlanarCoverage, _ view: PlanarView, _ live: Double, width: Int
  ) throws(ScintigraphyError) -> Counted {
    try scatter.primary(
      main: coverage.counts(of: view.main, width: width),
      lower: view.lower.map { coverage.counts(of: $0, width: width) },
      upper: view.upper.map { coverage.counts(of: $0, width: width) }) * live
  }

  private func counts(
    _ region: PlanarRegionOfInterest, _ scan: PlanarScan, _ live: (front: Double, back: Double),
    _ move: (SIMD2<Double>) -> SIMD2<Double>
  ) throws(ScintigraphyError) -> RegionCounts {
    let coverage = try region.coverage(in: scan, move)
    let front = try primary(coverage, scan.front, live.front, width: scan.columns)
    let back = try primary(coverage, scan.back, live.back, width: scan.columns)
    guard let around = try region.backgroundCoverage(in: scan, move) else {
      return RegionCounts(front: front, back: back)
    }
    let shares = try region.geometry.backgroundShares(region.name)
    return RegionCounts(
      front: backgroundSubtracted(
        front, pixels: coverage.pixels, background: try primary(around, scan.front, live.front, width: scan.columns),
        backgroundPixels: around.pixels, k: shares.front),
      back: backgroundSubtracted(
        back, pixels: coverage.pixels, background: try primary(around, scan.back, live.back, width: scan.columns),
        backgroundPixels: around.pixels, k: shares.back))
  }

  private func measure(
    _ region: PlanarRegionOfInterest, _ coverage: PlanarCoverage, overlap: Double,
    _ counted: (alone: RegionCounts, spilled: [Spill], covered: Double), _ scan: PlanarScan,
    _ live: (front: Double, back: Double), _ whole: (body: Counted?, sensitivity: Sensitivity?),
    _ move: (SIMD2<Double>) -> SIMD2<Double>
  ) throws(ScintigraphyError) -> PlanarMeasurement {
    let time = scan.time(of: coverage)
    let net = counted.alone
    let rates = (
      front: CountRate(base: net.front.counts / scan.exposure.seconds),
      back: CountRate(base: net.back.counts / scan.exposure.seconds)
    )
    var findings: [Finding] = []
    func add(_ severity: Finding.Severity, _ code: String, _ title: String, _ text: String) {
      findings.append(
        Finding(severity, code: code, title: title, text, subject: region.name, origin: "Scintigraphy · planar"))
    }
    if overlap > 0.05 {
      let taken = counted.spilled.map {
        "\(percent(($0.share.front + $0.share.back) / 2)) ± \(percent($0.share.uncertainty)) of the counts of \($0.name)"
      }
      let half = counted.covered > 0.05 ? ["half of \(percent(counted.covered)) is taken as uncertainty"] : []
      add(
        .caution, "regions-overlap", "Regions overlap.",
        "\(percent(overlap)) of \(region.name) also belongs to another region: "
          + ((taken.isEmpty ? [] : ["\(taken.joined(separator: " and ")) were subtracted"]) + half)
          .joined(separator: "; ") + ".")
    }
    guard let source = try region.geometry.unattenuated(front: net.front, back: net.back, region.name),
      let noise = source.relativeUncertainty
    else {
      add(
        .serious, "net-not-positive", "No counts above background.",
        "\(region.name) shows no more counts than its background; no activity is given for this time.")
      return PlanarMeasurement(
        time: time, activity: nil, budget: [], front: rates.front, back: rates.back, overlap: overlap,
        findings: findings)
    }
    let ratio = max(rates.front / rates.back, rates.back / rates.front)
    if ratio > 10, region.geometry.views == .geometricMean {
      add(
        .caution, "views-unequal", "One view sees little.",
        "The views of \(region.name) differ by a factor of \((ratio * 10).rounded() / 10); the geometric mean is not valid there."
      )
    }
    let value = try activity(source.counts, scan, whole, at: time)
    var budget = [
      BudgetComponent("counts", noise, .point),
      BudgetComponent("placement", pointUncertainty, .point),
    ]
    if counted.covered > 0.05 { budget.append(BudgetComponent("overlap", counted.covered / 2, .region)) }
    budget += value.components
    for spill in counted.spilled {
      let more = net.subtracting((spill.share.uncertainty, spill.share.uncertainty), of: spill.source)
      let other = try region.geometry.unattenuated(front: more.front, back: more.back, region.name)
      let change = other.map { ($0.counts / source.counts - 1).magnitude } ?? 1
      budget.append(BudgetComponent("overlap with \(spill.name)", change, .region))
    }
    for variation in region.geometry.variations {
      let other = PlanarRegionOfInterest(
        name: region.name, region: region.region, background: region.background, geometry: variation.geometry)
      let varied = counted.spilled.reduce(try counts(other, scan, live, move)) {
        $0.subtracting(($1.share.front, $1.share.back), of: $1.source)
      }
      guard let other = try other.geometry.unattenuated(front: varied.front, back: varied.back, region.name) else {
        budget.append(BudgetComponent(variation.name, 1, .region))
        continue
      }
      let change = other.counts / source.counts - 1
      if change != 0 { budget.append(BudgetComponent(variation.name, change.magnitude, .region)) }
    }
    if case .transmission(_, _, let relative) = region.geometry.method {
      budget.append(BudgetComponent("transmission", relative, .region))
    }
    return PlanarMeasurement(
      time: time, activity: Uncertain(value.activity, relative: budget.relative), budget: budget, front: rates.front,
      back: rates.back, overlap: overlap, findings: findings)
  }

  private func activity(
    _ source: Double, _ scan: PlanarScan, _ whole: (body: Counted?, sensitivity: Sensitivity?), at time: Time
  ) throws(ScintigraphyError) -> (activity: Activity, components: [BudgetComponent]) {
    switch calibration {
    case .sensitivity(let sensitivity, let relative):
      return (
        CountRate(base: source / scan.exposure.seconds) / sensitivity, [BudgetComponent("calibration", relative, .all)]
      )
    case .patient(_, _, _, let relative, _):
      guard let sensitivity = whole.sensitivity else {
        preconditionFailure("the patient was counted before the regions")
      }
      return (
        CountRate(base: source / scan.exposure.seconds) / sensitivity,
        [BudgetComponent("administered activity", relative, .all)]
      )
    case .probe(let readings, let administered, let relative, _):
      guard let body = whole.body else { preconditionFailure("the whole body was counted before its parts") }
      let retention = try readings.retention(at: time)
      return (
        administered * (retention.value * source / body.counts),
        [
          BudgetComponent("administered activity", relative, .all),
          BudgetComponent("probe", retention.relativeUncertainty, .time),
        ]
      )
    }
  }

  /// The other side's activity, 10 % less certain: the two kidneys differ.
  private func mirrored(
    _ own: PlanarMeasurement, _ other: PlanarMeasurement, _ name: String, _ mirror: String
  ) -> PlanarMeasurement {
    let budget = other.activity == nil ? [] : other.budget + [BudgetComponent("asymmetry", 0.1, .region)]
    let finding = Finding(
      .caution, code: "overlap-mirrored", title: "Taken from the other side.",
      "\(percent(own.overlap)) of \(name) is covered by another region; the activity of \(mirror) stands for it, with 10 % "
        + "for the difference of the sides (not verified).", subject: name, origin: "Scintigraphy · planar")
    return PlanarMeasurement(
      time: own.time, activity: other.activity.map { Uncertain($0.value, relative: budget.relative) }, budget: budget,
      front: own.front, back: own.back, overlap: own.overlap,
      findings: own.findings.filter { $0.code != "net-not-positive" } + [finding])
  }
}
