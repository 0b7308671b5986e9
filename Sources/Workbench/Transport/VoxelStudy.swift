import Foundation
import Kinetics
import Numerics
import Provenance
import Quantities
import Radionuclides
import Studies
import Transport
import Volumes

/// A case in voxels: the decays of the administered activity, the tissues of its CT, and its regions.
struct VoxelStudy: Sendable {
  /// A region's share of each voxel.
  struct Region: Sendable {
    let name: String
    let occupancy: Occupancy
  }

  let file: CaseFile
  let nuclide: Nuclide
  let grid: Grid
  let voxels: PatientVoxels
  let times: [Time]
  let regions: [Region]
  /// Whether density and material come from a CT.
  let hasCT: Bool
  /// How dose files are tied to the study: a series of its SPECT.
  let source: IndexedSeries
  let inputs: [InputRecord]
  let findings: [Finding]

  /// - Parameters:
  ///   - model: of the regions' curves; `nil` takes F3u from four images on, else F2.
  ///   - halfLife: the effective half-life in h of all voxels, for a single image.
  ///   - threshold: voxels below that share of the largest value hold no activity.
  /// - Throws: a refusal for a case without SPECT, images on several grids, and one image without a half-life.
  init(case path: String, model: VoxelMapping.Model?, halfLife: Double?, threshold: Double, tissues: TissueSet) throws {
    let (file, folder) = try CaseFile.read(path)
    guard let spect = file.spect else {
      throw CaseError(
        "no-imaging", "The case names no SPECT; voxels need one.", remedy: "Give measurements.spect in the case.")
    }
    guard threshold >= 0, threshold < 1 else {
      throw CaseError(
        "threshold", "The threshold is \(threshold) of the largest value.", remedy: "Give a fraction from 0 to 1.",
        category: .usage)
    }
    let nuclide = try NuclideTable.icrp107().nuclide(file.nuclide)
    let study = try ReadStudy(spect, folder: folder, case: file, nuclide: nuclide)
    guard let first = study.images.first, study.images.allSatisfy({ $0.image.grid == first.image.grid }) else {
      throw CaseError(
        "grids-differ", "The SPECT do not lie on one grid.",
        remedy: "Set measurements.spect.register, or resample them to one of them.")
    }
    let grid = first.image.grid
    let structures = Dictionary(study.structures.map { ($0.name, $0) }, uniquingKeysWith: { a, _ in a })
    let regions = try file.regions.compactMap { region -> Region? in
      guard let structure = region.structure.flatMap({ structures[$0] }) else { return nil }
      return Region(name: region.name, occupancy: try Occupancy(of: structure, on: grid))
    }
    let concentration = try Self.timeIntegrated(study.images, regions, nuclide, model, halfLife, threshold)
    let perVoxel = Float(3600 * grid.voxelVolume.millilitres)
    let decays = concentration.map { $0 * perVoxel }
    var findings = study.findings
    let index = try StudyIndex.scan(folder: spect.folder.hasPrefix("/") ? spect.folder : folder + "/" + spect.folder)
    guard let source = index.series.first(where: { $0.modality == "PT" || $0.modality == "NM" }) else {
      throw CaseError.internalFault("A series that was read is no longer there.")
    }
    let ct = index.series.filter { $0.modality == "CT" && $0.frameOfReferenceUID == source.frameOfReferenceUID }
      .max { ($0.files.count, $1.uid) < ($1.files.count, $0.uid) }
    var units: [Float]?
    var inputs = study.inputs.filter { $0.input != "CT" }
    if let ct {
      let series = try AnatomicalSeries(ct)
      inputs.append(
        InputRecord(input: "CT", when: "", what: "\(ct.files.count) images, \(tissues.name)", digest: try ct.digest()))
      let (values, outside) = try Self.resampled(series, on: grid)
      units = values
      let all = decays.reduce(0) { $0 + Double($1) }
      let lost = decays.indices.reduce(0) { $0 + (outside[$1] ? Double(decays[$1]) : 0) } / max(all, 1e-300)
      if lost > 0.001 {
        findings.append(
          Finding(
            lost > 0.05 ? .serious : .caution, code: "activity-outside-ct", title: "Activity outside the CT.",
            "\(shortNumber(lost * 100)) % of the decays lie where the CT does not reach; they count as in air.",
            origin: "Workbench · dose voxel"))
      }
    } else {
      findings.append(
        Finding(
          .caution, code: "no-ct", title: "No CT.",
          "The folder holds no CT in the frame of reference of the SPECT; all voxels count as soft tissue of 1.06 g/mL.",
          origin: "Workbench · dose voxel"))
    }
    let spacing = [grid.spacing.x, grid.spacing.y, grid.spacing.z].map { Length.millimetres($0) }
    voxels = try PatientVoxels(
      shape: SIMD3(grid.columns, grid.rows, grid.slices), spacing: spacing, decays: decays, hounsfieldUnits: units,
      tissues: tissues)
    (self.file, self.nuclide, self.grid, self.source, self.regions) = (file, nuclide, grid, source, regions)
    (self.inputs, times, hasCT) = (inputs, study.images.map(\.time), ct != nil)
    self.findings = findings.worstFirst()
  }

