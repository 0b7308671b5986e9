import DICOM

extension StructureSet {
  /// Refuses structures that were drawn in another frame of reference than a PET series has.
  public func requireFrameOfReference(of series: PETSeries) throws(StudyError) {
    try requireFrameOfReference(series.frameOfReferenceUID)
  }

  /// Reads the structure set in a file.
  public init(path: String) throws {
    guard let header = try DICOMHeader(path: path) else {
      throw StudyError("not-dicom", "The file is no DICOM file.", remedy: "Name a file with modality RTSTRUCT.")
    }
    try self.init(IndexedFile(header, path: path))
  }
}
