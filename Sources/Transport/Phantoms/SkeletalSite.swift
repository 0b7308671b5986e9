/// A part of the skeleton with its own marrow.
///
/// Share of the active marrow: Cristy 1981 as taken up in ICRP 70 and 89, checked against ICRP 110; cellularity: ICRP 70
/// (the share of the marrow's volume that is active). Sternum counts with the ribs, the sacrum with the pelvis.
struct SkeletalSite: Sendable {
  /// The region of the phantom.
  let region: String
  /// The share of the active marrow, 0 to 1.
  let marrowShare: Double
  /// The reference cellularity, 0 to 1.
  let cellularity: Double

  static let all: [SkeletalSite] = [
    SkeletalSite(region: "cranium", marrowShare: 0.076, cellularity: 0.38),
    SkeletalSite(region: "facial skeleton", marrowShare: 0.008, cellularity: 0.38),
    SkeletalSite(region: "scapulae", marrowShare: 0.028, cellularity: 0.38),
    SkeletalSite(region: "clavicles", marrowShare: 0.008, cellularity: 0.33),
    SkeletalSite(region: "ribs", marrowShare: 0.192, cellularity: 0.70),
    SkeletalSite(region: "cervical spine", marrowShare: 0.039, cellularity: 0.70),
    SkeletalSite(region: "thoracic spine", marrowShare: 0.161, cellularity: 0.70),
    SkeletalSite(region: "lumbar spine", marrowShare: 0.123, cellularity: 0.70),
    // Sacrum 9.9 % at 0.70, os coxae 17.5 % at 0.48.
    SkeletalSite(region: "pelvis", marrowShare: 0.274, cellularity: 0.56),
    SkeletalSite(region: "upper leg bones", marrowShare: 0.067, cellularity: 0.25),
    SkeletalSite(region: "upper arm bones", marrowShare: 0.023, cellularity: 0.25),
  ]
}
