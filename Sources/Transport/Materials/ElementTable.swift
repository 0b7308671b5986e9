import Foundation
import JSON
public import Provenance
import Quantities

/// The elements whose cross sections are at hand: 1 to 30 and 53.
///
/// Photons 1 keV to 20 MeV from NIST XCOM; radiative stopping powers and electron shells 1 keV to 10 MeV from NIST
/// ESTAR; K lines and fluorescence yields of Elam, Ravel and Sieber 2002.
public struct ElementTable: Sendable {
  private let byNumber: [Int: Element]
  /// Where the data come from.
  public let source: Source

  /// The data that come with this release; takes some milliseconds.
  ///
  /// - Throws: ``TransportError`` when the file is missing or altered.
  public static func standard() throws(TransportError) -> ElementTable {
    try ElementTable(json: try TransportResource.bytes("elements", "json"))
  }

  /// The element of an atomic number.
  ///
  /// - Throws: ``TransportError`` for one that is not in the table.
  public func element(_ atomicNumber: Int) throws(TransportError) -> Element {
    guard let element = byNumber[atomicNumber] else {
      throw TransportError(
        "unknown-element", "There are no cross sections for atomic number \(atomicNumber).",
        remedy: "Use elements 1 to 30 and 53.")
    }
    return element
  }

  init(json bytes: Data) throws(TransportError) {
    do {
      let root = try JSONDocument(bytes, dialect: .strict).root
      source = Source(try root.required("source").string())
      let energies = try root.required("electronEnergies_keV").numbers()
      var byNumber: [Int: Element] = [:]
      for node in try root.required("elements").list() {
        let element = try Element(node, electronEnergies: energies)
        byNumber[element.atomicNumber] = element
      }
      self.byNumber = byNumber
    } catch {
      throw TransportResource.broken("elements", error)
    }
  }
}

extension Element {
  fileprivate init(_ node: JSONNode, electronEnergies: [Double]) throws {
    func column(_ name: String) throws -> [Double] { try node.required(name).numbers() }
    atomicNumber = Int(try node.required("atomicNumber").double())
    symbol = try node.required("symbol").string()
    atomicWeight = try node.required("atomicWeight").double()
    photons = PhotonColumns(
      energies: try column("photonEnergies_keV"), coherent: try column("coherent_b"),
      incoherent: try column("incoherent_b"), photoelectric: try column("photoelectric_b"),
      pairInNuclearField: try column("pairInNuclearField_b"),
      pairInElectronField: try column("pairInElectronField_b"))
    shells = zip(try column("shellElectrons"), try column("shellBinding_eV")).map {
      Shell(electrons: $0, binding: $1)
    }
    outerShellConducts = try node.required("outerShellConducts").bool()
    radiative = CubicSpline(electronEnergies.map { log($0) }, try column("radiative_MeVcm2g").map { log($0) })
    kShell = try node["kShell"].map { shell in
      let lines = try shell.required("lines").list().map { try $0.numbers() }
      let total = lines.reduce(0) { $0 + $1[1] }
      return KShell(
        edge: .kiloelectronvolts(try shell.required("edge_keV").double()),
        shareOfPhotoelectric: try shell.required("shareOfPhotoelectric").double(),
        fluorescenceYield: try shell.required("fluorescenceYield").double(),
        lines: lines.map { Line(energy: .kiloelectronvolts($0[0]), share: $0[1] / total) })
    }
  }
}

extension JSONNode {
  func numbers() throws -> [Double] { try list().map { try $0.double() } }
}
