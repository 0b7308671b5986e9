import Foundation
import TestFolders
import Testing

@testable import Statistics

/// Published survival data with the answers of R survival 3.5.3.
enum SurvivalReferences {
  static let folder = TestData.path("lab/survival/survfit_R.ref.json").flatMap { _ in TestData.path("lab/survival") }

  static var areThere: Bool { folder != nil }

  static func table(_ path: String) throws -> (header: [String], rows: [[String]]) {
    let text = try String(contentsOfFile: folder! + "/" + path, encoding: .utf8)
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: CharacterSet(charactersIn: "\"\r "))
      }
    }
    return (lines[0], Array(lines.dropFirst()))
  }

  static func answers(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: folder! + "/" + path))
    return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }
}

@Suite(
  "Survival against R",
  .enabled(if: SurvivalReferences.areThere, "The folder lab/survival of the test data is not there."))
struct SurvivalReferenceTests {
  struct Set: Sendable, CustomTestStringConvertible {
    let name, file, time, event, eventValue, group: String
    var testDescription: String { name }
  }

  static let sets = [
    Set(name: "aml", file: "csv/aml.csv", time: "time", event: "status", eventValue: "1", group: "x"),
    Set(name: "lung", file: "csv/lung.csv", time: "time", event: "status", eventValue: "2", group: "sex"),
    Set(name: "veteran", file: "csv/veteran.csv", time: "time", event: "status", eventValue: "1", group: "trt"),
    Set(name: "ovarian", file: "csv/ovarian.csv", time: "futime", event: "fustat", eventValue: "1", group: "rx"),
    Set(name: "mgus", file: "csv/mgus.csv", time: "futime", event: "death", eventValue: "1", group: "sex"),
    Set(name: "rossi", file: "lifelines/rossi.csv", time: "week", event: "arrest", eventValue: "1", group: "fin"),
    Set(
      name: "waltons", file: "lifelines/waltons_dataset.csv", time: "T", event: "E", eventValue: "1", group: "group"),
  ]

  func load(_ set: Set) throws -> (sample: SurvivalSample, groups: [String]) {
    let (header, rows) = try SurvivalReferences.table(set.file)
    let (t, e, g) = (
      header.firstIndex(of: set.time)!, header.firstIndex(of: set.event)!, header.firstIndex(of: set.group)!
    )
    return (
      try SurvivalSample(times: rows.map { Double($0[t])! }, events: rows.map { $0[e] == set.eventValue }),
      rows.map { $0[g] }
    )
  }

