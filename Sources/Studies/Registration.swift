import DICOM
public import Provenance
public import Volumes

/// Rigid registrations of frames of reference (Spatial Registration, PS3.3 A.39).
public struct Registration: Sendable {
  /// The Frame of Reference UID that all transforms lead to.
  public let frameOfReferenceUID: String
  /// From other frames of reference, by their UIDs, to ``frameOfReferenceUID``.
  public let transforms: [String: RigidTransform]
  /// The digest of the file.
  public let digest: Digest

  static let storageClassUID = "1.2.840.10008.5.1.4.1.1.66.1"

  /// Reads a registration.
  ///
  /// Refuses transforms with scaling or shear, those that are no rigid matrix though they are called so, and two
  /// different transforms from one frame of reference.
  public init(path: String) throws {
    let file = try DICOMFile(path: path)
    let dataSet = file.dataSet
    guard try dataSet.requiredUID(.sopClassUID) == Self.storageClassUID else {
      throw StudyError(
        "not-a-registration", "The file is no Spatial Registration.", remedy: "Name a file with modality REG.")
    }
    frameOfReferenceUID = try dataSet.requiredUID(.frameOfReferenceUID)
    var transforms: [String: RigidTransform] = [:]
    for item in try dataSet.items(.registrations) {
      guard let source = try item.uid(.frameOfReferenceUID) else {
        throw Self.malformed("does not name the frame of reference of an image")
      }
      let transform = try Self.transform(item)
      guard transforms[source] == nil || transforms[source] == transform else {
        throw Self.malformed("moves one frame of reference in two ways")
      }
      transforms[source] = transform
    }
    guard !transforms.isEmpty else { throw Self.malformed("holds no registration") }
    self.transforms = transforms
    digest = file.digest
  }

  /// The matrices of an item, one applied after the other (PS3.3 C.20.2.1.1).
  private static func transform(_ item: DataSet) throws -> RigidTransform {
    guard let registration = try item.items(.matrixRegistration).last else {
      throw malformed("holds no matrix for an image")
    }
    var whole = RigidTransform.identity
    for matrix in try registration.items(.matrices) {
      guard try matrix.string(.transformationType) == "RIGID" else {
        throw StudyError(
          "not-rigid", "The registration scales or shears.", remedy: "Register the images rigidly.")
      }
      whole = whole.followed(by: try RigidTransform(matrix: matrix.decimals(.transformationMatrix)))
    }
    return whole
  }

  private static func malformed(_ what: String) -> StudyError {
    StudyError("malformed-registration", "The registration \(what).", remedy: "Export it again.")
  }
}
