import Quantities

/// A part of the skeleton with its own marrow.
///
/// Share of the active marrow: Cristy 1981 as taken up in ICRP 70 and 89, checked against ICRP 110; cellularity: ICRP 70
/// (the share of the marrow's volume that is active). Sternum counts with the ribs, the sacrum with the pelvis. The
/// thickness is that of a slab with the volume and surface of the site's spongiosa, 2V/S; this project's estimate.
struct SkeletalSite: Sendable {
  /// The region of the phantom.
  let region: String
  /// The share of the active marrow, 0 to 1.
  let marrowShare: Double
  /// The reference cellularity, 0 to 1.
  let cellularity: Double
  /// The index of its kind of spongiosa in ``TrabecularGeometry/kinds``.
  let spongiosa: Int
  /// 2V/S of its spongiosa.
  let thickness: Length

  private init(_ region: String, _ share: Double, _ cellularity: Double, _ spongiosa: Int, _ millimetres: Double) {
    (self.region, marrowShare, self.cellularity) = (region, share, cellularity)
    (self.spongiosa, thickness) = (spongiosa, .millimetres(millimetres))
  }

  static let all: [SkeletalSite] = [
    SkeletalSite("cranium", 0.076, 0.38, 2, 3.5),
    SkeletalSite("facial skeleton", 0.008, 0.38, 2, 4),
    SkeletalSite("scapulae", 0.028, 0.38, 1, 4),
    SkeletalSite("clavicles", 0.008, 0.33, 1, 4),
    SkeletalSite("ribs", 0.192, 0.70, 0, 4),
    SkeletalSite("cervical spine", 0.039, 0.70, 0, 5),
    SkeletalSite("thoracic spine", 0.161, 0.70, 0, 8.5),
    SkeletalSite("lumbar spine", 0.123, 0.70, 0, 11),
    // Sacrum 9.9 % at 0.70, os coxae 17.5 % at 0.48.
    SkeletalSite("pelvis", 0.274, 0.56, 1, 10),
    SkeletalSite("upper leg bones", 0.067, 0.25, 0, 13),
    SkeletalSite("upper arm bones", 0.023, 0.25, 0, 11),
  ]
}
