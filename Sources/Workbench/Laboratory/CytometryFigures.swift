import Foundation
import Laboratory
import Reports

/// The pictures of a stained tube and its isotype control: one a population, and one a gate of two channels.
struct CytometryFigures {
  let dataset: FCSDataset
  let gates: GateSet
  let result: GatingResult

  // MARK: Scales

  /// A logicle axis for the values of a channel.
  static func scale(_ channel: FCSChannel) throws -> Scale {
    .logicle(
      try Logicle(top: max(channel.scaled(channel.range), 1000), width: 0.5, decades: 4.5, negative: 0))
  }

  /// Marks at 0 and powers of ten that have room.
  static func marks(_ scale: Scale) -> [PlotAxis.Mark] {
    var marks: [PlotAxis.Mark] = []
    for (value, text) in [(0.0, "0"), (1e2, "10²"), (1e3, "10³"), (1e4, "10⁴"), (1e5, "10⁵"), (1e6, "10⁶")] {
      let place = scale(value)
      guard place.isFinite, place >= 0, place <= 1, place - (marks.last?.place ?? -1) > 0.09 else { continue }
      marks.append(.init(place, text))
    }
    return marks
  }

  private func title(_ dimension: GateDimension) -> String {
    switch dimension.source {
    case .channel(let name):
      let label = (try? dataset.channel(named: name))?.label
      return label.map { "\($0) (\(name))" } ?? name
    case .index(let index): return dataset.channels[index].name
    case .ratio(let x, let y, _, _, _): return "\(x) / \(y)"
    }
  }

  private func axis(_ dimension: GateDimension, _ values: [Double]) -> PlotAxis {
    if let scale = dimension.scale?.scale {
      return PlotAxis(title: title(dimension), low: -0.02, high: 1.02, marks: Self.marks(scale))
    }
    let sorted = values.filter(\.isFinite).sorted()
    guard let last = sorted.last else { return PlotAxis(title: title(dimension), low: 0, high: 1) }
    let low = sorted[Int(0.001 * Double(sorted.count - 1))]
    let high = sorted[Int(0.999 * Double(sorted.count - 1))]
    let margin = 0.05 * (high - low)
    return PlotAxis(title: title(dimension), low: min(0, low - margin), high: high > low ? high + margin : last + 1)
  }

  // MARK: Gates

  /// The plane of a gate's two dimensions with the events of its parent and the gates that lie in the same plane.
  ///
  /// - Parameter title: what stands above, and is left out before the names of gates; otherwise the gate's name.
  func planes(title shared: String? = nil) throws -> [(name: String, figure: Figure)] {
    var seen: Set<[GateDimension]> = []
    var figures: [(name: String, figure: Figure)] = []
    for (index, gate) in gates.gates.enumerated() {
      guard let (x, y, _) = Self.border(gate), seen.insert([x, y]).inserted else { continue }
      // Of all gates in this plane, the widest parent's events are shown.
      let alike = gates.gates.filter { other in Self.border(other).map { $0.x == x && $0.y == y } ?? false }
      let parents = alike.map { other in other.parent.flatMap { result.index(of: $0) } }
      let parent = parents.contains(nil) ? nil : parents.compactMap { $0 }.max { result.counts[$0] < result.counts[$1] }
      let events = parent.map { result.events(in: $0) } ?? Array(0..<dataset.events.count)
      let (a, b) = (try dataset.values(of: x), try dataset.values(of: y))
      let outlines = gates.gates.enumerated().compactMap { other, gate -> EventPlot.Outline? in
        guard let border = Self.border(gate), border.x == x, border.y == y else { return nil }
        let base = gate.parent.flatMap { result.index(of: $0) }.map { result.counts[$0] } ?? dataset.events.count
        return EventPlot.Outline(
          name: shared.map { gate.name.hasPrefix($0 + " ") ? String(gate.name.dropFirst($0.count + 1)) : gate.name }
            ?? gate.name,
          share: base > 0 ? String(format: "%.1f %%", 100 * Double(result.counts[other]) / Double(base)) : "–",
          points: border.points, isChosen: other == index)
      }
      figures.append(
        (
          "gate-\(figures.count + 1)-\(Self.stem(shared ?? gate.name))",
          .events(
            EventPlot(
              title: shared ?? gate.name, x: axis(x, events.map { a[$0] }), y: axis(y, events.map { b[$0] }),
              events: events.map { EventPlot.Point(a[$0], b[$0]) }, outlines: outlines,
              note:
                "\(events.count) events of \(parent.map { result.names[$0] } ?? "all"). Shares are of each gate's parent."
            ))
        ))
    }
    return figures
  }