  func check(_ sample: SurvivalSample, _ reference: [String: Any], _ scale: KaplanMeier.Scale) throws {
    let curve = KaplanMeier(sample, scale: scale)
    func column(_ name: String) -> [Double?] { (reference[name] as! [Any]).map { ($0 as? NSNumber)?.doubleValue } }
    let (survival, errors) = (column("surv"), column("std.err_cumhaz"))
    let (lower, upper) = (column("lower"), column("upper"))
    #expect(curve.steps.map(\.time) == column("time"))
    #expect(curve.steps.map { Double($0.atRisk) } == column("n.risk"))
    #expect(curve.steps.map { Double($0.events) } == column("n.event"))
    #expect(curve.steps.map { Double($0.censored) } == column("n.censor"))
    // R prints 15 digits; a survival below 1e-12 there is a 0 with rounding.
    for (k, step) in curve.steps.enumerated() {
      #expect(abs(step.survival - survival[k]!) < 1e-12)
      guard step.survival > 0, let error = errors[k] else { continue }
      #expect(near(step.logStandardError, error))
      guard let interval = step.interval, let low = lower[k], let high = upper[k] else { continue }
      #expect(abs(interval.lower - low) < 1e-9 && abs(interval.upper - high) < 1e-9)
    }
    func time(_ name: String) -> Double? { (reference[name] as? NSNumber)?.doubleValue }
    #expect(curve.median.time == time("median"))
    #expect(curve.median.lower == time("median_lower"))
    // Upper ends on the log scale can rise again; R then sorts them and names a later time than the first below one half.
    let ends = upper.compactMap { $0 }
    if zip(ends, ends.dropFirst()).allSatisfy({ $0 >= $1 }) { #expect(curve.median.upper == time("median_upper")) }
    #expect(curve.quantile(0.25).time == time("q25"))
    #expect(curve.quantile(0.75).time == time("q75"))
  }

  @Test("Kaplan-Meier, Greenwood, three kinds of interval, quartiles", arguments: sets)
  func kaplanMeier(set: Set) throws {
    let (sample, groups) = try load(set)
    let all = try SurvivalReferences.answers("survfit_R.ref.json")["sets"] as! [String: Any]
    let reference = all[set.name] as! [String: Any]
    let scales: [(String, KaplanMeier.Scale)] = [("plain", .plain), ("log", .log), ("loglog", .logLog)]
    let overall = reference["overall"] as! [String: [String: Any]]
    for (name, scale) in scales { try check(sample, overall[name]!, scale) }
    for (label, answers) in reference["groups"] as! [String: [String: Any]] {
      let group = sample.subset { groups[$0] == label }!
      for (name, scale) in scales.dropFirst() { try check(group, answers[name] as! [String: Any], scale) }
    }
  }

  @Test("Log-rank, Peto-Peto and Cox with both treatments of ties", arguments: sets)
  func comparisons(set: Set) throws {
    let (sample, groups) = try load(set)
    let all = try SurvivalReferences.answers("survfit_R.ref.json")["sets"] as! [String: Any]
    let reference = all[set.name] as! [String: Any]
    let labels = Array(Swift.Set(groups)).sorted()
    let samples = labels.map { label in sample.subset { groups[$0] == label }! }
    func number(_ table: String, _ key: String) -> Double {
      ((reference[table] as! [String: Any])[key] as! NSNumber).doubleValue
    }

    let logRank = try LogRank(samples)
    #expect(near(logRank.chiSquared, number("logrank", "chisq")))
    let expected = (reference["logrank"] as! [String: Any])["exp"] as! [Double]
    #expect(zip(logRank.expected, expected).allSatisfy { near($0, $1) })
    // R subtracts from 1 and so loses tails below 1e-16.
    #expect(abs(logRank.p - number("logrank", "p")) < 1e-12)
    #expect(near(try LogRank(samples, rho: 1).chiSquared, number("peto_peto_rho1", "chisq")))

    let column = ("group", groups.map { Double(labels.firstIndex(of: $0)!) })
    let cox = try CoxRegression(sample, covariates: [column])
    let efron = (reference["cox"] as! [String: [String: Any]])["efron"]!
    #expect(near(cox.coefficients[0].estimate, efron["coef"] as! Double, 1e-6))
    #expect(near(cox.coefficients[0].hazardRatio, efron["hr"] as! Double, 1e-6))
    let interval = (efron["ci"] as! [[Double]])[0]
    #expect(near(cox.coefficients[0].interval.lower, interval[0], 1e-6))
    #expect(near(cox.coefficients[0].interval.upper, interval[1], 1e-6))
    #expect(near(cox.coefficients[0].p, efron["wald_p"] as! Double, 1e-5))
    #expect(abs(cox.likelihoodRatio.p - (efron["lr_p"] as! Double)) < 1e-9)
    #expect(abs(cox.score.p - (efron["score_p"] as! Double)) < 1e-9)
    let breslow = try CoxRegression(sample, covariates: [column], ties: .breslow)
    #expect(
      near(
        breslow.coefficients[0].hazardRatio,
        (reference["cox"] as! [String: [String: Any]])["breslow"]!["hr"] as! Double, 1e-6))
  }

