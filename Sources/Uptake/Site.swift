import Quantities

/// The skeletal sites at which a paper measured, in its order.
public struct SiteTemplate: Hashable, Sendable {
  /// The name of the template: `herhaus-2016`.
  public let name: String
  /// Where the sites were published.
  public let source: String
  /// The names of the sites.
  public let sites: [String]

  /// The class that TotalSegmentator gives the bone of a site, the same name in every version; `nil` for the skull
  /// base, which it does not tell from the skull.
  public func boneClass(of site: String) -> String? {
    switch site {
    case "left ilium": "hip_left"
    case "right ilium": "hip_right"
    case "skull base": nil
    default: sites.contains(site) ? "vertebrae_\(site)" : nil
    }
  }

  /// C7, T12, right ilium, L5, left ilium: Herhaus et al. 2016, figure 4M.
  public static let herhaus2016 = SiteTemplate(
    name: "herhaus-2016", source: "Herhaus et al. 2016, figure 4M",
    sites: ["C7", "T12", "right ilium", "L5", "left ilium"])

  /// Skull base, C4, T5, L5, left and right ilium: Braitsch et al. 2025.
  public static let braitsch2025 = SiteTemplate(
    name: "braitsch-2025", source: "Braitsch et al. 2025, Results, PET",
    sites: ["skull base", "C4", "T5", "L5", "left ilium", "right ilium"])

  /// All templates.
  public static let all = [herhaus2016, braitsch2025]
}

/// One site of a patient: its uptake, or why there is none.
public struct SiteUptake: Hashable, Sendable {
  /// The site's name in its template.
  public let site: String
  /// SUVmax; `nil` when the site is missing.
  public let maximum: UptakeValue?
  /// Why it is missing; `nil` when it is not.
  public let missing: String?

  /// A site with its SUVmax.
  public init(_ site: String, maximum: UptakeValue) {
    self.site = site
    self.maximum = maximum
    missing = nil
  }

  /// A site that is missing.
  public init(_ site: String, missing: String) {
    self.site = site
    maximum = nil
    self.missing = missing
  }
}

/// The sites of one patient in the order of their template.
public struct SkeletalUptake: Hashable, Sendable {
  /// The template.
  public let template: SiteTemplate
  /// One for every site of the template.
  public let sites: [SiteUptake]

  /// Fewer sites give no mean.
  public static let leastSites = 3

  /// Sites of a template; those that are not among `sites` are missing.
  ///
  /// - Throws: ``UptakeError`` for a site that the template does not have, that comes twice, or whose uptake is no
  ///   finite number.
  public init(_ template: SiteTemplate, _ sites: [SiteUptake]) throws(UptakeError) {
    var known: [String: SiteUptake] = [:]
    for site in sites {
      guard template.sites.contains(site.site) else {
        throw UptakeError(
          "unknown-site", "The template \(template.name) has no site “\(site.site.prefix(40))”.",
          remedy: "Choose from \(template.sites.joined(separator: ", ")).")
      }
      guard known.updateValue(site, forKey: site.site) == nil else {
        throw UptakeError("duplicate-site", "The site \(site.site) comes twice.", remedy: "Keep one of the two.")
      }
      if let maximum = site.maximum, !(maximum.isFinite && maximum >= .zero) {
        throw UptakeError(
          "site-uptake", "The SUVmax of \(site.site) is \(maximum.base).", remedy: "Measure the site again.")
      }
    }
    self.template = template
    self.sites = template.sites.map { known[$0] ?? SiteUptake($0, missing: "not placed") }
  }

  /// How many sites have an uptake.
  public var available: Int { sites.count { $0.maximum != nil } }

  /// The arithmetic mean of SUVmax over the sites that have one; `nil` for fewer than ``leastSites`` (SCIENCE 1.2, WE-1.5).
  public var meanMaximum: UptakeValue? {
    let values = sites.compactMap(\.maximum)
    return values.count < Self.leastSites ? nil : values.total() / Double(values.count)
  }

  /// The least and the largest SUVmax of the sites that have one.
  public var range: ClosedRange<UptakeValue>? {
    let values = sites.compactMap(\.maximum)
    guard let low = values.min(), let high = values.max() else { return nil }
    return low...high
  }

  /// (right − left) over their mean of the ilia, from −2 to 2; `nil` when one is missing or both are zero.
  public var iliacAsymmetry: Double? {
    guard let right = sites.first(where: { $0.site == "right ilium" })?.maximum,
      let left = sites.first(where: { $0.site == "left ilium" })?.maximum, right + left > .zero
    else { return nil }
    return (right - left) / ((right + left) * 0.5)
  }
}
