/// The distinct dimensions of gates over one data set, each resolved to what computes it.
struct GateColumns: Sendable {
  enum Term: Sendable {
    case channel(Int)
    case weighted(channels: [Int], weights: [Double])
  }

  struct Column: Sendable {
    let numerator: Term
    let denominator: Term?
    let factors: (a: Double, b: Double, c: Double)
    let scale: (@Sendable (UnsafeMutablePointer<Double>, Int) -> Void)?
    let lower: Double?
    let upper: Double?
    let bins: Int?
  }

  let dataset: FCSDataset
  private(set) var columns: [Column] = []
  /// The channels that are read.
  private(set) var channels: [Int] = []
  private var places: [GateDimension: Int] = [:]
  private var compensations: [SpilloverMatrix: Compensation] = [:]
  private var stated: FCSDataset.StatedSpillover?

  init(_ dataset: FCSDataset) { self.dataset = dataset }

  /// The column of a dimension.
  mutating func add(_ dimension: GateDimension) throws -> Int {
    if let place = places[dimension] { return place }
    let scale = dimension.scale
    let column: Column
    switch dimension.source {
    case .channel, .index:
      column = Column(
        numerator: try term(dimension.source, dimension.compensation), denominator: nil, factors: (1, 0, 0),
        scale: scale?.scale.tabulated(), lower: scale?.lower, upper: scale?.upper, bins: scale?.bins)
    case .ratio(let x, let y, let a, let b, let c):
      column = Column(
        numerator: try term(.channel(x), dimension.compensation),
        denominator: try term(.channel(y), dimension.compensation),
        factors: (a, b, c), scale: scale?.scale.tabulated(), lower: scale?.lower, upper: scale?.upper, bins: scale?.bins
      )
    }
    for term in [column.numerator, column.denominator].compactMap({ $0 }) {
      switch term {
      case .channel(let channel): if !channels.contains(channel) { channels.append(channel) }
      case .weighted(let needed, _):
        for channel in needed where !channels.contains(channel) { channels.append(channel) }
      }
    }
    columns.append(column)
    places[dimension] = columns.count - 1
    return columns.count - 1
  }

  private func channel(_ source: GateDimension.Source) throws -> FCSChannel {
    switch source {
    case .channel(let name), .ratio(let name, _, _, _, _): try dataset.channel(named: name)
    case .index(let index):
      if dataset.channels.indices.contains(index) {
        dataset.channels[index]
      } else {
        throw LaboratoryError(
          "channel-missing", "The file has no channel \(index + 1).", remedy: "It has \(dataset.channels.count).")
      }
    }
  }

  private mutating func term(
    _ source: GateDimension.Source, _ compensation: GateDimension.Compensation
  ) throws -> Term {
    switch compensation {
    case .none: return .channel(try channel(source).index)
    case .stated:
      let stated = self.stated ?? dataset.statedSpillover
      self.stated = stated
      let channel = try channel(source)
      guard let matrix = stated.matrix else {
        if let keyword = stated.keyword, let reason = stated.findings.first(where: { $0.severity == .serious }) {
          throw LaboratoryError(
            reason.code, "The file's own compensation, \(keyword), is asked for and cannot be used. \(reason.text)",
            remedy: "Give a matrix in the Gating-ML document, or gate uncompensated.")
        }
        return .channel(channel.index)
      }
      let applied = try applied(matrix)
      guard let row = applied.row(named: channel.name, in: dataset) else { return .channel(channel.index) }
      return .weighted(channels: applied.channels, weights: applied.weights[row])
    case .matrix(let matrix):
      let applied = try applied(matrix)
      let name = if case .channel(let name) = source { name } else { try channel(source).name }
      guard let row = applied.row(named: name, in: dataset) else {
        throw LaboratoryError(
          "spillover-channel", "A gate asks for “\(name)”, which its spillover matrix does not have.",
          remedy: "Its fluorochromes are: \(matrix.fluorochromes.joined(separator: ", ")).")
      }
      return .weighted(channels: applied.channels, weights: applied.weights[row])
    }
  }

  private mutating func applied(_ matrix: SpilloverMatrix) throws -> Compensation {
    if let known = compensations[matrix] { return known }
    let made = try Compensation(matrix, of: dataset)
    compensations[matrix] = made
    return made
  }
}

/// Room for the columns of some events, used again for the next.
final class ColumnScratch {
  private let channelValues: UnsafeMutablePointer<Double>
  private let columnValues: UnsafeMutablePointer<Double>
  private let capacity: Int

  init(_ columns: GateColumns, capacity: Int) {
    self.capacity = capacity
    channelValues = .allocate(capacity: max(1, (columns.channels.count + 1) * capacity))
    columnValues = .allocate(capacity: max(1, columns.columns.count * capacity))
  }

  deinit {
    channelValues.deallocate()
    columnValues.deallocate()
  }

  func column(_ index: Int) -> UnsafeMutablePointer<Double> { columnValues + index * capacity }

  /// Computes all columns for a range of events.
  func fill(_ columns: GateColumns, from first: Int, count: Int) {
    let dataset = columns.dataset
    var places = [Int](repeating: 0, count: dataset.channels.count)
    for (place, index) in columns.channels.enumerated() {
      places[index] = place
      let values = channelValues + place * capacity
      dataset.events.copy(channel: index, from: first, count: count, to: values)
      let channel = dataset.channels[index]
      if !channel.isIdentity { for i in 0..<count { values[i] = channel.scaled(values[i]) } }
    }
    let spare = channelValues + columns.channels.count * capacity
    for (index, column) in columns.columns.enumerated() {
      let target = self.column(index)
      fill(column.numerator, places, count, target)
      if let denominator = column.denominator {
        fill(denominator, places, count, spare)
        let (a, b, c) = column.factors
        for i in 0..<count { target[i] = a * (target[i] - b) / (spare[i] - c) }
      }
      column.scale?(target, count)
      if let lower = column.lower { for i in 0..<count where target[i] < lower { target[i] = lower } }
      if let upper = column.upper { for i in 0..<count where target[i] > upper { target[i] = upper } }
      if let bins = column.bins.map(Double.init) {
        for i in 0..<count { target[i] = ((target[i] * bins).rounded(.down) + 0.5) / bins }
      }
    }
  }

  private func fill(_ term: GateColumns.Term, _ places: [Int], _ count: Int, _ target: UnsafeMutablePointer<Double>) {
    switch term {
    case .channel(let channel): target.update(from: channelValues + places[channel] * capacity, count: count)
    case .weighted(let channels, let weights):
      target.update(repeating: 0, count: count)
      let terms = zip(channels, weights).filter { $0.1 != 0 }.map { (channelValues + places[$0.0] * capacity, $0.1) }
      var place = 0
      while place + 4 <= terms.count {
        let (a, b, c, d) = (terms[place], terms[place + 1], terms[place + 2], terms[place + 3])
        for i in 0..<count {
          target[i] += (a.1 * a.0[i] + b.1 * b.0[i]) + (c.1 * c.0[i] + d.1 * d.0[i])
        }
        place += 4
      }
      for (source, weight) in terms[place...] { for i in 0..<count { target[i] += weight * source[i] } }
    }
  }
}
