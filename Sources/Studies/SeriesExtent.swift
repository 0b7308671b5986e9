public import Volumes

extension IndexedSeries {
  /// Frames in all files together; 0 where they are no images.
  public var frames: Int { files.compactMap(\.size?.frames).reduce(0, +) }

  /// The distance of voxels in mm along rows, down columns and, for slices that make a volume, between slices.
  public var spacing: [Double] {
    guard let first = files.first, first.pixelSpacing.count == 2 else { return [] }
    let inPlane = [first.pixelSpacing[1], first.pixelSpacing[0]]
    if let grid = frameGrid { return inPlane + [grid.spacing.z] }
    let planes = files.compactMap(\.plane)
    guard planes.count == files.count, let stack = try? SliceStack(planes) else { return inPlane }
    return inPlane + [length(stack.grid.sliceStep)]
  }
}

extension IndexedSeries {
  /// The frames of a series that is one reconstructed tomography in one file.
  var reconstruction: ReconstructedFrames? { files.count == 1 ? files[0].reconstruction : nil }

  /// Whether its slices are frames that functional groups describe.
  var isEnhanced: Bool { files.contains(where: \.isEnhanced) }

  /// The lattice of a series whose slices are the frames of one file.
  private var frameGrid: Grid? {
    guard files.count == 1 else { return nil }
    return files[0].reconstruction?.grid ?? (try? files[0].enhanced?.get())?.grid
  }

  /// The lattice on which its slices lie.
  ///
  /// - Throws: ``StudyError`` when a file is no slice with a place, or the slices do not make one volume.
  public func grid() throws -> Grid {
    if let grid = frameGrid { return grid }
    if case .failure(let error)? = files[0].enhanced { throw error }
    let planes = files.compactMap(\.plane)
    guard planes.count == files.count, files.allSatisfy({ $0.size?.frames == 1 }) else {
      throw StudyError(
        "missing-geometry", "The series holds files that are no single slices with a place.",
        remedy: "Name a series of slices, such as CT, MR, PET or quantitative SPECT.")
    }
    return try SliceStack(planes).grid
  }
}
