import Provenance
import Quantities
import Uptake
import Volumes

/// The skeletal sites, references, lesions and burden of one case.
public struct PETSites: Sendable {
  /// A lesion with what it holds; the region is `nil` when it came as numbers.
  struct Lesion: Sendable {
    let name: String
    let uptake: LesionUptake
    let region: RegionUptake?
    /// Its hottest voxel; `nil` when it came as numbers.
    let hottest: SIMD3<Double>?
  }

  let plan: PETCase
  let pet: QuantifiedPET?
  let skeleton: SkeletalUptake
  /// What the regions of sites hold, and their hottest voxels, by the site's name.
  let regions: [String: (uptake: RegionUptake, hottest: SIMD3<Double>)]
  let references: [(kind: TargetToBackground.Reference, uptake: ReferenceUptake, region: RegionUptake?)]
  let lesions: [Lesion]
  let burden: LesionBurden
  let wholeBody: WholeBodyBurden?
  let marrow: MarrowBurden?
  let findings: [Finding]

  /// Measures what the `pet.json` of a case names.
  ///
  /// - Throws: a refusal when the file, the PET or a region cannot be used.
  public init(case path: String) throws { try self.init(PETCase(path: path)) }

  init(_ plan: PETCase) throws {
    let pet = try plan.imaging.map {
      try PETStudy(
        folder: $0, series: plan.series, frameOfReference: plan.frameOfReference, stated: plan.stated
      ).pet
    }
    let uptake = SiteMeasurement(image: try pet?.image())
    var regions: [String: (uptake: RegionUptake, hottest: SIMD3<Double>)] = [:]
    let sites = try plan.sites.map { name, place in
      switch place {
      case .missing(let why): return SiteUptake(name, missing: why)
      case .measured(let value): return SiteUptake(name, maximum: value)
      case .shape(let shape):
        guard let found = try uptake.site(shape) else {
          return SiteUptake(name, missing: "not wholly in the field of view")
        }
        regions[name] = found
        return SiteUptake(name, maximum: found.uptake.maximum)
      }
    }
    skeleton = try SkeletalUptake(plan.template, sites)
    references = try plan.references.map { kind, content in
      switch content {
      case .measured(let measured): return (kind, measured, nil)
      case .shape(let shape):
        let region = try uptake.lesion(shape, nil, .all).uptake
        return (kind, try ReferenceUptake(region), region)
      }
    }
    lesions = try plan.lesions.map { lesion in
      switch lesion.content {
      case .measured(let measured): return Lesion(name: lesion.name, uptake: measured, region: nil, hottest: nil)
      case .shape(let shape, let threshold, let parts):
        let found = try uptake.lesion(shape, threshold, parts)
        return Lesion(
          name: lesion.name, uptake: try LesionUptake(found.uptake), region: found.uptake, hottest: found.hottest)
      }
    }
    burden = try LesionBurden(lesions.map { ($0.uptake.volume, $0.uptake.mean) })
    wholeBody = try plan.burden.map { try uptake.wholeBody($0) }
    marrow = try plan.marrow.map { try uptake.marrow($0) }
    self.plan = plan
    self.pet = pet
    self.regions = regions
    findings = Self.findings(plan, pet, skeleton, regions.values.flatMap(\.uptake.findings))
  }

  private static func findings(
    _ plan: PETCase, _ pet: QuantifiedPET?, _ skeleton: SkeletalUptake, _ regions: [Finding]
  ) -> [Finding] {
    var findings = (pet?.factor.findings ?? []) + plan.findings + regions
    func note(_ severity: Finding.Severity, _ code: String, _ title: String, _ text: String, _ origin: String) {
      findings.append(Finding(severity, code: code, title: title, text, origin: "Uptake · \(origin)"))
    }
    if skeleton.meanMaximum == nil {
      note(
        .caution, "too-few-sites", "Too few sites for a mean.",
        "\(skeleton.available) of \(plan.template.sites.count) sites have an uptake; a mean needs "
          + "\(SkeletalUptake.leastSites).", "sites")
    }
    if plan.references.contains(where: { $0.kind == .spleen }) {
      note(
        .info, "spleen-no-background", "Spleen is no background.",
        "The spleen expresses CXCR4; ratios to it compare, they set nothing against a background.", "references")
    }
    if let missing = plan.burden?.missing, !missing.isEmpty {
      note(
        .serious, "physiological-uptake-included", "Physiological uptake may count as burden.",
        "No structure leaves out \(missing.joined(separator: ", ")); their uptake counts where it is above the threshold.",
        "burden")
    }
    return findings.worstFirst()
  }

