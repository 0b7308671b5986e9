import DICOM
public import Quantities
public import Volumes

extension ResultWriter {
  /// Writes absorbed doses as an RT Dose in gray with 32 bits; a voxel differs from what it should be by at most half
  /// the greatest dose divided by 2³² − 1.
  ///
  /// The standard wants a plan behind a dose of this kind. Radionuclide therapy has none; the UID that stands there
  /// belongs to no object.
  public func writeDose(
    _ dose: Image<AbsorbedDose>, name: String, number: Int, to path: String
  ) throws -> WrittenResult {
    let (grid, values) = (dose.grid, dose.values)
    guard values.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw StudyError(
        "unwritable-value", "The map holds a dose that is negative or not finite.",
        remedy: "Correct the map before it is written.", category: .internalFault)
    }
    guard let frameOfReferenceUID = source.frameOfReferenceUID else { throw missingFrameOfReference }
    let sopClassUID = "1.2.840.10008.5.1.4.1.1.481.2"
    var draft = header(
      sopClassUID: sopClassUID, modality: "RTDOSE", name: name, number: number,
      frameOfReferenceUID: frameOfReferenceUID)
    let text = decimalString(max(Double(values.max() ?? 0), 1e-30) / 4_294_967_295)
    let scaling = Double(text) ?? 1
    draft.put(.imagePosition, decimals: grid.origin.components)
    let (row, column) = (grid.columnStep / grid.spacing.x, grid.rowStep / grid.spacing.y)
    draft.put(.imageOrientation, decimals: row.components + column.components)
    draft.put(.pixelSpacing, decimals: [grid.spacing.y, grid.spacing.x])
    draft.put(.sliceThickness, decimal: grid.spacing.z)
    let normal = cross(row, column)
    let step = dot(grid.sliceStep, normal)
    draft.put(.gridFrameOffsets, decimals: (0..<grid.slices).map { Double($0) * step })
    draft.put(.frameIncrementPointer, tags: [.gridFrameOffsets])
    draft.put(.doseUnits, "GY")
    draft.put(.doseType, "PHYSICAL")
    draft.put(.doseSummationType, "PLAN")
    draft.put(.doseGridScaling, text)
    var plan = DataSetDraft()
    plan.put(.referencedSOPClassUID, "1.2.840.10008.5.1.4.1.1.481.5")
    plan.put(.referencedSOPInstanceUID, uid("plan", name))
    draft.put(.referencedPlan, items: [plan])
    draft.put(
      pixels32: values.map { UInt32(min((Double($0) / scaling).rounded(), 4_294_967_295)) }, rows: grid.rows,
      columns: grid.columns, frames: grid.slices)
    return try write(draft, kind: "dose", name: name, sopClassUID: sopClassUID, to: path)
  }
}
