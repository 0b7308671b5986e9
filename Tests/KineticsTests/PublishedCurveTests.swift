import Foundation
import Quantities
import TestFolders
import Testing

@testable import Kinetics

/// The published curves, where they are there.
private let file = TestData.path("time-activity-curves/reference.json").flatMap(FileManager.default.contents)

private var reference: [String: [String: Any]]? {
  file.flatMap { try? JSONSerialization.jsonObject(with: $0) as? [String: Any] }?["cases"] as? [String: [String: Any]]
}

@Suite(
  "Published curves",
  .enabled(if: file != nil, "time-activity-curves is not in ENDORA_TEST_DATA or .build/test-data"))
struct PublishedCurveTests {
  @Test("The published parameters of every curve integrate to the published time-integrated activity, to 0.1 %")
  func parameters() throws {
    var count = 0
    for (name, record) in try #require(reference) {
      guard let p = record["published_triexp_params"] as? [String: Double],
        let published = record["published_TIA_MBqh"] as? Double
      else { continue }
      func term(_ a: Double, _ rate: String) -> ExponentialSum.Term {
        .init(amplitude: .megabecquerels(a), rate: .perHour(p[rate]!))
      }
      let f = ExponentialSum([term(-p["A1"]!, "k1"), term(p["A2"]!, "k2"), term(p["A3"]!, "k3")])
      #expect(isClose(f.integral.megabecquerelHours, published, 1e-3), "\(name)")
      count += 1
    }
    #expect(count >= 14)
  }

  @Test("The tri-exponential of the published spreadsheet integrates to its value")
  func spreadsheet() throws {
    let published = try #require(reference?["triexp_vrak_xlsx"]?["published"] as? [String: Any])
    let decay = RateConstant(halfLife: .hours(try #require(published["half_life_h"] as? Double)))
    let terms = try ["A1,k1", "A2,k2", "A3,k3"].map { key in
      let pair = try #require(published[key] as? [Double])
      return ExponentialSum.Term(amplitude: .megabecquerels(pair[0]), rate: .perHour(-pair[1]) + decay)
    }
    let value = try #require(published["integral_kBq_h_per_ml"] as? Double)
    #expect(isClose(ExponentialSum(terms).integral.megabecquerelHours, value, 1e-3))
  }

  @Test("One exponential, unweighted, of every falling curve is that of an independent fit")
  func oneExponential() throws {
    var count = 0
    for (name, record) in try #require(reference) {
      guard let times = record["t_h"] as? [Double],
        let values = record["A_MBq"] as? [Double] ?? record["A_MBq_measured"] as? [Double],
        let fit = record["mono_nls_unweighted"] as? [String: Any],
        let rate = fit["lambda_per_h"] as? Double, rate > lutetium.perHour * 1.001,
        let integral = fit["TIA_0_inf"] as? Double, let sum = fit["SSR"] as? Double
      else { continue }
      let found = try CurveFit(.F2, to: try curve(times, values), weighting: .equal)
      #expect(isClose(found.timeIntegratedActivity.value.megabecquerelHours, integral, 1e-4), "\(name)")
      #expect(isClose(found.chiSquared, sum, 1e-4), "\(name)")
      count += 1
    }
    #expect(count >= 10)
  }
}
