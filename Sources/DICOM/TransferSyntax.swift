/// How a data set is encoded (PS3.5 10).
struct TransferSyntax: Hashable, Sendable {
  enum Pixels: Sendable {
    case native
    /// Compressed so that nothing is lost.
    case lossless
    /// Compressed so that values have changed; the name of the compression.
    case lossy(String)
    case refused(String)
  }

  let uid: String

  var isExplicit: Bool { uid != "1.2.840.10008.1.2" }

  var order: ByteOrder { uid == "1.2.840.10008.1.2.2" ? .big : .little }

  var isDeflated: Bool { uid == "1.2.840.10008.1.2.1.99" }

  /// Whether frames are JPEG 2000 code streams.
  var isJPEG2000: Bool { uid == "1.2.840.10008.1.2.4.90" || uid == "1.2.840.10008.1.2.4.91" }

  /// Whether the data set can be read; its pixels may still be refused.
  var isKnown: Bool {
    switch pixels {
    case .refused: uid.hasPrefix("1.2.840.10008.1.2.4.")
    default: true
    }
  }

  var pixels: Pixels {
    switch uid {
    case "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2": .native
    case "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80",
      "1.2.840.10008.1.2.4.90":
      .lossless
    case "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51": .lossy("JPEG with loss")
    case "1.2.840.10008.1.2.4.81": .lossy("JPEG-LS near-lossless")
    case "1.2.840.10008.1.2.4.91": .lossy("JPEG 2000, perhaps with loss")
    default: .refused("compressed (\(uid))")
    }
  }
}
