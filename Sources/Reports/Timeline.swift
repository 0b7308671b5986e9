/// The course of a therapy from the radioligand on: steps as bars over days, doses and counts on the same days, checks
/// and outcome beside them. Days count from the graft.
public struct Timeline: Sendable {
  /// A stretch of days.
  public struct Bar: Hashable, Sendable {
    public let start: Int
    public let end: Int
    public let text: String
    /// Whether a person must still say what is meant.
    public let isOpen: Bool

    public init(start: Int, end: Int, text: String, isOpen: Bool) {
      (self.start, self.end, self.text, self.isOpen) = (start, end, text, isOpen)
    }
  }

  /// What happens, with its days.
  public struct Row: Hashable, Sendable {
    public let title: String
    public let bars: [Bar]
    /// Single days that are marked by a stroke each, such as transfusions.
    public let ticks: [Int]

    public init(title: String, bars: [Bar], ticks: [Int] = []) {
      (self.title, self.bars, self.ticks) = (title, bars, ticks)
    }
  }

  /// A statement beside the picture: a rule that is kept, not kept or open, or an outcome.
  public struct Statement: Hashable, Sendable {
    /// How a rule ended.
    public enum State: Hashable, Sendable { case passed, failed, open }

    public let title: String
    /// `nil` for an outcome, which is no rule.
    public let state: State?
    public let text: String

    public init(title: String, state: State?, text: String) {
      (self.title, self.state, self.text) = (title, state, text)
    }
  }

  /// A value of a day.
  public struct Point: Hashable, Sendable {
    public let day: Int
    public let value: Double

    public init(day: Int, value: Double) { (self.day, self.value) = (day, value) }
  }

  /// Values over days against a bound.
  public struct Panel: Hashable, Sendable {
    public let title: String
    public let unit: String
    /// Days and values above 0.
    public let points: [Point]
    public let bound: Double
    public let boundText: String
    /// Counts are, over decades; other values stand on an axis from 0.
    public let isLogarithmic: Bool
    /// The day of recovery with what decided.
    public let recovery: Int?
    public let recoveryText: String

    public init(
      title: String, unit: String, points: [Point], bound: Double, boundText: String, isLogarithmic: Bool = true,
      recovery: Int? = nil, recoveryText: String = ""
    ) {
      (self.title, self.unit, self.points, self.isLogarithmic) = (title, unit, points, isLogarithmic)
      (self.bound, self.boundText, self.recovery, self.recoveryText) = (bound, boundText, recovery, recoveryText)
    }
  }

  /// A dose that is still to come, which falls by one half-life.
  public struct Decay: Hashable, Sendable {
    public let title: String
    public let unit: String
    /// The first day and its value.
    public let start: Point
    /// In days.
    public let halfLife: Double
    public let limit: Double
    public let relativeUncertainty: Double?
    /// What stands beside day 0.
    public let text: String

    public init(
      title: String, unit: String, start: Point, halfLife: Double, limit: Double, relativeUncertainty: Double?,
      text: String
    ) {
      (self.title, self.unit, self.start, self.halfLife) = (title, unit, start, halfLife)
      (self.limit, self.relativeUncertainty, self.text) = (limit, relativeUncertainty, text)
    }
  }

  public let title: String
  public let subtitle: String
  public let rows: [Row]
  public let decay: Decay?
  public let panels: [Panel]
  public let checks: [Statement]
  public let outcome: [Statement]
  /// Days with the dates that stand below them.
  public let dates: [(day: Int, date: String)]

  public init(
    title: String, subtitle: String, rows: [Row], decay: Decay?, panels: [Panel], checks: [Statement],
    outcome: [Statement], dates: [(day: Int, date: String)]
  ) {
    (self.title, self.subtitle, self.rows, self.decay, self.panels) = (title, subtitle, rows, decay, panels)
    (self.checks, self.outcome, self.dates) = (checks, outcome, dates)
  }

  /// The timeline as one A4 page, upright or across as it fits best.
  ///
  /// - Throws: ``ReportError`` when the PDF library fails.
  public func pdf() throws(ReportError) -> [UInt8] {
    let figure = Figure.timeline(self)
    let canvas = try PDFCanvas(title: "\(title) - Endora timeline", fitting: figure)
    canvas.draw(figure, 0, 0)
    return try canvas.finish()
  }
}
