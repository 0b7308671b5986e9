/// The bands of a gel after cleavage of mismatches by T7 endonuclease I.
///
/// Indels in % = 100·(1 − √(1 − f)) with f the cleaved share of the light (Guschin 2010), since a strand with an indel that
/// pairs with its own kind is not cleaved. It saturates and misses equal indels: below a sequence of traces in accuracy.
public struct MismatchCleavage: Hashable, Sendable {
  /// The cleaved share of the light, 0 to 1.
  public let cleaved: Double
  /// The share of alleles with an indel, in %.
  public let indelPercent: Double

  /// - Parameters:
  ///   - parent: the light of the uncut band.
  ///   - fragments: the light of the cut bands.
  ///   - background: the cleaved share of the unedited control.
  /// - Throws: ``LaboratoryError`` for light below 0, none at all, or a control that is all cleaved.
  public init(parent: Double, fragments: [Double], background: Double = 0) throws {
    let cut = fragments.reduce(0, +)
    guard parent >= 0, fragments.allSatisfy({ $0 >= 0 }), !fragments.isEmpty, parent + cut > 0, (parent + cut).isFinite,
      background >= 0, background < 1
    else {
      throw LaboratoryError(
        "bands-invalid", "A lane has light \(parent) in the uncut band and \(cut) in the cut ones.",
        remedy: "Give light of at least 0 with the background of the gel taken off.")
    }
    // What the unedited control cleaves is no indel.
    cleaved = max(0, (cut / (parent + cut) - background) / (1 - background))
    indelPercent = 100 * (1 - (1 - cleaved).squareRoot())
  }
}
