import DICOM

extension Samples {
  /// Slope times sample plus intercept, computed in double precision and rounded once.
  ///
  /// With slope 1 and intercept 0 whole numbers are exact up to 2²⁴. What overflows is infinite; readers refuse it.
  func scaled(slope: Double = 1, intercept: Double = 0) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, written in
      write(slope: slope, intercept: intercept, to: buffer)
      written = count
    }
  }

  /// Writes the scaled samples, or a part of them, to memory that holds as many values.
  func write(
    _ part: Range<Int>? = nil, slope: Double, intercept: Double, to values: UnsafeMutableBufferPointer<Float>
  ) {
    let part = part ?? 0..<count
    precondition(values.count == part.count, "a sample has one place")
    func whole<N: FixedWidthInteger>(_ samples: [N]) {
      samples.withUnsafeBufferPointer {
        let samples = UnsafeBufferPointer(rebasing: $0[part])
        // A sum of whole numbers below 2²⁴ is exact in single precision.
        if slope == 1, N.bitWidth <= 16, let offset = Int32(exactly: intercept), offset.magnitude < 1 << 23 {
          for i in samples.indices { values[i] = Float(Int32(samples[i]) &+ offset) }
        } else {
          for i in samples.indices { values[i] = Float(Double(samples[i]) * slope + intercept) }
        }
      }
    }
    switch self {
    case .unsigned8(let samples): whole(samples)
    case .signed8(let samples): whole(samples)
    case .unsigned16(let samples): whole(samples)
    case .signed16(let samples): whole(samples)
    case .unsigned32(let samples): whole(samples)
    case .signed32(let samples): whole(samples)
    case .float(let samples):
      for (i, sample) in samples[part].enumerated() { values[i] = Float(Double(sample) * slope + intercept) }
    case .double(let samples):
      for (i, sample) in samples[part].enumerated() { values[i] = Float(sample * slope + intercept) }
    }
  }

  /// How many samples there are.
  var count: Int {
    switch self {
    case .unsigned8(let samples): samples.count
    case .signed8(let samples): samples.count
    case .unsigned16(let samples): samples.count
    case .signed16(let samples): samples.count
    case .unsigned32(let samples): samples.count
    case .signed32(let samples): samples.count
    case .float(let samples): samples.count
    case .double(let samples): samples.count
    }
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// Whether no value is infinite or no number.
  var isFinite: Bool {
    let exponent = Float.infinity.bitPattern
    var strange: UInt32 = 0
    for value in self { strange |= value.bitPattern & exponent == exponent ? 1 : 0 }
    return strange == 0
  }
}
