public import Quantities
public import Volumes
import DICOM

extension StudyWriter {
  /// Writes a CT series with 16 signed bits; `hounsfieldUnits` are in the grid's order.
  public func writeCT(
    _ hounsfieldUnits: [Int16], grid: Grid, description: String, number: Int, frameOfReference: String,
    acquired: Timestamp, to folder: String
  ) throws -> WrittenSeries {
    guard hounsfieldUnits.count == grid.count else {
      throw StudyError(
        "unwritable-grid", "A CT of \(grid.count) voxels was given \(hounsfieldUnits.count) values.",
        remedy: "Give one value a voxel.", category: .internalFault)
    }
    let tomography = "1.2.840.10008.5.1.4.1.1.2"
    var common = header(
      sopClassUID: tomography, modality: "CT", series: description, number: number, acquired: acquired,
      frameOfReferenceUID: frameOfReferenceUID(frameOfReference))
    common.put(.imageType, "ORIGINAL", "PRIMARY", "AXIAL")
    common.put(.acquisitionDate, date: acquired.calendarDate)
    common.put(.acquisitionTime, time: acquired.clockTime)
    common.put(.kvp, decimal: 120)
    common.put(.patientPosition, "HFS")
    common.put(.rescaleIntercept, decimal: 0)
    common.put(.rescaleSlope, decimal: 1)
    common.put(.rescaleType, "HU")
    let size = grid.columns * grid.rows
    return try writeSlices(
      common, number: number, sopClassUID: tomography, grid: grid,
      frameOfReferenceUID: frameOfReferenceUID(frameOfReference), to: folder
    ) { k, draft in
      draft.put(
        pixels: Array(hounsfieldUnits[k * size..<(k + 1) * size]), rows: grid.rows, columns: grid.columns)
    }
  }
}
