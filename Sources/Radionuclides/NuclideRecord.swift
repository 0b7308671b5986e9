import JSON
import Provenance
import Quantities

extension NuclideTable {
  /// Reads a table in the format `endora-nuclides-1`.
  init(json bytes: some Sequence<UInt8>) throws(RadionuclideError) {
    do {
      let root = try JSONDocument(bytes, dialect: .strict).root
      let format = try root.required("format")
      guard try format.string() == "endora-nuclides-1" else {
        throw format.refusal("unknown-format", found: "the format is unknown", remedy: "Use endora-nuclides-1.")
      }
      let source = Source(try root.required("source").string())
      var nuclides: [Nuclide] = []
      for node in try root.required("nuclides").list() { nuclides.append(try Nuclide(node, source: source)) }
      try self.init(nuclides)
    } catch {
      let reason = (error as? any Refusal)?.reason ?? "it cannot be read."
      throw RadionuclideError(
        "broken-table", "The table of decay data is broken: \(reason)", remedy: "Install Endora again.",
        category: .internalFault)
    }
  }
}

extension Nuclide {
  fileprivate init(_ node: JSONNode, source: Source) throws {
    let name = try node.required("name").string()
    var energies: [Radiation: Energy] = [:]
    for (key, energy) in try node.required("energies_MeV").members {
      guard let radiation = Radiation(rawValue: key) else {
        throw energy.refusal("radiation", found: "the radiation is unknown", remedy: "Use a known kind.")
      }
      energies[radiation] = .megaelectronvolts(try energy.positive())
    }
    var lines: [PhotonLine] = []
    for line in try node.required("photons").list() {
      let pair = try line.list()
      guard pair.count == 2 else {
        throw line.refusal("photon-line", found: "it is no pair", remedy: "Write energy and yield.")
      }
      lines.append(
        PhotonLine(energy: .megaelectronvolts(try pair[0].positive()), yield: try pair[1].positive()))
    }
    var products: [Product] = []
    for product in try node.required("products").list() {
      products.append(
        Product(
          name: try product.required("name").string(), branching: try product.required("branching").positive()))
    }
    guard products.reduce(0, { $0 + $1.branching }) <= 1 + 1e-9 else {
      throw node.refusal("branching", found: "the branching fractions sum to more than 1", remedy: "Correct them.")
    }
    try self.init(
      name: name, halfLife: try node.required("halfLife").halfLife(), emitted: EmittedEnergy(energies),
      photonLines: lines, products: products, source: source)
  }
}

extension JSONNode {
  fileprivate func positive() throws(JSONError) -> Double {
    let value = try double()
    guard value > 0 else { throw refusal("range", found: "found \(value)", remedy: "Write a number above 0.") }
    return value
  }

  fileprivate func halfLife() throws(JSONError) -> Time {
    let value = try required("value").positive()
    let unit = try required("unit")
    switch try unit.string() {
    case "s": return .seconds(value)
    case "min": return .minutes(value)
    case "h": return .hours(value)
    case "d": return .days(value)
    case "y": return .days(value * 365.25)
    default: throw unit.refusal("unit", found: "the unit is unknown", remedy: "Use s, min, h, d or y.")
    }
  }
}
