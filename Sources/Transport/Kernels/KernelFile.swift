public import JSON
import Quantities

extension VoxelKernel {
  /// The kernel as a document of the format `endora-voxel-kernel-1`.
  ///
  /// `values` hold S in Gy/(Bq s), one for each set of voxels alike by symmetry: for cubes in the order of
  /// a(a+1)(a+2)/6 + b(b+1)/2 + c of |offsets| a ≥ b ≥ c, else x fastest, then y, then z, each from 0 to the reach.
  public var document: JSONValue {
    func list(_ values: [Double]) -> JSONValue { JSONValue(values.map { JSONValue($0) }) }
    func energies(_ values: [DosedRadiation: Energy]) -> JSONValue {
      .object(
        JSONObject(
          DosedRadiation.allCases.filter { values[$0] != nil }.map {
            ($0.rawValue, JSONValue(values[$0]?.megaelectronvolts))
          }))
    }
    return [
      "format": "endora-voxel-kernel-1", "nuclide": JSONValue(nuclide), "material": JSONValue(material),
      "density_g_mL": JSONValue(density.gramsPerMillilitre),
      "voxel_mm": JSONValue(spacing.map { JSONValue($0.millimetres) }), "reach": JSONValue(reach),
      "histories": JSONValue(histories), "seed": JSONValue(String(seed)),
      "emitted_MeV": energies(emitted), "contained_MeV": energies(contained), "imbalance": JSONValue(imbalance),
      "unit": "Gy/(Bq s)",
      "values": .object(
        JSONObject(
          DosedRadiation.allCases.filter { values[$0] != nil }.map { ($0.rawValue, list(values[$0] ?? [])) })),
      "relativeUncertainties": list(relativeUncertainties),
    ]
  }

  /// Reads what ``document`` wrote.
  ///
  /// - Throws: an error for anything else, and for values that are negative, not numbers or of a wrong count.
  public init(_ node: JSONNode) throws {
    let format = try node.required("format")
    guard try format.string() == "endora-voxel-kernel-1" else {
      throw format.refusal("unknown-format", found: "the format is unknown", remedy: "Use endora-voxel-kernel-1.")
    }
    let spacing = try node.required("voxel_mm").numbers()
    let reachNode = try node.required("reach")
    let reach = try reachNode.double()
    let seedNode = try node.required("seed")
    guard spacing.count == 3, spacing.allSatisfy({ $0 > 0 }), reach >= 1, reach <= Double(KernelSimulation.mostReach),
      reach == reach.rounded(), let seed = UInt64(try seedNode.string())
    else {
      throw node.refusal("kernel-shape", found: "voxel, reach or seed is wrong", remedy: "Make the kernel again.")
    }
    let orbits = VoxelOrbits(reach: Int(reach), isCubic: Set(spacing).count == 1)
    func column(_ node: JSONNode) throws -> [Double] {
      let values = try node.numbers()
      guard values.count == orbits.count, values.allSatisfy({ $0 >= 0 }) else {
        throw node.refusal(
          "kernel-values", found: "there are \(values.count) values or a negative one", remedy: "Make the kernel again."
        )
      }
      return values
    }
    func energies(_ key: String) throws -> [DosedRadiation: Energy] {
      var result: [DosedRadiation: Energy] = [:]
      for radiation in DosedRadiation.allCases {
        if let value = try node.required(key)[radiation.rawValue] {
          result[radiation] = .megaelectronvolts(try value.double())
        }
      }
      return result
    }
    var values: [DosedRadiation: [Double]] = [:]
    for radiation in DosedRadiation.allCases {
      if let list = try node.required("values")[radiation.rawValue] { values[radiation] = try column(list) }
    }
    self.init(
      nuclide: try node.required("nuclide").string(), material: try node.required("material").string(),
      density: .gramsPerMillilitre(try node.required("density_g_mL").double()),
      spacing: spacing.map { .millimetres($0) }, reach: Int(reach),
      histories: Int(try node.required("histories").double()), seed: seed, emitted: try energies("emitted_MeV"),
      contained: try energies("contained_MeV"), imbalance: try node.required("imbalance").double(), values: values,
      relativeUncertainties: try column(try node.required("relativeUncertainties")))
  }
}
