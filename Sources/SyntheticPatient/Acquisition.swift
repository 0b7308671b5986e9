import Dispatch
import Numerics
public import Quantities
public import Volumes

/// One quantitative SPECT image of the synthetic patient.
public struct SyntheticScan: Sendable {
  /// When the acquisition began; the image's values refer to this moment.
  public let start: Timestamp
  /// How long it lasted.
  public let frameDuration: Time
  /// 128 × 128 × 128 voxels of 4.8 mm.
  public let image: Image<ActivityConcentration>
}

extension SyntheticPatient {
  /// The grid of the SPECT images, centred on the patient's origin.
  public static let emissionGrid = Grid(
    columns: 128, rows: 128, slices: 128, origin: SIMD3(repeating: -304.8), columnStep: SIMD3(4.8, 0, 0),
    rowStep: SIMD3(0, 4.8, 0), sliceStep: SIMD3(0, 0, 4.8))

  /// The SPECT images at all times.
  ///
  /// Every organ and the rest of the trunk is rasterised once with unit concentration and blurred once with the camera's
  /// actual point-spread function; an image is their sum weighted with the concentrations of its moment, with Poisson
  /// counts voxel by voxel. Deterministic in the seed, whatever the number of threads.
  public func scans() throws -> [SyntheticScan] {
    var draws = RandomStream(seed: seed, stream: "camera")
    var pieces = RandomStream(seed: seed, stream: "counts")
    let calibration = 1 + errors.calibration * draws.normal()
    let width = SyntheticCamera.fullWidthAtHalfMaximum + errors.fullWidthAtHalfMaximum * max(-4, min(4, draws.normal()))
    let templates = try unitTemplates(GaussianBlur(fullWidthAtHalfMaximum: width))
    let volumes = organs.map(\.volume.millilitres) + [Anatomy.remainderCubicMillimetres / 1000]
    return acquisitionStarts.map { start in
      let concentrations = zip(organs.map(\.kinetics) + [remainder], volumes).map { kinetics, volume in
        activity(of: kinetics, at: start).becquerels / volume * (1 + errors.reconstruction * draws.normal())
      }
      let image = sum(of: templates, concentrations: concentrations)
      return SyntheticScan(
        start: start, frameDuration: SyntheticCamera.frameDuration,
        image: errors.counting || calibration != 1
          ? counted(image, calibration: calibration, &pieces) : image)
    }
  }

  private func unitTemplates(_ blur: GaussianBlur) throws -> [Occupancy] {
    let grid = Self.emissionGrid
    let trunk = Anatomy.trunk
    let whole = trunk.box(on: grid)
    var rest = [Float](repeating: 0, count: whole.count)
    trunk.rasterize(into: &rest, box: whole, grid: grid)
    var templates: [Occupancy] = []
    for organ in organs {
      let box = organ.parts.dropFirst().reduce(organ.parts[0].box(on: grid)) { $0.union($1.box(on: grid)) }
      var fractions = [Float](repeating: 0, count: box.count)
      for part in organ.parts { part.rasterize(into: &fractions, box: box, grid: grid) }
      box.forEachRow { j, k in
        for i in box.columns { rest[whole.index(i, j, k)] -= fractions[box.index(i, j, k)] }
      }
      templates.append(try blur(Occupancy(grid: grid, box: box, fractions: fractions)))
    }
    templates.append(try blur(Occupancy(grid: grid, box: whole, fractions: rest)))
    return templates
  }

  private func sum(of templates: [Occupancy], concentrations: [Double]) -> Image<ActivityConcentration> {
    let grid = Self.emissionGrid
    var values = [Float](repeating: 0, count: grid.count)
    for (template, concentration) in zip(templates, concentrations) {
      let (weight, box) = (Float(concentration), template.box)
      template.fractions.withUnsafeBufferPointer { fractions in
        values.withUnsafeMutableBufferPointer { values in
          box.forEachRow { j, k in
            let from = box.index(box.columns.lowerBound, j, k)
            let to = grid.index(box.columns.lowerBound, j, k)
            for i in 0..<box.columns.count { values[to + i] += weight * fractions[from + i] }
          }
        }
      }
    }
    return Image(grid: grid, values: values)
  }

  /// Turns expected concentrations into counts and back with the calibration that the user believes in.
  ///
  /// Every slice has a stream of its own, so that it does not matter which thread makes it.
  private func counted(
    _ image: Image<ActivityConcentration>, calibration: Double, _ pieces: inout RandomStream
  ) -> Image<ActivityConcentration> {
    let grid = image.grid
    let slice = grid.columns * grid.rows
    let countsPerConcentration =
      grid.voxelVolume.millilitres * SyntheticCamera.countsPerDecay * SyntheticCamera.frameDuration.seconds
    let seeds = (0..<grid.slices).map { _ in pieces.next() }
    var values = image.values
    values.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      DispatchQueue.concurrentPerform(iterations: grid.slices) { k in
        var stream = RandomStream(seed: seeds[k], stream: "slice")
        for n in k * slice..<(k + 1) * slice where buffer[n] != 0 {
          var concentration = max(0, Double(buffer[n]))
          if errors.counting {
            concentration =
              Double(stream.poisson(mean: concentration * countsPerConcentration)) / countsPerConcentration
          }
          buffer[n] = Float(calibration * concentration)
        }
      }
    }
    return Image(grid: grid, values: values)
  }
}
