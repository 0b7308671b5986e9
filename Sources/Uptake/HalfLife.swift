import Provenance
import Quantities
import Radionuclides

/// The half-life that counts, of the header or of the table.
struct CheckedHalfLife {
  let value: Time
  let nuclide: String?
  let finding: Finding?

  /// How far a header may be from the table.
  static let tolerance = 0.01

  init(header: Time?, nuclide name: String?, table: NuclideTable) throws(UptakeError) {
    let nuclide = name.flatMap { table.find($0) }
    self.nuclide = nuclide?.name ?? name
    if let header, !(header.isFinite && header > .zero) {
      throw UptakeError(
        "half-life", "The header gives a half-life of \(header.seconds) s.",
        remedy: "Correct Radionuclide Half Life (0018,1075) at its source.")
    }
    switch (header, nuclide) {
    case (nil, nil):
      throw UptakeError(
        "missing-half-life", "The header gives neither a half-life nor a nuclide that is in the table.",
        remedy: "State the nuclide with --nuclide.")
    case (nil, let nuclide?):
      value = nuclide.halfLife
      finding = Self.note(
        .caution, "half-life-missing", "Half-life from the table.",
        "The header gives no half-life; \(nuclide.halfLife.minutes) min of \(nuclide.name) is used.")
    case (let header?, nil):
      value = header
      finding = Self.note(
        .caution, "half-life-unchecked", "Half-life not checked.",
        "The header names no nuclide of the table; its half-life of \(header.minutes) min is used.")
    case (let header?, let nuclide?) where (header / nuclide.halfLife - 1).magnitude > Self.tolerance:
      value = nuclide.halfLife
      finding = Self.note(
        .serious, "half-life-differs", "Half-life in the header is wrong.",
        "The header gives \(header.minutes) min; \(nuclide.halfLife.minutes) min of \(nuclide.name) is used.")
    case (let header?, _):
      value = header
      finding = nil
    }
  }

  private static func note(_ severity: Finding.Severity, _ code: String, _ title: String, _ text: String) -> Finding {
    Finding(severity, code: code, title: title, text, origin: "Uptake · SUV")
  }
}
