public import Quantities
public import Radionuclides

/// S values of a reference adult whose masses are known, so that a patient's organs can be brought in: the seam behind
/// ``PatientSValues``.
public protocol ReferenceSValues: Sendable {
  /// The name of the reference, as results state it.
  var title: String { get }

  /// Whether it knows a pair, by any of the usual names.
  func holds(target: String, source: String) -> Bool

  /// S at reference masses of all decays of a chain.
  func sValue(of chain: DecayChain, target: String, source: String) throws -> SValueEntry

  /// S of the whole body without some organs.
  func remainder(of chain: DecayChain, target: String, without organs: [String]) throws -> SValueEntry

  /// The reference mass of a target or of the total body; `nil` where it is not known.
  func referenceMass(of region: String) -> Mass?

  /// The reference mass from which self-dose is scaled; `nil` for two regions that are not the same.
  func selfDoseMass(target: String, source: String) -> Mass?
}
