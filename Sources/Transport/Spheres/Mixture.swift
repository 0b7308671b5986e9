import Foundation
import Provenance
import Quantities

extension Material {
  /// A mixture of two materials by mass.
  ///
  /// Composition and 1/ρ are means by mass; ln I is the mean by electrons (Bragg's rule).
  /// - Parameter share: the share of the mass that is the other material, 0 to 1.
  /// - Throws: ``TransportError`` for a share outside 0 to 1 and elements without data.
  public func mixed(
    with other: Material, share: Double, elements: ElementTable
  ) throws(TransportError) -> Material {
    guard (0...1).contains(share) else {
      throw TransportError("mixture-share", "The share of \(other.name) is \(share).", remedy: "Choose 0 to 1.")
    }
    guard share > 0 else { return self }
    guard share < 1 else { return other }
    var fractions: [Int: Double] = [:]
    var (electrons, logarithm) = (0.0, 0.0)
    for (material, weight) in [(self, 1 - share), (other, share)] {
      for part in material.composition {
        fractions[part.atomicNumber, default: 0] += weight * part.massFraction
        let element = try elements.element(part.atomicNumber)
        let count = weight * part.massFraction * Double(part.atomicNumber) / element.atomicWeight
        electrons += count
        logarithm += count * log(material.meanExcitationEnergy.kiloelectronvolts)
      }
    }
    return Material(
      name: "\(name) with \(String(format: "%.4g", share * 100)) % \(other.name)",
      density: .gramsPerMillilitre(
        1 / ((1 - share) / density.gramsPerMillilitre + share / other.density.gramsPerMillilitre)),
      composition: fractions.sorted { $0.key < $1.key }.map {
        Constituent(atomicNumber: $0.key, massFraction: $0.value)
      },
      meanExcitationEnergy: .kiloelectronvolts(exp(logarithm / electrons)),
      source: Source("\(source.citation) and \(other.source.citation), mixed by mass"))
  }
}
