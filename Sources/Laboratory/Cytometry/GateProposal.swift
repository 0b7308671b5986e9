import Glibc
public import Provenance

/// Gates for blasts and lymphocytes that were found in the data and that a person has to confirm.
///
/// Viable cells below the valley of the viability dye; single cells by FSC-A / FSC-H within 4 robust deviations; cells
/// above the valley of CD117 or, without it, of CD34; blasts as the robust ellipse of those cells in CD45 and side
/// scatter; lymphocytes as the brightest CD45 peak of side scatter like the blasts' or lower. Without such a marker both
/// are modes of the plane of CD45 and side scatter, parted along its valleys.
public struct GateProposal: Sendable {
  public let gates: GateSet
  /// How each gate was found.
  public let findings: [Finding]

  /// - Parameter dataset: the tube with the antibody; its labels name the markers.
  /// - Throws: ``LaboratoryError`` when a marker is not labelled or a population cannot be told from the others.
  public init(_ dataset: FCSDataset) throws {
    var builder = try ProposalBuilder(dataset)
    try builder.addViable()
    try builder.addSinglets()
    if builder.hasStemCellMarker {
      try builder.addBlasts()
      try builder.addLymphocytes()
    } else {
      try builder.addModes()
    }
    gates = try GateSet(builder.gates)
    findings = builder.findings + gates.findings
  }
}

private struct ProposalBuilder {
  var gates: [Gate] = []
  var findings: [Finding] = []
  private let dataset: FCSDataset
  private var remaining: [Int]
  private var parent: String?
  private var backgated: Set<Int> = []
  private var scatterLimit = Double.infinity

  init(_ dataset: FCSDataset) throws {
    self.dataset = dataset
    remaining = Array(0..<dataset.events.count)
  }

  private static func refusal(_ what: String) -> LaboratoryError {
    LaboratoryError(
      "proposal-impossible", "Gates cannot be proposed: \(what).", remedy: "Give gates with --gates.")
  }

  private mutating func note(_ gate: String, _ text: String) {
    findings.append(
      .fcs(.caution, "gate-proposed", "A gate was proposed.", text + " Confirm it by eye.", subject: gate))
  }

  /// The channel whose label has one of the words.
  private func marker(_ words: [String]) -> FCSChannel? {
    let areas = dataset.channels.filter { !$0.name.hasSuffix("-H") && !$0.name.hasSuffix("-W") }
    return areas.first { channel in
      let label = (channel.label ?? channel.name).uppercased().split { !$0.isLetter && !$0.isNumber && $0 != "-" }
      return label.contains { part in words.contains { part == $0 || part.hasPrefix($0 + "-") } }
    }
  }

  private func values(_ dimension: GateDimension) throws -> [Double] {
    let all = try dataset.values(of: dimension)
    return remaining.map { all[$0] }
  }

  private mutating func keep(_ gate: Gate, _ isIn: (Int) -> Bool) {
    gates.append(gate)
    remaining = remaining.indices.filter(isIn).map { remaining[$0] }
    parent = gate.name
  }

  mutating func addViable() throws {
    guard let dye = marker(["7-AAD", "7AAD", "PI", "DAPI", "VIABILITY", "LIVE", "DEAD", "ZOMBIE", "SYTOX", "FVS"])
    else {
      findings.append(
        .fcs(
          .caution, "viability-missing", "No channel is labelled as a viability dye.",
          "Dead cells were not taken out."))
      return
    }
    let dimension = try GateDimension(shown: dye)
    let values = try values(dimension)
    guard let spread = RobustSpread(values) else { throw Self.refusal("there are too few events") }
    let valley = DensityCurve(values)?.valleyAboveMainPeak()
    let limit = valley ?? spread.median + 6 * spread.deviation
    keep(
      Gate("viable", .rectangle([.init(dimension, minimum: nil, maximum: limit)]))
    ) { values[$0] < limit }
    note(
      "viable",
      valley == nil
        ? "Viable cells lie below the median of \(dye.name) and six robust standard deviations: it has no valley."
        : "Viable cells lie below the valley of \(dye.name).")
  }