  /// Ã in every voxel in Bq h/mL: the sum of its images times Ã of its region's mean curve over the sum of that curve.
  ///
  /// A fit of every voxel's own curve is far too low where counts are few; this is linear in every voxel, so that noise
  /// averages out and a region keeps the time-integrated activity of its curve. All that no region holds is one region.
  private static func timeIntegrated(
    _ images: [TimedImage], _ regions: [Region], _ nuclide: Nuclide, _ model: VoxelMapping.Model?, _ halfLife: Double?,
    _ threshold: Double
  ) throws -> [Float] {
    let count = images[0].image.values.count
    let sums = (0..<count).map { voxel in images.reduce(Float(0)) { $0 + max(0, $1.image.values[voxel]) } }
    let least = Float(threshold) * (sums.max() ?? 0)
    if let halfLife {
      guard images.count == 1, halfLife.isFinite, halfLife > 0, halfLife <= nuclide.halfLife.hours else {
        throw CaseError(
          "half-life-invalid", "A half-life of \(shortNumber(halfLife)) h was given for \(images.count) images.",
          remedy: "Give one up to the nuclide's for a single image; more images tell their own.", category: .usage)
      }
      let factor = Float(exp2(images[0].time.hours / halfLife) * halfLife / 0.693147180559945)
      return sums.map { $0 > least ? $0 * factor : 0 }
    }
    guard images.count >= 2 else {
      throw CaseError(
        "one-image", "The case has one SPECT, which tells no half-life.",
        remedy: "Add a second one, or give the effective half-life with --half-life.")
    }
    var label = [Int](repeating: 0, count: count)
    for (index, region) in regions.enumerated() {
      var place = 0
      region.occupancy.box.forEachRow { j, k in
        for i in region.occupancy.box.columns {
          if region.occupancy.fractions[place] >= 0.5 { label[region.occupancy.grid.index(i, j, k)] = index + 1 }
          place += 1
        }
      }
    }
    var curves = [[Double]](repeating: [Double](repeating: 0, count: regions.count + 1), count: images.count)
    for (time, image) in images.enumerated() {
      for voxel in 0..<count where sums[voxel] > least {
        curves[time][label[voxel]] += Double(max(0, image.image.values[voxel]))
      }
    }
    let largest = curves.joined().max() ?? 1
    let fit = try VoxelFit(
      (model ?? (images.count >= 4 ? .F3u : .F2)) == .F2 ? .F2 : .F3u, times: images.map(\.time),
      physicalDecay: nuclide.decayConstant, relativeUncertainty: 0.05, threshold: 0)
    let integrals = try fit.maps(of: curves.map { $0.map { Float($0 / max(largest, 1e-30)) } }).timeIntegrated
    let factors = integrals.indices.map { region -> Float in
      let sum = curves.reduce(0) { $0 + $1[region] } / max(largest, 1e-30)
      return sum > 0 ? integrals[region] / Float(sum) : 0
    }
    return (0..<count).map { sums[$0] > least ? sums[$0] * factors[label[$0]] : 0 }
  }

  /// The CT averaged over each voxel, and where it does not reach: there is air.
  private static func resampled(_ ct: AnatomicalSeries, on grid: Grid) throws -> ([Float], [Bool]) {
    let sampler = try Image<CTNumber>.Sampler(Image(grid: ct.grid, values: ct.values))
    let counts = SIMD3<Int>(pointwiseMax(SIMD3(1, 1, 1), (grid.spacing / ct.grid.spacing).rounded(.up)))
    let steps = SIMD3(min(4, counts.x), min(4, counts.y), min(4, counts.z))
    let slices = try inParallel(grid.slices) { k -> ([Float], [Bool]) in
      var (values, outside): ([Float], [Bool]) = ([], [])
      for j in 0..<grid.rows {
        for i in 0..<grid.columns {
          let centre = grid.position(i, j, k)
          var (sum, inside): (Float, Float) = (0, 0)
          for a in 0..<steps.x {
            for b in 0..<steps.y {
              for c in 0..<steps.z {
                let place =
                  centre + ((Double(a) + 0.5) / Double(steps.x) - 0.5) * grid.columnStep
                  + ((Double(b) + 0.5) / Double(steps.y) - 0.5) * grid.rowStep
                  + ((Double(c) + 0.5) / Double(steps.z) - 0.5) * grid.sliceStep
                guard let value = sampler.value(at: place) else { continue }
                sum += value
                inside += 1
              }
            }
          }
          values.append(inside > 0 ? sum / inside : -1000)
          outside.append(inside == 0)
        }
      }
      return (values, outside)
    }
    return (slices.flatMap(\.0), slices.flatMap(\.1))
  }
}
