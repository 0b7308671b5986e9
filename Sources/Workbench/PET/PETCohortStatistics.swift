import JSON
import Quantities
import Statistics
import Uptake

/// Mean SUVmax of two groups against each other by three tests.
struct GroupComparison: Sendable {
  let first: String
  let second: String
  let counts: (first: Int, second: Int)
  let student: TTest
  let welch: TTest
  /// `nil` when all values are equal.
  let mannWhitney: MannWhitney

  init(_ first: String, _ x: [Double], _ second: String, _ y: [Double]) throws {
    (self.first, self.second, counts) = (first, second, (x.count, y.count))
    student = try TTest.student(x, y)
    welch = try TTest.welch(x, y)
    mannWhitney = try MannWhitney(x, y)
  }

  var document: JSONValue {
    func test(_ test: TTest) -> JSONValue {
      [
        "t": .number(test.t), "degreesOfFreedom": .number(test.degreesOfFreedom), "p": .number(test.p),
        "difference": .number(test.difference),
        "interval": [.number(test.interval.lower), .number(test.interval.upper)],
      ]
    }
    return [
      "first": .string(first), "second": .string(second), "n": [JSONValue(counts.first), JSONValue(counts.second)],
      "student": test(student), "welch": test(welch),
      "mannWhitney": [
        "u": .number(mannWhitney.u), "p": .number(mannWhitney.p), "method": .string(mannWhitney.method.rawValue),
        "smallestAttainable": JSONValue(mannWhitney.smallestAttainable),
      ],
    ]
  }
}

/// Uptake of the patients of one entity.
struct EntityUptake: Sendable {
  let name: String
  /// The hottest site or lesion of every patient.
  let maxima: [Double]
  /// The same over the blood pool, of the patients who have one.
  let ratios: [Double]
}

/// How an organ's uptake goes with the tumour burden: less uptake with more burden would be a tumour sink.
struct SinkCorrelation: Sendable {
  let burden: String
  let correlation: Correlation

  var document: JSONValue {
    [
      "organ": "spleen", "burden": .string(burden), "n": JSONValue(correlation.count),
      "rho": .number(correlation.coefficient), "p": JSONValue(correlation.p),
      "method": .string(correlation.method.rawValue),
    ]
  }
}

extension PETCohort {
  /// The mean SUVmax of the members of a group who take part in tests.
  func means(of group: String) -> [Double] {
    members.filter { $0.plan.cohort.group == group && $0.plan.cohort.leftOut == nil }
      .compactMap { $0.sites.skeleton.meanMaximum?.base }
  }

  /// Every pair of groups that can be tested; two values each at least, which vary.
  func comparisons() -> [GroupComparison] {
    groups.indices.flatMap { a in
      groups.indices.dropFirst(a + 1).compactMap { b in
        try? GroupComparison(groups[a], means(of: groups[a]), groups[b], means(of: groups[b]))
      }
    }
  }

  /// SUVmax and ratio to the blood pool by entity, in the order of the members.
  func entities() throws -> [EntityUptake] {
    var names: [String] = []
    for name in members.compactMap(\.plan.cohort.entity) where !names.contains(name) { names.append(name) }
    return try names.map { name in
      let own = members.filter { $0.plan.cohort.entity == name }
      let hottest = own.compactMap { member in member.sites.hottest.map { (member, $0) } }
      return EntityUptake(
        name: name, maxima: hottest.map(\.1.base),
        ratios: try hottest.compactMap { member, maximum in
          try member.sites.reference(.bloodPool).map {
            try TargetToBackground(maximum, over: $0.mean, .bloodPool).ratio
          }
        })
    }
  }

  /// Spearman's correlation of the spleen's SUVmean with volume and total uptake of the lesions; at least four cases.
  func sink() -> [SinkCorrelation] {
    let known = members.compactMap { member -> (spleen: Double, burden: LesionBurden)? in
      guard let spleen = member.sites.reference(.spleen), let burden = member.sites.tumourBurden else { return nil }
      return (spleen.mean.base, burden)
    }
    guard known.count >= 4 else { return [] }
    let spleen = known.map(\.spleen)
    return [
      ("volume", known.map(\.burden.volume.millilitres)), ("total uptake", known.map(\.burden.total.base)),
    ].compactMap { name, burden in
      (try? Correlation.spearman(spleen, burden)).map { SinkCorrelation(burden: name, correlation: $0) }
    }
  }
}

extension PETSites {
  /// The burden of the whole body where it was measured, else of the lesions that were named; `nil` without either.
  var tumourBurden: LesionBurden? { wholeBody?.burden ?? (lesions.isEmpty ? nil : burden) }
}
