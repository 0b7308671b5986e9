import Foundation
public import Provenance

/// Specific absorbed fractions of one radiation in one reference adult, as the electronic supplement of ICRP Publication
/// 133 lists them.
///
/// The file is text. Three lines describe it; the fourth has the numbers of targets and sources and the energies in MeV;
/// the fifth is a rule. Each further line has a target, `<-`, a source, a fraction in 1/kg at each energy, the lowest energy
/// with a fraction above zero, and its place. Files of spontaneous fission neutrons are told by their third line.
public struct SpecificFractions: Sendable {
  /// What a file is about.
  public enum Radiation: String, CaseIterable, Sendable {
    case photon, electron, alpha, neutron
  }

  /// The radiation.
  public let radiation: Radiation
  /// `adult-male` or `adult-female`.
  public let phantom: String
  /// Of the text with line feeds alone, so that it does not depend on how a system ends its lines.
  public let digest: Digest
  /// The edition whose digest it has; `nil` for another file.
  public var edition: String? { Self.editions[digest.hexadecimal] }
  /// The targets in the order of the file.
  public let targets: [String]
  /// The sources in the order of the file.
  public let sources: [String]
  private let energies: [Double]
  private let rows: [Pair: [Double]]

  private struct Pair: Hashable {
    let target: String
    let source: String
  }

  /// The radiation and phantom of a file by its first lines; `nil` for what is no such file.
  public static func subject(_ bytes: [UInt8]) -> (radiation: Radiation, phantom: String)? {
    let head = String(decoding: bytes.prefix(4096), as: UTF8.self).lowercased().split { $0.isNewline }
    guard head.count >= 3, head[0].hasPrefix("specific absorbed fractions") else { return nil }
    guard let radiation = Radiation.allCases.first(where: { head[2].hasPrefix($0.rawValue) }) else { return nil }
    let words = head[1].split { !$0.isLetter }
    if words.contains("female") { return (radiation, "adult-female") }
    return words.contains("male") ? (radiation, "adult-male") : nil
  }

  /// Reads a file of photons, electrons or alpha particles.
  ///
  /// - Throws: ``DosimetryError`` with the line for another file, numbers that are none or negative, energies that do not
  ///   rise, pairs that are missing or come twice, and more than 16 MiB.
  public init(_ bytes: [UInt8]) throws(DosimetryError) {
    guard bytes.count <= 16 << 20 else {
      throw DosimetryError(
        "table-too-large", "The file of absorbed fractions has \(bytes.count) bytes.", remedy: "Keep it below 16 MiB.")
    }
    guard let subject = Self.subject(bytes), subject.radiation != .neutron else {
      throw DosimetryError(
        "fractions-unknown", "The file does not begin as one of photons, electrons or alphas of ICRP Publication 133.",
        remedy: "Use the files as the publication's supplement has them.")
    }
    (radiation, phantom) = subject
    let text = bytes.filter { $0 != UInt8(ascii: "\r") }
    digest = Digest(of: text)
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count > 5 else { throw Self.refusal(lines.count, "is the last; there are no fractions") }
    let head = Self.fields(lines[3])
    guard head.count > 3, let targetCount = Int(head[0]), let sourceCount = Int(head[1]),
      (1...1000).contains(targetCount), (1...1000).contains(sourceCount)
    else { throw Self.refusal(4, "does not give the numbers of targets and sources") }
    let energies = head.dropFirst(2).map(Double.init).prefix { $0 != nil }.compactMap(\.self)
    guard energies.count > 1, energies[0] >= 0, zip(energies, energies.dropFirst()).allSatisfy({ $0 < $1 }),
      energies.allSatisfy(\.isFinite)
    else { throw Self.refusal(4, "does not give rising energies") }
    self.energies = energies

    var rows: [Pair: [Double]] = [:]
    var targets: [String] = []
    var sources: [String] = []
    for (index, line) in lines.enumerated().dropFirst(5) where line.contains(where: { $0 > UInt8(ascii: " ") }) {
      let fields = Self.fields(line)
      guard fields.count >= energies.count + 2, fields[1].hasPrefix("-") else {
        throw Self.refusal(index + 1, "is no target <- source with \(energies.count) fractions")
      }
      let pair = Pair(target: fields[0], source: String(fields[1].dropFirst()))
      var values: [Double] = []
      for field in fields[2..<(energies.count + 2)] {
        guard let value = Double(field), value.isFinite, value >= 0 else {
          throw Self.refusal(index + 1, "has no number from 0 on where a fraction belongs")
        }
        values.append(value)
      }
      if sources.last != pair.source { sources.append(pair.source) }
      if sources.count == 1 { targets.append(pair.target) }
      guard rows.updateValue(values, forKey: pair) == nil else {
        throw Self.refusal(index + 1, "gives a pair that stands above already")
      }
    }
    guard targets.count == targetCount, sources.count == sourceCount, rows.count == targetCount * sourceCount,
      sources.allSatisfy({ source in targets.allSatisfy { rows[Pair(target: $0, source: source)] != nil } })
    else {
      throw Self.refusal(
        4, "promises \(targetCount) targets from \(sourceCount) sources; \(rows.count) pairs follow")
    }
    (self.targets, self.sources, self.rows) = (targets, sources, rows)
  }

