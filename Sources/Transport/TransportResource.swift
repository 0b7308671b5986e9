import Foundation
import Provenance

/// The files that come with this room, each checked against its digest before it is used.
enum TransportResource {
  /// The bytes of a file of ``resourceDigests``.
  static func bytes(_ name: String, _ ending: String) throws(TransportError) -> Data {
    guard let url = Bundle.module.url(forResource: name, withExtension: ending, subdirectory: "Resources"),
      let data = try? Data(contentsOf: url)
    else {
      throw TransportError(
        "resource-missing", "The file \(name).\(ending) of the program is missing.", remedy: "Install Endora again.",
        category: .internalFault)
    }
    guard Digest(of: data).hexadecimal == resourceDigests[name] else {
      throw TransportError(
        "resource-altered", "The file \(name).\(ending) of the program was altered.", remedy: "Install Endora again.",
        category: .internalFault)
    }
    return data
  }

  /// The refusal of a file that passes its digest and cannot be read.
  static func broken(_ name: String, _ error: any Error) -> TransportError {
    let reason = (error as? any Refusal)?.reason ?? "it cannot be read."
    return TransportError(
      "resource-broken", "The file \(name) of the program is broken: \(reason)", remedy: "Install Endora again.",
      category: .internalFault)
  }
}
