/// An axis of a laboratory's plot: a title, its ends, and marks where they are not round numbers.
public struct PlotAxis: Sendable {
  /// A mark with its text.
  public struct Mark: Hashable, Sendable {
    public let place: Double
    public let text: String
    public init(_ place: Double, _ text: String) { (self.place, self.text) = (place, text) }
  }

  public let title: String
  public let low: Double
  public let high: Double
  let marks: [Mark]

  /// - Parameter marks: round numbers where `nil`.
  public init(title: String, low: Double, high: Double, marks: [Mark]? = nil) {
    (self.title, self.low) = (title, low)
    self.high = high > low ? high : low + 1
    self.marks = marks ?? Axis.ticks(from: low, to: self.high, atMost: 6).map { Mark($0.value, $0.text) }
  }

  func axis(_ start: Double, _ end: Double) -> Axis { Axis(low: low, high: high, start: start, end: end) }
}

extension Figure {
  /// Draws both axes at the left and the bottom of a field, with marks and titles.
  mutating func addAxes(_ x: PlotAxis, _ y: PlotAxis?, _ field: Box) {
    let across = x.axis(field.left, field.right)
    var lines = Path([Spot(field.left, field.top), Spot(field.left, field.bottom), Spot(field.right, field.bottom)])
    for mark in x.marks where mark.place >= x.low && mark.place <= x.high {
      let place = across.place(mark.place)
      lines.segment(place, field.bottom, place, field.bottom + 4)
      add(Label(mark.text, place, field.bottom + 15, .tick, .middle))
    }
    add(
      Label(
        TextWidth.fitted(x.title, into: field.right - field.left, size: 10, bold: false), field.right,
        field.bottom + 29, .small, .end))
    if let y {
      let upward = y.axis(field.bottom, field.top)
      for mark in y.marks where mark.place >= y.low && mark.place <= y.high {
        let place = upward.place(mark.place)
        lines.segment(field.left - 4, place, field.left, place)
        add(Label(mark.text, field.left - 7, place + 3.5, .tick, .end))
      }
      add(Label(TextWidth.fitted(y.title, into: field.right, size: 10, bold: false), 0, field.top - 9, .small))
    }
    add(lines, .axis)
  }

  /// Adds a text in lines of a width and returns the baseline of the last.
  mutating func addNote(_ text: String, _ y: Double, width: Double) -> Double {
    let lines = TextWidth.lines(text, into: width, size: Voice.small.size)
    for (index, line) in lines.enumerated() { add(Label(line, 0, y + 13 * Double(index), .small)) }
    return y + 13 * Double(max(0, lines.count - 1))
  }

  /// How many lines ``addNote(_:_:width:)`` needs.
  static func noteLines(_ text: String, width: Double) -> Double {
    var scratch = Figure(width: width, height: 0, label: "")
    return text.isEmpty ? 0 : scratch.addNote(text, 0, width: width) / 13 + 1
  }
}
