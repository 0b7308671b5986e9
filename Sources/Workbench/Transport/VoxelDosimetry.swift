import Dosimetry
import Foundation
import JSON
import Provenance
import Quantities
import Radionuclides
import Reports
public import Transport
import Volumes

/// The absorbed dose in every voxel of a case, by one method or by all of them set side by side: `dose voxel`.
public struct VoxelDosimetry: Sendable {
  /// How the dose is computed.
  public enum Method: String, CaseIterable, Sendable {
    /// Radiation is followed through the patient.
    case transport
    /// Convolution with voxel S values.
    case kernel
    /// Electrons and alphas stay in their voxel.
    case local
  }

  /// What is asked for: one method, or all.
  public enum Choice: String, CaseIterable, Sendable {
    case transport, kernel, local, all

    var methods: [Method] { Method(rawValue: rawValue).map { [$0] } ?? Method.allCases }
  }

  /// Of which tissues kernels are taken.
  public enum Kernels: String, CaseIterable, Sendable {
    /// Water, scaled by density.
    case water
    /// Lung, soft tissue, spongiosa and cortical bone, each voxel its own, scaled by density.
    case tissue
  }

  /// Settings of the methods.
  public struct Options: Sendable {
    public let choice: Choice
    public let kernels: Kernels
    public let model: VoxelMapping.Model?
    public let halfLife: Double?
    public let threshold: Double
    public let withProgeny: Bool
    public let tissues: String
    public let reach: Int
    public let uncertainty: Double
    public let seed: Int
    public let state: String?

    /// - Parameters:
    ///   - model: of the regions' curves; `nil` takes F3u from four images on, else F2.
    ///   - halfLife: the effective half-life in h, for a single image.
    ///   - threshold: voxels below that share of the largest value hold no activity.
    ///   - tissues: the name of a set into which CT numbers are sorted.
    ///   - reach: voxels of a kernel to each side.
    ///   - uncertainty: the statistical uncertainty at which transport stops.
    ///   - state: a file that keeps the transport's state, from which it goes on.
    public init(
      choice: Choice, kernels: Kernels = .water, model: VoxelMapping.Model? = nil, halfLife: Double? = nil,
      threshold: Double = 0, withProgeny: Bool = false, tissues: String = "Schneider", reach: Int = 25,
      uncertainty: Double = 0.02, seed: Int = 1, state: String? = nil
    ) {
      (self.choice, self.kernels, self.model, self.halfLife, self.threshold) = (
        choice, kernels, model, halfLife, threshold
      )
      (self.withProgeny, self.tissues, self.reach, self.uncertainty) = (withProgeny, tissues, reach, uncertainty)
      (self.seed, self.state) = (seed, state)
    }
  }

  let study: VoxelStudy
  let options: Options
  let maps: [(method: Method, doses: [Float])]
  let transport: VoxelTransport.Dose?
  let kernelNotes: [JSONValue]
  let rows: [VoxelRegion]
  let findings: [Finding]
  private let seconds: [(method: Method, seconds: Double)]

