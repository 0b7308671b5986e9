/// How much of each fluorochrome every detector sees, as a compensation needs it.
///
/// observed = true · M with a row a fluorochrome and a column a detector; true = observed · M⁺, the inverse or, with more
/// detectors than fluorochromes, the least-squares solution Mᵀ(M Mᵀ)⁻¹ (spectral unmixing).
public struct SpilloverMatrix: Hashable, Sendable {
  /// The names of the rows.
  public let fluorochromes: [String]
  /// The names of the columns.
  public let detectors: [String]
  /// The coefficients, a row a fluorochrome.
  public let rows: [[Double]]

  /// - Throws: ``LaboratoryError`` for a matrix whose size does not fit its names, or with values that are not finite.
  public init(fluorochromes: [String], detectors: [String], rows: [[Double]]) throws {
    guard !fluorochromes.isEmpty, fluorochromes.count <= detectors.count, rows.count == fluorochromes.count,
      rows.allSatisfy({ $0.count == detectors.count && $0.allSatisfy(\.isFinite) })
    else {
      throw LaboratoryError(
        "spillover-invalid",
        "A spillover matrix has \(rows.count) rows for \(fluorochromes.count) fluorochromes and \(detectors.count) "
          + "detectors, or values that are no numbers.",
        remedy: "Give one row a fluorochrome with one finite number a detector, and no more rows than columns.")
    }
    (self.fluorochromes, self.detectors, self.rows) = (fluorochromes, detectors, rows)
  }

  /// M⁺, a row a detector and a column a fluorochrome.
  ///
  /// - Throws: ``LaboratoryError`` for a matrix that is singular or nearly so (reciprocal condition below 1e-10).
  func inverse() throws -> [[Double]] {
    if fluorochromes.count == detectors.count { return try Self.inverse(rows) }
    let normal = rows.map { a in rows.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
    let inner = try Self.inverse(normal)
    return detectors.indices.map { d in
      fluorochromes.indices.map { f in fluorochromes.indices.reduce(0) { $0 + rows[$1][d] * inner[$1][f] } }
    }
  }

  private static func inverse(_ matrix: [[Double]]) throws -> [[Double]] {
    guard let inverse = squareInverse(matrix) else { throw singular }
    return inverse
  }

  private static let singular = LaboratoryError(
    "spillover-singular", "The spillover matrix is singular: two fluorochromes cannot be told apart.",
    remedy: "Give a matrix from single-stained controls, or gate without compensation.")
}

/// A compensation of channels of one data set.
struct Compensation: Sendable {
  let fluorochromes: [String]
  /// The indices of the detectors' channels.
  let channels: [Int]
  /// A row a fluorochrome: the weights of the detectors.
  let weights: [[Double]]

  init(_ matrix: SpilloverMatrix, of dataset: FCSDataset) throws {
    fluorochromes = matrix.fluorochromes
    do {
      channels = try matrix.detectors.map { try dataset.channel(named: $0).index }
    } catch let error as LaboratoryError {
      throw LaboratoryError(
        "spillover-channel", "The spillover matrix names a detector that cannot be used: \(error.reason)",
        remedy: "Give a matrix for the channels of the file, or gate without compensation.")
    }
    guard Set(channels).count == channels.count else {
      throw LaboratoryError(
        "spillover-channel", "The spillover matrix names a detector twice.", remedy: "Give every detector one column.")
    }
    let inverse = try matrix.inverse()
    weights = matrix.fluorochromes.indices.map { f in inverse.map { $0[f] } }
  }

  /// The row of a fluorochrome, or of the detector in its place.
  func row(named name: String, in dataset: FCSDataset) -> Int? {
    let wanted = name.trimming.uppercased()
    if let row = fluorochromes.firstIndex(where: { $0.trimming.uppercased() == wanted }) { return row }
    guard weights.count == channels.count, let channel = try? dataset.channel(named: name) else { return nil }
    return channels.firstIndex(of: channel.index)
  }
}
