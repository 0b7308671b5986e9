import Quantities
public import Uptake

/// SUVmax of patients at the sites of a template, patients below each other by group.
public struct SiteTable: Sendable {
  /// One patient.
  public struct Row: Sendable {
    public let name: String
    public let group: String?
    /// One for every site; `nil` where it is missing.
    public let values: [UptakeValue?]
    /// The mean over the sites that have a value; `nil` for too few.
    public let mean: UptakeValue?

    public init(name: String, group: String?, values: [UptakeValue?], mean: UptakeValue?) {
      (self.name, self.group, self.values, self.mean) = (name, group, values, mean)
    }
  }

  /// The names of the sites.
  public let sites: [String]
  /// The patients, those of one group after each other.
  public let rows: [Row]

  public init(sites: [String], rows: [Row]) {
    precondition(rows.allSatisfy { $0.values.count == sites.count }, "a row has one place for every site")
    (self.sites, self.rows) = (sites, rows)
  }
}

extension Figure {
  /// The end of the window of heat maps: it holds the largest SUVmax of the papers, 15.78.
  public static let heatMapWindow = UptakeValue(base: 16)

  /// A patient × site heat map of SUVmax from 0 to 16, the same in every picture; missing sites are hatched.
  public static func heatMap(_ table: SiteTable) -> Figure {
    let (cell, height, gap, left) = (56.0, 19.0, 4.0, 74.0)
    let groups = table.rows.reduce(into: [String?]()) { if $0.last != $1.group { $0.append($1.group) } }
    let titles = groups.count { $0 != nil }
    let meanX = left + cell * Double(table.sites.count) + 14
    let bottom = 34 + Double(table.rows.count) * height + Double(titles) * 18 + Double(groups.count) * gap
    let missing = table.rows.reduce(0) { $0 + $1.values.count { $0 == nil } }
    var figure = Figure(
      width: meanX + 92, height: bottom + 52,
      label: "SUVmax of \(table.rows.count) patients at \(table.sites.count) sites, colours from 0 to 16; "
        + "\(missing) sites are missing.")
    for (n, site) in table.sites.enumerated() {
      figure.add(Label(site, left + (Double(n) + 0.5) * cell, 22, .small, .middle))
    }
    figure.add(Label("mean", meanX + cell / 2, 22, .small, .middle))
    var y = 30.0
    for (n, row) in table.rows.enumerated() {
      if n == 0 || table.rows[n - 1].group != row.group {
        y += gap
        if let group = row.group {
          figure.add(
            Label(
              TextWidth.fitted(group, into: meanX - 8, size: Voice.strong.size, bold: true), 0, y + 12, .strong))
          y += 18
        }
      }
      figure.add(
        Label(TextWidth.fitted(row.name, into: left - 8, size: Voice.tick.size, bold: false), 0, y + 13, .tick))
      for (s, value) in row.values.enumerated() {
        figure.addCell(value, left + Double(s) * cell, y, width: cell - 2, height: height - 2, decimals: 1)
      }
      figure.addCell(row.mean, meanX, y, width: cell - 2, height: height - 2, decimals: 2)
      let available = row.values.count { $0 != nil }
      if available < row.values.count {
        figure.add(Label("n \(available)", meanX + cell + 4, y + 13, .small))
      }
      y += height
    }
    figure.addScale(.ember, to: heatMapWindow, quantity: "SUVmax", left, bottom + 18, width: 160)
    figure.addRectangle(left + 216, bottom + 18, width: 22, height: 10, .hatch)
    figure.add(Label("missing", left + 244, bottom + 27, .small))
    return figure
  }

  /// A value on its colour of the window from 0 to 16; hatched when it is missing.
  private mutating func addCell(
    _ value: UptakeValue?, _ x: Double, _ y: Double, width: Double, height: Double, decimals: Int
  ) {
    guard let value else { return addRectangle(x, y, width: width, height: height, .hatch) }
    let colour = ColourMap.ember.colour(value / Self.heatMapWindow)
    addCell(x, y, width: width, height: height, colour: colour)
    add(
      Label(
        NumberFormat.fixed(value.base, decimals: decimals, .nearest), x + width / 2, y + height / 2 + 3.8,
        ColourMap.voice(on: colour), .middle))
  }

  /// The scale of a map from zero with its quantity.
  mutating func addScale(
    _ map: ColourMap, to end: UptakeValue, quantity: String, _ x: Double, _ y: Double, width: Double
  ) {
    let pieces = 64
    for n in 0..<pieces {
      addCell(
        x + width * Double(n) / Double(pieces), y, width: width / Double(pieces) + 0.4, height: 10,
        colour: map.colour((Double(n) + 0.5) / Double(pieces)))
    }
    for quarter in 0...4 {
      let share = Double(quarter) / 4
      add(Label(NumberFormat.shortest(end.base * share), x + width * share, y + 22, .tick, .middle))
    }
    add(Label(quantity, x + width + 10, y + 9, .small))
  }
}
