import Provenance
import Testing

@testable import Therapy

/// A decimal as written; a text that is none fails the test that uses it.
private func d(_ text: String) -> ExactDecimal { ExactDecimal(text) ?? -999 }

@Suite("Rules of follow-up")
struct FollowUpTests {
  static let lower: [Analyte: String] = [
    .neutrophils: "1.8", .platelets: "150", .leukocytes: "4.0", .haemoglobin: "12.0", .lymphocytes: "1.0",
  ]

  static let counts: [(Analyte, [(String, Int)])] = [
    (
      .neutrophils,
      [("2.0", 0), ("1.7", 1), ("1.5", 1), ("1.49", 2), ("1.0", 2), ("0.99", 3), ("0.5", 3), ("0.49", 4)]
    ),
    (.platelets, [("150", 0), ("149", 1), ("75", 1), ("74.9", 2), ("50", 2), ("49.9", 3), ("25", 3), ("24.9", 4)]),
    (.leukocytes, [("4", 0), ("3.9", 1), ("3", 1), ("2.99", 2), ("2", 2), ("1.99", 3), ("1", 3), ("0.99", 4)]),
    (.haemoglobin, [("12", 0), ("11.9", 1), ("10", 1), ("9.9", 2), ("8", 2), ("7.9", 3), ("5", 3)]),
    (.lymphocytes, [("1.0", 0), ("0.9", 1), ("0.79", 2), ("0.49", 3), ("0.19", 4)]),
  ]

