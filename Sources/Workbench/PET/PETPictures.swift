import Foundation
public import JSON
import Numerics
public import Provenance
import Quantities
import Reports
import Studies
import Uptake
import Volumes

/// The pictures of one case: the sites as values, on the projection, and in three planes each.
public struct PETPictures: Sendable {
  /// A place that is shown in three planes.
  private struct Spot: Sendable {
    let name: String
    let maximum: UptakeValue?
    let point: SIMD3<Double>
  }

  private static let extent = Length.millimetres(200)
  private static let pixels = 280

  private let sites: PETSites
  private let window: UptakeValue
  /// What lies under the uptake; `nil` when the folder holds no CT or MR in the frame of reference of the PET.
  private let anatomy: AnatomicalSeries?
  public let findings: [Finding]

  /// Measures a case and looks for its CT, or else its MR, in the same frame of reference.
  ///
  /// - Parameter window: the SUV at the end of the colours of planes and projection.
  /// - Throws: a refusal when the case cannot be measured or a CT in the frame of reference cannot be read.
  public init(case path: String, window: Double = 10) throws {
    guard window > 0, window.isFinite else {
      throw CaseError(
        "window", "The window ends at an SUV of \(window).", remedy: "Give one above 0.", category: .usage)
    }
    let sites = try PETSites(case: path)
    self.window = UptakeValue(base: window)
    anatomy = try sites.pet.flatMap { pet in
      try sites.plan.imaging.flatMap { try Self.anatomy(in: $0, frameOfReference: pet.series.frameOfReferenceUID) }
    }
    self.sites = sites
    var findings = sites.findings
    if sites.pet != nil, anatomy == nil {
      findings.append(
        Finding(
          .caution, code: "no-anatomy", title: "No CT or MR under the uptake.",
          "The folder holds no CT or MR in the frame of reference of the PET; planes show uptake alone.",
          origin: "Uptake · pictures"))
    }
    self.findings = findings.worstFirst()
  }

  private static func anatomy(in folder: String, frameOfReference: String) throws -> AnatomicalSeries? {
    let series = try StudyIndex.scan(folder: folder).series.filter { $0.frameOfReferenceUID == frameOfReference }
    let known = ["CT", "MR"].compactMap { modality in
      series.filter { $0.modality == modality }.max { ($0.files.count, $1.uid) < ($1.files.count, $0.uid) }
    }
    return try known.first.map { try AnatomicalSeries($0) }
  }

  /// Writes the schematic, and of a case with images the projection and the planes at every site and lesion.
  ///
  /// - Returns: the names of the files.
  /// - Throws: ``CaseError`` when a file cannot be written.
  public func write(to folder: String, _ format: PictureFormat) throws -> [String] {
    var figures: [(name: String, figure: Figure)] = [("sites", .siteSchematic(sites.skeleton))]
    if let image = try sites.pet?.image() {
      let spots = spots
      figures.append(("projection", .projections(try projection(image, spots))))
      let underlay = try anatomy.map { try Image<UptakeValue>.Sampler(Image(grid: $0.grid, values: $0.values)) }
      let uptake = try Image<UptakeValue>.Sampler(image)
      figures += try inParallel(spots.count) { n in
        (Self.name(spots[n].name, n), Figure.fusion(fusion(spots[n], uptake, underlay)))
      }
    }
    let files = try format.files(figures)
    try PictureFolder(path: folder).write(files)
    return files.map(\.name)
  }

  /// What was written, and what is worth knowing about it.
  public func document(_ names: [String], in folder: String) -> JSONValue {
    [
      "case": .string(sites.plan.name), "folder": .string(folder), "files": JSONValue(names.map { .string($0) }),
      "window": [.number(0), .number(window.base)], "anatomy": JSONValue(anatomy?.kind.rawValue),
      "findings": JSONValue(findings.map(\.document)),
    ]
  }

  /// One line, and the findings.
  public func summary(_ names: [String], in folder: String) -> String {
    "\(printable(folder)): \(names.count) files, \(anatomy.map { "over \($0.kind.rawValue)" } ?? "without CT or MR")\n"
      + findings.map { "\($0.severity.rawValue): \($0.text)\n" }.joined()
  }

  /// `fusion-2-right-ilium`: letters, digits and hyphens alone, so that no name of a file leaves the folder.
  private static func name(_ text: String, _ n: Int) -> String {
    let words = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return "fusion-\(n + 1)" + words.map { "-\($0)" }.joined().prefix(50)
  }

