/// Bins of even width within each octave: the exponent and the leading bits of the mantissa are the index, so that no
/// logarithm is taken.
struct LogarithmicBins: Sendable {
  private let shift: UInt32
  private let base: Int
  private let toFraction: Float
  /// The number of bins; there is one node more.
  let count: Int

  /// - Parameters:
  ///   - from: the lower end, a power of two.
  ///   - octaves: how many octaves the bins reach over.
  ///   - perOctave: the base-2 logarithm of the number of bins in an octave.
  @inline(__always)
  init(from: Float, octaves: Int, perOctave: UInt32) {
    shift = 23 - perOctave
    base = Int(from.bitPattern &>> shift)
    toFraction = Float(bitPattern: (127 &- (23 &- perOctave)) &<< 23)
    count = octaves &<< Int(perOctave)
  }

  /// The bin of a value that lies between the ends, and where in the bin it lies, 0 to 1.
  @inline(__always)
  func place(_ value: Float) -> (bin: Int, fraction: Float) {
    let bits = value.bitPattern
    return (
      Int(bits &>> shift) &- base, Float(Int32(bitPattern: bits & ((1 &<< shift) &- 1))) * toFraction
    )
  }

  /// The lower end of a bin.
  func node(_ index: Int) -> Double { Double(Float(bitPattern: UInt32(index + base) << shift)) }

  /// The ends of all bins, one more than there are bins.
  var nodes: [Double] { (0...count).map(node) }

  /// Electron tables, 0.5 keV to 8 MeV.
  @inline(__always) static var electrons: LogarithmicBins { LogarithmicBins(from: 0.5, octaves: 14, perOctave: 4) }
  /// Tables of deflections, 0.5 keV to 8 MeV.
  @inline(__always) static var deflections: LogarithmicBins { LogarithmicBins(from: 0.5, octaves: 14, perOctave: 3) }
  /// Residual ranges, 0.48 µg/cm² to 32 g/cm².
  @inline(__always) static var ranges: LogarithmicBins { LogarithmicBins(from: 0x1p-21, octaves: 26, perOctave: 4) }
  /// Photon cross sections, 1 keV to 8 MeV.
  @inline(__always) static var photons: LogarithmicBins { LogarithmicBins(from: 1, octaves: 13, perOctave: 5) }
  /// Photon angles, 1 keV to 8 MeV.
  @inline(__always) static var angles: LogarithmicBins { LogarithmicBins(from: 1, octaves: 13, perOctave: 2) }
}

/// A table that many threads read, allocated once and freed with its owner.
final class Table<Element: BitwiseCopyable>: @unchecked Sendable {
  // Written in the initializer only, hence safe to share.
  let start: UnsafeMutablePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    count = elements.count
    start = .allocate(capacity: max(1, count))
    start.initialize(from: elements, count: count)
  }

  deinit { start.deallocate() }
}