  mutating func addSinglets() throws {
    let names = dataset.channels.map(\.name)
    guard names.contains("FSC-A"), names.contains("FSC-H") else {
      findings.append(
        .fcs(.caution, "singlets-missing", "FSC-A or FSC-H is missing.", "Doublets were not taken out."))
      return
    }
    let dimension = GateDimension(.ratio("FSC-A", "FSC-H", a: 1, b: 0, c: 0), compensation: .none)
    let values = try values(dimension)
    guard let spread = RobustSpread(values), spread.deviation > 0 else {
      throw Self.refusal("there are too few events for single cells")
    }
    let (low, high) = (spread.median - 4 * spread.deviation, spread.median + 4 * spread.deviation)
    keep(
      Gate("singlets", parent: parent, .rectangle([.init(dimension, minimum: low, maximum: high)]))
    ) { values[$0] >= low && values[$0] < high }
    note("singlets", "Single cells have FSC-A / FSC-H within 4 robust deviations of the median.")
  }

  private func scatter() throws -> (cd45: GateDimension, side: GateDimension) {
    guard let cd45 = marker(["CD45"]) else { throw Self.refusal("no channel is labelled CD45") }
    let names = ["SSC-A", "SS LOG", "SS LIN", "SS", "SSC-H"]
    guard let side = names.lazy.compactMap({ name in dataset.channels.first { $0.name.uppercased() == name } }).first
    else { throw Self.refusal("there is no side scatter, SSC-A") }
    return (try GateDimension(shown: cd45), try GateDimension(shown: side))
  }

  private var stemCellMarker: FCSChannel? { marker(["CD117"]) ?? marker(["CD34"]) }

  var hasStemCellMarker: Bool { stemCellMarker != nil }

  /// Lymphocytes as the mode brightest in CD45; blasts as the largest one that is dimmer, by at most 1.7 decades, and
  /// whose side scatter is nearer to that of lymphocytes than to the highest.
  mutating func addModes() throws {
    let (cd45, side) = try scatter()
    let modes = DensityPlane(try values(cd45), try values(side))?.modes ?? []
    guard let bright = modes.max(by: { $0.peak.x < $1.peak.x }), let highest = modes.map(\.peak.y).max() else {
      throw Self.refusal("there are too few events in CD45 and side scatter")
    }
    let decades = cd45.scale.map { $0.scale(1e4) - $0.scale(1e4 / 50) } ?? 0
    let dim = modes.first { mode in
      mode.peak.x < bright.peak.x && mode.peak.x > bright.peak.x - decades
        && mode.peak.y < (bright.peak.y + highest) / 2
    }
    guard let dim else {
      throw Self.refusal("no channel is labelled CD117 or CD34, and CD45 and side scatter have no valley around blasts")
    }
    for (name, mode, text) in [
      (
        "blasts", dim,
        "Blasts are the largest population of dim CD45 and low side scatter; no CD117 or CD34 confirms them."
      ),
      ("lymphocytes", bright, "Lymphocytes are the population of the brightest CD45."),
    ] {
      gates.append(Gate(name, parent: parent, .polygon(cd45, side, mode.border)))
      note(name, text)
    }
  }

  mutating func addBlasts() throws {
    let (cd45, side) = try scatter()
    guard let marker = stemCellMarker else { throw Self.refusal("no channel is labelled CD117 or CD34") }
    let dimension = try GateDimension(shown: marker)
    let brightness = try values(dimension)
    let floor = DensityCurve(brightness).flatMap { $0.valleys(share: 0.003).last }
    guard let floor else { throw Self.refusal("\(marker.name) has no valley between negative and positive cells") }
    let positive = remaining.indices.filter { brightness[$0] >= floor }
    backgated = Set(positive.map { remaining[$0] })
    gates.append(
      Gate("back-gate", parent: parent, .rectangle([.init(dimension, minimum: floor, maximum: nil)])))
    let (x, y) = (try values(cd45), try values(side))
    let ellipse = try RobustEllipse(positive.map { x[$0] }, positive.map { y[$0] })
    guard let ellipse else { throw Self.refusal("too few cells are positive for \(marker.name)") }
    gates.append(ellipse.gate("blasts", parent: "back-gate", cd45, side))
    scatterLimit = ellipse.mean.y + 3 * ellipse.covariance[1][1].squareRoot()
    let isIn = remaining.indices.filter { ellipse.contains(x[$0], y[$0]) }
    let share = Double(isIn.count { backgated.contains(remaining[$0]) }) / Double(max(1, isIn.count))
    note(
      "blasts",
      "Blasts are \(marker.label ?? marker.name)-positive cells in the ellipse around their CD45 and side scatter; "
        + "\(Int((100 * share).rounded())) % of the cells of that ellipse are positive.")
  }

