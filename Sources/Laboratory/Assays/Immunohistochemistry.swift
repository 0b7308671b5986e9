/// The staining of tumour cells by intensity, in % of cells, and its usual scores.
public struct StainedCells: Hashable, Sendable {
  public let weak: Double
  public let moderate: Double
  public let strong: Double

  /// - Throws: ``LaboratoryError`` for a share below 0 or a sum above 100.
  public init(weak: Double, moderate: Double, strong: Double) throws {
    guard [weak, moderate, strong].allSatisfy({ $0 >= 0 && $0 <= 100 }), weak + moderate + strong <= 100.0001 else {
      throw LaboratoryError(
        "staining-invalid", "Shares of stained cells are \(weak), \(moderate) and \(strong) %.",
        remedy: "Give shares of 0 to 100 % that sum to at most 100 %.")
    }
    (self.weak, self.moderate, self.strong) = (weak, moderate, strong)
  }

  /// All stained cells, in %.
  public var positive: Double { weak + moderate + strong }

  /// The H-score, 0 to 300: weak + 2·moderate + 3·strong (McCarty 1985).
  public var hScore: Double { weak + 2 * moderate + 3 * strong }

  /// The mean intensity of stained cells, rounded to 0…3.
  public var intensity: Int { positive > 0 ? Int((hScore / positive).rounded()) : 0 }

  /// The immunoreactive score, 0 to 12: class of stained cells (0; < 10; 10–50; 51–80; > 80 %) × intensity (Remmele and
  /// Stegner 1987).
  public var immunoreactiveScore: Int { Self.remmele(positive) * intensity }

  static func remmele(_ percent: Double) -> Int {
    percent <= 0 ? 0 : percent < 10 ? 1 : percent <= 50 ? 2 : percent <= 80 ? 3 : 4
  }

  /// The Allred score, 0 or 2 to 8: class of stained cells (0; < 1; to 10; to 33⅓; to 66⅔; above) + intensity (Allred 1998).
  public var allredScore: Int { positive > 0 ? Self.allred(positive) + max(1, intensity) : 0 }

  static func allred(_ percent: Double) -> Int {
    percent <= 0 ? 0 : percent < 1 ? 1 : percent <= 10 ? 2 : percent <= 100.0 / 3 ? 3 : percent <= 200.0 / 3 ? 4 : 5
  }
}