  static func stem(_ name: String) -> String {
    let words = name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return words.isEmpty ? "gate" : String(words.joined(separator: "-").prefix(40))
  }

  private static func border(_ gate: Gate) -> (x: GateDimension, y: GateDimension, points: [EventPlot.Point])? {
    switch gate.shape {
    case .polygon(let x, let y, let points): return (x, y, points.map { .init($0.x, $0.y) })
    case .ellipsoid(let dimensions, let mean, let covariance, let square) where dimensions.count == 2:
      let a = covariance[0][0].squareRoot()
      guard a > 0 else { return nil }
      let b = covariance[1][0] / a
      let c = max(0, covariance[1][1] - b * b).squareRoot()
      let reach = square.squareRoot()
      let points = (0..<72).map { step -> EventPlot.Point in
        let angle = 2 * Double.pi * Double(step) / 72
        return .init(mean[0] + reach * a * cos(angle), mean[1] + reach * (b * cos(angle) + c * sin(angle)))
      }
      return (dimensions[0], dimensions[1], points)
    case .rectangle(let intervals) where intervals.count == 2:
      let (x, y) = (intervals[0], intervals[1])
      guard let left = x.minimum, let right = x.maximum, let low = y.minimum, let high = y.maximum else { return nil }
      return (
        x.dimension, y.dimension, [.init(left, low), .init(right, low), .init(right, high), .init(left, high)]
      )
    default: return nil
    }
  }

  // MARK: Histograms

  /// The distributions of the events of gates that are intervals of one channel, over each other.
  func intervals(_ names: [String]) throws -> (name: String, figure: Figure) {
    let members = names.compactMap { name in result.index(of: name).map { (name, $0) } }
    guard let first = members.first, case .rectangle(let bounds) = gates.gates[first.1].shape,
      let dimension = bounds.first?.dimension, let scale = dimension.scale?.scale
    else { throw LaboratoryError("gate-missing", "There is no interval to draw.", remedy: "Leave out --figures.") }
    let values = try dataset.values(of: dimension)
    return (
      "valleys",
      .histograms(
        HistogramPlot(
          title: title(dimension),
          axis: PlotAxis(title: title(dimension), low: 0, high: 1, marks: Self.marks(scale)),
          curves: members.map { name, index in
            .init(
              name: name, heights: Self.heights(places: result.events(in: index).map { values[$0] }), isControl: false)
          }, threshold: nil,
          note: members.map { "\($0): n \(result.counts[$1])" }.joined(separator: ", ") + ". Each to its own height."))
    )
  }

  /// The heights of a distribution on a scale from 0 to 1: 256 bins, smoothed by a Gaussian of 2 bins.
  static func heights(_ values: [Double], _ scale: Scale) -> [Double] { heights(places: values.map { scale($0) }) }

  private static func heights(places: [Double]) -> [Double] {
    var counts = [Double](repeating: 0, count: 257)
    for place in places where place.isFinite {
      counts[min(256, max(0, Int((place * 256).rounded())))] += 1
    }
    let kernel = (-6...6).map { exp(-0.5 * pow(Double($0) / 2, 2)) }
    let sum = kernel.reduce(0, +)
    let source = counts
    return source.indices.map { i in
      (-6...6).reduce(0) { total, k in
        source.indices.contains(i + k) ? total + source[i + k] * kernel[k + 6] / sum : total
      }
    }
  }

  /// Stained over isotype in one population.
  static func overlay(
    _ expression: ReceptorExpression, title: String, stained: [Double], isotype: [Double], channel: FCSChannel
  ) throws -> Figure {
    let scale = try scale(channel)
    let ratio =
      expression.medianRatio.map { "median ratio \(short($0))" } ?? "no ratio: the isotype's median is not above 0"
    let interval =
      expression.medianRatioInterval.map { " (95 % \(short($0.lowerBound)) to \(short($0.upperBound)))" } ?? ""
    return .histograms(
      HistogramPlot(
        title: title + " on " + expression.population,
        axis: PlotAxis(title: "\(title) (\(channel.name))", low: 0, high: 1, marks: marks(scale)),
        curves: [
          .init(name: "isotype", heights: heights(isotype, scale), isControl: true),
          .init(name: title, heights: heights(stained, scale), isControl: false),
        ],
        threshold: .init(scale(expression.threshold), "isotype 99 %"),
        note: "n \(expression.stained.count) and \(expression.isotype.count) events, \(ratio)\(interval), "
          + "\(short(expression.percentPositive)) % above the isotype's 99 percentile."))
  }
}
