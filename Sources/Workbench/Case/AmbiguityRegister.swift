/// The places where the published method can be read in more than one way (SCIENCE section 13).
///
/// Every entry is a field of `settings` in the case file, with the default given here and in the schema.
public enum AmbiguityRegister {
  /// One open reading.
  public struct Entry: Hashable, Sendable {
    /// Its id in the register, which is its field's name.
    public let id: String
    /// What is open.
    public let question: String
    /// The default as people read it.
    public let standard: String
    /// The other readings.
    public let others: String
    /// Whether `plan` depends on it. The others belong to parts of the system that read the same case file.
    public let isUsedByPlan: Bool
  }

  /// All entries, in the register's order.
  public static let entries: [Entry] = [
    entry("A1-1", "Centre of SUVmax in the source paper", "unspecified", "mean, median"),
    entry("A1-2", "Threshold of visual positivity", "visual", "named surrogates"),
    entry("A1-3", "James' lean body mass", "128", "120, for comparison"),
    entry("A2-1", "Widths of the scatter windows", "15 % up, 10 % low of 208 keV", "swapped, percent of window"),
    entry("A2-2", "Times of the scans", "actual", "protocol"),
    entry("A2-3", "Photopeaks", "208 keV", "sum of both"),
    entry("A4-1", "L2–L4 to total marrow", "reading A", "reading B", plan: true),
    entry("A4-2", "Marrow share of L2–L4", "by sex, ICRP", "0.067 of the papers", plan: true),
    entry("A4-3", "Planar and SPECT marrow models", "separate", "none"),
    entry("A5-1", "AICc", "σ known", "σ unknown", plan: true),
    entry("A5-2", "Half-lives of the source papers", "effective", "biological"),
    entry("A6-1", "Mass scaling", "on", "off", plan: true),
    entry("A7-1", "1 Gy to the marrow", "dose after day 0", "I2 until, I3 total, I4 rate", plan: true),
    entry("A7-2", "Kidneys and/or marrow", "both", "the governing one, kidneys only", plan: true),
    entry("A7-3", "Amino-acid factor", "1", "0.80, 0.64", plan: true),
    entry("A7-4", "Dosimetry that prescribes", "pre-therapeutic", "post-therapeutic, for the record"),
    entry("A7-5", "Standard deviations of Table 2", "recomputed", "as printed"),
    entry("A8-1", "Discharge rate of ¹⁷⁷Lu", "3.5 µSv/h", "4.35, 7.2 µSv/h"),
    entry("A9-1", "Cyclophosphamide 60 mg/m²", "as printed", "mg/kg, confirmed"),
    entry("A9-2", "Cyclophosphamide 14.5 mg/m²", "as printed", "mg/kg, confirmed"),
    entry("A9-3", "Fludarabine or cyclophosphamide", "as printed", "confirmed reading"),
    entry("A9-4", "ATG 5 or 10 mg/kg", "as printed", "per day, total"),
    entry("A9-5", "Weight for PTCy", "as printed", "ideal, actual"),
    entry("A9-6", "Days of the irradiation", "as printed", "confirmed reading"),
    entry("A9-7", "Lungs at 8 Gy", "as printed", "confirmed reading"),
    entry("A9-8", "Amino acids, 2 %", "as printed", "each, together"),
    entry("A9-9", "Calcineurin inhibitor", "as printed", "confirmed reading"),
    entry("A9-10", "Start of MMF", "as printed", "day +3, day +5"),
    entry("A10-1", "ELN with both lineages low", "MLFS", "CRi"),
    entry("A10-2", "Day of graft failure", "30", "28"),
    entry("A10-3", "Full donor chimerism", "≥ 95 %", "> 95 %"),
  ]

  private static func entry(
    _ id: String, _ question: String, _ standard: String, _ others: String, plan: Bool = false
  ) -> Entry {
    Entry(id: id, question: question, standard: standard, others: others, isUsedByPlan: plan)
  }
}
