import Foundation
import Kinetics
import Provenance
import Quantities

extension Analysis.RegionResult {
  /// A published result beside the same fit made here and the result found here, and why the two differ.
  func publishedFinding() throws -> Finding? {
    guard let published = measured.region.published else { return nil }
    let weighting: Weighting =
      switch published.weights {
      case .given: .given
      case .relative: .relative(0.05)
      case .equal: .equal
      }
    let same = try CurveFit(published.model, to: measured.curve, weighting: weighting).timeIntegratedActivity.value
    func difference(_ value: TimeIntegratedActivity) -> String {
      String(format: "%+.2f %%", (value / published.timeIntegratedActivity - 1) * 100)
        .replacingOccurrences(of: "-", with: "−")
    }
    func megabecquerelHours(_ value: TimeIntegratedActivity) -> String {
      String(format: "%.0f MBq h", value.megabecquerelHours)
    }
    let how = published.weights == .equal ? "unweighted" : "weighted (\(published.weights.rawValue))"
    var text =
      "Published \(megabecquerelHours(published.timeIntegratedActivity)) by \(published.model.rawValue), \(how); the same "
      + "fit here gives \(megabecquerelHours(same)) (\(difference(same)))."
    switch outcome {
    case .estimate(let estimate):
      let value = estimate.timeIntegratedActivity.value
      text += " Chosen here: \(estimate.modelName), \(megabecquerelHours(value)) (\(difference(value)))."
      if let refusal = estimate.candidates.first(where: { $0.model == published.model })?.refusal {
        text += " \(refusal.reason)"
      }
    case .refused(let error):
      text += " Refused here: \(error.reason)"
    }
    return Finding(
      .info, code: "published-result", title: "\(measured.region.name) against its publication.", text,
      subject: measured.region.name, origin: "Kinetics · regions.published")
  }
}