  mutating func addLymphocytes() throws {
    let (cd45, side) = try scatter()
    let (x, y) = (try values(cd45), try values(side))
    let low = remaining.indices.filter { !backgated.contains(remaining[$0]) && y[$0] <= scatterLimit }
    guard let curve = DensityCurve(low.map { x[$0] }), let peak = curve.peaks(share: 0.02).last else {
      findings.append(
        .fcs(
          .caution, "lymphocytes-missing", "No lymphocytes were found.",
          "There is no internal control by lymphocytes."))
      return
    }
    let floor = curve.valleys(share: 0.02).last { $0 < peak } ?? -.infinity
    let bright = low.filter { x[$0] >= floor }
    guard let ellipse = try RobustEllipse(bright.map { x[$0] }, bright.map { y[$0] }) else { return }
    gates.append(ellipse.gate("lymphocytes", parent: parent, cd45, side))
    note("lymphocytes", "Lymphocytes are the ellipse around the brightest CD45 peak of low side scatter.")
  }
}

/// The ellipse around the bulk of points: median and trimmed covariance, cut at 3 deviations.
struct RobustEllipse {
  let mean: Gate.Point
  let covariance: [[Double]]
  /// The 99 % quantile of χ² with two degrees of freedom.
  static let distanceSquare = 9.210340371976184

  init?(_ x: [Double], _ y: [Double]) throws {
    guard x.count >= 20, let a = RobustSpread(x), let b = RobustSpread(y), a.deviation > 0, b.deviation > 0 else {
      return nil
    }
    var centre = Gate.Point(a.median, b.median)
    var covariance = [[a.deviation * a.deviation, 0], [0, b.deviation * b.deviation]]
    for _ in 0..<5 {
      let kept = x.indices.filter { Self.distance(x[$0], y[$0], centre, covariance) <= Self.distanceSquare }
      guard kept.count >= 20 else { return nil }
      let count = Double(kept.count)
      let mx = kept.reduce(0) { $0 + x[$1] } / count
      let my = kept.reduce(0) { $0 + y[$1] } / count
      // Cutting a normal distribution of the plane at 99 % leaves 0.9535 of its variance.
      let factor = 1 / (count * 0.9535)
      let xx = kept.reduce(0) { $0 + (x[$1] - mx) * (x[$1] - mx) } * factor
      let yy = kept.reduce(0) { $0 + (y[$1] - my) * (y[$1] - my) } * factor
      let xy = kept.reduce(0) { $0 + (x[$1] - mx) * (y[$1] - my) } * factor
      guard xx * yy - xy * xy > 1e-6 * xx * yy else { return nil }
      centre = Gate.Point(mx, my)
      covariance = [[xx, xy], [xy, yy]]
    }
    mean = centre
    self.covariance = covariance
  }

  private static func distance(_ x: Double, _ y: Double, _ centre: Gate.Point, _ c: [[Double]]) -> Double {
    let (dx, dy) = (x - centre.x, y - centre.y)
    let determinant = c[0][0] * c[1][1] - c[0][1] * c[0][1]
    return (c[1][1] * dx * dx - 2 * c[0][1] * dx * dy + c[0][0] * dy * dy) / determinant
  }

  func contains(_ x: Double, _ y: Double) -> Bool {
    Self.distance(x, y, mean, covariance) <= Self.distanceSquare
  }

  func gate(_ name: String, parent: String?, _ x: GateDimension, _ y: GateDimension) -> Gate {
    Gate(
      name, parent: parent,
      .ellipsoid([x, y], mean: [mean.x, mean.y], covariance: covariance, distanceSquare: Self.distanceSquare))
  }
}