  private var spots: [Spot] {
    let bones = sites.skeleton.sites.compactMap { site in
      sites.regions[site.site].map { Spot(name: site.site, maximum: site.maximum, point: $0.hottest) }
    }
    let lesions = sites.lesions.compactMap { lesion in
      lesion.hottest.map { Spot(name: lesion.name, maximum: lesion.uptake.maximum, point: $0) }
    }
    return bones + lesions
  }

  // MARK: Projection

  private func projection(_ image: Image<UptakeValue>, _ spots: [Spot]) throws -> ProjectionPlot {
    let projection = try image.rotatingProjection(frames: 4)
    let views = [(title: "from the front", frame: 0), (title: "from the left", frame: 1)].map { title, frame in
      let angle = Double(frame) * .pi / 2
      return ProjectionPlot.View(
        title: title,
        raster: Raster(
          columns: projection.columns, rows: projection.rows,
          pixels: projection.frames[frame].map { value in
            UInt32(ColourMap.invertedGrey.colour(UptakeValue(base: Double(value)) / window))
          }),
        marks: spots.map { spot in
          let place = projection.share(of: spot.point, from: angle, on: image.grid)
          return ProjectionPlot.Mark(name: spot.name, value: spot.maximum, x: place.x, y: place.y)
        })
    }
    return ProjectionPlot(views: views, window: window)
  }

  // MARK: Planes

  private func fusion(
    _ spot: Spot, _ uptake: Image<UptakeValue>.Sampler, _ underlay: Image<UptakeValue>.Sampler?
  ) -> FusionPlot {
    let right = SIMD3<Double>(1, 0, 0), back = SIMD3<Double>(0, 1, 0), down = SIMD3<Double>(0, 0, -1)
    let planes = [
      (name: "axial", across: right, along: back, left: "R", top: "A"),
      (name: "coronal", across: right, along: down, left: "R", top: "H"),
      (name: "sagittal", across: back, along: down, left: "A", top: "H"),
    ].map { plane in
      FusionPlot.Plane(
        name: plane.name, raster: raster(about: spot.point, plane.across, plane.along, uptake, underlay),
        left: plane.left, top: plane.top)
    }
    let range = anatomy.map { series in
      series.kind == .tomography ? "CT, −160 to 240 HU" : "MR, middle 98 % of the signal"
    }
    return FusionPlot(
      name: spot.name, maximum: spot.maximum, window: window, map: anatomy == nil ? .invertedGrey : .ember,
      underlay: range, extent: Self.extent, planes: planes)
  }

  /// The uptake in colours over the anatomy in grey, the more opaque the higher; alone it is inverted grey.
  private func raster(
    about centre: SIMD3<Double>, _ across: SIMD3<Double>, _ along: SIMD3<Double>,
    _ uptake: Image<UptakeValue>.Sampler, _ underlay: Image<UptakeValue>.Sampler?
  ) -> Raster {
    let (n, step) = (Self.pixels, Self.extent.millimetres / Double(Self.pixels))
    let shown = anatomy?.window ?? 0...1
    let pixels = (0..<n * n).map { index -> UInt32 in
      let u = (Double(index % n) + 0.5 - Double(n) / 2) * step
      let v = (Double(index / n) + 0.5 - Double(n) / 2) * step
      let point = centre + u * across + v * along
      let share = uptake.value(at: point).map { UptakeValue(base: Double($0)) / window } ?? 0
      guard let underlay else { return UInt32(ColourMap.invertedGrey.colour(share)) }
      let grey = underlay.value(at: point).map {
        Double(($0 - shown.lowerBound) / (shown.upperBound - shown.lowerBound))
      }
      return UInt32(
        ColourMap.blend(
          ColourMap.ember.colour(share), over: ColourMap.grey.colour(grey ?? 0), opacity: min(0.8, 1.6 * share)))
    }
    return Raster(columns: n, rows: n, pixels: pixels)
  }
}

extension RotatingProjection {
  /// Where a point lies on a frame that is seen from an angle, as shares of its width and height.
  fileprivate func share(of point: SIMD3<Double>, from angle: Double, on grid: Grid) -> (x: Double, y: Double) {
    let last = grid.position(grid.columns - 1, grid.rows - 1, grid.slices - 1)
    let middle = (grid.position(0, 0, 0) + last) / 2
    let offset = point - middle
    let across = offset.x * cos(angle) + offset.y * sin(angle)
    let top = max(grid.origin.z, last.z) + grid.spacing.z / 2
    return (
      0.5 + across / pixel.millimetres / Double(columns), (top - point.z) / pixel.millimetres / Double(rows)
    )
  }
}
