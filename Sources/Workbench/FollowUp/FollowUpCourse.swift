import JSON
import Provenance
import Statistics
import Therapy

/// What is followed beyond the first weeks: the graft's function, boosts, kidneys and liver over the years.
extension FollowUp {
  /// What came of a boost.
  struct Boost {
    let day: Int
    let neutrophils: Verdict<Int>
    let platelets: Verdict<Int>

    var document: JSONValue {
      [
        "day": JSONValue(day), "neutrophils": verdict(neutrophils) { JSONValue($0) },
        "platelets": verdict(platelets) { JSONValue($0) },
      ]
    }
  }

  var boosts: [Boost] {
    file.boosts.map { day in
      Boost(
        day: day, neutrophils: Engraftment.neutrophilDay(file.results, from: day),
        platelets: Engraftment.plateletDay(file.results, transfusions: file.transfusions, from: day))
    }
  }

  var graftFunction: Verdict<GraftFunction> {
    GraftFunction.assess(file.results) { day in
      chimerism.filter { $0.day <= day }.max { $0.day < $1.day }?.verdict?.value
        ?? chimerism.filter { $0.day > day }.min { $0.day < $1.day }?.verdict?.value
    }
  }

  /// The worst grades of kidneys and liver of one year after the graft.
  struct Year {
    let number: Int
    let grades: [(analyte: Analyte, values: Int, grade: Verdict<Int>)]

    var document: JSONValue {
      [
        "year": JSONValue(number),
        "grades": JSONValue(
          grades.map { entry in
            [
              "analyte": JSONValue(entry.analyte.rawValue), "values": JSONValue(entry.values),
              "grade": verdict(entry.grade) { JSONValue($0) },
            ]
          }),
      ]
    }
  }

  /// Years counted from the graft; the first is that of days 1 to 365. Years without a value are left out.
  var years: [Year] {
    let organs: [Analyte] = [.creatinine, .bilirubin, .alt, .ast]
    let late = file.results.filter { $0.day > 0 && organs.contains($0.analyte) }
    let numbers = Set(late.map { ($0.day - 1) / 365 + 1 }).sorted()
    return numbers.map { number in
      Year(
        number: number,
        grades: organs.compactMap { analyte in
          let values = late.filter { $0.analyte == analyte && ($0.day - 1) / 365 + 1 == number }
          let baseline = file.results.baseline(of: analyte, before: file.therapyDay)
          let grades = values.map {
            ToxicityGrade.of(
              analyte, $0.value, range: file.ranges[analyte] ?? ReferenceRange(), baseline: baseline?.value)
          }
          return grades.max { ($0.value ?? -1) < ($1.value ?? -1) }.map { (analyte, values.count, $0) }
        })
    }
  }

  /// `nil` without the patient's age and sex, or for a child, whom the equation does not fit.
  var kidneys: KidneyFunction? {
    file.subject.flatMap { try? KidneyFunction(file.results, ageInYears: $0.age, sex: $0.sex) }
  }

  var kidneysDocument: JSONValue {
    guard let kidneys, !kidneys.points.isEmpty else { return nil }
    return [
      "equation": "CKD-EPI 2021, creatinine",
      "points": JSONValue(
        kidneys.points.map {
          [
            "day": JSONValue($0.day), "rate": amount($0.rate.millilitresPerMinute, "mL/min/1.73 m²"),
            "category": JSONValue($0.category.rawValue),
          ]
        }),
      "slope": verdict(kidneys.slope) { trend in
        [
          "value": JSONValue(trend.slope), "unit": "mL/min/1.73 m² a year",
          "interval95": trend.interval?.document ?? nil, "n": JSONValue(trend.count),
        ]
      },
    ]
  }

  var courseSummary: String {
    var text = ""
    if let kidneys, let first = kidneys.points.first, let last = kidneys.points.last {
      func rate(_ point: KidneyFunction.Point) -> String {
        "\(short(point.rate.millilitresPerMinute.rounded())) (\(point.category.rawValue), day \(point.day))"
      }
      text += "Filtration rate, mL/min/1.73 m²: \(rate(first)) to \(rate(last))"
      if let slope = kidneys.slope.value {
        text += "; slope \(short(slope.slope)) a year"
        if let interval = slope.interval { text += " (95 %: \(interval.text))" }
      }
      text += ".\n"
    }
    guard years.contains(where: { $0.number > 1 }) else { return text }
    for year in years {
      let grades = year.grades.map { "\($0.analyte.rawValue) \($0.grade.value.map(String.init) ?? "?")" }
      text += "Worst grades of year \(year.number): \(grades.joined(separator: ", ")).\n"
    }
    return text
  }
}
