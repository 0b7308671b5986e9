import Dosimetry
import Foundation
import Kinetics
import Provenance
import Quantities
import Reports
import Scintigraphy
import Therapy

/// The 53 reporting items of a dosimetry, each with what the case and its results say, or nothing.
///
/// Rebuilt from the structure of the EANM guidance (Lassmann et al. 2011), Gear 2018 and Stokke 2024; the guidance's own
/// checklist was not at hand, so that nothing here claims to comply with it.
struct ReportingItems {
  private let plan: Plan
  private var file: CaseFile { plan.file }

  init(_ plan: Plan) { self.plan = plan }

  /// All items in the checklist's order.
  var sections: [AnnexSection] {
    var number = 0
    return parts.map { title, items in
      AnnexSection(
        title: title,
        items: items.map { name, text in
          number += 1
          let stated = file.reporting[number]
          let found = [text, stated].compactMap { $0 }.filter { !$0.isEmpty }
          return AnnexSection.Item(
            number: number, name: name, text: found.isEmpty ? nil : found.joined(separator: "; "))
        })
    }
  }

  private var parts: [(String, [(String, String?)])] {
    [
      ("A  Radiopharmaceutical", radiopharmaceutical), ("B  Patient", patient), ("C  Equipment", equipment),
      ("D  Acquisition", acquisition), ("E  Quantification", quantification), ("F  Kinetics", kinetics),
      ("G  Dose", dose),
      ("H  Uncertainty", uncertainty),
    ]
  }

  private var radiopharmaceutical: [(String, String?)] {
    let given = file.administration
    let measured =
      given.assay.map {
        String(format: "assay %.1f MBq", $0.activity.megabecquerels)
          + (given.residual.map { String(format: ", residual %.1f MBq", $0.activity.megabecquerels) } ?? "")
      } ?? String(format: "%.1f MBq stated at the start", plan.administered.megabecquerels)
    let previous = file.otherIrradiation.map(\.name)
    return [
      ("Agent, nuclide, impurities", "\(file.agent), \(plan.nuclide.symbol)"),
      ("Activity, device, traceability", measured),
      (
        "Time, route, infusion",
        given.start.description + (given.end.map { " to \($0.description)" } ?? "")
      ), ("Peptide amount, specific activity", nil),
      (
        "Co-medication, cycle, previous therapies",
        previous.isEmpty ? nil : previous.joined(separator: ", ")
      ),
    ]
  }

  private var patient: [(String, String?)] {
    let subject = file.subject
    let size = subject.map { subject in
      [
        subject.sex.rawValue, subject.age.map { "\(Int($0)) y" },
        subject.weight.map { String(format: "%.1f kg", $0.kilograms) },
        subject.height.map { String(format: "%.2f m", $0.centimetres / 100) },
      ].compactMap { $0 }.joined(separator: ", ")
    }
    return [
      ("Pseudonym", file.name), ("Sex, age, weight, height", size), ("Disease, renal function", subject?.diagnosis),
      ("Ethics, consent", nil),
    ]
  }

  private var equipment: [(String, String?)] {
    let calibration = file.spect.map { "u \(shortNumber($0.calibrationUncertainty * 100)) %" }
    let curves = file.curves.flatMap(\.calibrationUncertainty).map { "u \(shortNumber($0 * 100)) %" }
    return [
      ("Manufacturer, model, crystal", nil), ("Collimator", nil), ("Energy windows", nil), ("Quality control", nil),
      ("Sensitivity, phantom, date, u", calibration ?? curves), ("Dead-time limits", nil),
      ("Recovery, phantom", file.spect.map { recovery($0.recovery) }),
      ("Cross-calibration", nil),
    ]
  }

  private func recovery(_ correction: RecoveryCorrection) -> String {
    switch correction {
    case .regionBased(let width, let u):
      "region-based, FWHM \(shortNumber(width.millimetres)) ± \(shortNumber(u.millimetres)) mm"
    case .volumeCurve(let b, let g, _): "curve by volume, b \(shortNumber(b.millilitres)) mL, g \(shortNumber(g))"
    case .none: "not corrected"
    }
  }

  private var acquisition: [(String, String?)] {
    let times = Set(plan.measurement.regions.flatMap { $0.curve.points.map(\.time) }).sorted()
    let blood = plan.measurement.regions.first { $0.region.organ == .blood }
    return [
      (
        "Times after administration",
        times.isEmpty ? nil : times.map { String(format: "%.1f", $0.hours) }.joined(separator: ", ") + " h"
      ), ("Planar: speed, matrix, views", nil),
      ("SPECT: projections, time, orbit", file.spect.map { _ in "quantitative series in Bq/mL" }),
      ("PET: bed time, mode", nil), ("CT", plan.measurement.inputs.first { $0.input == "CT" }?.what),
      ("Blood and urine samples", blood.map { "\($0.curve.points.count) points" }), ("Whole-body probe", nil),
    ]
  }

