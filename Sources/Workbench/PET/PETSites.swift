import Provenance
import Quantities
import Uptake
import Volumes

/// The skeletal sites, references, lesions and burden of one case.
public struct PETSites: Sendable {
  let plan: PETCase
  let pet: QuantifiedPET?
  let skeleton: SkeletalUptake
  let regions: [String: RegionUptake]
  let references: [(kind: TargetToBackground.Reference, uptake: RegionUptake)]
  let lesions: [(name: String, uptake: RegionUptake)]
  let burden: LesionBurden
  let marrow: MarrowBurden?
  let findings: [Finding]

  /// Measures what the `pet.json` of a case names.
  ///
  /// - Throws: a refusal when the file, the PET or a region cannot be used.
  public init(case path: String) throws {
    let plan = try PETCase(path: path)
    let pet = try plan.imaging.map {
      try PETStudy(
        folder: $0, series: plan.series, frameOfReference: plan.frameOfReference, stated: plan.stated
      ).pet
    }
    let image = try pet?.image()
    func uptake(_ shape: RegionFile.Shape, _ threshold: ThresholdText? = nil) throws -> RegionUptake {
      guard let image else {
        throw CaseError("no-pet", "A region is given, but no PET.", remedy: "Name the folder of the PET in pet.")
      }
      let whole = try shape.mask(on: image.grid)
      guard let threshold else { return try RegionUptake(image, in: whole) }
      guard let mask = try threshold.threshold.lesion(in: image, region: whole, parts: .hottest) else {
        throw CaseError(
          "empty-lesion", "No voxel of a lesion is above \(threshold.text).", remedy: "Lower the threshold.")
      }
      return try RegionUptake(image, in: mask)
    }
    var regions: [String: RegionUptake] = [:]
    let sites = try plan.sites.map { name, place in
      switch place {
      case .missing(let why): return SiteUptake(name, missing: why)
      case .measured(let value): return SiteUptake(name, maximum: value)
      case .shape(let shape):
        let found = try uptake(shape)
        regions[name] = found
        return SiteUptake(name, maximum: found.maximum)
      }
    }
    skeleton = try SkeletalUptake(plan.template, sites)
    references = try plan.references.map { ($0.kind, try uptake($0.shape)) }
    lesions = try plan.lesions.map { ($0.name, try uptake($0.shape, $0.threshold)) }
    burden = try LesionBurden(lesions.map { ($0.uptake.volume, $0.uptake.mean) })
    marrow = try plan.marrow.flatMap { marrow in
      try image.map { image in
        try MarrowBurden(
          image, skeleton: try marrow.skeleton.mask(on: image.grid),
          excluding: try marrow.excluded.map { try $0.mask(on: image.grid) }, reference: marrow.reference)
      }
    }
    var findings = (pet?.factor.findings ?? []) + plan.findings
    findings += plan.sites.flatMap { regions[$0.name]?.findings ?? [] }
    if skeleton.meanMaximum == nil {
      findings.append(
        Finding(
          .caution, code: "too-few-sites", title: "Too few sites for a mean.",
          "\(skeleton.available) of \(plan.template.sites.count) sites have an uptake; a mean needs "
            + "\(SkeletalUptake.leastSites).", origin: "Uptake · sites"))
    }
    if plan.references.contains(where: { $0.kind == .spleen }) {
      findings.append(
        Finding(
          .info, code: "spleen-no-background", title: "Spleen is no background.",
          "The spleen expresses CXCR4; ratios to it compare, they set nothing against a background.",
          origin: "Uptake · references"))
    }
    self.plan = plan
    self.pet = pet
    self.regions = regions
    self.findings = findings.worstFirst()
  }

  /// The ratios of the hottest site and of every lesion to every reference.
  func ratios() throws -> [(target: String, ratio: TargetToBackground)] {
    let hottest = skeleton.range.map { [("hottest site", $0.upperBound)] } ?? []
    let targets = hottest + lesions.map { ($0.name, $0.uptake.maximum) }
    return try targets.flatMap { name, maximum in
      try references.map { kind, uptake in (name, try TargetToBackground(maximum, over: uptake.mean, kind)) }
    }
  }

  /// The rules that the case switches on; none unless it does.
  func surrogates() -> [Surrogate] {
    let uptake = Dictionary(references.map { ($0.kind, $0.uptake) }) { first, _ in first }
    let pool = plan.bloodPoolTimes.flatMap { times in
      uptake[.bloodPool].map { Surrogate.aboveBloodPool($0, times: times) }
    }
    let liver = plan.usesLiver ? uptake[.liver].map { Surrogate.aboveLiver($0) } : nil
    return [pool, liver].compactMap { $0 }
  }
}
