import Glibc

extension SpilloverMatrix {
  /// A tube with one fluorochrome alone.
  public struct Control: Sendable {
    /// The fluorochrome's name; `nil` for that of the detector in which it is brightest.
    public let fluorochrome: String?
    public let dataset: FCSDataset

    public init(fluorochrome: String? = nil, dataset: FCSDataset) {
      (self.fluorochrome, self.dataset) = (fluorochrome, dataset)
    }
  }

  /// Which events of a control count.
  public enum ControlEvents: String, CaseIterable, Sendable {
    /// All of them, as for beads and pure populations.
    case all
    /// Those above the valley of the fluorochrome's own detector; all where it has none.
    case bright
  }

  /// The matrix from single-stained controls: a row is the medians of the control less those of the unstained tube, not
  /// below 0, over the largest of them.
  ///
  /// With more detectors than controls it is the matrix of a spectral unmixing.
  ///
  /// - Parameter detectors: the channels in question; all that are neither scatter nor time where `nil`.
  /// - Throws: ``LaboratoryError`` when two controls are brightest in the same detector of a square matrix, a control is
  ///   not above the unstained tube, or the matrix is singular.
  public init(
    controls: [Control], unstained: FCSDataset, detectors names: [String]? = nil, events: ControlEvents = .all
  ) throws {
    let dyes = unstained.channels.filter { !$0.isScatter && !$0.isTime && $0.name.last != "H" }
    let detectors =
      names ?? (dyes.isEmpty ? unstained.channels.filter { !$0.isScatter && !$0.isTime } : dyes).map(\.name)
    func medians(_ dataset: FCSDataset, _ kept: (Int) -> Bool) throws -> [Double] {
      try detectors.map { name in
        let values = dataset.scaled(try dataset.channel(named: name))
        return try Fluorescence(values.indices.filter(kept).map { values[$0] }).median
      }
    }
    let dark = try medians(unstained) { _ in true }
    var names: [String] = []
    var rows: [[Double]] = []
    for control in controls {
      var bright = zip(try medians(control.dataset) { _ in true }, dark).map { max(0, $0 - $1) }
      guard var top = bright.indices.max(by: { bright[$0] < bright[$1] }), bright[top] > 0 else {
        throw LaboratoryError(
          "control-dark", "A single-stained control is in no detector brighter than the unstained tube.",
          remedy: "Check which tube is which.")
      }
      if events == .bright {
        let channel = try control.dataset.channel(named: detectors[top])
        let values = control.dataset.scaled(channel)
        let scale = Scale.asinh(top: Swift.max(channel.scaled(channel.range), 1000), decades: 4.5, negative: 0)
        let places = values.map { scale($0) }
        if let floor = DensityCurve(places)?.valleys(share: 0.02).last {
          bright = zip(try medians(control.dataset) { places[$0] >= floor }, dark).map { max(0, $0 - $1) }
          top = bright.indices.max { bright[$0] < bright[$1] } ?? top
        }
      }
      names.append(control.fluorochrome ?? detectors[top])
      rows.append(bright.map { $0 / bright[top] })
    }
    guard Set(names).count == names.count else {
      throw LaboratoryError(
        "controls-alike",
        "Two single-stained controls are brightest in \(names.first { n in names.count { $0 == n } > 1 } ?? "one").",
        remedy: "Name the fluorochromes, or leave one control out.")
    }
    // Rows in the order of the detectors, so that a square matrix has its ones on the diagonal.
    let order = names.indices.sorted { a, b in
      (rows[a].firstIndex(of: 1) ?? 0, a) < (rows[b].firstIndex(of: 1) ?? 0, b)
    }
    try self.init(fluorochromes: order.map { names[$0] }, detectors: detectors, rows: order.map { rows[$0] })
    _ = try inverse()
  }
}
