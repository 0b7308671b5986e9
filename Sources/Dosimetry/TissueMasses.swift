import Foundation
public import Provenance
import Quantities

/// The masses of the source regions of ICRP Publication 133, and which of them together are the body.
///
/// Text: a line each of a region, its mass in kg in the male, 1 where it belongs to the body's tissues, and the same of the
/// female.
public struct TissueMasses: Sendable {
  /// Of the text with line feeds alone.
  public let digest: Digest
  private let byPhantom: [String: [(region: String, mass: Mass)]]

  /// Whether a file begins as a list of source regions.
  public static func isList(_ bytes: [UInt8]) -> Bool {
    String(decoding: bytes.prefix(64), as: UTF8.self).lowercased().hasPrefix("source regions")
  }

  /// - Throws: ``DosimetryError`` for a list without tissues, and more than 1 MiB.
  public init(_ bytes: [UInt8]) throws(DosimetryError) {
    let text = bytes.prefix(1 << 20).filter { $0 != UInt8(ascii: "\r") }
    digest = Digest(of: text)
    var male: [(region: String, mass: Mass)] = []
    var female: [(region: String, mass: Mass)] = []
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: " ").map(String.init)
      guard fields.count == 5, let m = Double(fields[1]), let f = Double(fields[3]), m.isFinite, f.isFinite, m >= 0,
        f >= 0
      else { continue }
      if fields[2] == "1", m > 0 { male.append((fields[0], .kilograms(m))) }
      if fields[4] == "1", f > 0 { female.append((fields[0], .kilograms(f))) }
    }
    guard bytes.count <= 1 << 20, !male.isEmpty, !female.isEmpty,
      Set(male.map(\.region)).count == male.count, Set(female.map(\.region)).count == female.count
    else {
      throw DosimetryError(
        "tissues-unreadable", "The list of source regions does not give the tissues of both phantoms once each.",
        remedy: "Take the file from the publication's supplement again.")
    }
    byPhantom = ["adult-male": male, "adult-female": female]
  }

  /// The tissues of the body of a phantom.
  func tissues(_ phantom: String) -> [(region: String, mass: Mass)] { byPhantom[phantom] ?? [] }

  /// Their mass together.
  func total(_ phantom: String) -> Mass? {
    let masses = tissues(phantom).map(\.mass)
    return masses.isEmpty ? nil : masses.total()
  }
}
