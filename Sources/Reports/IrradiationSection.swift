/// All irradiation of one organ: the therapy, total-body irradiation and what was given before.
public struct IrradiationSection: Sendable {
  /// One course; texts with their numbers as they stand.
  public struct Row: Sendable {
    public var name: String
    public var absorbed: String
    /// An en dash where the time course is not known.
    public var bed: String
    public var eqd2: String
    /// Against which limits it counts.
    public var counted: String

    public init(name: String, absorbed: String, bed: String, eqd2: String, counted: String) {
      (self.name, self.absorbed, self.bed, self.eqd2, self.counted) = (name, absorbed, bed, eqd2, counted)
    }

    /// The texts in the order of ``IrradiationSection/heads``.
    public var cells: [String] { [name, absorbed, bed, eqd2, counted] }
  }

  public var organ: String
  /// The last one is the sum.
  public var rows: [Row]
  public var caption: String

  public init(organ: String, rows: [Row], caption: String) {
    (self.organ, self.rows, self.caption) = (organ, rows, caption)
  }

  /// What stands above the table.
  public var title: String { "All irradiation of the \(organ.prefix(1).lowercased() + organ.dropFirst())" }
  /// What stands above the columns.
  public static let heads = ["", "Absorbed / Gy", "BED / Gy", "EQD2 / Gy", "Counts against"]
}

extension HTMLReport {
  static func irradiation(_ report: CaseReport) -> String {
    guard let table = report.irradiation else { return "" }
    func cells(_ texts: [String], _ tag: String) -> String {
      texts.enumerated().map { "<\(tag)\((1...3).contains($0) ? " class=\"n\"" : "")>\(rich($1))</\(tag)>" }.joined()
    }
    let rows = table.rows.map { "<tr>\(cells($0.cells, "td"))</tr>" }
    return section(
      table.title,
      """
      <table><thead><tr>\(cells(IrradiationSection.heads, "th"))</tr></thead><tbody>
      \(rows.joined(separator: "\n"))</tbody></table>
      <p class="cap">\(rich(table.caption))</p>
      """)
  }
}

extension PDFComposer {
  func irradiation() -> [PDFBlock] {
    guard let it = report.irradiation else { return [] }
    let edges = [(0.0, 230.0), (238, 330), (338, 420), (428, 510), (526, width)]
    let columns = zip(IrradiationSection.heads, edges).enumerated().map { index, column in
      Column(title: column.0, left: column.1.0, right: column.1.1, isNumber: (1...3).contains(index))
    }
    let head = tableHead(columns)
    let rows = it.rows.map { row in tableRow(row.cells.map { Ink($0, 12) }, columns, head: head) }
    return [headBlock(it.title)] + table(head, rows) + [caption(it.caption)]
  }
}
