import DICOM
import Provenance

extension Exchange {
  /// Why an exchange with another system failed, in the words of whoever can mend it.
  ///
  /// The refusal itself where it is about something else than the connection.
  public static func explained(_ error: any Error, _ address: PeerAddress, own title: String) -> any Error {
    guard let refusal = error as? DICOMError, refusal.code == "network" else { return error }
    let text = refusal.reason.lowercased()
    let place = "\(address.host):\(address.port)"
    func told(_ code: String, _ reason: String, _ remedy: String) -> CaseError {
      CaseError(code, reason, remedy: remedy, category: .inputOutput)
    }
    if text.contains("called ae title not recognized") {
      return told(
        "peer-title", "The system at \(place) does not call itself \(address.title).",
        "Ask its keeper for its application entity title.")
    }
    if text.contains("calling ae title not recognized") {
      return told(
        "own-title", "The system at \(place) does not know us as \(title).",
        "Ask its keeper to add \(title) with this machine's address.")
    }
    if text.contains("refused") || text.contains("unknown host") || text.contains("no route") {
      return told(
        "peer-absent", "No system answers at \(place).", "See that it runs, and check its name and port.")
    }
    if text.contains("timeout") || text.contains("timed out") || text.contains("no data available") {
      return told(
        "peer-silent", "The system at \(place) does not answer in time.",
        "See that this is the port for DICOM, then try again.")
    }
    return refusal
  }
}
