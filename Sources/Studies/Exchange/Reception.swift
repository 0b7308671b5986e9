import DICOM
import Glibc
import Synchronization

/// A folder into which studies come from the network, each whole or not at all.
///
/// Objects that come lie in `.incoming`, by study; a study moves to its place in the folder when its sender is done. What
/// a broken connection leaves stays there, and the next one goes on from it.
public final class Reception: Sendable {
  /// A study that came whole.
  public struct Arrival: Hashable, Sendable {
    /// The Study Instance UID.
    public let studyUID: String
    /// Where it lies.
    public let folder: String
    /// How many objects it holds there now.
    public let files: Int
  }

  /// Where studies come to lie.
  public let folder: String
  /// Where objects are written as they come.
  public let arriving: String
  private let touched = Mutex<Set<String>>([])

  /// Makes the folder and removes objects of which only a part came.
  public init(folder: String) throws {
    self.folder = folder
    arriving = folder + "/.incoming"
    try Folder(path: arriving).make()
    for name in try Folder(path: arriving).names() where name.hasSuffix(".arriving") || name.hasSuffix(".partial") {
      unlink("\(arriving)/\(name)")
    }
  }

  /// Takes a complete file to the other objects of its study; false when it is no sound object.
  public func take(_ path: String) -> Bool {
    guard let header = try? DICOMHeader(path: path), let file = try? IndexedFile(header, path: path) else {
      unlink(path)
      return false
    }
    let study = "\(arriving)/\(file.studyUID)"
    guard mkdir(study, 0o777) == 0 || errno == EEXIST, rename(path, "\(study)/\(file.sopInstanceUID).dcm") == 0 else {
      unlink(path)
      return false
    }
    touched.withLock { _ = $0.insert(file.studyUID) }
    return true
  }

  /// Whether an object of a study is there, in its place or still with those that come.
  public func holds(_ instance: String, of study: String) -> Bool {
    [arriving, folder].contains { access("\($0)/\(study)/\(instance).dcm", F_OK) == 0 }
  }

  /// Puts the studies whose objects came since the last call in their place.
  public func complete() throws -> [Arrival] {
    let studies = touched.withLock { studies in
      defer { studies = [] }
      return studies.sorted()
    }
    return try studies.map { study in
      let (from, to) = ("\(arriving)/\(study)", "\(folder)/\(study)")
      if rename(from, to) != 0 {
        try Folder(path: to).make()
        for name in try Folder(path: from).names() where rename("\(from)/\(name)", "\(to)/\(name)") != 0 {
          throw StudyError(
            "unwritable-folder", "A study that came cannot be put in its place: \(String(cString: strerror(errno))).",
            remedy: "Check that the folder may be written and has room, and start again.", category: .inputOutput)
        }
        rmdir(from)
      }
      return Arrival(studyUID: study, folder: to, files: try Folder(path: to).names().count)
    }
  }

  /// Leaves what came of a sender that broke off for the next one.
  public func leave() { touched.withLock { $0 = [] } }

  /// Counts a study that is to be completed though none of its objects came this time.
  func resume(_ study: String) {
    if access("\(arriving)/\(study)", F_OK) == 0 { touched.withLock { _ = $0.insert(study) } }
  }
}
