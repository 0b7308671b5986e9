import Numerics
import DICOM
import Volumes

extension StudyWriter {
  /// Writes one file a slice into a folder, which is made; `pixels` adds what differs between slices.
  func writeSlices(
    _ common: DataSetDraft, number: Int, sopClassUID: String, grid: Grid, frameOfReferenceUID: String,
    to folder: String, pixels: @Sendable (Int, inout DataSetDraft) throws -> Void
  ) throws -> WrittenSeries {
    try Self.check(grid)
    try Folder(path: folder).make()
    let instances = (0..<grid.slices).map { instanceUID(number, $0) }
    let width = String(grid.slices).count
    let paths = (1...grid.slices).map { number in
      let digits = String(number)
      return "\(folder)/\(String(repeating: "0", count: width - digits.count))\(digits).dcm"
    }
    _ = try inParallel(grid.slices) { k in
      var draft = common
      draft.put(.sopInstanceUID, instances[k])
      draft.put(.instanceNumber, integer: k + 1)
      draft.put(.imagePosition, decimals: grid.position(0, 0, k).components)
      let orientation = grid.columnStep / grid.spacing.x, below = grid.rowStep / grid.spacing.y
      draft.put(.imageOrientation, decimals: orientation.components + below.components)
      draft.put(.pixelSpacing, decimals: [grid.spacing.y, grid.spacing.x])
      draft.put(.sliceThickness, decimal: grid.spacing.z)
      try pixels(k, &draft)
      try draft.write(to: paths[k])
    }
    return WrittenSeries(
      uid: seriesUID(number), sopClassUID: sopClassUID,
      frameOfReferenceUID: frameOfReferenceUID, instanceUIDs: instances, paths: paths)
  }

  private static func check(_ grid: Grid) throws(StudyError) {
    let steps = [grid.columnStep, grid.rowStep, grid.sliceStep]
    guard (1...65535).contains(grid.columns), (1...65535).contains(grid.rows), (1...65535).contains(grid.slices),
      steps.allSatisfy({ length($0).isFinite && length($0) > 0 }), length(grid.origin).isFinite
    else {
      throw StudyError(
        "unwritable-grid", "A grid of \(grid.columns) × \(grid.rows) × \(grid.slices) voxels cannot be written.",
        remedy: "Give a grid with voxels of finite size.", category: .internalFault)
    }
  }
}

extension SIMD3<Double> {
  var components: [Double] { [x, y, z] }
}
