import Reports
import Statistics

/// Volumes of tumours by group: every animal, mean ± SEM, and the groups on the last day that all have.
struct GrowthFigures {
  private let groups: [(name: String, animals: [[(day: Double, volume: Double)]])]
  /// The volumes on the last day on which every group has animals.
  let comparison: SampleComparison

  init(_ animals: [(group: String, points: [(Double, Double)])], centre: GroupCentre) {
    var names: [String] = []
    for animal in animals where !names.contains(animal.group) { names.append(animal.group) }
    let groups = names.map { name in
      (
        name,
        animals.filter { $0.group == name }.map {
          $0.points.map { (day: $0.0, volume: $0.1) }.sorted { $0.day < $1.day }
        }
      )
    }
    self.groups = groups
    let days = groups.map { Set($0.1.flatMap { $0.map(\.day) }) }
    let last = days.dropFirst().reduce(days.first ?? []) { $0.intersection($1) }.max()
    comparison = SampleComparison(
      "Tumour volume" + (last.map { " on day \(short($0))" } ?? ""),
      groups.map { name, animals in
        (name, animals.compactMap { points in points.first { $0.day == last }?.volume })
      }, centre: centre)
  }

  func all() throws -> [NamedFigure] {
    let series = try groups.map { name, animals in
      SeriesPlot.Series(
        name: "\(name) (n \(animals.count))",
        points: try Set(animals.flatMap { $0.map(\.day) }).sorted().map { day in
          let d = try Description(animals.compactMap { points in points.first { $0.day == day }?.volume })
          return .init(
            day, d.mean, lower: d.standardError.map { d.mean - $0 }, upper: d.standardError.map { d.mean + $0 })
        }, traces: animals.map { $0.map { .init($0.day, $0.volume) } })
    }
    let points = groups.flatMap { $0.animals.flatMap { $0 } }
    let growth = Figure.series(
      SeriesPlot(
        title: "Tumour growth", x: .covering(points.map(\.day), title: "day"),
        y: .covering(points.map(\.volume), title: "volume, mL"), series: series,
        note: "Mean ± SEM of the animals measured that day; grey: every animal."))
    return [("growth", growth)]
      + (comparison.groups.isEmpty ? [] : [("volumes", try comparison.figure(quantity: "mL"))])
  }

  var table: String {
    csvText(
      [["group", "animal", "day", "volume_mL"]]
        + groups.flatMap { name, animals in
          animals.enumerated().flatMap { index, points in
            points.map { [name, "\(index + 1)", "\($0.day)", "\($0.volume)"] }
          }
        })
  }
}