  private var quantification: [(String, String?)] {
    let structures = file.regions.compactMap(\.structure)
    return [
      ("Reconstruction, filters", nil), ("Attenuation", nil), ("Scatter", nil), ("Dead time", nil),
      ("Partial volume", file.spect.map { recovery($0.recovery) }),
      ("Planar: conjugate view, background", nil),
      ("Reference of decay correction", "start of each acquisition; times from the \(timeBase) of the administration"),
      ("Registration", nil),
      (
        "Regions, operator, volumes, masses",
        (structures.isEmpty ? "volumes stated" : "outlined: \(structures.joined(separator: ", "))") + "; "
          + plan.analysis.organs.map { "\($0.name) \(String(format: "%.0f g", $0.dose.region.mass.grams))" }
          .joined(separator: ", ")
      ),
    ]
  }

  private var timeBase: String {
    switch file.settings.timeBase {
    case .start: "start"
    case .middle: "middle"
    case .end: "end"
    }
  }

  private var kinetics: [(String, String?)] {
    let fitted = plan.analysis.regions.compactMap { region in region.estimate.map { (region.measured.region.name, $0) }
    }
    guard !fitted.isEmpty else {
      return [
        "Points per region", "Function, weights, software", "Parameters, u, goodness", "Before first, after last point",
        "Time-integrated activity, u", "Effective half-lives",
      ].map { ($0, nil) }
    }
    func list(_ text: (CurveEstimate) -> String) -> String {
      fitted.map { "\($0.0) \(text($0.1))" }.joined(separator: "; ")
    }
    return [
      ("Points per region", list { "\($0.curve.points.count)" }),
      ("Function, weights, software", list { $0.modelName } + "; Endora \(Release.version)"),
      ("Parameters, u, goodness", "results.json; " + list { "χ² \(shortNumber($0.average.best.chiSquared))" }),
      (
        "Before first, after last point",
        list { "\(NumberFormat.share($0.earlyFraction)), \(NumberFormat.share($0.extrapolatedFraction))" }
      ),
      (
        "Time-integrated activity, u",
        list {
          let tia = $0.timeIntegratedActivity
          return NumberFormat.coefficient(
            Uncertain(
              tia.value / plan.administered, standardUncertainty: tia.standardUncertainty.map { $0 / plan.administered }
            )
          ).joined + " h"
        }
      ), ("Effective half-lives", list { NumberFormat.hours($0.lateHalfLife) }),
    ]
  }

  private var dose: [(String, String?)] {
    let organs = plan.analysis.organs
    let marrow = organs.first { $0.organ == .marrow }
    let lesions = organs.filter { $0.organ == .lesion }
    let hasCross = organs.contains { !$0.dose.cross.isEmpty }
    let kidneys = IrradiationTable(plan)
    let limits = plan.analysis.prescription?.outcomes.map {
      guard let biological = $0.limit.biological else {
        return "\($0.limit.name) \($0.limit.text)"
          + ($0.limit.priorDose > .zero ? ", prior \(NumberFormat.grays($0.limit.priorDose))" : "")
      }
      return $0.limit.name
        + (biological.counted > .zero ? ", \(shortNumber(biological.counted.grays)) Gy of it counted" : "")
    }
    return [
      ("Formalism, S values", organs.first.map { "MIRD Pamphlet 21; S values \($0.dose.sValue.set)" }),
      (
        "Phantom and mass scaling",
        organs.isEmpty ? nil : file.settings.scalesMass ? "patient masses" : "reference masses, blood-free"
      ), ("Software", "Endora \(Release.version)"),
      ("Cross-dose", organs.isEmpty ? nil : hasCross ? "included" : "not included: the set holds self-dose alone"),
      (
        "Bone marrow",
        marrow.map { marrow in
          let hasRemainder = marrow.dose.cross.contains { $0.source == RemainderOfBody.body }
          return "image-based, L2–L4, reading \(file.settings.marrowReading.rawValue); remainder of the body "
            + (hasRemainder ? "included" : "not included")
        }
      ),
      (
        "Tumour model and mass",
        lesions.isEmpty
          ? nil
          : lesions.map { "\($0.name): sphere of \(String(format: "%.1f g", $0.dose.region.mass.grams))" }
            .joined(separator: ", ")
      ), ("Voxel: resampling, DVH", nil),
      (
        "Absorbed dose per organ, u",
        organs.isEmpty
          ? nil
          : organs.map { "\($0.name) \(NumberFormat.dosePerActivity($0.dose.perActivity).joined) Gy/GBq" }
            .joined(separator: "; ")
      ),
      (
        "BED: α/β, repair, formula",
        kidneys.flatMap { $0.rows.first?.biological }.map {
          "kidneys \(shortNumber($0.grays)) Gy; α/β 2.5 Gy, repair 2.8 h, Lea-Catcheside"
        }
      ), ("Limits, prior dose", limits?.joined(separator: "; ")),
      ("Effective dose", "for diagnostics alone; none is given of a therapy"),
    ]
  }

  private var uncertainty: [(String, String?)] {
    let names = Set(plan.analysis.organs.flatMap { $0.dose.components.map(\.name) }).sorted()
    return [
      ("Budget", names.isEmpty ? nil : "fit, \(names.joined(separator: ", ")); per organ in results.json"),
      ("Individual data", plan.analysis.regions.isEmpty ? nil : "curves.csv, doses.csv, results.json"),
      ("Voxel maps, D90, D98", nil),
    ]
  }
}
