import Quantities
import Reports
import Statistics
import Uptake

/// Which test's p is drawn between groups.
public enum GroupTest: String, CaseIterable, Sendable {
  case mannWhitney = "mann-whitney"
  case student, welch
}

extension PETCohort {
  /// Writes the figures and the SUV table `suv.csv`.
  ///
  /// - Throws: ``CaseError`` when a file cannot be written.
  public func write(to folder: String, _ format: PictureFormat, test: GroupTest = .mannWhitney) throws {
    try PictureFolder(path: folder).write(try format.files(figures(test: test)) + [("suv.csv", csv())])
  }

  /// The heat map, and what of the others the cohort has: groups, bars of entities, waterfall.
  func figures(test: GroupTest = .mannWhitney) throws -> [(name: String, figure: Figure)] {
    var figures = [("heat-map", heatMap)]
    if !groups.isEmpty { figures.append(("groups", groupScatter(test))) }
    let entities = try entities()
    if !entities.isEmpty {
      figures.append(("entities-suvmax", try bars("SUVmax", guides: [6, 12], entities) { $0.maxima }))
      if entities.contains(where: { !$0.ratios.isEmpty }) {
        figures.append(("entities-tbr", try bars("SUVmax / blood pool", guides: [4, 8], entities) { $0.ratios }))
      }
    }
    let changes = members.compactMap { member in
      member.change.map { WaterfallPlot.Row(name: member.plan.name, change: $0) }
    }
    if !changes.isEmpty {
      figures.append(
        ("waterfall", .waterfall(WaterfallPlot(quantity: "mean SUVmax, after against before", rows: changes))))
    }
    return figures
  }

  private var heatMap: Figure {
    .heatMap(
      SiteTable(
        sites: template.sites,
        rows: members.map { member in
          SiteTable.Row(
            name: member.plan.name, group: member.plan.cohort.group,
            values: member.sites.skeleton.sites.map(\.maximum), mean: member.sites.skeleton.meanMaximum)
        }))
  }

  private func groupScatter(_ test: GroupTest) -> Figure {
    let comparisons = comparisons()
    let name =
      switch test {
      case .mannWhitney:
        comparisons.allSatisfy { $0.mannWhitney.method == .exact }
          ? "Mann-Whitney, exact, two-sided" : "Mann-Whitney, two-sided (normal approximation where values are equal)"
      case .student: "Student's t test, two-sided"
      case .welch: "Welch's t test, two-sided"
      }
    let left = members.count { $0.plan.cohort.leftOut != nil }
    return .groupScatter(
      GroupPlot(
        quantity: "mean SUVmax",
        groups: groups.map { group in
          GroupPlot.Group(name: group, values: means(of: group).map(UptakeValue.init(base:)))
        },
        comparisons: comparisons.compactMap { comparison in
          guard let first = groups.firstIndex(of: comparison.first),
            let second = groups.firstIndex(of: comparison.second)
          else { return nil }
          let p =
            switch test {
            case .mannWhitney: comparison.mannWhitney.p
            case .student: comparison.student.p
            case .welch: comparison.welch.p
            }
          return GroupPlot.Comparison(first: first, second: second, p: p)
        }, note: "\(name), exploratory." + (left > 0 ? " \(left) left out." : "")))
  }

  private func bars(
    _ quantity: String, guides: [Double], _ entities: [EntityUptake], _ values: (EntityUptake) -> [Double]
  ) throws -> Figure {
    .entityBars(
      EntityPlot(
        quantity: quantity, guides: guides,
        rows: try entities.filter { !values($0).isEmpty }.map { entity in
          let sample = try Sample(values(entity))
          return EntityPlot.Row(
            name: entity.name, count: sample.count, mean: sample.mean, deviation: sample.sampleDeviation)
        }))
  }
}
