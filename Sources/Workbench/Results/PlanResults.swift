import Foundation
import JSON
import Provenance
public import Quantities
import Reports
public import Wording

extension Plan {
  /// The files of the results folder: report, PDF, JSON, tables and plots.
  public func resultFiles(truth: [String: AbsorbedDosePerActivity] = [:]) throws -> [(name: String, bytes: [UInt8])] {
    let json = Array(try document().text().utf8)
    let report = try report(resultsDigest: Digest(of: json), truth: truth)
    let reports = try Language.allCases.flatMap { language in
      try Language.$current.withValue(language) {
        [
          (Self.reportName("html", in: language), Array(try HTMLReport.render(report).utf8)),
          (Self.reportName("pdf", in: language), try PDFReport.render(report)),
        ]
      }
    }
    return [("results.json", json)] + reports + [
      ("curves.csv", Array(curveTable.utf8)),
      ("doses.csv", Array(doseTable.utf8)),
    ] + report.figureFiles().map { ("plots/" + $0.fileName, Array($0.svg.utf8)) }
  }

  /// The name of the report's file: `report.html`, `report.de.html`.
  public static func reportName(_ suffix: String, in language: Language) -> String {
    language == .english ? "report.\(suffix)" : "report.\(language.rawValue).\(suffix)"
  }

  /// Measured points and fits, one line a point.
  private var curveTable: String {
    var lines = ["region,time_h,activity_MBq,u_MBq,fit_MBq,u_fit_MBq"]
    for result in analysis.regions {
      for point in result.measured.curve.points {
        let fit = result.estimate?.activity(at: point.time)
        let cells: [Double?] = [
          point.time.hours, point.activity.megabecquerels, point.standardUncertainty?.megabecquerels,
          fit?.value.megabecquerels, fit?.standardUncertainty?.megabecquerels,
        ]
        lines.append(Self.line(result.measured.region.name, cells))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line an organ.
  private var doseTable: String {
    var lines = ["organ,mass_g,tiac_h,u_tiac_h,dose_Gy_per_GBq,u_dose_Gy_per_GBq,activity_GBq,dose_Gy,u_dose_Gy"]
    for organ in analysis.organs {
      let d = organ.dose.perActivity
      let predicted = predicted(organ)
      let cells: [Double?] = [
        organ.dose.region.mass.grams, organ.dose.coefficient.value.hours,
        organ.dose.coefficient.standardUncertainty?.hours, d.value.graysPerGigabecquerel,
        d.standardUncertainty?.graysPerGigabecquerel, analysis.prescription?.activity.gigabecquerels,
        predicted?.value.grays, predicted?.standardUncertainty?.grays,
      ]
      lines.append(Self.line(organ.name, cells))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ name: String, _ cells: [Double?]) -> String {
    let quoted =
      name.contains(",") || name.contains("\"")
      ? "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : name
    return ([quoted] + cells.map { $0.map { "\($0)" } ?? "" }).joined(separator: ",")
  }
}