  @Test("CTCAE v5 grades of blood counts", arguments: counts)
  func bloodCounts(analyte: Analyte, vectors: [(String, Int)]) throws {
    let range = ReferenceRange(lower: d(try #require(Self.lower[analyte])))
    for (value, grade) in vectors {
      #expect(ToxicityGrade.of(analyte, d(value), range: range, baseline: nil).value == grade, "\(analyte) \(value)")
    }
  }

  @Test("CTCAE v5 grades of creatinine: the worse of upper limit and baseline, with exact decimals")
  func creatinine() {
    let vectors = [
      ("1.1", "0.8", 0), ("1.2", "0.8", 0), ("1.21", "0.8", 2), ("1.3", "0.8", 2), ("1.9", "1.0", 2),
      ("2.5", "0.8", 3), ("3.7", "1.1", 3), ("7.3", "1.0", 4), ("0.9", "0.4", 2), ("1.2", "0.8", 0),
    ]
    for (value, base, grade) in vectors {
      let verdict = ToxicityGrade.of(.creatinine, d(value), range: .init(upper: d("1.2")), baseline: d(base))
      #expect(verdict.value == grade, "\(value) with baseline \(base)")
    }
  }

  @Test("CTCAE v5 grades of bilirubin: multiples of the baseline where that was above normal")
  func bilirubin() {
    let vectors = [
      ("1.2", "0.8", 0), ("1.3", "0.8", 1), ("1.9", "0.8", 2), ("3.7", "0.8", 3), ("12.5", "0.8", 4),
      ("2.0", "1.5", 1), ("2.4", "1.5", 2),
    ]
    for (value, base, grade) in vectors {
      let verdict = ToxicityGrade.of(.bilirubin, d(value), range: .init(upper: d("1.2")), baseline: d(base))
      #expect(verdict.value == grade, "\(value) with baseline \(base)")
    }
  }

  @Test("At every bound of every analyte the grade changes with the smallest step and rises to one side only")
  func bounds() throws {
    for (analyte, _) in Self.counts {
      let range = ReferenceRange(lower: d(try #require(Self.lower[analyte])))
      var last = 4
      for thousandths in stride(from: 0, through: 200_000, by: analyte == .platelets ? 25 : 5) {
        let grade = try #require(
          ToxicityGrade.of(analyte, .hundredths(thousandths) * .hundredths(10), range: range, baseline: nil).value)
        #expect(grade <= last)
        last = grade
      }
      #expect(last == 0)
    }
    let upper = ReferenceRange(upper: 40)
    let alt: [(String, Int)] = [
      ("40", 0), ("40.1", 1), ("120", 1), ("120.1", 2), ("200", 2), ("200.1", 3), ("800", 3), ("800.1", 4),
    ]
    for (value, grade) in alt { #expect(ToxicityGrade.of(.alt, d(value), range: upper, baseline: 30).value == grade) }
    #expect(ToxicityGrade.of(.alt, 89, range: upper, baseline: 60).value == 0)
    #expect(ToxicityGrade.of(.alt, 90, range: upper, baseline: 60).value == 1)
  }

  @Test("A limit that is missing leaves the grade open only where it could change it")
  func missingLimits() {
    #expect(ToxicityGrade.of(.neutrophils, d("0.4"), range: .init(), baseline: nil).value == 4)
    let open = ToxicityGrade.of(.neutrophils, d("1.6"), range: .init(), baseline: nil)
    #expect(open.value == nil && open.missing == ["the lower limit of normal"])
    let creatinine = ToxicityGrade.of(.creatinine, 1, range: .init(upper: d("1.2")), baseline: nil)
    #expect(creatinine.value == 0 && creatinine.missing == ["the baseline"])
    #expect(ToxicityGrade.of(.potassium, 5, range: .init(), baseline: nil).value == nil)
  }

  @Test("ELN 2022: every vector of the specification")
  func response() {
    typealias Findings = LeukaemiaResponse.Findings
    func assess(
      _ blasts: String?, before: String? = nil, _ anc: String? = nil, _ plt: String? = nil, emd: Bool = false,
      crh: Bool = true, bothLow: LeukaemiaResponse.BothLow = .leukaemiaFree, landmark: Bool = false
    ) -> String? {
      var f = Findings(marrowBlasts: blasts.map(d))
      f.marrowBlastsBefore = before.map(d)
      f.neutrophils = anc.map(d)
      f.platelets = plt.map(d)
      f.hasExtramedullaryDisease = emd
      f.isPastLandmark = landmark
      return LeukaemiaResponse.assess(f, usesCRh: crh, bothLow: bothLow).value?.rawValue
    }
    #expect(assess("3", "1.2", "120") == "CR")
    #expect(assess("3", "0.6", "60") == "CRh")
    #expect(assess("3", "1.1", "60") == "CRh")
    #expect(assess("3", "1.1", "40") == "CRi")
    #expect(assess("3", "0.6", "60", crh: false) == "MLFS")
    #expect(assess("3", "0.6", "60", crh: false, bothLow: .incomplete) == "CRi")
    #expect(assess("2", "0.2", "15") == "MLFS")
    #expect(assess("2", "0.2", "15", bothLow: .incomplete) == "CRi")
    #expect(assess("20", before: "60", "1.2", "110") == "PR")
    #expect(assess("20", before: "30", "1.2", "110") == "no response")
    #expect(assess("20", before: "60", "0.8", "110") == "no response")
    #expect(assess(nil) == "NE")
    #expect(assess("3", "1.2", "120", emd: true) == "no response")
    #expect(assess("4.9", "1.0", "100") == "CR")
    #expect(assess("5.0", "1.0", "100") == "no response")
    #expect(assess("5.0", before: "60", "1.0", "100") == "PR")
    #expect(assess("40", "0.2", "20", landmark: true) == "refractory")
    #expect(assess("3", nil, "120") == nil)
  }

  static func series(_ analyte: Analyte, from day: Int, _ values: [String]) -> [LaboratoryResult] {
    values.enumerated().map { LaboratoryResult(day: day + $0.offset, analyte: analyte, value: d($0.element)) }
  }

  static let neutrophils = series(
    .neutrophils, from: 10, ["0.1", "0.2", "0.4", "0.5", "0.6", "0.4", "0.5", "0.7", "0.9", "1.2"])
  static let platelets = series(
    .platelets, from: 10,
    [
      "8", "22", "25", "21", "18", "24", "19", "21", "22", "23", "25", "28", "30", "35", "38", "40", "44", "46", "50",
      "55",
    ])

  @Test("Neutrophils engraft on day 16, platelets on day 21 after transfusions on days 10 and 14")
  func engraftment() {
    #expect(Engraftment.neutrophilDay(Self.neutrophils).value == 16)
    #expect(Engraftment.plateletDay(Self.platelets, transfusions: [10, 14]).value == 21)
    #expect(Engraftment.plateletDay(Self.platelets, transfusions: []).value == 11)
    #expect(Engraftment.plateletDay(Self.platelets, transfusions: [10, 14, 22]).value == nil)
  }

  @Test("A day without a count leaves engraftment open instead of being filled in")
  func gaps() {
    let verdict = Engraftment.neutrophilDay(Self.neutrophils.filter { $0.day != 17 })
    #expect(verdict.value == nil && verdict.missing == ["the count of day 17"])
    // A gap that cannot change the answer does not matter.
    #expect(Engraftment.neutrophilDay(Self.neutrophils.filter { $0.day != 11 }).value == 16)
    #expect(Engraftment.neutrophilDay([]).value == nil)
  }

  @Test("Graft failure needs counts up to day 30; death before is a competing event")
  func failure() {
    let low = Self.series(.neutrophils, from: 5, Array(repeating: "0.1", count: 26))
    #expect(Engraftment.primaryFailure(low, graft: .peripheralBlood, death: nil).value == .primary)
    #expect(Engraftment.primaryFailure(low, graft: .cord, death: nil).value == nil)
    let short = low.filter { $0.day < 20 }
    #expect(Engraftment.primaryFailure(short, graft: .peripheralBlood, death: nil).value == nil)
    #expect(Engraftment.primaryFailure(short, graft: .peripheralBlood, death: 20).value == .diedBefore)
    #expect(
      Engraftment.primaryFailure(Self.neutrophils, graft: .marrow, death: nil).value == Engraftment.Failure.none)
    let lost = Self.neutrophils + Self.series(.neutrophils, from: 40, ["0.3", "0.2", "0.1"])
    #expect(Engraftment.lossAfterRecovery(lost).value == 40)
  }

  @Test("Tumour lysis by Howard and by Cairo and Bishop")
  func tumourLysis() {
    func values(_ v: [String]) -> TumourLysis.Values {
      TumourLysis.Values(urate: d(v[0]), potassium: d(v[1]), phosphate: d(v[2]), calcium: d(v[3]))
    }
    let base = values(["5.0", "4.0", "3.2", "9.0"])
    let vectors = [
      (["8.0", "5.0", "4.5", "8.5"], 2, 3), (["6.5", "5.2", "3.9", "8.8"], 0, 2),
      (["7.9", "5.9", "4.4", "7.1"], 0, 3), (["5", "6.1", "3", "7.0"], 2, 2),
    ]
    for (v, howard, cairo) in vectors {
      #expect(TumourLysis.criteria(values(v), baseline: base, definition: .howard).count == howard)
      #expect(TumourLysis.criteria(values(v), baseline: base, definition: .cairoBishop).count == cairo)
    }
    let strict = TumourLysis.criteria(
      values(["8.0", "6.0", "4.5", "7.0"]), baseline: base, definition: .howard, bounds: .strict)
    #expect(strict.isEmpty)
  }

  @Test("Tumour lysis looks from 3 days before to 7 days after each anchor and corrects calcium for albumin")
  func windows() {
    func day(_ day: Int, _ urate: String, _ calcium: String, albumin: String) -> [LaboratoryResult] {
      [(Analyte.urate, urate), (.calcium, calcium), (.albumin, albumin)].map {
        LaboratoryResult(day: day, analyte: $0.0, value: d($0.1))
      }
    }
    let results = day(-16, "5", "9.0", albumin: "4.0") + day(-12, "8.5", "6.8", albumin: "4.0")
    let atTherapy = TumourLysis.days(results, anchor: -14, definition: .howard)
    #expect(atTherapy.value == [-12] && atTherapy.missing == ["potassium", "phosphate"])
    #expect(TumourLysis.days(results, anchor: -2, definition: .howard).value == nil)
    let corrected = day(-16, "5", "9.0", albumin: "4.0") + day(-12, "8.5", "6.8", albumin: "3.0")
    #expect(TumourLysis.days(corrected, anchor: -14, definition: .howard).value == [])
  }

  @Test("HCT-CI: scores, groups, lung function, exclusive pairs")
  func comorbidity() throws {
    let vectors: [(Set<ComorbidityIndex.Item>, Int, String)] = [
      ([], 0, "0"), ([.infection], 1, "1-2"), ([.infection, .diabetes], 2, "1-2"), ([.pulmonarySevere], 3, ">=3"),
      ([.pulmonaryModerate, .hepaticMild, .infection, .obesity], 5, ">=3"),
    ]
    for (items, score, group) in vectors {
      let index = try ComorbidityIndex(items)
      #expect(index.score == score && index.group == group)
    }
    let lungs: [(String, ComorbidityIndex.Item?)] = [
      ("60", .pulmonarySevere), ("65", .pulmonarySevere), ("65.5", .pulmonaryModerate), ("66", .pulmonaryModerate),
      ("80", .pulmonaryModerate), ("80.5", nil),
    ]
    for (percent, item) in lungs { #expect(ComorbidityIndex.pulmonary(lowest: d(percent)).value == item) }
    #expect(throws: TherapyError.self) { try ComorbidityIndex([.pulmonaryModerate, .pulmonarySevere]) }
    #expect(throws: TherapyError.self) { try ComorbidityIndex([.hepaticMild, .hepaticSevere]) }
    let weights: [ComorbidityIndex.Item: Int] = [
      .arrhythmia: 1, .obesity: 1, .renal: 2, .pepticUlcer: 2, .heartValve: 3,
    ]
    for (item, weight) in weights { #expect(item.weight == weight) }
  }

  @Test("Chimerism: full from 95 %, mixed from 5 %, lost below; the bound is a setting")
  func chimerism() throws {
    let vectors = [
      ("99.82", "full donor"), ("99.11", "full donor"), ("95.1", "full donor"), ("95", "full donor"), ("94.9", "mixed"),
      ("50", "mixed"), ("4", "graft loss/recipient"),
    ]
    for (donor, name) in vectors { #expect(try Chimerism.of(donorPercent: d(donor)).value?.rawValue == name) }
    #expect(try Chimerism.of(donorPercent: 95, full: .above95).value == .mixed)
    #expect(try Chimerism.of(donorPercent: 5).value == .mixed)
    #expect(throws: TherapyError.self) { try Chimerism.of(donorPercent: d("100.1")) }
  }

  @Test("Decimals compare as written: 1.5 × 0.8 is 1.2")
  func decimals() {
    #expect(d("1.5") * d("0.8") == d("1.2"))
    #expect(ExactDecimal(0.1)?.description == "0.1")
    for text in ["", "1e3", "1.", ".5", "1,2", "١", "nan", "1234567890123456"] { #expect(ExactDecimal(text) == nil) }
    #expect(ExactDecimal(Double.nan) == nil && ExactDecimal(1e300) == nil)
    #expect(Analyte.neutrophils.value(500, unit: "/µL") == d("0.5"))
    #expect(Analyte.haemoglobin.value(120, unit: "g/L") == 12)
    #expect(Analyte.creatinine.value(88, unit: "µmol/L") == nil)
  }
}
