import JSON
import Laboratory
import Reports

/// The insertions and deletions of an edited sample from two Sanger traces.
public func indelReport(control: String, edited: String, guide: String) throws -> LaboratoryReport {
  let spectrum = try IndelSpectrum(
    control: try SangerTrace(path: control), edited: try SangerTrace(path: edited), guide: guide)
  let shares = spectrum.shares.map { share -> JSONValue in
    [
      "size": JSONValue(share.size), "fraction": JSONValue(share.fraction),
      "standardUncertainty": JSONValue(share.standardUncertainty),
    ]
  }
  let lines =
    spectrum.shares.map { share in
      "\(share.size > 0 ? "+" : "")\(share.size): \(significantText(100 * share.fraction)) % "
        + "± \(significantText(100 * share.standardUncertainty)) %"
    } + [
      "edited \(significantText(100 * spectrum.edited)) %, knocked out \(significantText(100 * spectrum.knockOut)) %, "
        + "R² \(significantText(spectrum.goodness))"
    ]
  return LaboratoryReport(
    [
      "control": JSONValue(fileName(control)), "edited": JSONValue(fileName(edited)), "guide": JSONValue(guide),
      "cutAfterBase": JSONValue(spectrum.cut), "indels": JSONValue(shares),
      "indelPercent": JSONValue(100 * spectrum.edited), "knockOutPercent": JSONValue(100 * spectrum.knockOut),
      "rSquared": JSONValue(spectrum.goodness), "background": JSONValue(spectrum.background),
      "findings": JSONValue(spectrum.findings.map(\.document)),
    ], lines + findingLines(spectrum.findings),
    figures: barFigures(
      "indels",
      BarPlot(
        title: "\(fileName(edited)), cut after base \(spectrum.cut)",
        quantity: "% of alleles, by bases inserted or lost",
        bars: spectrum.shares.sorted { $0.size < $1.size }.map { share in
          .init(
            name: share.size > 0 ? "+\(share.size)" : "\(share.size)".replacing("-", with: "−"),
            value: 100 * share.fraction,
            lower: max(0, 100 * (share.fraction - share.standardUncertainty)),
            upper: 100 * (share.fraction + share.standardUncertainty), isControl: share.size == 0)
        },
        note: "Edited \(short(100 * spectrum.edited)) %, knocked out \(short(100 * spectrum.knockOut)) %, "
          + "R² \(short(spectrum.goodness)). Whiskers: standard uncertainty.")),
    tables: [
      (
        "indels",
        csvText(
          [["size", "fraction", "standard_uncertainty"]]
            + spectrum.shares.map { ["\($0.size)", "\($0.fraction)", "\($0.standardUncertainty)"] })
      )
    ])
}