  @Test("1540 patients with AML: curves at 1, 2 and 5 years, log-rank of four risk groups, three hazard ratios")
  func leukaemia() throws {
    let (header, rows) = try SurvivalReferences.table("csv/amlsg.csv")
    let (t, e) = (header.firstIndex(of: "OS")!, header.firstIndex(of: "Status")!)
    let answers = try SurvivalReferences.answers("amlsg_R.ref.json")
    for variable in ["NPM1", "FLT3_ITD", "gender", "M_Risk"] {
      let reference = answers[variable] as! [String: Any]
      let g = header.firstIndex(of: variable)!
      let known = rows.filter { Double($0[t]) != nil && Double($0[e]) != nil && !["NA", ""].contains($0[g]) }
      let sample = try SurvivalSample(times: known.map { Double($0[t])! }, events: known.map { $0[e] == "1" })
      let groups = reference["groups"] as! [String: [String: Any]]
      let labels = groups.keys.sorted()
      let samples = labels.map { label in sample.subset { known[$0][g] == label }! }
      for (label, group) in zip(labels, samples) {
        let curve = KaplanMeier(group)
        #expect(Double(group.count) == groups[label]!["n"] as? Double)
        #expect(curve.median.time == groups[label]!["median"] as? Double)
        let (survival, low, high) = (
          groups[label]!["S_1y_2y_5y"] as! [Double], groups[label]!["lo"] as! [Double],
          groups[label]!["hi"] as! [Double]
        )
        for (k, years) in [1.0, 2, 5].enumerated() {
          let step = curve.step(at: years * 365.25)!
          #expect(near(step.survival, survival[k]))
          #expect(near(step.interval?.lower, low[k]) && near(step.interval?.upper, high[k]))
        }
      }
      #expect(near(try LogRank(samples).chiSquared, reference["logrank_chisq"] as! Double))
      let dummies = labels.dropFirst().map { label in (label, known.map { $0[g] == label ? 1.0 : 0 }) }
      let cox = try CoxRegression(sample, covariates: dummies)
      let ratios = reference["cox_hr"] as? [Double] ?? [reference["cox_hr"] as! Double]
      let intervals = reference["cox_ci"] as! [[Double]]
      for (k, ratio) in ratios.enumerated() {
        #expect(near(cox.coefficients[k].hazardRatio, ratio, 1e-6))
        #expect(near(cox.coefficients[k].interval.lower, intervals[k][0], 1e-6))
        #expect(near(cox.coefficients[k].interval.upper, intervals[k][1], 1e-6))
      }
    }
  }

  @Test("White cells by FLT3-ITD and blasts in blood against blasts in marrow, of 1540 patients")
  func leukaemiaSamples() throws {
    let (header, rows) = try SurvivalReferences.table("csv/amlsg.csv")
    let answers = try SurvivalReferences.answers("amlsg_R.ref.json")
    func column(_ name: String) -> [Double?] { rows.map { Double($0[header.firstIndex(of: name)!]) } }
    let both = zip(column("BM_Blasts"), column("PB_Blasts")).compactMap { a, b in a.flatMap { a in b.map { (a, $0) } } }
    let pearson = try Correlation.pearson(both.map(\.0), both.map(\.1))
    let reference = (answers["cor_BM_PB_blasts"] as! [String: Any])["pearson"] as! [String: Any]
    #expect(near(pearson.coefficient, reference["estimate"] as! Double))
    #expect(near(pearson.p, reference["p.value"] as! Double))
    #expect(near(pearson.interval?.lower, (reference["conf.int"] as! [Double])[0]))
    let rho = (answers["cor_BM_PB_blasts"] as! [String: Any])["spearman_rho"] as! Double
    #expect(near(try Correlation.spearman(both.map(\.0), both.map(\.1)).coefficient, rho))
  }

  @Test("The mean survival time up to a time is the area that lifelines gives")
  func restrictedMean() throws {
    let answers = try SurvivalReferences.answers("lifelines_vs_R.ref.json")
    for set in Self.sets {
      guard let entry = answers[set.name] as? [String: Any] else { continue }
      let reference = entry["rmst_at_median_time"] as! [String: Double]
      let curve = KaplanMeier(try load(set).sample)
      #expect(near(curve.restrictedMean(to: reference["t"]!), reference["value"]!))
    }
  }
}
