import Glibc
public import Quantities

/// What is known of the body at a region: it decides attenuation, self-attenuation and the share of the background.
public struct PlanarGeometry: Hashable, Sendable {
  /// Where the attenuation comes from.
  public enum Method: Hashable, Sendable {
    case none
    /// From ``PlanarGeometry/body`` and ``PlanarGeometry/coefficient``.
    case thickness
    /// From a CT, with its relative standard uncertainty.
    case transmission(front: Double, back: Double, relativeUncertainty: Double)
  }

  /// How the background is scaled.
  public enum Scaling: Hashable, Sendable {
    case area, thickness, attenuated
    case stated(front: Double, back: Double)
  }

  /// How the two views are put together.
  public enum Views: String, Hashable, Sendable {
    /// √(front·back), which depends little on the depth of the source.
    case geometricMean = "geometric-mean"
    /// Each view by its own transmission, weighted by its counts: for ``Method/transmission(front:back:relativeUncertainty:)``
    /// and sources so deep that one view sees little of them.
    case weighted
  }

  /// μ, effective for the windows and the scatter correction.
  public var coefficient: Uncertain<AttenuationCoefficient>
  /// T, the thickness of the body.
  public var body: Uncertain<Length>?
  /// x, the mean thickness of the source over the region: its volume divided by the region's area.
  public var organ: Uncertain<Length>?
  /// The depth of the source's middle below the front; half of the body when it is not known.
  public var depth: Length?
  public var method: Method
  public var scaling: Scaling
  public var views: Views

  public init(
    coefficient: Uncertain<AttenuationCoefficient>, body: Uncertain<Length>? = nil, organ: Uncertain<Length>? = nil,
    depth: Length? = nil, method: Method, scaling: Scaling, views: Views = .geometricMean
  ) {
    self.coefficient = coefficient
    self.body = body
    self.organ = organ
    self.depth = depth
    self.method = method
    self.scaling = scaling
    self.views = views
  }

  /// The counts of both views without the body's attenuation; `nil` when no more was counted than background.
  func unattenuated(front: Counted, back: Counted, _ name: String) throws(ScintigraphyError) -> Counted? {
    switch (views, method) {
    case (.weighted, .transmission(let toFront, let toBack, _)):
      // Refuses transmissions out of their range.
      _ = try Attenuation.transmission(front: toFront, back: toBack).factor()
      return ConjugateView.weighted([(front, toFront), (back, toBack)])
    case (.weighted, _):
      throw ScintigraphyError(
        "weighted-views", "Region \(name) weights its views, but their transmissions are not known.",
        remedy: "Take the attenuation from a CT, or the geometric mean.")
    case (.geometricMean, _):
      guard let a = front.relativeUncertainty, let b = back.relativeUncertainty else { return nil }
      let mean = Counted(counts: (front.counts * back.counts).squareRoot(), variance: 0)
      let u = mean.counts * hypot(a, b) / 2
      return Counted(counts: mean.counts, variance: u * u) * (try factor(name))
    }
  }

  /// The factor of attenuation and self-attenuation.
  func factor(_ name: String) throws(ScintigraphyError) -> Double {
    switch method {
    case .none: return 1
    case .thickness:
      let body = try required(body, "body thickness", name)
      if let organ, organ.value > body {
        throw ScintigraphyError(
          "organ-outside-body", "Region \(name) is \(organ.value) thick in a body of \(body).",
          remedy: "Check the thicknesses, in cm.")
      }
      let attenuation = try Attenuation.thickness(coefficient: coefficient.value, body: body).factor()
      return attenuation * (organ.map { ConjugateView.selfAttenuation(coefficient.value, thickness: $0.value) } ?? 1)
    case .transmission(let front, let back, _):
      return try Attenuation.transmission(front: front, back: back).factor()
    }
  }

  /// The share of the background from the front and the back.
  func backgroundShares(_ name: String) throws(ScintigraphyError) -> (front: Double, back: Double) {
    switch scaling {
    case .area: return try BackgroundScaling.area.factors()
    case .stated(let front, let back): return try BackgroundScaling.stated(front: front, back: back).factors()
    case .thickness, .attenuated:
      let (body, organ) = (try required(body, "body thickness", name), try required(organ, "organ thickness", name))
      let scaling: BackgroundScaling =
        self.scaling == .thickness
        ? .thickness(organ: organ, body: body)
        : .attenuated(organ: organ, depth: depth ?? body / 2, body: body, coefficient: coefficient.value)
      return try scaling.factors()
    }
  }

