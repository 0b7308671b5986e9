import Foundation

/// The courses of patients side by side: a bar from the therapy to the last day that is known, with what happened on it.
public struct SwimmerPlot: Sendable {
  /// What happened on a day.
  public enum Event: String, CaseIterable, Hashable, Sendable {
    case therapy, graft, boost, neutrophils, platelets, relapse, death

    var word: String {
      switch self {
      case .therapy: "radioligand"
      case .graft: "graft"
      case .boost: "boost"
      case .neutrophils: "neutrophils recovered"
      case .platelets: "platelets recovered"
      case .relapse: "relapse"
      case .death: "death"
      }
    }
  }

  /// A patient.
  public struct Lane: Sendable {
    public let name: String
    /// Days count from the graft.
    public let start: Int
    public let end: Int
    /// Whether the patient was alive at the end: the bar ends in an arrow.
    public let isAlive: Bool
    public let events: [(day: Int, event: Event)]
    /// Responses with their day.
    public let responses: [(day: Int, text: String)]

    public init(
      name: String, start: Int, end: Int, isAlive: Bool, events: [(day: Int, event: Event)],
      responses: [(day: Int, text: String)]
    ) {
      (self.name, self.start, self.end, self.isAlive) = (name, start, end, isAlive)
      (self.events, self.responses) = (events, responses)
    }
  }

  public let title: String
  public let lanes: [Lane]
  public let note: String

  public init(title: String, lanes: [Lane], note: String) {
    (self.title, self.lanes, self.note) = (title, lanes, note)
  }
}

extension Figure {
  /// One lane a patient, the longest course first; `nil` without a lane. The first 60 lanes are drawn.
  ///
  /// - Parameter width: 400 at least.
  public static func swimmer(_ plot: SwimmerPlot, width: Double = 680) -> Figure? {
    let lanes = Array(
      plot.lanes.filter { $0.end >= $0.start }.sorted { ($0.end, $1.name) > ($1.end, $0.name) }.prefix(60))
    guard let first = lanes.map(\.start).min(), let last = lanes.map(\.end).max() else { return nil }
    let (width, top, pitch) = (max(width, 400), 40.0, 30.0)
    let bottom = top + Double(lanes.count) * pitch
    // The first hundred days, in which most happens, take half of the width.
    let (start, bend, end) = (76.0, 76 + 0.5 * (width - 98), width - 22)
    let early = Axis(low: Double(min(first, -14)), high: 100, start: start, end: last > 100 ? bend : end)
    let late = Axis(low: 100, high: Double(max(last, 101)), start: bend, end: end)
    func place(_ day: Int) -> Double { day <= 100 ? early.place(Double(day)) : late.place(Double(day)) }
    let events = SwimmerPlot.Event.allCases.filter { e in lanes.contains { $0.events.contains { $0.event == e } } }
    var figure = Figure(
      width: width, height: bottom + 70,
      label: plot.title + ". "
        + lanes.map { "\($0.name): \($0.isAlive ? "alive" : "died") on day \($0.end)." }.joined(separator: " "))
    figure.add(Label(TextWidth.fitted(plot.title, into: width, size: Voice.strong.size, bold: true), 0, 12, .strong))
    figure.add(Path([Spot(place(0), top - 6), Spot(place(0), bottom)]), .reference)
    figure.add(Label("graft", place(0), top - 12, .small, .middle))
    if last > 100 { figure.add(Path([Spot(bend, top - 6), Spot(bend, bottom + 6)]), .grid) }
    for (index, lane) in lanes.enumerated() {
      let middle = top + (Double(index) + 0.62) * pitch
      figure.add(Path([Spot(0, middle + 0.38 * pitch), Spot(width, middle + 0.38 * pitch)]), .grid)
      figure.add(
        Label(TextWidth.fitted(lane.name, into: 68, size: Voice.strong.size, bold: true), 0, middle + 3.5, .strong))
      let (a, b) = (place(lane.start), place(lane.end))
      figure.addRectangle(a, middle - 5, width: max(b - a, 2), height: 10, radius: 2, .soft, .accent)
      if lane.isAlive {
        figure.add(
          Path([Spot(b + 2, middle - 5), Spot(b + 11, middle), Spot(b + 2, middle + 5)], closed: true), .bar, .accent)
      }
      var free = -Double.infinity
      for response in lane.responses.sorted(by: { $0.day < $1.day }) {
        let at = place(response.day)
        figure.add(Path([Spot(at, middle - 8), Spot(at, middle + 5)]), .whisker)
        let label = Label(response.text, at + 3, middle - 7.5, .small)
        guard label.box.left > free, label.box.right <= width else { continue }
        free = label.box.right + 4
        figure.add(label)
      }
      for (day, event) in lane.events { figure.add(event, at: Spot(place(day), middle)) }
    }
    figure.addTimeAxis(
      [-14, 0, 14, 28, 60, 100].filter { $0 <= max(last, 100) }.map { Tick($0, power: 0) }, early, y: bottom + 6)
    if last > 100 {
      figure.addTimeAxis(Axis.ticks(from: 101, to: late.high, atMost: 5), late, y: bottom + 6)
    }
    figure.add(
      Label("Days after the graft" + (last > 100 ? ", narrower after day 100" : ""), end, bottom + 34, .small, .end))
    var left = 0.0
    for event in events {
      figure.add(event, at: Spot(left + 6, bottom + 46))
      let label = Label(event.word, left + 14, bottom + 49.5, .small)
      figure.add(label)
      left = label.box.right + 14
    }
    if lanes.contains(where: \.isAlive) {
      let y = bottom + 46
      figure.add(Path([Spot(left, y - 5), Spot(left + 9, y), Spot(left, y + 5)], closed: true), .bar, .accent)
      figure.add(Label("alive at last contact", left + 14, y + 3.5, .small))
    }
    figure.add(
      Label(TextWidth.fitted(plot.note, into: width, size: Voice.small.size, bold: false), 0, bottom + 66, .small))
    return figure
  }

  /// The sign of an event; shapes differ, so that nothing is said by colour alone.
  private mutating func add(_ event: SwimmerPlot.Event, at p: Spot) {
    func polygon(_ corners: [(Double, Double)], _ role: Role, _ tone: Tone) {
      add(Path(corners.map { Spot(p.x + $0.0, p.y + $0.1) }, closed: true), role, tone)
    }
    switch event {
    case .therapy: polygon([(-5, -5), (5, -5), (0, 5)], .point, .accent)
    case .graft: addRectangle(p.x - 1.5, p.y - 8, width: 3, height: 16, .bar, .wholeBody)
    case .boost: polygon([(-5, 5), (5, 5), (0, -5)], .open, .wholeBody)
    case .neutrophils: addCircle(p.x, p.y, radius: 3.8, .open, .wholeBody)
    case .platelets: addRectangle(p.x - 3.6, p.y - 3.6, width: 7.2, height: 7.2, .open, .wholeBody)
    case .relapse: polygon([(0, -6), (5, 0), (0, 6), (-5, 0)], .point, .caution)
    case .death:
      var cross = Path()
      cross.segment(p.x - 5, p.y - 5, p.x + 5, p.y + 5)
      cross.segment(p.x - 5, p.y + 5, p.x + 5, p.y - 5)
      add(cross, .outline, .wholeBody)
    }
  }
}
