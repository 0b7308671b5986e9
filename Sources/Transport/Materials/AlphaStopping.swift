import Foundation
import JSON
public import Quantities

/// The total stopping powers of alpha particles from NIST ASTAR, 1 keV to 1 GeV.
public struct AlphaStopping: Sendable {
  private let spline: CubicSpline

  /// The table of a material; every soft tissue takes that of muscle, every bone that of cortical bone, lung that of
  /// water, with the density left to the voxel.
  ///
  /// - Throws: ``TransportError`` when the file is missing or altered.
  public init(_ material: Material) throws(TransportError) {
    let name = Self.table(of: material)
    do {
      let root = try JSONDocument(try TransportResource.bytes("alpha-stopping", "json"), dialect: .strict).root
      let energies = try root.required("energies_keV").numbers()
      let tables = try root.required("materials").list()
      guard let table = try tables.first(where: { try $0.required("name").string() == name }) else {
        throw TransportError("no-alpha-table", "There is no table of \(name).", remedy: "Use another material.")
      }
      let values = try table.required("stopping_MeVcm2g").numbers()
      spline = CubicSpline(energies.map { log($0) }, values.map { log($0) })
    } catch {
      throw TransportResource.broken("alpha-stopping", error)
    }
  }

  /// The stopping power.
  public func total(at energy: Energy) throws(TransportError) -> MassStoppingPower {
    let keV = energy.kiloelectronvolts
    guard (1...1_000_000).contains(keV) else {
      throw TransportError(
        "alpha-energy-range", "An alpha energy of \(keV) keV lies outside 1 keV to 1 GeV.",
        remedy: "Choose an energy in that range.")
    }
    return .megaelectronvoltSquareCentimetresPerGram(total(keV: keV) * 1e-3)
  }

  /// The stopping power in keV cm²/g.
  func total(keV: Double) -> Double { exp(spline(log(keV))) * 1e3 }

  private static func table(of material: Material) -> String {
    func share(_ atomicNumber: Int) -> Double {
      material.composition.first { $0.atomicNumber == atomicNumber }?.massFraction ?? 0
    }
    if share(20) > 0.1 { return "cortical bone" }
    if share(1) < 0.01 { return "air" }
    if share(6) > 0.4 { return "adipose" }
    return share(6) > 0.08 ? "muscle" : "water"
  }
}
