import DICOM
public import Quantities
public import Volumes

extension StudyWriter {
  /// Writes a structure set that was drawn on a series, in one file; points are rounded to 0.0001 mm.
  public func writeStructureSet(
    _ structures: [Structure], name: String, number: Int, on series: WrittenSeries, drawn: Timestamp, to path: String
  ) throws {
    var draft = header(
      sopClassUID: StructureSet.storageClassUID, modality: "RTSTRUCT", series: name, number: number, acquired: drawn,
      frameOfReferenceUID: series.frameOfReferenceUID)
    draft.put(.sopInstanceUID, instanceUID(number, 0))
    draft.put(.structureSetLabel, String(name.prefix(16)))
    draft.put(.structureSetName, name)
    draft.put(.structureSetDate, date: drawn.calendarDate)
    draft.put(.structureSetTime, time: drawn.clockTime)
    draft.put(.referencedFrameOfReference, items: [reference(to: series)])
    draft.put(
      .structureSetROI,
      items: structures.enumerated().map { index, structure in
        var region = DataSetDraft()
        region.put(.roiNumber, integer: index + 1)
        region.put(.referencedFrameOfReferenceUID, series.frameOfReferenceUID)
        region.put(.roiName, structure.name)
        region.put(.roiGenerationAlgorithm, "AUTOMATIC")
        return region
      })
    draft.put(.roiContour, items: structures.enumerated().map { drawing(of: $1, number: $0 + 1) })
    draft.put(
      .roiObservations,
      items: structures.indices.map { index in
        var observation = DataSetDraft()
        observation.put(.observationNumber, integer: index + 1)
        observation.put(.referencedROINumber, integer: index + 1)
        observation.put(.roiInterpretedType)
        observation.put(.roiInterpreter)
        return observation
      })
    if let slash = path.lastIndex(of: "/") { try Folder(path: String(path[..<slash])).make() }
    try draft.write(to: path)
  }

  private func drawing(of structure: Structure, number: Int) -> DataSetDraft {
    var drawing = DataSetDraft()
    drawing.put(.referencedROINumber, integer: number)
    drawing.put(
      .contour,
      items: structure.contours.map { points in
        var contour = DataSetDraft()
        contour.put(.contourGeometricType, "CLOSED_PLANAR")
        contour.put(.numberOfContourPoints, integer: points.count)
        contour.put(.contourData, decimals: points.flatMap { ($0.components).map { ($0 * 1e4).rounded() / 1e4 } })
        return contour
      })
    return drawing
  }

  private func reference(to series: WrittenSeries) -> DataSetDraft {
    var referencedSeries = DataSetDraft()
    referencedSeries.put(.seriesInstanceUID, series.uid)
    referencedSeries.put(
      .contourImage,
      items: series.instanceUIDs.map { uid in
        var image = DataSetDraft()
        image.put(.referencedSOPClassUID, series.sopClassUID)
        image.put(.referencedSOPInstanceUID, uid)
        return image
      })
    var study = DataSetDraft()
    study.put(.referencedSOPClassUID, "1.2.840.10008.3.1.2.3.1")
    study.put(.referencedSOPInstanceUID, studyUID)
    study.put(.referencedSeries, items: [referencedSeries])
    var reference = DataSetDraft()
    reference.put(.frameOfReferenceUID, series.frameOfReferenceUID)
    reference.put(.referencedStudy, items: [study])
    return reference
  }
}
