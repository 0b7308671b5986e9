import Glibc

/// A scale on which values are shown and gated.
public enum Scale: Hashable, Sendable {
  /// (x + A) / (T + A).
  case linear(top: Double, negative: Double)
  /// log₁₀(x / T) / M + 1.
  case logarithmic(top: Double, decades: Double)
  /// (asinh(x·sinh(M ln 10) / T) + A ln 10) / ((M + A) ln 10).
  case asinh(top: Double, decades: Double, negative: Double)
  case logicle(Logicle)
  case hyperlog(Hyperlog)
  case biexponential(Biexponential)
  /// log₁₀(max(x, offset) / offset) / M, FlowJo's logarithm.
  case flooredLogarithm(offset: Double, decades: Double)

  /// The place of a value on the scale; −∞ for 0 and NaN below 0 on the logarithmic one.
  public func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .linear(let top, let negative): (x + negative) / (top + negative)
    case .logarithmic(let top, let decades): log10(x / top) / decades + 1
    case .asinh(let top, let decades, let negative):
      (Glibc.asinh(x * sinh(decades * ln10) / top) + negative * ln10) / ((decades + negative) * ln10)
    case .logicle(let logicle): logicle(x)
    case .hyperlog(let hyperlog): hyperlog(x)
    case .biexponential(let biexponential): biexponential(x)
    case .flooredLogarithm(let offset, let decades): x <= offset ? 0 : log10(x / offset) / decades
    }
  }

  /// The scale as a function that is fast for many values, to 1e-12 of ``callAsFunction(_:)``.
  func tabulated() -> @Sendable (UnsafeMutablePointer<Double>, Int) -> Void {
    if case .logicle(let logicle) = self {
      let table = LogicleTable(logicle)
      return { table.apply($0, $1) }
    }
    if case .biexponential(let scale) = self, scale.resolution == .tabulated {
      let table = scale.table
      return { values, count in
        for i in 0..<count { values[i] = Self.place(of: values[i], in: table) }
      }
    }
    return { values, count in for i in 0..<count { values[i] = self(values[i]) } }
  }

  /// The place from 0 to 1 of a value among the rising values of equidistant places, between two by a straight line.
  static func place(of value: Double, in table: [Double]) -> Double {
    guard !value.isNaN else { return .nan }
    var (low, high) = (0, table.count - 1)
    if value >= table[high] { return 1 }
    if value <= table[low] { return 0 }
    while high - low > 1 {
      let middle = (low + high) / 2
      if table[middle] <= value { low = middle } else { high = middle }
    }
    return (Double(low) + (value - table[low]) / (table[high] - table[low])) / Double(table.count - 1)
  }
}

private let ln10 = 2.302585092994045684
