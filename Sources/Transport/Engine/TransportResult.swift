public import Foundation
public import Provenance
public import Quantities

/// The energy that the particles of a run left in each cell: a voxel, a region or a shell.
///
/// Energies are kept in fixed point (2⁻²⁰ keV), and their scatter comes from the sums of fixed batches of histories, so
/// that a result does not depend on threads or on where a run was interrupted.
public struct TransportResult: Hashable, Sendable {
  /// What the run was, as a digest: a result goes on only with the same.
  public let identity: Digest
  /// The histories in one batch.
  public let batchSize: Int
  /// The batches done.
  public internal(set) var batches = 0
  var sums: [Int64]
  /// The sums over batches of the square of a batch's energy, keV².
  var squares: [Double]
  var emitted: Int64 = 0
  var escaped: Int64 = 0
  var radiated: Int64 = 0
  var fromRestEnergy: Int64 = 0

  init(identity: Digest, batchSize: Int, cells: Int) {
    self.identity = identity
    self.batchSize = batchSize
    sums = [Int64](repeating: 0, count: cells)
    squares = [Double](repeating: 0, count: cells)
  }

  /// The histories done.
  public var histories: Int { batches * batchSize }
  /// The number of cells.
  public var cells: Int { sums.count }

  /// The mean energy one particle of the source leaves in a cell.
  public func energy(_ cell: Int) -> Energy { perHistory(sums[cell]) }

  /// The standard error of ``energy(_:)`` over it, from the scatter of the batches; `nil` for a cell without energy and
  /// for less than two batches.
  public func relativeUncertainty(_ cell: Int) -> Double? {
    guard batches > 1, sums[cell] != 0 else { return nil }
    let n = Double(batches)
    let mean = Double(sums[cell]) * Self.unit / n
    let variance = max(0, squares[cell] / n - mean * mean) / (n - 1)
    return variance.squareRoot() / mean
  }

  /// The mean energy left in all cells.
  public var deposited: Energy { perHistory(sums.reduce(0, &+)) }
  /// The mean kinetic energy of a particle of the source.
  public var meanEmitted: Energy { perHistory(emitted) }
  /// The mean energy that left the geometry.
  public var meanEscaped: Energy { perHistory(escaped) }
  /// The mean energy that became bremsstrahlung photons above the threshold, which are followed.
  public var meanRadiated: Energy { perHistory(radiated) }
  /// The mean rest energy that became radiation, less what became pairs.
  public var meanFromRestEnergy: Energy { perHistory(fromRestEnergy) }

  /// (deposited + escaped)/(emitted + from rest energy) − 1.
  public var imbalance: Double { (deposited + meanEscaped) / (meanEmitted + meanFromRestEnergy) - 1 }

  private static let unit = 0x1p-20

  private func perHistory(_ energy: Int64) -> Energy {
    .kiloelectronvolts(histories == 0 ? 0 : Double(energy) * Self.unit / Double(histories))
  }

  /// Adds a batch, cell by cell.
  mutating func add(_ tallies: [Tally]) {
    nonisolated(unsafe) let parts = tallies
    let count = cells
    let pieces = max(1, min(tallies.count, count >> 16))
    sums.withUnsafeMutableBufferPointer { sums in
      squares.withUnsafeMutableBufferPointer { squares in
        nonisolated(unsafe) let (sums, squares) = (sums, squares)
        DispatchQueue.concurrentPerform(iterations: pieces) { piece in
          for cell in (count * piece / pieces)..<(count * (piece + 1) / pieces) {
            var batch: Int64 = 0
            for tally in parts { batch &+= tally.cells[cell] }
            if batch != 0 {
              let energy = Double(batch) * Self.unit
              sums[cell] &+= batch
              squares[cell] += energy * energy
            }
          }
        }
      }
    }
    for tally in tallies {
      emitted &+= tally.emitted
      escaped &+= tally.escaped
      radiated &+= tally.radiated
      fromRestEnergy &+= tally.fromRestEnergy
    }
    batches += 1
  }

  /// The root of the mean square of the relative uncertainties of the cells with more than a fraction of the largest
  /// energy; `nil` before there are two batches.
  public func uncertainty(aboveFractionOfMaximum fraction: Double) -> Double? {
    guard batches > 1, let most = sums.max(), most > 0 else { return nil }
    let least = Int64(Double(most) * fraction)
    var (sum, count) = (0.0, 0.0)
    for cell in sums.indices where sums[cell] > least {
      let u = relativeUncertainty(cell) ?? 0
      sum += u * u
      count += 1
    }
    return count == 0 ? nil : (sum / count).squareRoot()
  }
}

extension TransportResult {
  private static let magic = "endora-transport-1"

  /// The state of the run, from which it can go on.
  public var data: Data {
    var data = Data("\(Self.magic) \(identity.hexadecimal)\n".utf8)
    for value in [Int64(batchSize), Int64(batches), Int64(cells), emitted, escaped, radiated, fromRestEnergy] {
      withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
    }
    for value in sums { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
    for value in squares { withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
    return data
  }

  /// Reads a state that ``data`` wrote for the same run.
  ///
  /// - Throws: ``TransportError`` for anything else.
  public init(data: Data, of run: Digest) throws(TransportError) {
    let refusal = TransportError(
      "transport-state", "The stored state is not one of this run.", remedy: "Start the run anew.")
    let head = Array("\(Self.magic) \(run.hexadecimal)\n".utf8)
    let bytes = [UInt8](data)
    guard bytes.starts(with: head), bytes.count >= head.count + 56 else { throw refusal }
    func number(_ index: Int) -> UInt64 {
      (0..<8).reduce(0) { $0 | UInt64(bytes[head.count + index * 8 + $1]) << UInt64(8 * $1) }
    }
    func integer(_ index: Int) -> Int64 { Int64(bitPattern: number(index)) }
    let cells = Int(integer(2))
    guard cells >= 0, cells <= 1 << 28, bytes.count == head.count + 56 + 16 * cells, integer(0) > 0, integer(1) >= 0
    else { throw refusal }
    self.init(identity: run, batchSize: Int(integer(0)), cells: cells)
    batches = Int(integer(1))
    (emitted, escaped, radiated, fromRestEnergy) = (integer(3), integer(4), integer(5), integer(6))
    for cell in 0..<cells {
      sums[cell] = integer(7 + cell)
      squares[cell] = Double(bitPattern: number(7 + cells + cell))
    }
  }
}
