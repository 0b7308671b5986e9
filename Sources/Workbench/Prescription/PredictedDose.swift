import Dosimetry
import Quantities
import Therapy

extension CaseFile {
  /// p of an organ (A7-3): the kidneys' conversion factor, else 1.
  func factor(of organ: Region.Organ) -> Double { organ.limited == .kidneys ? settings.conversionFactor : 1 }
}

extension Plan {
  /// What an organ would receive of the prescribed activity: d p A; `nil` without one.
  func predicted(_ organ: Analysis.OrganResult) -> Uncertain<AbsorbedDose>? {
    analysis.prescription.map {
      let d = organ.dose.perActivity
      return Uncertain(d.value * file.factor(of: organ.organ) * $0.activity, relative: d.relativeUncertainty)
    }
  }
}
