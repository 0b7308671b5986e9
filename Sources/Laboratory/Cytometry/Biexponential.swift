import Glibc

/// FlowJo's biexponential scale, from 0 to 1 over its 4096 channels.
///
/// The value at channel v from the zero channel z on is T·e^(−P)·(e^(P·v/n) − s·e^(−N·v/n) − c) with n = 4097 and the value
/// 0 at z; below it is mirrored. The negative rate N solves 2·ln(N/P) + w·(N + P) = 0, as for logicle (Parks 2006,
/// Cytometry A 69A:541). FlowJo does not publish the scale; the constants are those with which FlowKit 1.3 and cytolib
/// reproduce its tables. Places outside are those of the ends.
public struct Biexponential: Hashable, Sendable {
  /// How places between channels are found.
  public enum Resolution: String, Hashable, Sendable {
    /// By solving the equation.
    case exact
    /// By straight lines between whole channels, as FlowJo's table does.
    case tabulated
  }

  static let channels = 4096

  /// The value of the top channel but one, FlowJo's maxRange.
  public let top: Double
  /// FlowJo's width basis, below −1.
  public let width: Double
  /// Positive decades.
  public let positive: Double
  /// Further decades below zero.
  public let negative: Double
  public let resolution: Resolution

  private let zero: Int
  private let rise: Double
  private let fall: Double
  private let scale: Double
  private let share: Double
  private let offset: Double

  /// - Throws: ``LaboratoryError`` unless T > 0, −10 000 ≤ width < −1 and the decades make a scale.
  public init(
    top: Double = 262_144.000029, width: Double = -10, positive: Double = 4.418540, negative: Double = 0,
    resolution: Resolution = .exact
  ) throws {
    let refusal = LaboratoryError(
      "scale-invalid", "A biexponential scale has T \(top), width \(width), \(positive) and \(negative) decades.",
      remedy: "It needs T > 0, a width of −10000 to below −1, and up to 20 positive and 10 negative decades.")
    guard top > 0, top.isFinite, width < -1, width >= -10_000, positive > 0, positive <= 20, negative <= 10,
      positive.isFinite, negative.isFinite
    else { throw refusal }
    let count = Double(Self.channels)
    let basis = log10(-width)
    let below = max(negative, 0) + basis / 2
    let above = positive - basis / 2
    guard above > 0 else { throw refusal }
    zero = Int(min((below * count / (below + above)).rounded(.down), count / 2))
    guard zero > 0 else { throw refusal }
    let decades = below * count / Double(zero)
    let w = basis / (2 * decades)
    rise = decades * 2.302585092994045684
    fall = Self.negativeRate(rise, w)
    scale = top / exp(rise)
    share = exp((rise + fall) * (w + below / decades))
    let place = Double(zero) / (count + 1)
    offset = exp(rise * place) - share * exp(-fall * place)
    (self.top, self.width, self.positive, self.negative) = (top, width, positive, negative)
    self.resolution = resolution
  }

  /// The root N of 2·ln(N/P) + w·(N + P) = 0 in (0, P].
  private static func negativeRate(_ p: Double, _ w: Double) -> Double {
    var (low, high) = (0.0, p)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if 2 * log(middle / p) + w * (middle + p) < 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The value at a channel of 0 to 4096.
  func value(at channel: Double) -> Double {
    let zero = Double(self.zero)
    guard channel >= zero else { return -value(at: 2 * zero - channel) }
    let place = channel / Double(Self.channels + 1)
    return scale * (exp(rise * place) - share * exp(-fall * place) - offset)
  }

  /// The place of a value on the scale.
  public func callAsFunction(_ value: Double) -> Double {
    guard !value.isNaN else { return .nan }
    let zero = Double(self.zero)
    let last = Double(Self.channels)
    if value >= self.value(at: last) { return 1 }
    if value <= self.value(at: 0) { return 0 }
    if resolution == .tabulated { return Scale.place(of: value, in: table) }
    let target = abs(value)
    var (low, high) = (zero, max(last, 2 * zero))
    var channel = (low + high) / 2
    for _ in 0..<100 {
      let place = channel / (last + 1)
      let residual = self.value(at: channel) - target
      if residual > 0 { high = channel } else { low = channel }
      let slope = scale * (rise * exp(rise * place) + share * fall * exp(-fall * place)) / (last + 1)
      let newton = channel - residual / slope
      let next = newton > low && newton < high ? newton : (low + high) / 2
      if abs(next - channel) <= 1e-15 * channel { break }
      channel = next
    }
    return (value < 0 ? 2 * zero - channel : channel) / last
  }

  /// The values of all channels.
  var table: [Double] { (0...Self.channels).map { value(at: Double($0)) } }
}
