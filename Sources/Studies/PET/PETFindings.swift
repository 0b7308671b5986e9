import Provenance
import Quantities

extension PETSeries {
  /// What is worth knowing about slices that were read.
  static func findings(_ slices: [PETSlice]) -> [Finding] {
    var findings: [Finding] = []
    func note(_ severity: Finding.Severity, _ code: String, _ title: String, _ text: String) {
      findings.append(Finding(severity, code: code, title: title, text, origin: "Studies"))
    }
    let (first, header) = (slices[0].header, slices[0].slice.header)
    if let declared = header.declaredSlices, declared > slices.count {
      note(
        .serious, "incomplete-series", "Slices are missing.",
        "The series declares \(declared) slices and holds \(slices.count); its largest value may lie in one that is not "
          + "there.")
    }
    if let series = header.seriesStart, let earliest = slices.compactMap(\.slice.acquisition).min(), series > earliest {
      note(
        .caution, "series-after-acquisition", "Series time is later than the acquisition.",
        "The series time is \(series), the first acquisition \(earliest): the series was processed again, and its time "
          + "is not that to which the values are corrected.")
    }
    if header.seriesStart == nil {
      note(.caution, "no-series-time", "No series time.", "The series does not tell its start; acquisitions are used.")
    }
    if let dateTime = header.administration?.dateTime, let time = header.administration?.time {
      let (a, b) = (dateTime.time, time)
      let difference = Double((a.hour - b.hour) * 3600 + (a.minute - b.minute) * 60) + a.second - b.second
      if difference.magnitude > 60, dateTime.utcOffset == nil {
        note(
          .serious, "injection-times-differ", "Two times of administration.",
          "Radiopharmaceutical Start Time differs from Start DateTime by \(Int(difference.magnitude / 60)) min; the "
            + "latter is used.")
      }
    }
    if header.administration?.dateTime?.utcOffset != nil, header.utcOffset == nil {
      note(
        .caution, "time-zone-assumed", "Time zone assumed.",
        "The administration has a time zone and the series has none; both are taken as shown by one clock.")
    }
    if first.hasOldTime {
      note(
        .caution, "acr-nema-time", "Time in the old form.",
        "The time of administration is written with colons, as ACR-NEMA did; it was read so.")
    }
    if slices.contains(where: { $0.surplusBytes > 0 }) {
      note(
        .caution, "surplus-pixel-data", "Pixel data longer than declared.",
        "A slice holds more bytes of pixel data than its rows and columns need; those beyond are not used.")
    }
    if first.hasHostileText {
      note(
        .caution, "unusual-patient-text", "Unusual text in the patient's attributes.",
        "The patient's name or number holds control characters, markup or too much text; it is shown nowhere.")
    }
    if case .counts(let factors) = first.unit, !factors.isCreatorNamed {
      note(
        .caution, "private-creator-missing", "Private group without its creator.",
        "Philips' factors stand in a group whose creator is not named; they were read because of the manufacturer.")
    }
    return findings
  }
}
