import Foundation
public import JSON
import Provenance
import Quantities
import Radionuclides

/// Point kernels in water that were simulated once and come with the program.
public struct PointKernelTable: Sendable {
  /// What is stored; ²²⁵Ac also with its progeny in the same place.
  static let nuclides = [
    ("Lu-177", false), ("Y-90", false), ("Tb-161", false), ("Ga-68", false), ("I-131", false), ("Re-188", false),
    ("Ac-225", false), ("Ac-225", true),
  ]

  private let kernels: [String: PointKernel]

  /// The table of this release.
  ///
  /// - Throws: ``TransportError`` when the file is missing or altered.
  public static func standard() throws(TransportError) -> PointKernelTable {
    let bytes = try TransportResource.bytes("point-kernels", "json")
    do {
      return try PointKernelTable(JSONDocument(bytes, dialect: .strict).root)
    } catch {
      throw TransportResource.broken("point-kernels", error)
    }
  }

  /// Simulates the table.
  ///
  /// - Parameters:
  ///   - histories: of the component with the most energy of each nuclide.
  ///   - progress: called with each nuclide that is done.
  public static func generate(
    histories: Int, seed: UInt64, threads: Int, progress: (String) -> Void
  ) throws -> PointKernelTable {
    let table = try NuclideTable.icrp107()
    let emissions = try EmissionTable.icrp107()
    let kernels = try nuclides.map { name, withProgeny in
      let source =
        withProgeny
        ? try NuclideSource(table.chain(of: name), emissions: emissions)
        : try NuclideSource(table.nuclide(name), emissions: emissions)
      let kernel = try PointKernel(
        of: source, histories: histories, settings: TransportSettings(seed: seed, threads: threads))
      progress(kernel.nuclide)
      return kernel
    }
    return PointKernelTable(kernels)
  }

  init(_ kernels: [PointKernel]) {
    self.kernels = Dictionary(kernels.map { ($0.nuclide, $0) }, uniquingKeysWith: { $1 })
  }

  /// The kernel of a source; `nil` for one that is not stored.
  public func kernel(of source: NuclideSource) -> PointKernel? { kernels[source.name] }

  /// The table as a document of the format `endora-point-kernels-1`: the share of each radiation's energy between one
  /// radius and the next.
  public var document: JSONValue {
    func list(_ values: [Double]) -> JSONValue {
      // Six digits are a hundred times finer than the statistics.
      JSONValue(values.map { JSONValue(Double(String(format: "%.6g", $0)) ?? 0) })
    }
    return [
      "format": "endora-point-kernels-1",
      "kernels": JSONValue(
        kernels.values.sorted { $0.nuclide < $1.nuclide }.map { kernel in
          let kinds = DosedRadiation.allCases.filter { kernel.within[$0] != nil }
          return [
            "nuclide": JSONValue(kernel.nuclide), "histories": JSONValue(kernel.histories),
            "seed": JSONValue(String(kernel.seed)), "imbalance": JSONValue(kernel.imbalance),
            "emitted_MeV": .object(
              JSONObject(kinds.map { ($0.rawValue, JSONValue(kernel.emitted[$0]?.megaelectronvolts)) })),
            "shells": .object(
              JSONObject(
                kinds.map { radiation in
                  let within = kernel.within[radiation] ?? []
                  return (radiation.rawValue, list(zip(within, [0] + within).map { max(0, $0 - $1) }))
                })),
            "relativeUncertainties": list(kernel.relativeUncertainties),
          ]
        }),
    ]
  }

  /// Reads what ``document`` wrote.
  ///
  /// - Throws: an error for anything else.
  init(_ node: JSONNode) throws {
    let format = try node.required("format")
    guard try format.string() == "endora-point-kernels-1" else {
      throw format.refusal("unknown-format", found: "the format is unknown", remedy: "Use endora-point-kernels-1.")
    }
    func column(_ node: JSONNode) throws -> [Double] {
      let values = try node.numbers()
      guard values.count == PointKernel.radii.count, values.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
        throw node.refusal(
          "kernel-values", found: "there are \(values.count) shares or one outside 0 to 1",
          remedy: "Make the table again.")
      }
      return values
    }
    self.init(
      try node.required("kernels").list().map { entry in
        var emitted: [DosedRadiation: Energy] = [:]
        var within: [DosedRadiation: [Double]] = [:]
        for radiation in DosedRadiation.allCases {
          guard let energy = try entry.required("emitted_MeV")[radiation.rawValue] else { continue }
          emitted[radiation] = .megaelectronvolts(try energy.double())
          var sum = 0.0
          within[radiation] = try column(entry.required("shells").required(radiation.rawValue)).map {
            sum += $0
            return sum
          }
        }
        let seed = try entry.required("seed")
        guard let number = UInt64(try seed.string()) else {
          throw seed.refusal("seed", found: "the seed is no number", remedy: "Make the table again.")
        }
        return PointKernel(
          nuclide: try entry.required("nuclide").string(), emitted: emitted,
          histories: try entry.required("histories").int(), seed: number,
          imbalance: try entry.required("imbalance").double(), within: within,
          relativeUncertainties: try column(entry.required("relativeUncertainties")))
      })
  }
}