  /// The same with one of its lengths or its coefficient greater by one standard uncertainty.
  var variations: [(name: String, geometry: PlanarGeometry)] {
    var result: [(String, PlanarGeometry)] = []
    func vary<Q: Quantity>(_ name: String, _ path: WritableKeyPath<PlanarGeometry, Uncertain<Q>>) {
      guard let u = self[keyPath: path].standardUncertainty, u > .zero else { return }
      var other = self
      other[keyPath: path] = Uncertain(self[keyPath: path].value + u, standardUncertainty: u)
      result.append((name, other))
    }
    vary("attenuation coefficient", \.coefficient)
    if let body, let u = body.standardUncertainty, u > .zero {
      var other = self
      other.body = Uncertain(body.value + u, standardUncertainty: u)
      result.append(("body thickness", other))
    }
    if let organ, let u = organ.standardUncertainty, u > .zero {
      var other = self
      other.organ = Uncertain(organ.value + u, standardUncertainty: u)
      result.append(("organ thickness", other))
    }
    return result
  }

  private func required(_ value: Uncertain<Length>?, _ what: String, _ name: String) throws(ScintigraphyError) -> Length
  {
    guard let value else {
      throw ScintigraphyError(
        "thickness-missing", "Region \(name) has no \(what).", remedy: "Give it in cm, from CT or a ruler.")
    }
    return value.value
  }
}

/// What part of an organ's counts falls into the outline of another region, from a CT.
public struct PlanarSpill: Hashable, Sendable {
  /// Of what the front detector counts of the organ.
  public let front: Double
  /// Of what the back detector counts.
  public let back: Double
  /// The standard uncertainty of both.
  public let uncertainty: Double

  /// - Throws: ``ScintigraphyError`` for a share or an uncertainty that is not between 0 and 1.
  public init(front: Double, back: Double, uncertainty: Double) throws(ScintigraphyError) {
    guard [front, back, uncertainty].allSatisfy({ (0...1).contains($0) }) else {
      throw ScintigraphyError(
        "spill-out-of-range", "Shares of \(front) and \(back) ± \(uncertainty) are not between 0 and 1.",
        remedy: "Check the CT and the region on it.")
    }
    (self.front, self.back, self.uncertainty) = (front, back, uncertainty)
  }
}

/// A region of planar images whose activity is wanted.
public struct PlanarRegionOfInterest: Hashable, Sendable {
  public let name: String
  public let region: PlanarRegion
  /// Where the background is read; `nil` for none.
  public let background: PlanarRegion?
  public let geometry: PlanarGeometry
  /// The region whose activity stands for this one's where more than half of this one is covered by another.
  public let mirrorOf: String?
  /// What of this organ's counts falls into other regions, by their names; where it is not given it follows from the areas.
  public let spills: [String: PlanarSpill]

  public init(
    name: String, region: PlanarRegion, background: PlanarRegion?, geometry: PlanarGeometry, mirrorOf: String? = nil,
    spills: [String: PlanarSpill] = [:]
  ) {
    self.name = name
    self.region = region
    self.background = background
    self.geometry = geometry
    self.mirrorOf = mirrorOf
    self.spills = spills
  }
}

extension PlanarRegionOfInterest {
  /// What it fills of a scan's pixels.
  func coverage(
    in scan: PlanarScan, _ move: (SIMD2<Double>) -> SIMD2<Double>
  ) throws(ScintigraphyError) -> PlanarCoverage {
    try covered(region, "Region \(name)", scan, move)
  }

  /// What its background fills of a scan's pixels.
  func backgroundCoverage(
    in scan: PlanarScan, _ move: (SIMD2<Double>) -> SIMD2<Double>
  ) throws(ScintigraphyError) -> PlanarCoverage? {
    guard let background else { return nil }
    return try covered(background, "The background of region \(name)", scan, move)
  }

  private func covered(
    _ drawn: PlanarRegion, _ what: String, _ scan: PlanarScan, _ move: (SIMD2<Double>) -> SIMD2<Double>
  ) throws(ScintigraphyError) -> PlanarCoverage {
    do {
      return try drawn.moved(by: move).coverage(columns: scan.columns, rows: scan.rows)
    } catch {
      throw ScintigraphyError(
        error.code, "\(what): \(error.reason)", remedy: error.remedy, category: error.category)
    }
  }
}
