import DICOM

extension StructureSet {
  /// Refuses structures that were drawn in another frame of reference than a PET series has.
  public func requireFrameOfReference(of series: PETSeries) throws(StudyError) {
    try requireFrameOfReference(series.frameOfReferenceUID)
  }

  /// Reads the structure set in a file.
  public init(path: String) throws {
    try self.init(IndexedFile(DICOMFile(path: path), path: path))
  }
}
