import Foundation
public import JSON
import Provenance
import Quantities
import Reports
import Statistics
import Therapy

extension Cohort {
  /// Which table.
  public enum Table: String, CaseIterable, Sendable {
    /// Patients and therapy, like Table 1 of Braitsch 2025.
    case characteristics
    /// Doses per activity before and after, like Table 2.
    case dosimetry
    /// Engraftment, toxicity, response and survival of each patient, for a supplement.
    case outcome
    /// Maximum uptake by skeletal site.
    case uptake
    /// One row a patient with what `stats` asks for.
    case data
  }

  /// What tables are written as.
  public enum Format: String, CaseIterable, Sendable { case html, csv, latex }

  typealias Cell = PublicationTable.Cell
  typealias Column = PublicationTable.Column

  /// One of the tables; all but `data` when none is named.
  func tables(_ table: Table?) -> [PublicationTable] {
    let all: [Table] = table.map { [$0] } ?? [.characteristics, .dosimetry, .outcome, .uptake]
    return all.map { table in
      switch table {
      case .characteristics: characteristics
      case .dosimetry: dosimetry
      case .outcome: outcome
      case .uptake: uptake
      case .data: data
      }
    }
  }

  /// Tables as a file; CSV holds one.
  ///
  /// - Throws: ``CaseError`` for CSV without the name of a table.
  public func file(_ table: Table?, as format: Format) throws -> String {
    let tables = tables(table)
    switch format {
    case .html: return PublicationTable.page(tables, title: "Cohort of \(cases.count) patients")
    case .latex: return tables.map(\.latex).joined(separator: "\n")
    case .csv:
      guard let table = tables.first, tables.count == 1 else {
        throw CaseError(
          "table-unnamed", "A CSV file holds one table.",
          remedy: "Add --table with \(Table.allCases.map(\.rawValue).joined(separator: ", ")).", category: .usage)
      }
      return table.csv
    }
  }

  /// One JSON document with every cell unrounded.
  public func document(_ table: Table?) -> JSONValue {
    func value(_ cell: Cell) -> JSONValue {
      switch cell {
      case .text(let text): JSONValue(text)
      case .number(let value, _): JSONValue(value.isFinite ? value : nil)
      case .missing: nil
      }
    }
    return [
      "format": "endora-cohort-1", "endora": JSONValue(Release.version), "disclaimer": JSONValue(Release.disclaimer),
      "n": JSONValue(cases.count),
      "tables": JSONValue(
        tables(table).map { table in
          [
            "table": JSONValue(table.id), "title": JSONValue(table.title),
            "columns": JSONValue(
              table.columns.map { ["key": JSONValue($0.key), "title": JSONValue($0.title)] }),
            "rows": JSONValue(table.rows.map { JSONValue($0.map(value)) }),
            "summaries": JSONValue(table.summaries.map { JSONValue($0.map { JSONValue($0.text) }) }),
            "notes": JSONValue(table.notes.map { JSONValue($0) }),
          ]
        }),
      "inputs": inputs,
    ]
  }

  /// The tables in plain text.
  public func summary(_ table: Table?) -> String {
    tables(table).map { table in
      var text = TextTable(
        table.columns.map(\.title), numbers: Set(table.columns.indices.filter { table.columns[$0].isNumber }))
      for row in table.rows + table.summaries { text.add(row.map(\.text)) }
      return table.title + "\n\n" + text.text + table.notes.map { $0 + "\n" }.joined()
    }.joined(separator: "\n")
  }

  // MARK: Tables

  private var characteristics: PublicationTable {
    table(
      .characteristics, "Patients and therapy",
      [
        (Column("sex", "Sex", isNumber: false), { $0.sex.map { .text($0 == .male ? "M" : "F") } }),
        (Column("age_y", "Age / y"), { number($0.age, 0) }),
        (Column("diagnosis", "Diagnosis", isNumber: false), { $0.diagnosis.map { .text($0) } }),
        (Column("hct_ci", "HCT-CI"), { number($0.followUp?.file.comorbidity.map { Double($0.score) }, 0) }),
        (Column("suvmax_mean", "Mean SUVmax"), { number($0.meanUptake, 2) }),
        (Column("agent", "Agent", isNumber: false), { $0.agent.map { .text($0) } }),
        (Column("activity_GBq", "Activity / GBq"), { number($0.activity?.gigabecquerels, 2) }),
        (Column("tbi_Gy", "TBI / Gy"), { number($0.irradiation?.grays, 0) }),
        (Column("donor", "Donor", isNumber: false), { $0.donor.map { .text($0.rawValue) } }),
        (Column("protocol", "Protocol", isNumber: false), { $0.protocolName.map { .text($0) } }),
      ],
      notes: [])
  }

