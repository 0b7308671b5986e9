/// How a data set is encoded (PS3.5 10).
struct TransferSyntax: Hashable, Sendable {
  enum Pixels: Sendable {
    case native
    case lossless
    case refused(String)
  }

  let uid: String

  var isExplicit: Bool { uid != "1.2.840.10008.1.2" }

  /// The name of an encoding whose data set cannot be read.
  var refusedName: String? {
    switch uid {
    case "1.2.840.10008.1.2.2": "Explicit VR Big Endian"
    case "1.2.840.10008.1.2.1.99": "Deflated Explicit VR Little Endian"
    case "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.5": nil
    default: uid.hasPrefix("1.2.840.10008.1.2.4.") ? nil : "unknown (\(uid))"
    }
  }

  var pixels: Pixels {
    switch uid {
    case "1.2.840.10008.1.2", "1.2.840.10008.1.2.1": .native
    case "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80":
      .lossless
    case "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51": .refused("JPEG with loss")
    case "1.2.840.10008.1.2.4.81": .refused("JPEG-LS near-lossless")
    case "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91": .refused("JPEG 2000")
    default: .refused("compressed (\(uid))")
    }
  }
}
