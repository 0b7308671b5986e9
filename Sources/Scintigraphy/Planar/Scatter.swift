public import Quantities

/// Which of the readings of the published widths of the scatter windows holds (setting A2-1).
public enum ScatterWindowReading: String, CaseIterable, Hashable, Sendable {
  /// Upper 15 %, lower 10 % of the photopeak's energy: the default.
  case percentOfPeak = "15-upper-10-lower"
  /// Upper 10 %, lower 15 % of the photopeak's energy.
  case swapped = "10-upper-15-lower"
  /// Upper 15 %, lower 10 % of the width of the main window.
  case percentOfWindow = "percent-of-window"
}

/// A main window with scatter windows that abut on it.
public struct ScatterWindows: Hashable, Sendable {
  public let lower: ClosedRange<Energy>
  public let main: ClosedRange<Energy>
  public let upper: ClosedRange<Energy>

  /// The windows about a photopeak, the main one as wide as a fraction of its energy: 208 keV 12 % or 113 keV 20 %.
  public init(peak: Energy, mainWidth: Double, reading: ScatterWindowReading = .percentOfPeak) {
    let width = peak * mainWidth
    let (up, low) =
      switch reading {
      case .percentOfPeak: (peak * 0.15, peak * 0.10)
      case .swapped: (peak * 0.10, peak * 0.15)
      case .percentOfWindow: (width * 0.15, width * 0.10)
      }
    main = (peak - width / 2)...(peak + width / 2)
    lower = (main.lowerBound - low)...main.lowerBound
    upper = main.upperBound...(main.upperBound + up)
  }
}

/// How scattered photons in the main window are estimated from neighbouring windows.
public enum ScatterCorrection: Hashable, Sendable {
  /// Not at all.
  case none
  /// Two windows (DEW): S = k·C_low. k holds for one camera and nuclide; 0.5 is that of ⁹⁹ᵐTc.
  case dualWindow(k: Double)
  /// Three windows (TEW): S = (C_low/W_low + C_up/W_up)·W_pk/2 with the windows' true widths.
  case tripleWindow(main: Energy, lower: Energy, upper: Energy)
  /// The triangle below the lower window alone: S = (C_low/W_low)·W_pk/2.
  case lowerTriangle(main: Energy, lower: Energy)

  /// The three windows as a camera had them.
  public static func tripleWindow(_ windows: ScatterWindows) -> ScatterCorrection {
    .tripleWindow(main: windows.main.width, lower: windows.lower.width, upper: windows.upper.width)
  }

  /// The shares of the counts of the lower and the upper window that are taken as scatter in the main one.
  public var weights: (lower: Double, upper: Double) {
    switch self {
    case .none: (0, 0)
    case .dualWindow(let k): (k, 0)
    case .tripleWindow(let main, let lower, let upper): (main / lower / 2, main / upper / 2)
    case .lowerTriangle(let main, let lower): (main / lower / 2, 0)
    }
  }

  /// The counts of the main window without scatter, P = max(0, C_pk − S), with the variance of all windows.
  ///
  /// - Throws: ``ScintigraphyError`` when a window is missing that the method needs, or a width or k is not above 0.
  public func primary(main: Counted, lower: Counted?, upper: Counted?) throws(ScintigraphyError) -> Counted {
    let (a, b) = weights
    guard a.isFinite, b.isFinite, a >= 0, b >= 0 else {
      throw ScintigraphyError(
        "scatter-window-width", "A scatter window has no width.", remedy: "Give its limits in keV.")
    }
    guard a == 0 || lower != nil, b == 0 || upper != nil else {
      throw ScintigraphyError(
        "scatter-window-missing", "The scan lacks the \(a > 0 && lower == nil ? "lower" : "upper") scatter window.",
        remedy: "Acquire it, or choose another scatter correction.")
    }
    let net = main - (lower ?? Counted(0)) * a - (upper ?? Counted(0)) * b
    return Counted(counts: max(0, net.counts), variance: net.variance)
  }
}

extension ClosedRange<Energy> {
  /// From its lower to its upper limit.
  public var width: Energy { upperBound - lowerBound }
}
