import Foundation
import JSON
public import Provenance
import Quantities
public import Radionuclides

/// S values of a table of the user's own.
///
/// Four formats are read. The matrix of OLINDA/EXM 2 and the list in the layout of IDAC-Dose 2.1, see ``ImportedMatrix``. CSV with a first line that names the columns `nuclide`, `phantom`, `target`, `source` and
/// `S_total`, and may name `S_photon`, `S_electron`, `S_alpha` and `relative_uncertainty`; values in mGy/(MBq s); lines
/// that begin with `#` are passed over. And the list that OpenDose gives for one source, nuclide and phantom: JSON rows of
/// target, S and its standard uncertainty in mGy/(MBq s), and the mass in g; it does not say whose it is, so that it answers
/// for the nuclide, phantom and source it is asked about.
public struct ImportedSValues: SValueSet {
  public let name: String
  /// The digest of the file.
  public let digest: Digest
  private let rows: [Key: SValueEntry]
  private let isOfOneSource: Bool

  private struct Key: Hashable {
    let nuclide: String
    let phantom: String
    let target: String
    let source: String
  }

  /// Reads a table.
  ///
  /// - Parameter name: how results call it, such as the file's name.
  /// - Throws: ``DosimetryError`` with the line for a column that is missing, a number that is none or is negative, a pair
  ///   that comes twice, and more than 16 MiB.
  public init(_ bytes: [UInt8], name: String) throws(DosimetryError) {
    guard bytes.count <= 16 << 20 else {
      throw DosimetryError(
        "table-too-large", "The table of S values has \(bytes.count) bytes.", remedy: "Keep it below 16 MiB.")
    }
    self.name = name
    digest = Digest(of: bytes)
    let source = Source("\(name), sha256 \(digest.short)", .unverified)
    isOfOneSource = bytes.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "[")
    guard !ImportedMatrix.isMatrix(bytes) else {
      rows = try Self.rows(ImportedMatrix(bytes, name: name), name, source)
      return
    }
    rows = isOfOneSource ? try Self.list(bytes, name, source) : try Self.table(bytes, name, source)
  }

  /// The value of a pair; `nil` when the table does not hold it.
  ///
  /// - Parameter phantom: `adult-male`, as the table writes it; `AM` and `AF` are understood.
  public func sValue(nuclide: String, phantom: String, target: String, source: String) -> SValueEntry? {
    rows[
      isOfOneSource
        ? Key(nuclide: "", phantom: "", target: Self.plain(target), source: "")
        : Key(
          nuclide: Nuclide.name(spelled: nuclide) ?? nuclide, phantom: Self.phantom(phantom),
          target: Self.plain(target),
          source: Self.plain(source))]
  }

  /// The value of a pair in the table's first phantom by name; the table's masses are not known, so that it is not scaled.
  public func sValue(_ nuclide: Nuclide, target: DoseRegion, source: DoseRegion) throws -> SValueEntry? {
    let phantoms = Set(rows.keys.map(\.phantom)).sorted()
    return phantoms.first.flatMap {
      sValue(nuclide: nuclide.name, phantom: $0, target: target.name, source: source.name)
    }
  }

  private static func plain(_ name: String) -> String {
    name.lowercased().split(separator: " ").joined(separator: " ")
  }

  private static func phantom(_ name: String) -> String {
    let plain = plain(name)
    return ["am": "adult-male", "af": "adult-female"][plain] ?? plain
  }

  private static func rows(
    _ matrix: ImportedMatrix, _ name: String, _ source: Source
  ) throws(DosimetryError) -> [Key: SValueEntry] {
    var rows: [Key: SValueEntry] = [:]
    for entry in matrix.entries {
      let key = Key(
        nuclide: matrix.nuclide, phantom: matrix.phantom, target: plain(entry.target), source: plain(entry.source))
      let value = SValueEntry(
        electron: entry.electron, photon: entry.photon, relativeUncertainty: 0, set: name, source: source)
      guard rows.updateValue(value, forKey: key) == nil else {
        throw DosimetryError(
          "s-table-line", "The table gives \(entry.target) from \(entry.source) twice.", remedy: "Keep one of the two.")
      }
    }
    return rows
  }

  private static func refusal(_ line: Int, _ found: String, _ remedy: String) -> DosimetryError {
    DosimetryError("s-table-line", "Line \(line) of the table of S values \(found).", remedy: remedy)
  }

  private static func table(
    _ bytes: [UInt8], _ name: String, _ source: Source
  ) throws(DosimetryError) -> [Key: SValueEntry] {
    var columns: [String: Int] = [:]
    var rows: [Key: SValueEntry] = [:]
    let lines = String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false) { $0.isNewline }
    for (index, line) in lines.enumerated() where !line.hasPrefix("#") && !line.allSatisfy(\.isWhitespace) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      if columns.isEmpty {
        for (k, field) in fields.enumerated() { columns[field] = k }
        let missing = ["nuclide", "phantom", "target", "source", "S_total"].filter { columns[$0] == nil }
        guard missing.isEmpty else {
          throw refusal(index + 1, "lacks \(missing.joined(separator: ", "))", "Name the columns there.")
        }
        continue
      }
      func text(_ column: String) -> String? {
        columns[column].flatMap { $0 < fields.count && !fields[$0].isEmpty ? fields[$0] : nil }
      }
      func number(_ column: String) throws(DosimetryError) -> Double? {
        guard let text = text(column) else { return nil }
        guard let value = Double(text), value.isFinite, value >= 0 else {
          throw refusal(index + 1, "has no number from 0 on for \(column)", "Write a number in mGy/(MBq s).")
        }
        return value
      }
      guard let nuclide = text("nuclide"), let phantomName = text("phantom"), let target = text("target"),
        let from = text("source"), let total = try number("S_total")
      else { throw refusal(index + 1, "is not complete", "Fill nuclide, phantom, target, source and S_total.") }
      let photon = try number("S_photon") ?? 0
      let alpha = try number("S_alpha") ?? 0
      let electron = try number("S_electron") ?? max(0, total - photon - alpha)
      guard abs(photon + alpha + electron - total) <= 1e-3 * total else {
        throw refusal(index + 1, "has parts that do not add up to S_total", "Correct the parts or leave them out.")
      }
      let key = Key(
        nuclide: Nuclide.name(spelled: nuclide) ?? nuclide, phantom: phantom(phantomName), target: plain(target),
        source: plain(from))
      let entry = SValueEntry(
        electron: .milligraysPerMegabecquerelSecond(electron), photon: .milligraysPerMegabecquerelSecond(photon),
        alpha: .milligraysPerMegabecquerelSecond(alpha),
        relativeUncertainty: try number("relative_uncertainty") ?? 0, set: name, source: source)
      guard rows.updateValue(entry, forKey: key) == nil else {
        throw refusal(index + 1, "gives a pair that stands above already", "Keep one of the two.")
      }
    }
    guard !rows.isEmpty else {
      throw DosimetryError(
        "s-table-empty", "The table of S values has no values.", remedy: "Give a CSV table or a list of OpenDose.")
    }
    return rows
  }

  private static func list(
    _ bytes: [UInt8], _ name: String, _ source: Source
  ) throws(DosimetryError) -> [Key: SValueEntry] {
    var rows: [Key: SValueEntry] = [:]
    do {
      for node in try JSONDocument(bytes, dialect: .strict).root.list() {
        let row = try node.list()
        guard row.count == 4, let value = Double(try row[1].string()), let uncertainty = Double(try row[2].string()),
          value.isFinite, value >= 0, uncertainty.isFinite, uncertainty >= 0
        else {
          throw refusal(node.line, "is no row of target, value, uncertainty and mass", "Export the list again.")
        }
        let key = Key(nuclide: "", phantom: "", target: plain(try row[0].string()), source: "")
        let entry = SValueEntry(
          electron: .milligraysPerMegabecquerelSecond(value), photon: .zero,
          relativeUncertainty: value > 0 ? uncertainty / value : 0,
          set: name, source: source)
        guard rows.updateValue(entry, forKey: key) == nil else {
          throw refusal(node.line, "gives a target that stands above already", "Keep one of the two.")
        }
      }
    } catch let error as DosimetryError {
      throw error
    } catch {
      throw DosimetryError(
        "s-list-broken", (error as? any Refusal)?.reason ?? "The list of S values cannot be read.",
        remedy: "Export the list of OpenDose again.")
    }
    return rows
  }
}
