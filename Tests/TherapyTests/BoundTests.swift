import Testing

@testable import Therapy

private func d(_ text: String) -> ExactDecimal { ExactDecimal(text) ?? -999 }

/// The smallest step that the properties look beside a bound.
private let step = d("0.000001")

@Suite("Every bound of every rule, with exact decimals")
struct BoundTests {
  /// Bounds below which the grade begins.
  static let falls: [(Analyte, String, [String])] = [
    (.neutrophils, "1.8", ["1.8", "1.5", "1.0", "0.5"]), (.platelets, "150", ["150", "75", "50", "25"]),
    (.leukocytes, "4.0", ["4.0", "3.0", "2.0", "1.0"]), (.lymphocytes, "1.1", ["1.1", "0.8", "0.5", "0.2"]),
    (.haemoglobin, "13.5", ["13.5", "10", "8"]),
  ]

  @Test("Counts: at a bound the lower grade holds, a step below it the next", arguments: falls)
  func falling(analyte: Analyte, lower: String, bounds: [String]) {
    let range = ReferenceRange(lower: d(lower))
    for (grade, bound) in bounds.enumerated() {
      func found(_ value: ExactDecimal) -> Int? {
        ToxicityGrade.of(analyte, value, range: range, baseline: nil).value
      }
      #expect(found(d(bound)) == grade, "\(analyte) at \(bound)")
      #expect(found(d(bound) - step) == grade + 1, "\(analyte) below \(bound)")
    }
  }

  static let uppers = ["0.9", "1.1", "1.17", "1.2", "1.3", "40", "50"]

  @Test(
    "Enzymes and bilirubin: at a multiple of the limit the lower grade holds, a step above it the next",
    arguments: uppers)
  func rising(upper: String) {
    let range = ReferenceRange(upper: d(upper))
    for (analyte, multiples) in [
      (Analyte.bilirubin, ["1", "1.5", "3", "10"]), (.alt, ["1", "3", "5", "20"]), (.ast, ["1", "3", "5", "20"]),
    ] {
      for (grade, multiple) in multiples.enumerated() {
        let bound = d(multiple) * d(upper)
        func found(_ value: ExactDecimal, _ baseline: ExactDecimal?) -> Int? {
          ToxicityGrade.of(analyte, value, range: range, baseline: baseline).value
        }
        for baseline in [nil, d(upper)] {
          #expect(found(bound, baseline) == grade, "\(analyte) at \(multiple) × \(upper)")
          #expect(found(bound + step, baseline) == grade + 1, "\(analyte) above \(multiple) × \(upper)")
        }
      }
    }
  }

  @Test("Bilirubin with an abnormal baseline counts its multiples", arguments: ["1.3", "1.7", "2.9"])
  func abnormalBaseline(baseline: String) {
    let range = ReferenceRange(upper: d("1.2"))
    for (grade, multiple) in ["1", "1.5", "3", "10"].enumerated() {
      let bound = d(multiple) * d(baseline)
      #expect(ToxicityGrade.of(.bilirubin, bound, range: range, baseline: d(baseline)).value == grade)
      #expect(ToxicityGrade.of(.bilirubin, bound + step, range: range, baseline: d(baseline)).value == grade + 1)
    }
  }

  @Test(
    "Creatinine: the worse of limit and baseline at every multiple",
    arguments: ["0.4", "0.7", "0.8", "1.0", "1.1", "1.2"])
  func creatinine(baseline: String) {
    let upper = d("1.2")
    func grade(_ value: ExactDecimal) -> Int? {
      ToxicityGrade.of(.creatinine, value, range: .init(upper: upper), baseline: d(baseline)).value
    }
    func expected(_ v: ExactDecimal) -> Int {
      let b = d(baseline)
      if v > 6 * upper { return 4 }
      if v > 3 * upper || v > 3 * b { return 3 }
      if v > d("1.5") * upper || v > d("1.5") * b { return 2 }
      return v > upper ? 1 : 0
    }
    for bound in [upper, d("1.5") * upper, 3 * upper, 6 * upper, d("1.5") * d(baseline), 3 * d(baseline)] {
      for value in [bound - step, bound, bound + step] {
        #expect(grade(value) == expected(value), "\(value) with baseline \(baseline)")
      }
    }
    // The worst grade never falls when the value rises.
    var last = 0
    for hundredths in 1...900 {
      let found = grade(.hundredths(hundredths)) ?? -1
      #expect(found >= last)
      last = found
    }
  }

