/// The logicle scale by cubic interpolation between places where it is known with its slope.
///
/// The error of cubic Hermite interpolation of the inverse over a piece of the table is below 1e-13; outside of the
/// table the equation is solved.
struct LogicleTable: Sendable {
  private let logicle: Logicle
  private let edges: [Double]
  private let coefficients: [SIMD4<Double>]
  private let starts: [Int32]
  private let floor: Double

  private static let pieces = 4096
  private static let fineness = 7

  init(_ logicle: Logicle) {
    self.logicle = logicle
    let span = 1 - logicle.zero + 0.02
    let step = span / Double(Self.pieces)
    let places = (0...Self.pieces).map { logicle.zero + Double($0) * step }
    let edges = places.map { logicle.value(at: $0) }
    let slopes = places.map { 1 / logicle.derivative(at: $0) }
    coefficients = (0..<Self.pieces).map { i in
      let width = edges[i + 1] - edges[i]
      let (m0, m1) = (slopes[i] * width, slopes[i + 1] * width)
      return SIMD4(Double(i) * step, m0, 3 * step - 2 * m0 - m1, m0 + m1 - 2 * step)
    }
    self.edges = edges
    floor = edges[1]
    // For |x| + floor, the leading bits choose the piece to begin with.
    let last = Self.bucket(edges[Self.pieces], floor) - Self.bucket(0, floor)
    var starts: [Int32] = []
    var piece = 0
    for bucket in 0...last {
      let low =
        Double(bitPattern: UInt64(bucket + Self.bucket(0, floor)) << UInt64(52 - Self.fineness)) - floor
      while piece + 1 < Self.pieces, edges[piece + 1] <= low { piece += 1 }
      starts.append(Int32(piece))
    }
    self.starts = starts
  }

  @inline(__always) private static func bucket(_ x: Double, _ floor: Double) -> Int {
    Int((x + floor).bitPattern >> UInt64(52 - fineness))
  }

  func apply(_ values: UnsafeMutablePointer<Double>, _ count: Int) {
    let zero = logicle.zero
    let first = Self.bucket(0, floor)
    let end = edges[Self.pieces]
    edges.withUnsafeBufferPointer { edges in
      coefficients.withUnsafeBufferPointer { coefficients in
        starts.withUnsafeBufferPointer { starts in
          for i in 0..<count {
            let value = values[i]
            let size = abs(value)
            guard size < end else {
              values[i] = logicle(value)
              continue
            }
            var piece = Int(starts[Self.bucket(size, floor) - first])
            while edges[piece + 1] <= size { piece += 1 }
            let t = (size - edges[piece]) / (edges[piece + 1] - edges[piece])
            let c = coefficients[piece]
            let u = c.x + t * (c.y + t * (c.z + t * c.w))
            values[i] = value < 0 ? zero - u : zero + u
          }
        }
      }
    }
  }
}
