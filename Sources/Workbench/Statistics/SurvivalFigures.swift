import Reports
import Statistics

extension SurvivalStatistics {
  /// The curves of survival, then those of the incidence of each cause where causes compete.
  func figures(
    _ groups: [(name: String, sample: SurvivalSample)], scale: KaplanMeier.Scale, causes: [Int], by column: String?,
    landmark: Double?, note: String, isExploratory: Bool
  ) -> [Figure] {
    let from = landmark.map { " after \(short($0))" } ?? ""
    let test = note.split(separator: "\n").map { $0 + (isExploratory ? " Few events: exploratory." : "") }
    func curve(
      _ value: String, _ sample: SurvivalSample, _ steps: [SurvivalPlot.Step], censored: [Double]
    ) -> SurvivalPlot.Curve {
      SurvivalPlot.Curve(
        name: Double(value) == nil || column == nil ? value : "\(column ?? "") \(value)", count: sample.count,
        steps: steps, censored: censored, end: sample.times.max() ?? 0,
        leaving: sample.times.sorted())
    }
    func censored(_ sample: SurvivalSample) -> [Double] {
      zip(sample.times, sample.causes).filter { $0.1 == 0 }.map(\.0).sorted()
    }
    let survival = SurvivalPlot(
      title: "Without event: \(titles.event)\(from)", timeTitle: "\(titles.time)\(from)",
      curves: groups.map { name, sample in
        curve(
          name, sample,
          KaplanMeier(sample, scale: scale).steps.filter { $0.events > 0 }.map {
            .init(time: $0.time, value: $0.survival, lower: $0.interval?.lower, upper: $0.interval?.upper)
          }, censored: censored(sample))
      }, rises: false,
      note: (["Kaplan-Meier, bands 95 % (\(scale.rawValue)), strokes: observation ended."] + test.prefix(1))
        .joined(separator: " "))
    let incidences = causes.count < 2 ? [] : causes
    return
      ([survival]
      + incidences.enumerated().map { place, cause in
        SurvivalPlot(
          title: "Incidence of cause \(cause)\(from)", timeTitle: "\(titles.time)\(from)",
          curves: groups.map { name, sample in
            curve(
              name, sample,
              CumulativeIncidence(of: cause, in: sample).steps.filter { $0.events > 0 }.map {
                .init(time: $0.time, value: $0.incidence, lower: $0.interval?.lower, upper: $0.interval?.upper)
              }, censored: censored(sample))
          }, rises: true,
          note: (["Aalen-Johansen, bands 95 %, strokes: observation ended."]
            + (test.count > place + 1 ? [test[place + 1]] : [])).joined(separator: " "))
      }).compactMap(Figure.survival)
  }
}
