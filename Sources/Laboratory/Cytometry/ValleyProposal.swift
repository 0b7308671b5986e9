public import Provenance

/// Gates that part events along the valleys of one channel or of the plane of two, which a person has to confirm.
///
/// In one channel they are intervals between neighbouring valleys, in two polygons around the modes of the density; modes
/// with less than 1 % of the events have none.
public struct ValleyProposal: Sendable {
  /// The gates that lead to the parted events, then those along the valleys.
  public let gates: GateSet
  /// The channels by label.
  public let title: String
  /// The names of the gates along the valleys: title and number.
  public let names: [String]
  public let findings: [Finding]

  /// - Parameters:
  ///   - y: the second channel; `nil` for valleys of one.
  ///   - parent: the gate of `others` whose events are parted; `nil` for all events.
  /// - Throws: ``LaboratoryError`` when there are too few events, no valley, or no such gate.
  public init(
    _ dataset: FCSDataset, x: FCSChannel, y: FCSChannel? = nil, within parent: String? = nil, of others: GateSet? = nil
  ) throws {
    var members = Array(0..<dataset.events.count)
    if let parent {
      let result = try others?.apply(to: dataset)
      guard let result, let index = result.index(of: parent) else {
        throw LaboratoryError(
          "gate-missing", "There is no gate “\(parent)”.", remedy: "Name a gate of the document given.")
      }
      members = result.events(in: index)
    }
    let across = try GateDimension(shown: x)
    let a = try dataset.values(of: across)
    let values = members.map { a[$0] }
    title = [x, y].compactMap { $0.map { $0.label ?? $0.name } }.joined(separator: " and ")
    var shapes: [Gate.Shape]
    if let y {
      let up = try GateDimension(shown: y)
      let b = try dataset.values(of: up)
      shapes = (DensityPlane(values, members.map { b[$0] })?.modes ?? []).map { .polygon(across, up, $0.border) }
    } else {
      let valleys = DensityCurve(values)?.valleys() ?? []
      shapes = zip([nil] + valleys, valleys + [nil]).map {
        .rectangle([.init(across, minimum: $0, maximum: $1)])
      }
    }
    if shapes.count < 2 {
      throw LaboratoryError(
        "valley-missing", "The \(members.count) events have no valley in \(title).",
        remedy: "Choose other channels or a gate with more populations.")
    }
    let title = title
    let own = shapes.enumerated().map { Gate("\(title) \($0 + 1)", parent: parent, $1) }
    names = own.map(\.name)
    gates = try GateSet((others?.gates ?? []) + own)
    findings =
      own.map {
        .fcs(
          .caution, "gate-proposed", "A gate was proposed.",
          "It ends at the valleys of the density in \(title). Confirm it by eye.", subject: $0.name)
      } + gates.findings
  }
}

extension GateDimension {
  /// A channel on the scale on which its populations are told apart: linear for time and forward scatter, logarithmic for
  /// channels stored so, otherwise logicle.
  public init(shown channel: FCSChannel) throws {
    let top = channel.scaled(channel.range)
    let scale: Scale
    if case .logarithmic(let decades, _) = channel.amplification {
      scale = .logarithmic(top: top, decades: decades)
    } else if channel.isTime || channel.name.uppercased().hasPrefix("FS"), top > 0 {
      scale = .linear(top: top, negative: 0)
    } else {
      scale = .logicle(try Logicle(top: max(top, 1000), width: 0.5, decades: 4.5, negative: 0))
    }
    self.init(.channel(channel.name), scale: BoundedScale(scale))
  }
}
