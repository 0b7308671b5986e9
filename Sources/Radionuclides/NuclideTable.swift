import Provenance
import Quantities

/// The nuclides whose decay data are at hand.
public struct NuclideTable: Sendable {
  /// The nuclides in the order of the table.
  public let nuclides: [Nuclide]
  private let byName: [String: Nuclide]

  /// A table of nuclides with unlike names.
  public init(_ nuclides: [Nuclide]) throws(RadionuclideError) {
    var byName: [String: Nuclide] = [:]
    for nuclide in nuclides {
      guard byName.updateValue(nuclide, forKey: nuclide.name) == nil else {
        throw RadionuclideError(
          "duplicate-nuclide", "The nuclide \(nuclide.name) comes twice.", remedy: "Keep one of the two.")
      }
    }
    self.nuclides = nuclides
    self.byName = byName
  }

  /// The data of ICRP Publication 107 that come with this release; ``notice`` holds their terms.
  public static func icrp107() throws(RadionuclideError) -> NuclideTable {
    try NuclideTable(json: PackageResources.icrp107_json)
  }

  /// The terms of the data of ICRP Publication 107, which go with every copy.
  public static var notice: String { String(decoding: PackageResources.NOTICE_md, as: UTF8.self) }

  /// The nuclide of a name in any usual spelling: `Lu-177`, `177Lu`, `lu177`, `¹⁷⁷Lu`, `99mTc`.
  ///
  /// - Throws: ``RadionuclideError`` for a name that is not in the table, with near names.
  public func nuclide(_ name: String) throws(RadionuclideError) -> Nuclide {
    if let nuclide = find(name) { return nuclide }
    let near = near(name)
    throw RadionuclideError(
      "unknown-nuclide", "There are no decay data for '\(name.prefix(20))'.",
      remedy: near.isEmpty
        ? "Choose from \(nuclides.map(\.name).joined(separator: ", "))."
        : "Did you mean \(near.joined(separator: " or "))?")
  }

  /// The nuclide of a name in any usual spelling; `nil` when it is not in the table.
  public func find(_ name: String) -> Nuclide? {
    NuclideName(name).flatMap { byName[$0.name] }
  }

  /// Nuclides of the same element, or else the name with the fewest letters changed.
  private func near(_ name: String) -> [String] {
    if let parts = NuclideName(name) {
      let siblings = nuclides.map(\.name).filter { $0.hasPrefix("\(parts.element)-") }
      if !siblings.isEmpty { return siblings }
    }
    return Suggestion.nearest(to: NuclideName(name)?.name ?? name, among: nuclides.map(\.name)).map { [$0] } ?? []
  }
}
