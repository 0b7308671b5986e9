import Foundation
import JSON
import Kinetics
import Provenance
import Quantities

/// Endora's own choice for every published curve beside the published integral, where the test data are there.
enum Published {
  static func measure() throws -> [Figure] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    let folder = ProcessInfo.processInfo.environment["ENDORA_TEST_DATA"] ?? root + "/.build/test-data"
    let path = folder + "/time-activity-curves/reference.json"
    guard let data = FileManager.default.contents(atPath: path) else {
      print("     published: skipped, time-activity-curves is not in ENDORA_TEST_DATA or .build/test-data")
      return []
    }
    let decay = RateConstant(halfLife: .hours(159.528))
    var worst = 0.0
    print(
      "     | curve | published MBq h | its parameters integrate to | points | Endora's choice | MBq h | against published |"
    )
    print("     |---|---|---|---|---|---|---|")
    for (name, node) in try JSONDocument(data).root.required("cases").members {
      guard let times = try node["t_h"]?.list().map({ try $0.double() }),
        let values = try (node["A_MBq"] ?? node["A_MBq_measured"] ?? node["C_kBq_per_ml"])?.list().map({
          try $0.double()
        })
      else { continue }
      let curve = try TimeActivityCurve(
        region: name, points: zip(times, values).map { .init(time: .hours($0), activity: .megabecquerels($1)) },
        physicalDecay: decay)
      let (published, own) = try reference(node, decay)
      if let published, let own { worst = max(worst, abs(own / published - 1)) }
      func text(_ value: Double?) -> String { value.map { String(format: "%.1f", $0) } ?? "-" }
      let found: (model: String, value: Double?)
      do {
        let estimate = try curve.analysed(with: .init(weighting: .relative(0.05)))
        found = (estimate.modelName, estimate.timeIntegratedActivity.value.megabecquerelHours)
      } catch let error as KineticsError {
        found = ("refused: \(error.code)", nil)
      }
      let difference =
        published.flatMap { p in found.value.map { String(format: "%+.1f %%", ($0 / p - 1) * 100) } } ?? "-"
      print(
        "     | \(name) | \(text(published)) | \(text(own)) | \(times.count) | \(found.model) | \(text(found.value)) | "
          + "\(difference) |")
    }
    return [
      Figure(
        name: "published parameters against published integrals", value: worst, bounds: 0...1e-3,
        note: "largest relative difference")
    ]
  }

  /// The published integral, and what the published parameters integrate to.
  private static func reference(_ node: JSONNode, _ decay: RateConstant) throws -> (Double?, Double?) {
    func term(_ amplitude: Double, _ rate: Double) -> ExponentialSum.Term {
      .init(amplitude: .megabecquerels(amplitude), rate: .perHour(rate))
    }
    if let p = node["published_triexp_params"] {
      let terms = try [(-1.0, "1"), (1, "2"), (1, "3")].map { sign, k in
        term(sign * (try p.required("A" + k).double()), try p.required("k" + k).double())
      }
      return (
        try node.required("published_TIA_MBqh").double(), ExponentialSum(terms).integral.megabecquerelHours
      )
    }
    if let p = node["published"], let value = p["integral_kBq_h_per_ml"] {
      let physical = 0.693_147_180_559_945_3 / (try p.required("half_life_h").double())
      let terms = try ["A1,k1", "A2,k2", "A3,k3"].map { key in
        let pair = try p.required(key).list().map { try $0.double() }
        return term(pair[0], -pair[1] + physical)
      }
      return (try value.double(), ExponentialSum(terms).integral.megabecquerelHours)
    }
    if let p = node["ideal_fit"] {
      return (
        try p.required("TIA_0_inf").double(),
        ExponentialSum([term(try p.required("A0").double(), try p.required("lambda_per_h").double())]).integral
          .megabecquerelHours
      )
    }
    return (nil, nil)
  }
}
