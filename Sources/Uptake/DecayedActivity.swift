import Provenance
import Quantities
import Radionuclides
import Studies

/// The administered activity at the moment to which a series' values refer.
struct DecayedActivity {
  let activity: AdministeredActivity
  let halfLife: CheckedHalfLife
  let injection: LocalTime?
  let reference: LocalTime?
  let elapsed: Time
  /// What turns a voxel value into that at the reference time: 1 but for frames that were not corrected.
  let frameFactor: Double
  private let how: String

  init(
    _ series: PETSeries, _ stated: StatedFacts, _ nuclides: NuclideTable, _ notes: inout Notes
  ) throws(UptakeError) {
    if let name = stated.nuclide, nuclides.find(name) == nil {
      throw UptakeError(
        "unknown-nuclide", "There are no decay data for the stated nuclide.",
        remedy: "Choose from \(nuclides.nuclides.map(\.name).joined(separator: ", ")).")
    }
    guard series.hasAdministration || (stated.administered != nil && stated.nuclide != nil) else {
      throw UptakeError(
        "missing-administration", "The header has no Radiopharmaceutical Information Sequence.",
        remedy: "State --administered, --injected and --nuclide, or export the series with it.")
    }
    halfLife = try CheckedHalfLife(
      header: stated.nuclide == nil ? series.halfLife : nil, nuclide: stated.nuclide ?? series.nuclide, table: nuclides)
    if stated.nuclide == nil { notes.append(halfLife.finding) }
    guard let assay = stated.administered ?? series.administered else {
      throw UptakeError(
        "missing-activity", "The header gives no administered activity.",
        remedy: "State it with --administered, or export the series with Radionuclide Total Dose (0018,1074).")
    }
    guard assay.isFinite, assay > .zero else {
      throw UptakeError(
        "administered-activity", "The administered activity in the header is \(assay.becquerels) Bq.",
        remedy: "State it with --administered, or correct Radionuclide Total Dose (0018,1074).")
    }
    activity = try AdministeredActivity(
      assay: assay, residual: stated.residual ?? .zero, halfLife: halfLife.value)

    guard let correction = series.decayCorrection, let start = series.reference else {
      throw UptakeError(
        "missing-decay-correction", "The series does not tell what moment its values are corrected to.",
        remedy: "Export it with Decay Correction (0054,1102).")
    }
    let injection = stated.injection ?? series.injection
    self.injection = injection
    switch correction {
    case .administration:
      (reference, elapsed, frameFactor) = (injection, .zero, 1)
      how = "ADMIN, corrected to the administration, no decay"
    case .start:
      elapsed = try Self.elapsed(from: injection, to: start.time)
      (reference, frameFactor) = (start.time, 1)
      how = "START, corrected to the \(start.rule.rawValue)"
    case .none:
      let frame = try Self.singleFrame(series, stated, halfLife.value)
      elapsed = try Self.elapsed(from: injection, to: frame.start)
      (reference, frameFactor) = (frame.start, frame.decay.factorToStart)
      how = "NONE, corrected for \(text(frame.decay.duration.seconds)) s of one frame as stated"
    }
    if elapsed > .hours(12), halfLife.value < .hours(2) {
      notes.note(
        .caution, "long-delay", "Long time since the administration.",
        "\(text(elapsed.hours)) h lie between administration and scan, \(text(elapsed / halfLife.value)) half-lives.")
    }
  }

  /// The activity at the reference, after its size was looked at.
  ///
  /// Below 10 kBq the header's number may be in MBq. That is taken as the case when the image itself confirms it:
  /// what it holds is between 5 and 130 % of the activity read so. Otherwise it is refused, as is any activity that
  /// nobody is given. An image with half as much again as was administered is told of.
  func checked(against series: PETSeries, scale: Double, _ notes: inout Notes) throws(UptakeError) -> Activity {
    let total = series.values.withUnsafeBufferPointer { $0.reduce(0.0) { $0 + Double($1) } }
    let held = Activity.becquerels(total * scale * series.grid.voxelVolume.millilitres)
    let given = activity.atAdministration
    if (1e6...5e10).contains(given.becquerels) {
      let decayed = activity.remaining(after: elapsed)
      if held > decayed * 1.5 {
        notes.note(
          .serious, "more-than-administered", "More activity than was administered.",
          "The image holds \(text(held.megabecquerels)) MBq, \(text(held / decayed)) times the administered activity; "
            + "check activity, times and unit.")
      }
      return decayed
    }
    let inMegabecquerels = Activity.megabecquerels(given.becquerels)
    let decayed = Activity.megabecquerels(activity.remaining(after: elapsed).becquerels)
    if given.becquerels < 1e4, (1e6...5e10).contains(inMegabecquerels.becquerels),
      (0.05...1.3).contains(held / decayed)
    {
      notes.note(
        .serious, "activity-in-megabecquerels", "Activity read in MBq.",
        "The administered activity of \(text(given.becquerels)) is no activity in Bq; it was read in MBq because the "
          + "image holds \(text(held / decayed * 100)) % of that.")
      return decayed
    }
    throw UptakeError(
      "administered-activity",
      "The administered activity is \(text(given.becquerels)) Bq, which nobody is given; perhaps it is in another unit.",
      remedy: "State it with --administered, such as \"150 MBq\".")
  }

  func rule(_ unit: PETUnit, _ decayed: Activity, _ weight: Mass) -> String {
    let times = [injection.map { "administered \($0)" }, reference.map { "reference \($0)" }].compactMap { $0 }
    return
      ([
        "\(unit.term): \(how)", "\(text(decayed.megabecquerels)) MBq at reference",
        "half-life \(text(halfLife.value.minutes)) min",
      ] + times + ["weight \(text(weight.kilograms)) kg"]).joined(separator: "; ")
  }

  private static func elapsed(from injection: LocalTime?, to start: LocalTime) throws(UptakeError) -> Time {
    guard let injection else {
      throw UptakeError(
        "missing-injection-time", "The header does not tell when the activity was administered.",
        remedy: "State it with --injected, by the clock of the scanner.")
    }
    let elapsed = Time.seconds(start.secondsSince1970 - injection.secondsSince1970)
    guard elapsed >= .zero else {
      throw UptakeError(
        "administration-after-acquisition", "The administration at \(injection) is after the scan at \(start).",
        remedy: "Check the clocks, the date and the time zone.")
    }
    return elapsed
  }

  private static func singleFrame(
    _ series: PETSeries, _ stated: StatedFacts, _ halfLife: Time
  ) throws(UptakeError) -> (start: LocalTime, decay: FrameDecay) {
    guard stated.correctsFrames else {
      throw UptakeError(
        "not-decay-corrected", "The values are not corrected for decay.",
        remedy: "Export the series corrected for decay, or confirm with --correct-frames that each slice is one frame.")
    }
    guard let starts = series.acquisitions, starts.lowerBound == starts.upperBound,
      let duration = series.frameDuration
    else {
      throw UptakeError(
        "frames-differ", "The slices are of several frames, or do not tell start and duration of theirs.",
        remedy: "Export the series corrected for decay.")
    }
    return (starts.lowerBound, try FrameDecay(decayConstant: RateConstant(halfLife: halfLife), duration: duration))
  }
}
