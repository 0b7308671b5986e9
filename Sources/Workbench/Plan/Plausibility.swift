import Dosimetry
import Foundation
import Kinetics
import Provenance
import Quantities
import Radionuclides

extension Measurement {
  /// How far above what is left of the administered activity a region may lie beside its noise, for calibrations that
  /// disagree; this project's choice.
  static let excess = 1.2

  /// That no region holds more than was given: a wrong unit, calibration or administered activity else passes for a dose.
  ///
  /// - Throws: ``CaseError`` for a point that lies by three standard uncertainties and a fifth above A₀ e^(−λt).
  func check(against administered: Activity, of nuclide: Nuclide) throws {
    for region in regions {
      for point in region.curve.points {
        let left = administered * exp(-nuclide.decayConstant.perSecond * point.time.seconds)
        guard point.activity > left * Self.excess + (point.standardUncertainty ?? .zero) * 3 else { continue }
        throw CaseError(
          "more-than-administered",
          "“\(region.region.name)” holds \(shortNumber(point.activity.megabecquerels)) MBq after "
            + "\(shortNumber(point.time.hours)) h, and of what was administered at most "
            + "\(shortNumber(left.megabecquerels)) MBq are left.",
          remedy: "Check the administered activity, the calibration and the units.")
      }
    }
  }
}

extension Analysis {
  /// The relative standard uncertainty from which a dose is called hardly known (SCIENCE 16, B9).
  private static let vague = 0.5

  /// That a dose is hardly known, whatever the accepted risk makes of it.
  static func vagueDoses(_ organs: [OrganResult]) -> [Finding] {
    organs.compactMap { organ in
      guard let u = organ.dose.perActivity.relativeUncertainty, u > vague else { return nil }
      return Finding(
        .serious, code: "dose-uncertain", title: "A dose that is hardly known.",
        "The dose of \(organ.name) has a standard uncertainty of \(shortNumber(u * 100)) %; an activity that rests on it rests "
          + "on the shape of its distribution. Measure more points.", subject: organ.name,
        origin: "Dosimetry · threshold 50 %")
    }
  }
}