  @Test("ELN 2022: blasts 5 and 25 %, half of before, and both pairs of counts")
  func response() {
    func assess(_ blasts: ExactDecimal, _ anc: ExactDecimal, _ plt: ExactDecimal, before: ExactDecimal? = nil)
      -> LeukaemiaResponse?
    {
      var f = LeukaemiaResponse.Findings(marrowBlasts: blasts)
      (f.neutrophils, f.platelets, f.marrowBlastsBefore) = (anc, plt, before)
      (f.hasExtramedullaryDisease, f.hasCirculatingBlasts, f.marrowIsAdequate) = (false, false, true)
      return LeukaemiaResponse.assess(f).value
    }
    #expect(assess(5 - step, 1, 100) == .complete && assess(5, 1, 100, before: 60) == .partial)
    #expect(
      assess(25, 1, 100, before: 60) == .partial && assess(25 + step, 1, 100, before: 60) == LeukaemiaResponse.none)
    #expect(
      assess(20, 1, 100, before: 40) == .partial && assess(20, 1, 100, before: 40 - step) == LeukaemiaResponse.none)
    #expect(
      assess(2, 1 - step, 100) == .completePartialRecovery && assess(2, 1, 100 - step) == .completePartialRecovery)
    #expect(assess(2, d("0.5"), 50) == .completePartialRecovery)
    #expect(assess(2, d("0.5") - step, 50) == .leukaemiaFree && assess(2, d("0.5"), 50 - step) == .leukaemiaFree)
    #expect(assess(2, d("0.5") - step, 100) == .completeIncompleteRecovery)
    #expect(assess(2, 1, 50 - step) == .completeIncompleteRecovery)
    #expect(assess(10, 1 - step, 100, before: 60) == LeukaemiaResponse.none)
  }

  @Test("Tumour lysis: every bound inclusive and strict, and the changes of 25 %")
  func tumourLysis() {
    func values(_ urate: ExactDecimal, _ k: ExactDecimal, _ p: ExactDecimal, _ ca: ExactDecimal) -> TumourLysis.Values {
      TumourLysis.Values(urate: urate, potassium: k, phosphate: p, calcium: ca)
    }
    let base = values(4, 4, 2, 8)
    func howard(_ v: TumourLysis.Values, _ bounds: TumourLysis.BoundReading) -> [Analyte] {
      TumourLysis.criteria(v, baseline: base, definition: .howard, bounds: bounds)
    }
    let at = values(8, 6, d("4.5"), 7)
    #expect(howard(at, .inclusive) == [.urate, .potassium, .phosphate, .calcium] && howard(at, .strict).isEmpty)
    let beyond = values(8 + step, 6 + step, d("4.5") + step, 7 - step)
    #expect(howard(beyond, .strict).count == 4)
    #expect(howard(values(8 - step, 6 - step, d("4.5") - step, 7 + step), .inclusive).isEmpty)
    func cairo(_ v: TumourLysis.Values) -> Int {
      TumourLysis.criteria(v, baseline: base, definition: .cairoBishop, bounds: .strict).count
    }
    #expect(cairo(values(5, 5, d("2.5"), 6)) == 4)
    #expect(cairo(values(5 - step, 5 - step, d("2.5") - step, 7 + step)) == 0)
  }

  @Test("Engraftment begins at 0.5 and 20 exactly, and the seventh day after a transfusion counts again")
  func engraftment() {
    func series(_ analyte: Analyte, _ values: [ExactDecimal]) -> [LaboratoryResult] {
      values.enumerated().map { LaboratoryResult(day: 10 + $0.offset, analyte: analyte, value: $0.element) }
    }
    let half = d("0.5")
    #expect(Engraftment.neutrophilDay(series(.neutrophils, [0, half, half, half])).value == 11)
    #expect(Engraftment.neutrophilDay(series(.neutrophils, [0, half, half - step, half, half, half])).value == 13)
    #expect(Engraftment.plateletDay(series(.platelets, [20, 20, 20]), transfusions: []).value == 10)
    #expect(Engraftment.plateletDay(series(.platelets, [20 - step, 20, 20, 20]), transfusions: []).value == 11)
    #expect(Engraftment.plateletDay(series(.platelets, [20, 20, 20]), transfusions: [3]).value == 10)
    #expect(Engraftment.plateletDay(series(.platelets, [20, 20, 20, 20]), transfusions: [4]).value == 11)
  }

  @Test("Chimerism, lung function and kidney categories at their bounds")
  func others() throws {
    #expect(try Chimerism.of(donorPercent: 95 - step).value == .mixed && Chimerism.of(donorPercent: 95).value == .full)
    #expect(try Chimerism.of(donorPercent: 95 + step, full: .above95).value == .full)
    #expect(try Chimerism.of(donorPercent: 5 - step).value == .lost && Chimerism.of(donorPercent: 5).value == .mixed)
    #expect(ComorbidityIndex.pulmonary(lowest: 65).value == .pulmonarySevere)
    #expect(ComorbidityIndex.pulmonary(lowest: 65 + step).value == .pulmonaryModerate)
    #expect(ComorbidityIndex.pulmonary(lowest: 80).value == .pulmonaryModerate)
    #expect(ComorbidityIndex.pulmonary(lowest: 80 + step).value == nil)
    let bounds: [(Double, KidneyFunction.Category, KidneyFunction.Category)] = [
      (90, .normal, .mildlyDecreased), (60, .mildlyDecreased, .mildlyToModerately),
      (45, .mildlyToModerately, .moderatelyToSeverely), (30, .moderatelyToSeverely, .severelyDecreased),
      (15, .severelyDecreased, .failure),
    ]
    for (bound, at, below) in bounds {
      #expect(KidneyFunction.Category(.millilitresPerMinute(bound)) == at)
      #expect(KidneyFunction.Category(.millilitresPerMinute(bound.nextDown)) == below)
    }
    let points: [ComorbidityIndex.Item: Int] = [
      .arrhythmia: 1, .cardiac: 1, .ibd: 1, .diabetes: 1, .cerebrovascular: 1, .psychiatric: 1, .hepaticMild: 1,
      .obesity: 1, .infection: 1, .rheumatologic: 2, .pepticUlcer: 2, .renal: 2, .pulmonaryModerate: 2,
      .priorMalignancy: 3, .heartValve: 3, .pulmonarySevere: 3, .hepaticSevere: 3,
    ]
    #expect(points.count == ComorbidityIndex.Item.allCases.count && points.allSatisfy { $0.key.weight == $0.value })
  }
}
