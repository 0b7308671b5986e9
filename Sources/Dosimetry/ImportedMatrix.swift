import Foundation
import Provenance
import Quantities
import Radionuclides

/// A table of S values whose file states targets and sources and neither nuclide nor phantom: the matrix that OLINDA/EXM 2
/// shows (targets down, sources across, mGy/(MBq s)), and the list in the layout of IDAC-Dose 2.1 that FlexID writes
/// (Gy/(Bq s) by radiation).
///
/// Nuclide and phantom are read from the file's name, such as `Lu177-Male-Svalues.csv`.
struct ImportedMatrix {
  /// A pair of regions with its value.
  struct Entry {
    let target: String
    let source: String
    let electron: SValue
    let photon: SValue
  }

  let nuclide: String
  let phantom: String
  let entries: [Entry]

  /// The first cell of a file in one of the two layouts.
  static func isMatrix(_ bytes: [UInt8]) -> Bool {
    let head = String(decoding: bytes.prefix(64), as: UTF8.self).drop { $0 == "\u{FEFF}" || $0.isWhitespace }
    return head.hasPrefix("Target,") || head.hasPrefix("Source Regions,")
  }

  /// - Throws: ``DosimetryError`` for a name without nuclide and phantom, a cell that is no number from 0 on, rows of
  ///   another length than the first, and radiation-weighted alphas or neutrons.
  init(_ bytes: [UInt8], name: String) throws(DosimetryError) {
    (nuclide, phantom) = try Self.subject(name)
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(Self.cells)
    let head = lines.first { !$0.allSatisfy(\.isEmpty) } ?? []
    entries = head.first?.hasSuffix("Target") == true ? try Self.matrix(lines, head) : try Self.list(lines)
    guard !entries.isEmpty else {
      throw DosimetryError("s-table-empty", "The table of S values has no values.", remedy: "Export it again.")
    }
  }

  private static func subject(_ name: String) throws(DosimetryError) -> (nuclide: String, phantom: String) {
    let words = name.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let pairs = zip(words, words.dropFirst()).map { "\($0)-\($1)" }
    let nuclides = Set((words + pairs).compactMap { Nuclide.name(spelled: $0) })
    let sexes = ["male": "adult-male", "am": "adult-male", "female": "adult-female", "af": "adult-female"]
    let phantoms = Set(words.compactMap { sexes[$0.lowercased()] })
    guard nuclides.count == 1, phantoms.count == 1, let nuclide = nuclides.first, let phantom = phantoms.first else {
      throw DosimetryError(
        "s-table-unnamed", "The table states neither nuclide nor phantom, and its file is not named after one of each.",
        remedy: "Name the file like Lu177-male.csv or Lu177-female.csv.")
    }
    return (nuclide, phantom)
  }

  /// The cells of a line; those in double quotes may hold commas.
  private static func cells(_ line: Substring) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: cells.append("")
      case "\u{FEFF}": break
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func number(_ cell: String, line: Int) throws(DosimetryError) -> Double {
    guard let value = Double(cell), value.isFinite, value >= 0 else {
      throw refusal(line, "has no number from 0 on where an S value belongs", "Export the table again.")
    }
    return value
  }

  private static func refusal(_ line: Int, _ found: String, _ remedy: String) -> DosimetryError {
    DosimetryError("s-table-line", "Line \(line) of the table of S values \(found).", remedy: remedy)
  }

  private static func matrix(_ lines: [[String]], _ head: [String]) throws(DosimetryError) -> [Entry] {
    var entries: [Entry] = []
    var isHead = true
    for (index, cells) in lines.enumerated() where !cells.allSatisfy(\.isEmpty) {
      if isHead {
        isHead = false
        continue
      }
      guard cells.count == head.count else {
        throw refusal(
          index + 1, "has \(cells.count) cells, the first line \(head.count)", "Export the table again.")
      }
      for (source, cell) in zip(head, cells).dropFirst() {
        let value = try number(cell, line: index + 1)
        entries.append(
          Entry(
            target: region(cells[0]), source: region(source), electron: .milligraysPerMegabecquerelSecond(value),
            photon: .zero))
      }
    }
    return entries
  }

  private static func list(_ lines: [[String]]) throws(DosimetryError) -> [Entry] {
    var entries: [Entry] = []
    var source = ""
    for (index, cells) in lines.enumerated().dropFirst(2) where !cells.allSatisfy(\.isEmpty) {
      guard cells.count == 10 else {
        throw refusal(index + 1, "has \(cells.count) cells instead of 10", "Export the table again.")
      }
      if !cells[0].isEmpty { source = region(cells[0]) }
      guard cells[4...9].contains(where: { !$0.isEmpty }) else { continue }
      var values: [Double] = []
      for cell in cells[4...9] { values.append(try number(cell, line: index + 1)) }
      let (photon, electron) = (values[0], values[1] + values[2])
      guard values[3] == 0, values[4] == 0 else {
        throw refusal(
          index + 1, "holds alpha particles or neutrons, whose weighting the layout does not state",
          "Use another set for nuclides that emit them.")
      }
      guard abs(photon + electron - values[5]) <= 1e-3 * values[5] else {
        throw refusal(index + 1, "has parts that do not add up to its total", "Export the table again.")
      }
      entries.append(
        Entry(
          target: region(cells[2]), source: source, electron: .graysPerBecquerelSecond(electron),
          photon: .graysPerBecquerelSecond(photon)))
    }
    return entries
  }

  /// The name of a region as this program writes it, where the table abbreviates.
  private static func region(_ name: String) -> String {
    let plain = name.lowercased().split(separator: " ").joined(separator: " ")
    return [
      "red mar.": "red marrow", "tot body": "total body", "hrt wall": "heart wall", "heartcon": "heart contents",
      "stomcont": "stomach contents", "gb cont": "gall bladder contents", "gallbladder wall": "gall bladder wall",
      "lli cont": "lower large intestine contents", "uli cont": "upper large intestine contents",
      "lli wall": "lower large intestine wall", "uli wall": "upper large intestine wall",
      "si cont": "small intestine contents", "ub cont": "urinary bladder contents", "salivary": "salivary glands",
      "cortbone": "cortical bone", "trabbone": "trabecular bone", "osteogenic cells": "bone surfaces",
      "red (active) bone marrow": "red marrow", "endosteum (bone surface)": "bone surfaces",
      "gallbladder contents": "gall bladder contents",
    ][plain] ?? plain
  }
}