  /// The uptake of a reference; `nil` when the case has none of the kind.
  func reference(_ kind: TargetToBackground.Reference) -> ReferenceUptake? {
    references.first { $0.kind == kind }?.uptake
  }

  /// The largest SUVmax of sites and lesions; `nil` when there is neither.
  var hottest: UptakeValue? {
    (skeleton.sites.compactMap(\.maximum) + lesions.map(\.uptake.maximum)).max()
  }

  /// The ratios of the hottest site and of every lesion to every reference.
  func ratios() throws -> [(target: String, ratio: TargetToBackground)] {
    let hottest = skeleton.range.map { [("hottest site", $0.upperBound)] } ?? []
    let targets = hottest + lesions.map { ($0.name, $0.uptake.maximum) }
    return try targets.flatMap { name, maximum in
      try references.map { (name, try TargetToBackground(maximum, over: $0.uptake.mean, $0.kind)) }
    }
  }

  /// The rules that the case switches on; none unless it does.
  func surrogates() -> [Surrogate] {
    let pool = plan.rules.bloodPoolTimes.flatMap { times in
      reference(.bloodPool).map { Surrogate.aboveBloodPool($0.mean, times: times) }
    }
    let liver =
      plan.rules.usesLiver
      ? reference(.liver).flatMap { liver in
        liver.standardDeviation.map { Surrogate.aboveLiver(mean: liver.mean, standardDeviation: $0) }
      } : nil
    return [pool, liver].compactMap { $0 }
  }

  /// The five-point score of an SUVmax; `nil` unless the case switches it on and has both references.
  func score(_ maximum: UptakeValue?) throws -> FivePointScore? {
    guard plan.rules.usesFivePoints, let maximum, let pool = reference(.bloodPool), let liver = reference(.liver)
    else { return nil }
    return try FivePointScore(maximum, bloodPool: pool.mean, liver: liver.mean)
  }
}

/// What regions of one image hold; without an image every region is refused.
private struct SiteMeasurement {
  let image: Image<UptakeValue>?

  private func needed() throws(CaseError) -> Image<UptakeValue> {
    guard let image else {
      throw CaseError("no-pet", "A region is given, but no PET.", remedy: "Name the folder of the PET in pet.")
    }
    return image
  }

  /// A site; `nil` when the bone was segmented and the PET does not hold all of it.
  func site(_ shape: RegionFile.Shape) throws -> (uptake: RegionUptake, hottest: SIMD3<Double>)? {
    let image = try needed()
    guard try shape.isWhole(on: image.grid), let mask = try shape.maskIfInside(image.grid) else { return nil }
    return (try RegionUptake(image, in: mask), image.hottest(in: mask))
  }

  /// The part of a region above a threshold, or all of it without one.
  func lesion(
    _ shape: RegionFile.Shape, _ threshold: ThresholdText?, _ parts: UptakeThreshold.Parts
  ) throws -> (uptake: RegionUptake, hottest: SIMD3<Double>) {
    let image = try needed()
    var mask = try shape.mask(on: image.grid)
    if let threshold {
      guard let part = try threshold.threshold.lesion(in: image, region: mask, parts: parts) else {
        throw CaseError(
          "empty-lesion", "No voxel of a lesion is above \(threshold.text).", remedy: "Lower the threshold.")
      }
      mask = part
    }
    return (try RegionUptake(image, in: mask), image.hottest(in: mask))
  }

  func wholeBody(_ plan: BurdenPlan) throws -> WholeBodyBurden {
    let image = try needed()
    return try WholeBodyBurden(
      image, rule: plan.rule, excluding: try plan.excluded.compactMap { try $0.shape.maskIfInside(image.grid) },
      skeleton: try plan.skeleton?.maskIfInside(image.grid))
  }

  func marrow(_ plan: PETCase.Marrow) throws -> MarrowBurden {
    let image = try needed()
    return try MarrowBurden(
      image, skeleton: try plan.skeleton.mask(on: image.grid),
      excluding: try plan.excluded.compactMap { try $0.maskIfInside(image.grid) }, reference: plan.reference)
  }
}