  /// Φ(target ← source) in 1/kg against the energy; `nil` for a pair that the file does not hold.
  func fraction(target: String, source: String) -> MonotoneCurve? {
    rows[Pair(target: target, source: source)].flatMap { MonotoneCurve(energies, $0) }
  }

  /// The fraction at the lowest energy, zero in the files of electrons: of a region in itself it is 1/m.
  func lowest(target: String, source: String) -> Double? {
    rows[Pair(target: target, source: source)]?.first
  }

  private static func fields(_ line: ArraySlice<UInt8>) -> [String] {
    line.split { " \t<".utf8.contains($0) }.map { String(decoding: $0, as: UTF8.self) }
  }

  private static func refusal(_ line: Int, _ found: String) -> DosimetryError {
    DosimetryError(
      "fractions-line", "Line \(line) of the file of absorbed fractions \(found).",
      remedy: "Take the file from the publication's supplement again.")
  }

  /// SHA-256 of the editions, by what their first line is dated: the supplement as published and its revision.
  private static let editions = [
    "0e8a76343da4676f13954e26cab8449d3d5f97018c42699e5f7b2c31cef295a3": "2016-08-12",
    "88cfbe8bd252fd408f9044775863014f1f067a1f3b900c9fa741bdcd5e262571": "2016-08-12",
    "43e4cf7c4ad2cc03afebe2192ad50d5d62ae9b8d5ef1498c07036eb95725c9a1": "2016-08-12",
    "4927b2e086c3fe0cea10e338ea75b475489ed0a51e73188033c3de400660b8e3": "2016-08-12",
    "ea3fdbf6c0c625092fc085209109a3e6b3a120a0c9cd148a93c7ca054f9ea868": "2016-08-12",
    "14dd778c0bfe40fb1efa47086c76e0bd96123bd6e5795ba5063d9f182389df44": "2016-08-12",
    "187eb7b964c05477df41329052d6431a7c2c0d9a26551370a8cd47a00c557ba5": "2017-03-07",
    "faf5e307d95cb22ac300cf01c103e347423cc1f43500505143df74e824a0c7c2": "2017-03-07",
    "6810fbea8739d4e10fcebacd404c54d0654449dda4d9669232c7fa3a25950514": "2017-03-07",
    "61c688356b072d7d8f724c17dc590ed1fb999c2e3494c5e1cc3895d99f0c15f2": "2017-03-07",
    "cb6161247e9be8a73053692f30033e863e01abf10f85c0f2157935933544e534": "2017-03-07",
    "13eab7a9302a51b294e0db45c0cde3c983d87963478c913afc3defbd4110923c": "2017-03-07",
  ]
}
