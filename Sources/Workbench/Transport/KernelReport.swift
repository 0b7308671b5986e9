import Foundation
public import JSON
import Provenance
import Quantities
import Transport

/// A voxel kernel, made or taken from the cache, and written to a file.
public struct KernelReport: Sendable {
  private let kernel: VoxelKernel
  private let seconds: Double
  private let origin: KernelLibrary.Origin
  private let isFromCache: Bool
  private let file: String?
  private let digest: Digest

  /// - Parameters:
  ///   - voxel: the edges in mm: `4.8`, or `4.8x4.8x5`.
  ///   - reach: voxels to each side of the centre.
  ///   - usesTable: whether a stored point kernel may take the place of the request's simulation.
  ///   - output: the file for the kernel.
  ///   - progress: called with the share of a simulation that is done.
  ///   - cacheFolder: where kernels are kept; in the user's cache folder when it is `nil`.
  /// - Throws: a refusal for input out of range, and when the file cannot be written.
  public init(
    _ request: TransportRequest, voxel: String, reach: Int, usesTable: Bool = false, output: String?,
    cacheFolder: String? = nil, progress: ((Double) -> Void)? = nil
  ) throws {
    let edges = voxel.split(separator: "x", omittingEmptySubsequences: false).map { Double($0) }
    let millimetres = edges.compactMap { $0 }
    guard edges.count == 1 || edges.count == 3, millimetres.count == edges.count else {
      throw CaseError(
        "voxel-invalid", "“\(voxel.prefix(40))” is no voxel size.",
        remedy: "Write the edge in mm, such as 4.8, or three of them, such as 4.8x4.8x5.", category: .usage)
    }
    let spacing = (0..<3).map { Length.millimetres(millimetres[millimetres.count == 1 ? 0 : $0]) }
    let clock = ContinuousClock()
    let start = clock.now
    let found = try KernelLibrary(cache: KernelCache(folder: cacheFolder)).kernel(
      of: request.source(), material: .named(request.material), spacing: spacing, reach: reach,
      histories: usesTable ? nil : request.histories, settings: request.settings()
    ) { share in
      progress?(share)
      return true
    }
    (kernel, origin, isFromCache) = (found.kernel, found.origin, found.isFromCache)
    let taken = clock.now - start
    seconds = Double(taken.components.seconds) + Double(taken.components.attoseconds) * 1e-18
    let text = try kernel.document.text() + "\n"
    digest = Digest(of: Data(text.utf8))
    file = output
    if let output {
      do {
        try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
      } catch {
        throw CaseError(
          "not-written", "The file '\(output)' cannot be written.", remedy: "Check the folder and its rights.",
          category: .inputOutput)
      }
    }
  }

  private static let offsets = [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1], [2, 0, 0], [3, 0, 0], [5, 0, 0]]

  private var shown: [[Int]] {
    let own = Set(kernel.spacing).count == 1 ? [] : [[0, 1, 0], [0, 0, 1]]
    return (Self.offsets + own).filter { ($0.max() ?? 0) <= kernel.reach }
  }

  private func inside(_ radiation: DosedRadiation) -> Double? {
    guard let emitted = kernel.emitted[radiation], emitted > .zero else { return nil }
    return (kernel.contained[radiation] ?? .zero) / emitted
  }

  /// The kernel's head and its values near the centre; all of it is in the file.
  public var document: JSONValue {
    [
      "nuclide": JSONValue(kernel.nuclide), "material": JSONValue(kernel.material),
      "density": amount(kernel.density.gramsPerMillilitre, "g/mL"),
      "voxel": JSONValue(kernel.spacing.map { amount($0.millimetres, "mm") }),
      "size": JSONValue(2 * kernel.reach + 1), "unit": "Gy/(Bq s)",
      "values": JSONValue(
        shown.map { offset in
          func value(_ radiation: DosedRadiation?) -> JSONValue {
            JSONValue(kernel.sValue(offset[0], offset[1], offset[2], radiation).graysPerBecquerelSecond)
          }
          return [
            "offset": JSONValue(offset.map { JSONValue($0) }), "value": value(nil), "electron": value(.electron),
            "photon": value(.photon), "alpha": value(.alpha),
            "relativeUncertainty": JSONValue(kernel.relativeUncertainty(offset[0], offset[1], offset[2])),
          ]
        }),
      "energyPerDecay": .object(
        JSONObject(
          DosedRadiation.allCases.compactMap { radiation in
            kernel.emitted[radiation].map { emitted in
              (
                radiation.rawValue,
                [
                  "emitted": amount(emitted.megaelectronvolts, "MeV"),
                  "insideKernel": JSONValue(inside(radiation)),
                ]
              )
            }
          })),
      "energyImbalance": JSONValue(kernel.imbalance), "histories": JSONValue(kernel.histories),
      "seed": JSONValue(String(kernel.seed)), "method": JSONValue(origin.rawValue), "fromCache": JSONValue(isFromCache),
      "file": JSONValue(file),
      "digest": JSONValue(digest.hexadecimal),
    ]
  }

  /// The values near the centre for people.
  public var summary: String {
    let edges = Set(kernel.spacing).count == 1 ? [kernel.spacing[0]] : kernel.spacing
    var text =
      "S values of \(kernel.nuclide) for voxels of \(edges.map { String(format: "%.4g", $0.millimetres) }.joined(separator: " × ")) mm"
      + " in \(kernel.material) of \(String(format: "%.4g", kernel.density.gramsPerMillilitre)) g/mL\n\n"
    var table = TextTable(
      ["Offset", "mGy/(MBq s)", "u / %", "Electrons", "Photons", "Alphas"], numbers: [1, 2, 3, 4, 5])
    for offset in shown {
      func value(_ radiation: DosedRadiation?) -> String {
        String(
          format: "%.4g", kernel.sValue(offset[0], offset[1], offset[2], radiation).milligraysPerMegabecquerelSecond)
      }
      table.add([
        offset.map(String.init).joined(separator: " "), value(nil),
        kernel.relativeUncertainty(offset[0], offset[1], offset[2]).map { String(format: "%.2f", $0 * 100) } ?? "-",
        value(.electron), value(.photon), value(.alpha),
      ])
    }
    text += table.text + "\n"
    for radiation in DosedRadiation.allCases {
      guard let emitted = kernel.emitted[radiation], let share = inside(radiation) else { continue }
      text += String(
        format: "%@s: %.5g keV per decay, %.4g %% of it within %d voxels.\n", radiation.rawValue.capitalized,
        emitted.kiloelectronvolts, share * 100, 2 * kernel.reach + 1)
    }
    text += String(
      format: "%d histories, seed %@, %@ in %.2f s; energy conserved to %.0e.\n", kernel.histories,
      String(kernel.seed),
      origin == .table ? "integrated from the stored point kernel" : isFromCache ? "read from the cache" : "simulated",
      seconds, max(kernel.imbalance, 1e-12))
    if let file { text += "Written to \(file), digest \(digest.short).\n" }
    return text
  }
}