  /// Reads the case and computes.
  ///
  /// - Parameter progress: called with how far transport is; it stops when `false` is returned, with what it knows.
  /// - Throws: a refusal of the case, of an option out of its range, and of transport without a CT.
  public init(
    case path: String, options: Options, cacheFolder: String? = nil,
    progress: ((VoxelTransport.Progress) -> Bool)? = nil
  ) throws {
    guard options.uncertainty >= 0.001, options.uncertainty <= 1, options.seed >= 0 else {
      throw CaseError(
        "uncertainty-range", "The uncertainty asked for is \(options.uncertainty), the seed \(options.seed).",
        remedy: "Give 0.001 to 1 and a seed from 0.", category: .usage)
    }
    guard let tissues = TissueSet.standard.first(where: { $0.name == options.tissues }) else {
      throw CaseError(
        "tissues-unknown", "'\(options.tissues.prefix(20))' is no set of tissues.",
        remedy: "Choose \(TissueSet.standard.map(\.name).joined(separator: " or ")).", category: .usage)
    }
    let study = try VoxelStudy(
      case: path, model: options.model, halfLife: options.halfLife, threshold: options.threshold, tissues: tissues)
    guard study.hasCT || !options.choice.methods.contains(.transport) else {
      throw CaseError(
        "ct-missing", "Transport needs the patient's CT, which is not there.",
        remedy: "Add the CT of the SPECT to the imaging folder, or use --method kernel.", category: .missing)
    }
    let table = try NuclideTable.icrp107()
    let emissions = try EmissionTable.icrp107()
    let source =
      options.withProgeny
      ? try NuclideSource(table.chain(of: study.nuclide.name), emissions: emissions)
      : try NuclideSource(study.nuclide, emissions: emissions)
    let settings = TransportSettings(
      seed: UInt64(options.seed), threads: max(1, ProcessInfo.processInfo.activeProcessorCount))
    let clock = ContinuousClock()
    var maps: [(Method, [Float])] = []
    var seconds: [(Method, Double)] = []
    var notes: [JSONValue] = []
    var transported: VoxelTransport.Dose?
    for method in options.choice.methods {
      let start = clock.now
      switch method {
      case .local:
        let short = source.energyPerDecay(.electron) + source.energyPerDecay(.alpha)
        maps.append((method, study.voxels.localDeposition(short, threads: settings.threads)))
      case .kernel:
        let (kernels, documents) = try Self.kernels(
          options, source, study.voxels, settings, KernelLibrary(cache: KernelCache(folder: cacheFolder)))
        notes = documents
        let planned = clock.now
        maps.append((method, try study.voxels.kernelDose(kernels, threads: settings.threads)))
        seconds.append((method, Self.seconds(clock.now - planned)))
        continue
      case .transport:
        let run = try VoxelTransport(of: source, in: study.voxels, settings: settings)
        let store = options.state.map { TransportStateFile(path: $0) }
        let found = try run.run(
          from: try store?.read(), goal: options.uncertainty, progress: progress, keep: { try store?.write($0) })
        transported = found
        maps.append((method, found.grays))
      }
      seconds.append((method, Self.seconds(clock.now - start)))
    }
    var findings = study.findings
    if let transported, !transported.reachedGoal {
      findings.append(
        Finding(
          .caution, code: "uncertainty-not-reached", title: "Transport stopped early.",
          "The statistical uncertainty is \(shortNumber(transported.uncertainty * 100)) %, more than the "
            + "\(shortNumber(options.uncertainty * 100)) % asked for.", origin: "Transport · voxels"))
    }
    findings.append(
      Finding(
        .info, code: "no-recovery", title: "No recovery in voxels.",
        "Voxel doses hold the image's blur: small regions get too little, their surroundings too much. Organ doses with "
          + "recovery are those of plan.", origin: "Workbench · dose voxel"))
    rows = try study.regions.map { try VoxelRegion($0, study.voxels, maps, transported) }
    (self.study, self.options, self.maps, transport, kernelNotes) = (study, options, maps, transported, notes)
    (self.seconds, self.findings) = (seconds, findings.worstFirst())
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  /// The tissues with kernels of their own and the densities up to which each serves.
  private static let tissues: [(material: Material, upTo: Density)] = [
    (.lung, .gramsPerMillilitre(0.65)), (.softTissue, .gramsPerMillilitre(1.1)),
    (.spongiosa, .gramsPerMillilitre(1.45)), (.corticalBone, .gramsPerMillilitre(30)),
  ]

  private static func kernels(
    _ options: Options, _ source: NuclideSource, _ voxels: PatientVoxels, _ settings: TransportSettings,
    _ library: KernelLibrary
  ) throws -> ([PatientVoxels.TissueKernel], [JSONValue]) {
    let wanted =
      options.kernels == .water ? [(material: Material.water, upTo: Density.gramsPerMillilitre(30))] : tissues
    var documents: [JSONValue] = []
    let kernels = try wanted.map { material, upTo in
      let found = try library.kernel(
        of: source, material: material, spacing: voxels.spacing, reach: options.reach, histories: nil,
        settings: settings)
      let kernel = found.kernel
      let emitted = DosedRadiation.allCases.compactMap { kernel.emitted[$0] }.total()
      let inside = DosedRadiation.allCases.compactMap { kernel.contained[$0] }.total()
      documents.append([
        "material": JSONValue(kernel.material), "density": amount(kernel.density.gramsPerMillilitre, "g/mL"),
        "size": JSONValue(2 * kernel.reach + 1), "method": JSONValue(found.origin.rawValue),
        "histories": JSONValue(kernel.histories), "energyInside": JSONValue(inside / emitted),
      ])
      return try PatientVoxels.TissueKernel(kernel, shape: voxels.shape, upTo: upTo, threads: settings.threads)
    }
    return (kernels, documents)
  }

  /// A few lines for people.
  public func summary(folder: String?) -> String {
    let activity = study.file.administration.administered(decay: study.nuclide.decayConstant)
    var text = String(
      format: "%@ in %d × %d × %d voxels of %@ mm, %.4g MBq administered, %@.\n\n", study.nuclide.name,
      study.grid.columns, study.grid.rows, study.grid.slices,
      study.voxels.spacing.map { shortNumber($0.millimetres) }.joined(separator: " × "), activity.megabecquerels,
      study.hasCT ? "tissues of the CT (\(options.tissues))" : "no CT")
    let methods = maps.map(\.method)
    var heads = ["Region", "g"] + methods.map { "\($0.rawValue) Gy" }
    let reference = methods.first ?? .local
    heads += methods.dropFirst().map { "\($0.rawValue) − \(reference.rawValue)" }
    var table = TextTable(heads, numbers: Set(1..<heads.count))
    for row in rows {
      let base = row.doses[0].mean.grays
      table.add(
        [row.name, shortNumber(row.mass.grams)] + row.doses.map { NumberFormat.dose($0.mean) }
          + row.doses.dropFirst().map {
            base > 0 ? String(format: "%+.1f %%", ($0.mean.grays / base - 1) * 100) : "-"
          })
    }
    if !rows.isEmpty { text += table.text + "\n" }
    for (method, seconds) in seconds {
      text += "\(method.rawValue): \(shortNumber(seconds)) s"
      if method == .transport, let transport {
        text += String(
          format: ", %.3g histories, %.1f %% in voxels above half of the maximum", Double(transport.histories),
          transport.uncertainty * 100)
      }
      text += ".\n"
    }
    text += findings.filter { $0.severity != .info }.map { "\($0.title) \($0.text)\n" }.joined()
    if let folder { text += "Written to \(folder).\n" }
    return text + Release.disclaimer + "\n"
  }
}
