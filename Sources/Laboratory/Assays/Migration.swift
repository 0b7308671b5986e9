/// Cells that migrated through a filter, counted with beads of known number.
public struct MigrationWell: Hashable, Sendable {
  /// Counted cells.
  public let cells: Int
  /// Counted beads.
  public let beads: Int
  /// Beads that were added.
  public let addedBeads: Double

  /// - Throws: ``LaboratoryError`` unless beads were added and counted.
  public init(cells: Int, beads: Int, addedBeads: Double) throws {
    guard cells >= 0, beads > 0, addedBeads > 0, addedBeads.isFinite else {
      throw LaboratoryError(
        "beads-missing", "A well has \(cells) cells and \(beads) of \(addedBeads) beads.",
        remedy: "Count at least one bead and state how many were added.")
    }
    (self.cells, self.beads, self.addedBeads) = (cells, beads, addedBeads)
  }

  /// All cells of the well: counted cells / counted beads · added beads.
  public var total: Double { Double(cells) / Double(beads) * addedBeads }

  /// The standard uncertainty of ``total`` by counting both: total · √(1/cells + 1/beads); `nil` without cells.
  public var standardUncertainty: Double? {
    cells > 0 ? total * (1 / Double(cells) + 1 / Double(beads)).squareRoot() : nil
  }
}
