import Foundation
public import JSON
import Laboratory
import Provenance

/// Flow cytometry of a case: CXCR4 against the isotype control, and the gates on plots of their events.
///
/// The case's folder `laboratory` holds FCS files, that of the control with `isotype` in its name, and `gates.xml` in
/// Gating-ML where a person has drawn gates; others are proposed.
public struct LaboratoryPage: Sendable {
  /// `GET /api/laboratory`.
  public let document: JSONValue

  /// - Throws: a refusal for files that cannot be read; a case without files is a document that says so.
  public init(_ folder: String) throws {
    let place = folder + "/laboratory"
    let (tubes, stained, control) = GatingPage.tubes(in: folder)
    let drawn = folder + "/" + GatingPage.file
    let gates = FileManager.default.fileExists(atPath: drawn) ? drawn : nil
    guard let stained else {
      document = ["files": [], "receptor": nil, "plots": [], "histograms": [], "refused": nil]
      return
    }
    var receptor: JSONValue = nil
    var refused: JSONValue = nil
    var plots: [JSONValue] = []
    var histograms: [JSONValue] = []
    do {
      let tube = try FCSFile(path: place + "/" + stained).datasets[0]
      let set = try gates.map { try GateSet(gatingML: readFile($0)) } ?? GateProposal(tube).gates
      plots = try GatePlots(tube, set).documents
      if let control {
        let report = try cytometryReceptor(
          stained: place + "/" + stained, isotype: place + "/" + control, gates: gates, channel: nil, savingGates: nil)
        receptor = report.document
        let other = try FCSFile(path: place + "/" + control).datasets[0]
        histograms = try Self.histograms(tube, other, set, channel: receptor["channel"]?.string ?? "")
      }
    } catch { refused = AnyRefusal(anyError: error).document }
    document = [
      "files": .array(tubes.map { JSONValue($0) }), "receptor": receptor, "plots": .array(plots),
      "histograms": .array(histograms), "refused": refused,
    ]
  }

  /// The receptor's channel in the stained tube and in the control, of every gate, on one logicle scale.
  private static func histograms(
    _ tube: FCSDataset, _ control: FCSDataset, _ gates: GateSet, channel name: String
  ) throws -> [JSONValue] {
    let bins = 96
    let channel = try tube.channel(named: name)
    let top = max(channel.scaled(channel.range), 1)
    let scale = Scale.logicle(try Logicle(top: top, width: 0.5, decades: 4.5, negative: 0))
    func counts(_ dataset: FCSDataset) throws -> [[Int]] {
      let values = try dataset.values(of: GateDimension(.index(dataset.channel(named: name).index)))
      let result = try gates.apply(to: dataset)
      return gates.gates.indices.map { gate in
        var counts = [Int](repeating: 0, count: bins)
        for event in result.events(in: gate) {
          let place = scale(values[event])
          if place.isFinite { counts[min(bins - 1, max(0, Int(place * Double(bins))))] += 1 }
        }
        return counts
      }
    }
    let (a, b) = (try counts(tube), try counts(control))
    let ticks = [0, 100, 1000, 10_000, 100_000].filter { $0 <= top }
    return gates.gates.indices.map { gate in
      [
        "gate": JSONValue(gates.gates[gate].name), "channel": JSONValue(channel.label ?? channel.name),
        "stained": .array(a[gate].map { JSONValue($0) }), "isotype": .array(b[gate].map { JSONValue($0) }),
        "ticks": JSONValue(ticks.map { ["value": .number($0), "place": .number(scale($0))] }),
      ]
    }
  }
}

/// Every gate of two dimensions on the density of the events that it divides.
private struct GatePlots {
  private static let bins = 64
  let documents: [JSONValue]

  init(_ dataset: FCSDataset, _ set: GateSet) throws {
    let result = try set.apply(to: dataset)
    documents = try set.gates.indices.compactMap { index in
      let gate = set.gates[index]
      guard let (x, y, outline) = GateOutline.of(gate.shape) else { return nil }
      let (xs, ys) = (try dataset.values(of: x), try dataset.values(of: y))
      let parent = gate.parent.flatMap { result.index(of: $0) }
      let events = parent.map { result.events(in: $0) } ?? Array(0..<dataset.events.count)
      let (across, up) = (
        Self.range(events.map { xs[$0] }, outline.map(\.x)), Self.range(events.map { ys[$0] }, outline.map(\.y))
      )
      var counts = [Int](repeating: 0, count: Self.bins * Self.bins)
      for event in events {
        let column = (xs[event] - across.lowerBound) / (across.upperBound - across.lowerBound) * Double(Self.bins)
        let row = (ys[event] - up.lowerBound) / (up.upperBound - up.lowerBound) * Double(Self.bins)
        guard column >= 0, row >= 0, column < Double(Self.bins), row < Double(Self.bins) else { continue }
        counts[Int(row) * Self.bins + Int(column)] += 1
      }
      let count = result.counts[index]
      return [
        "gate": JSONValue(gate.name), "parent": JSONValue(gate.parent),
        "x": JSONValue(Self.title(x, dataset)), "y": JSONValue(Self.title(y, dataset)),
        "bins": JSONValue(Self.bins), "counts": .array(counts.map { JSONValue($0) }),
        "outline": .array(
          outline.map {
            [
              .number(($0.x - across.lowerBound) / (across.upperBound - across.lowerBound)),
              .number(($0.y - up.lowerBound) / (up.upperBound - up.lowerBound)),
            ]
          }),
        "count": JSONValue(count), "of": JSONValue(events.count),
        "percentOfParent": JSONValue(events.isEmpty ? nil : 100 * Double(count) / Double(events.count)),
      ]
    }
  }

  /// The central 99 % of the values and the part of the outline that is near them.
  private static func range(_ values: [Double], _ outline: [Double]) -> ClosedRange<Double> {
    let sorted = values.filter(\.isFinite).sorted()
    guard let first = sorted.first, let last = sorted.last, last > first else { return 0...1 }
    let low = sorted[sorted.count / 200]
    let high = max(sorted[sorted.count - 1 - sorted.count / 200], low.nextUp)
    let reach = high - low
    let near = outline.filter { $0 > low - reach && $0 < high + reach }
    let (a, b) = (min(low, near.min() ?? low), max(high, near.max() ?? high))
    return (a - 0.03 * (b - a))...(b + 0.03 * (b - a))
  }

  private static func title(_ dimension: GateDimension, _ dataset: FCSDataset) -> String {
    switch dimension.source {
    case .channel(let name): printable(name)
    case .index(let index):
      dataset.channels.first { $0.index == index }.map { printable($0.label ?? $0.name) } ?? "\(index)"
    case .ratio(let a, let b, _, _, _): printable("\(a) / \(b)")
    }
  }
}
