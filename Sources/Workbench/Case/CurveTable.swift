import Foundation
public import Kinetics
public import Provenance
import Quantities
import Statistics

/// A table of time-activity points: `region[,cycle],time_h,activity_MBq[,u_MBq]`.
///
/// Lines that begin with `#` are comments. An empty activity says that the region was not measured at that time. With cycles
/// each region of each cycle is a curve of its own, named `region, cycle`, with times after that cycle's administration.
public struct CurveTable: Sendable {
  /// The points of each region, in the order in which the regions first appear.
  public let regions: [(name: String, points: [TimeActivityCurve.Point])]
  /// Region and cycle of each of ``regions``; the cycle is `nil` in a table without cycles.
  public let origins: [(region: String, cycle: String?)]
  /// Whether points have a stated uncertainty.
  public let hasUncertainties: Bool
  /// Of the file's bytes.
  public let digest: Digest

  /// Reads a table.
  ///
  /// - Throws: ``CaseError`` with the line for a header that is not as above, a line with other columns, a number that is
  ///   none, is infinite or negative, times that do not rise, or a region that lacks a time that another has.
  public init(path: String) throws {
    let bytes = try readFile(path)
    digest = Digest(of: bytes)
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    let content = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
    guard String(validating: content, as: UTF8.self) != nil else {
      throw CaseError(
        "table-not-text", "The table \(fileName(path)) is not UTF-8 text.", remedy: "Save it as UTF-8 CSV.")
    }
    var reader = DelimitedReader(bytes: content)
    var rows: [(line: Int, cells: [String])] = []
    while let cells = try reader.row(fileName(path)) {
      if cells != [""], !cells[0].hasPrefix("#") { rows.append((reader.line, cells)) }
    }
    let header = rows.isEmpty ? [] : rows.removeFirst().cells
    let hasCycles = header.count > 1 && header[1] == "cycle"
    let required = ["region"] + (hasCycles ? ["cycle"] : []) + ["time_h", "activity_MBq"]
    guard header == required || header == required + ["u_MBq"] else {
      throw CaseError(
        "table-header", "The table \(fileName(path)) begins with “\(header.joined(separator: ","))”.",
        remedy:
          "Begin it with the line region,time_h,activity_MBq or region,time_h,activity_MBq,u_MBq; cycle may follow region."
      )
    }
    guard !rows.isEmpty else {
      throw CaseError("table-empty", "The table \(fileName(path)) has no points.", remedy: "Add one line a point.")
    }
    hasUncertainties = header.count > required.count
    let first = required.count - 2

    var names: [String] = []
    var origins: [String: (region: String, cycle: String?)] = [:]
    var points: [String: [TimeActivityCurve.Point]] = [:]
    var times: [String: [Double]] = [:]
    for (line, cells) in rows {
      func refuse(_ code: String, _ reason: String, _ remedy: String) -> CaseError {
        CaseError(code, "Line \(line) of \(fileName(path)): \(reason).", remedy: remedy)
      }
      guard cells.count == header.count, cells[..<first].allSatisfy({ !$0.isEmpty }) else {
        throw refuse(
          "table-line",
          "\(cells.count) cells where the header has \(header.count), or no region\(hasCycles ? " or cycle" : "")",
          "Give every column its cell.")
      }
      func number(_ index: Int) throws -> Double {
        guard let value = Double(cells[index]), value.isFinite, value >= 0 else {
          throw refuse(
            index == first ? "time-invalid" : "activity-invalid", "\(header[index]) is “\(cells[index].prefix(40))”",
            "Give a number of 0 or more with a decimal point.")
        }
        return value
      }
      let name = hasCycles ? "\(cells[0]), \(cells[1])" : cells[0]
      let time = try number(first)
      let origin = (region: cells[0], cycle: hasCycles ? cells[1] : nil)
      if let other = origins[name], other != origin {
        throw refuse("region-ambiguous", "“\(name)” is two regions or cycles", "Write their names without commas.")
      }
      origins[name] = origin
      if times[name] == nil { names.append(name) }
      if let last = times[name]?.last, time <= last {
        throw time == last
          ? refuse(
            "duplicate-point", "region “\(name)” has \(cells[first]) h twice",
            "Keep one of the two, or give one of them another region's name.")
          : refuse(
            "times-out-of-order", "region “\(name)” goes back from \(last) h to \(time) h",
            "Sort the points of a region by time.")
      }
      times[name, default: []].append(time)
      guard !cells[first + 1].isEmpty else { continue }
      let uncertainty = hasUncertainties && !cells[first + 2].isEmpty ? try number(first + 2) : nil
      if hasUncertainties, !((uncertainty ?? 0) > 0) {
        throw refuse("uncertainty-invalid", "u_MBq is “\(cells[3])”", "Give an uncertainty above 0 MBq at every point.")
      }
      points[name, default: []].append(
        .init(
          time: .hours(time), activity: .megabecquerels(try number(first + 1)),
          standardUncertainty: uncertainty.map { .megabecquerels($0) }))
    }
    // Every cycle has its own times.
    var ofCycle: [String?: Set<Double>] = [:]
    for name in names { ofCycle[origins[name]!.cycle, default: []].formUnion(times[name]!) }
    for name in names {
      if let missing = ofCycle[origins[name]!.cycle]!.subtracting(times[name]!).min() {
        throw CaseError(
          "region-absent",
          "Region “\(name)” of \(fileName(path)) has no line for \(missing) h, other regions have one.",
          remedy: "Add its activity, or a line with an empty activity where it was not measured.")
      }
      guard points[name] != nil else {
        throw CaseError(
          "region-not-measured", "Region “\(name)” of \(fileName(path)) was measured at no time.",
          remedy: "Leave the region out.")
      }
    }
    regions = names.map { ($0, points[$0]!) }
    self.origins = names.map { origins[$0]! }
  }
}
