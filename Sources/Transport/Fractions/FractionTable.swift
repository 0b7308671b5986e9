public import Foundation
import JSON
import Provenance
import Quantities

/// The specific absorbed fractions of a reference adult: energy absorbed per emitted energy and mass of the target.
public struct FractionTable: Sendable {
  /// The name of the phantom.
  public let phantom: String
  /// The regions that radiation comes from.
  public let sources: [String]
  /// The regions that absorb it.
  public let targets: [String]
  /// The masses of the targets by convention, in g; for every source they are known too where it is a target.
  let masses: [String: [Double]]
  /// In keV, rising.
  let photonEnergies: [Double]
  let electronEnergies: [Double]
  /// SAF of photons in 1/kg at the phantom's own masses by source, target, energy, and its relative standard uncertainty.
  let photons: [Float]
  let photonUncertainties: [Float]
  /// Absorbed fractions of electrons by convention, source, target, energy.
  let electrons: [String: [Float]]
  /// The mass of each target in the voxel phantom, in g.
  let phantomMasses: [Double]
  /// How the table was made: seed, histories, edges.
  public let origin: String

  /// The table that comes with this release.
  ///
  /// - Throws: ``TransportError`` for an unknown phantom and when the file is missing or altered.
  public static func standard(_ phantom: String) throws(TransportError) -> FractionTable {
    guard StylisedPhantom.names.contains(phantom) else {
      throw TransportError(
        "unknown-phantom", "There is no phantom '\(phantom.prefix(20))'.",
        remedy: "Choose \(StylisedPhantom.names.joined(separator: " or ")).")
    }
    return try FractionTable(data: try TransportResource.bytes("fractions-\(phantom)", "bin"))
  }
}

extension FractionTable {
  private static let magic = "endora-fractions-1\n"

  /// The table as bytes: a line, a line of JSON, then single-precision numbers, little end first.
  public func data() throws -> Data {
    let head: JSONValue = .object(
      JSONObject([
        ("phantom", .string(phantom)), ("origin", .string(origin)),
        ("sources", .array(sources.map { .string($0) })), ("targets", .array(targets.map { .string($0) })),
        ("photonEnergies_keV", .array(photonEnergies.map { .number($0) })),
        ("electronEnergies_keV", .array(electronEnergies.map { .number($0) })),
        ("phantomMasses_g", .array(phantomMasses.map { .number($0) })),
        (
          "masses_g",
          .object(
            JSONObject(
              MassConvention.allCases.map { convention in
                (convention.rawValue, .array((masses[convention.rawValue] ?? []).map { .number($0) }))
              }))
        ),
      ]))
    var data = Data((Self.magic + (try head.text(indented: false)) + "\n").utf8)
    let lists = [photons, photonUncertainties] + MassConvention.allCases.map { electrons[$0.rawValue] ?? [] }
    for value in lists.joined() {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }

  /// Reads what ``data()`` wrote.
  ///
  /// - Throws: ``TransportError`` for anything else.
  init(data: Data) throws(TransportError) {
    let broken = TransportError(
      "fractions-broken", "The table of absorbed fractions cannot be read.", remedy: "Install Endora again.",
      category: .internalFault)
    let magic = Array(Self.magic.utf8)
    guard data.starts(with: magic), let end = data.dropFirst(magic.count).firstIndex(of: 10) else { throw broken }
    do {
      let root = try JSONDocument(data[(data.startIndex + magic.count)..<end], dialect: .strict).root
      phantom = try root.required("phantom").string()
      origin = try root.required("origin").string()
      sources = try root.required("sources").list().map { try $0.string() }
      targets = try root.required("targets").list().map { try $0.string() }
      photonEnergies = try root.required("photonEnergies_keV").numbers()
      electronEnergies = try root.required("electronEnergies_keV").numbers()
      phantomMasses = try root.required("phantomMasses_g").numbers()
      var masses: [String: [Double]] = [:]
      for convention in MassConvention.allCases {
        masses[convention.rawValue] = try root.required("masses_g").required(convention.rawValue).numbers()
      }
      self.masses = masses
    } catch { throw broken }
    let pairs = sources.count * targets.count
    let (photonCount, electronCount) = (pairs * photonEnergies.count, pairs * electronEnergies.count)
    let wanted =
      [photonCount, photonCount] + [Int](repeating: electronCount, count: MassConvention.allCases.count)
    let body = data[(end + 1)...]
    guard body.count == 4 * wanted.reduce(0, +) else { throw broken }
    var values = [Float](repeating: 0, count: body.count / 4)
    body.withUnsafeBytes { bytes in
      for k in values.indices {
        values[k] = Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * k, as: UInt32.self)))
      }
    }
    guard values.allSatisfy({ $0.isFinite && $0 >= 0 }) else { throw broken }
    var start = 0
    var lists: [[Float]] = []
    for count in wanted {
      lists.append(Array(values[start..<(start + count)]))
      start += count
    }
    (photons, photonUncertainties) = (lists[0], lists[1])
    electrons = Dictionary(
      uniqueKeysWithValues: zip(MassConvention.allCases, lists.dropFirst(2)).map { ($0.rawValue, $1) })
  }
}