  private var dosimetry: PublicationTable {
    var columns: [(Column, (CohortCase) -> Cell?)] = []
    for organ in CohortCase.Organ.allCases {
      columns.append(
        (
          Column("\(organ.rawValue)_before_Gy_per_GBq", "\(organ.rawValue.capitalized) before"),
          { number($0.before[organ]?.graysPerGigabecquerel, 2) }
        ))
      columns.append(
        (
          Column("\(organ.rawValue)_after_Gy_per_GBq", "after"),
          { number($0.after[organ]?.graysPerGigabecquerel, 2) }
        ))
    }
    columns += [
      (Column("prescribed_GBq", "Prescribed / GBq"), { number($0.prescribed?.gigabecquerels, 2) }),
      (Column("activity_GBq", "Given / GBq"), { number($0.activity?.gigabecquerels, 2) }),
      (Column("kidneys_Gy", "Kidneys / Gy"), { number($0.dose(.kidneys)?.grays, 1) }),
    ]
    return table(
      .dosimetry, "Doses in Gy/GBq before and after the therapy", columns,
      notes: [
        "Kidneys / Gy: of the given activity, with the dose per activity measured after the therapy where there is one."
      ])
  }

  private var outcome: PublicationTable {
    func grade(_ analyte: Analyte, _ one: CohortCase) -> Cell? {
      guard let toxicity = one.followUp?.toxicities.first(where: { $0.analyte == analyte }),
        let grade = toxicity.grade.value
      else { return nil }
      return .text("\(grade)" + (toxicity.change.map { " (\($0 > 0 ? "+" : "")\($0))" } ?? ""))
    }
    return table(
      .outcome, "Engraftment, toxicity, response and survival",
      [
        (Column("neutrophil_day", "Neutrophils / d"), { number($0.followUp?.neutrophils.value.map(Double.init), 0) }),
        (Column("platelet_day", "Platelets / d"), { number($0.followUp?.platelets.value.map(Double.init), 0) }),
        (
          Column("graft_failure", "Graft failure", isNumber: false),
          { $0.followUp?.failure.value.map { .text($0.rawValue) } }
        ),
        (Column("donor_percent", "Donor / %"), { number($0.followUp?.chimerism.last?.donor?.double, 2) }),
        (
          Column("best_response", "Best response", isNumber: false), { $0.bestResponse.map { .text($0.rawValue) } }
        ),
        (Column("creatinine_grade", "Creatinine", isNumber: false), { grade(.creatinine, $0) }),
        (Column("bilirubin_grade", "Bilirubin", isNumber: false), { grade(.bilirubin, $0) }),
        (Column("alt_grade", "ALT", isNumber: false), { grade(.alt, $0) }),
        (Column("relapse_day", "Relapse / d"), { number($0.followUp?.file.relapseDay.map(Double.init), 0) }),
        (Column("survival_d", "Observed / d"), { number($0.survival.map { Double($0.days) }, 0) }),
        (Column("status", "Status", isNumber: false), { $0.survival.map { .text($0.died ? "died" : "alive") } }),
      ],
      notes: [
        "Days after the graft. Grades: worst since the radioligand, CTCAE v5, in brackets the change from before it.",
        "Medians of days are of those who recovered or relapsed alone; survival is estimated by 'stats survival'.",
      ])
  }

  private var uptake: PublicationTable {
    var sites: [String] = []
    for one in cases {
      for site in one.uptake?.skeleton.sites ?? [] where !sites.contains(site.site) { sites.append(site.site) }
    }
    return table(
      .uptake, "SUVmax by skeletal site",
      sites.map { site in
        (
          Column("suvmax_\(site.lowercased().replacingOccurrences(of: " ", with: "_"))", site),
          { one in number(one.uptake?.skeleton.sites.first { $0.site == site }?.maximum?.base, 2) }
        )
      } + [
        (Column("suvmax_mean", "Mean"), { number($0.meanUptake, 2) }),
        (Column("sites", "n"), { number($0.uptake.map { Double($0.skeleton.available) }, 0) }),
      ], notes: [])
  }

  private var data: PublicationTable {
    table(
      .data, "One row a patient",
      [
        (Column("age_y", "age"), { number($0.age, 0) }),
        (Column("sex", "sex", isNumber: false), { $0.sex.map { .text($0.rawValue) } }),
        (Column("donor", "donor", isNumber: false), { $0.donor.map { .text($0.rawValue) } }),
        (Column("suvmax_mean", "SUVmax"), { number($0.meanUptake, 2) }),
        (Column("activity_GBq", "GBq"), { number($0.activity?.gigabecquerels, 2) }),
        (Column("kidneys_Gy", "kidneys"), { number($0.dose(.kidneys)?.grays, 2) }),
        (Column("marrow_Gy", "marrow"), { number($0.dose(.marrow)?.grays, 2) }),
        (Column("neutrophil_day", "neutrophils"), { number($0.followUp?.neutrophils.value.map(Double.init), 0) }),
        (Column("platelet_day", "platelets"), { number($0.followUp?.platelets.value.map(Double.init), 0) }),
        (Column("response", "response"), { number($0.hasResponded.map { $0 ? 1 : 0 }, 0) }),
        (Column("survival_d", "survival"), { number($0.survival.map { Double($0.days) }, 0) }),
        (Column("died", "died"), { number($0.survival.map { $0.died ? 1 : 0 }, 0) }),
        (Column("event_d", "event"), { number($0.eventFree.map { Double($0.days) }, 0) }),
        (Column("event_cause", "cause"), { number($0.eventFree.map { Double($0.cause) }, 0) }),
      ],
      notes: ["Times from the graft. event_cause: 1 relapse or death of the disease, 2 other death, 0 neither."],
      hasSummaries: false)
  }

  // MARK: Building

  /// A table with the patients as rows and, below each column, its median with range and mean with deviation, or counts.
  private func table(
    _ table: Table, _ title: String, _ columns: [(Column, (CohortCase) -> Cell?)], notes: [String],
    hasSummaries: Bool = true
  ) -> PublicationTable {
    let rows = cases.map { one in [Cell.text(one.name)] + columns.map { $0.1(one) ?? .missing } }
    var summaries: [[Cell]] = []
    if hasSummaries {
      let cells = columns.indices.map { column in rows.map { $0[column + 1] } }
      summaries = [
        [.text("Median (range)")] + zip(columns, cells).map { $0.0.isNumber ? Self.median($1) : Self.counts($1) },
        [.text("Mean ± SD")] + zip(columns, cells).map { $0.0.isNumber ? Self.mean($1) : .text("") },
        [.text("n")] + cells.map { .text("\($0.count { $0 != .missing })") },
      ]
    }
    return PublicationTable(
      id: table.rawValue, title: title, columns: [Column("patient", "Patient", isNumber: false)] + columns.map(\.0),
      rows: rows, summaries: summaries, notes: notes)
  }

  private static func numbers(_ cells: [Cell]) -> (values: [Double], decimals: Int) {
    var (values, decimals) = ([Double](), 0)
    for case .number(let value, let places) in cells where value.isFinite {
      values.append(value)
      decimals = places
    }
    return (values, decimals)
  }

  private static func median(_ cells: [Cell]) -> Cell {
    let (values, decimals) = numbers(cells)
    guard let sample = try? Sample(values) else { return .missing }
    func text(_ value: Double) -> String { Cell.number(value, decimals: decimals).text }
    let middle = decimals == 0 && sample.median != sample.median.rounded() ? 1 : decimals
    return .text(
      "\(Cell.number(sample.median, decimals: middle).text) (\(text(sample.minimum))–\(text(sample.maximum)))")
  }

  private static func mean(_ cells: [Cell]) -> Cell {
    let (values, decimals) = numbers(cells)
    guard let sample = try? Sample(values) else { return .missing }
    let places = max(1, decimals)
    func text(_ value: Double) -> String { Cell.number(value, decimals: places).text }
    return .text(text(sample.mean) + (sample.sampleDeviation.map { " ± \(text($0))" } ?? ""))
  }

  /// How often each text comes, the most frequent first.
  private static func counts(_ cells: [Cell]) -> Cell {
    var counts: [String: Int] = [:]
    for case .text(let text) in cells { counts[text, default: 0] += 1 }
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard !sorted.isEmpty else { return .missing }
    return .text(
      sorted.prefix(6).map { "\($0.key) \($0.value)" }.joined(separator: ", ") + (sorted.count > 6 ? ", …" : ""))
  }
}

private func number(_ value: Double?, _ decimals: Int) -> PublicationTable.Cell? {
  value.map { .number($0, decimals: decimals) }
}
