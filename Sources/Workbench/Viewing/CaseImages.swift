import Foundation
public import JSON
import Provenance
import Quantities
import Radionuclides
import Studies
import Uptake
import Volumes

/// The images of a case folder: what the viewer may show, and the regions that are drawn on them.
public struct CaseImages: Sendable {
  /// The volume of one series may take no more.
  public static let mostBytes = 1 << 30

  let folder: String
  let series: [IndexedSeries]
  /// Structures of RTSTRUCT and SEG series by name, and of the files that `pet.json` names.
  let structures: [String: RegionFile.Shape]
  /// The frames of reference in which structures were drawn, by their names, where their files tell.
  let framesOfStructures: [String: String]
  /// The organs of the case file's regions by the structures that outline them.
  private let organs: [String: String]
  private let zero: Timestamp?
  private let stated: StatedFacts
  private let notes: [Finding]

  /// Lists what lies in a case folder and in the folders that its files name.
  public init(folder: String) throws {
    self.folder = folder
    var notes: [Finding] = []
    var folders = [folder]
    var (zero, organs): (Timestamp?, [String: String]) = (nil, [:])
    if FileManager.default.fileExists(atPath: folder + "/case.json"),
      let file = Self.trying("case.json", &notes, { try CaseFile.read(folder).file })
    {
      zero = file.administration.timeZero(file.settings.timeBase)
      for region in file.regions { if let structure = region.structure { organs[structure] = region.organ.rawValue } }
      folders += [file.spect?.folder, file.planar?.folder].compactMap(\.self).filter { $0.hasPrefix("/") }
    }
    var stated = StatedFacts()
    if FileManager.default.fileExists(atPath: folder + "/pet.json"),
      let file = Self.trying("pet.json", &notes, { try PETCase(path: folder) })
    {
      stated = Self.trying("pet.json", &notes) { try file.stated.facts() } ?? stated
      if let imaging = file.imaging, imaging.hasPrefix("/") { folders.append(imaging) }
    }
    var (found, known): ([IndexedSeries], Set<String>) = ([], [])
    for folder in folders {
      let index = try StudyIndex.scan(folder: folder)
      found += index.series.filter { known.insert($0.uid).inserted }
      notes +=
        index.findings
        + index.refused.prefix(20).map { file in
          Finding(
            .caution, code: file.code, title: "A file was left out.",
            "\(printable(fileName(file.path))): \(file.reason)",
            origin: "Studies · index")
        }
    }
    series = found.sorted { Self.order($0) < Self.order($1) }
    (structures, framesOfStructures) = Self.structures(found, &notes)
    (self.zero, self.organs, self.stated, self.notes) = (zero, organs, stated, notes)
  }

  private static func trying<T>(_ name: String, _ notes: inout [Finding], _ read: () throws -> T) -> T? {
    do { return try read() } catch {
      notes.append(
        Finding(
          .caution, code: "case-unread", title: "\(name) was not used.",
          (error as? any Refusal)?.reason ?? "It cannot be read.", origin: "Workbench · viewing"))
      return nil
    }
  }

  /// By time, then anatomy before emission, then by UID.
  private static func order(_ series: IndexedSeries) -> (Double, Int, String) {
    let rank: Int =
      switch series.kind {
      case .ct: 0
      case .mr: 1
      case .dose: 3
      default: 2
      }
    return (series.files.first?.acquisition?.secondsSince1970 ?? .infinity, rank, series.uid)
  }

  private static func structures(
    _ series: [IndexedSeries], _ notes: inout [Finding]
  ) -> ([String: RegionFile.Shape], [String: String]) {
    var (shapes, frames): ([String: RegionFile.Shape], [String: String]) = ([:], [:])
    for one in series where one.kind == .structureSet || one.kind == .segmentation {
      for file in one.files {
        guard let drawn = trying(fileName(file.path), &notes, { try RegionFile(path: file.path) }) else { continue }
        for (name, shape) in drawn.regions where shapes[name] == nil {
          (shapes[name], frames[name]) = (shape, drawn.frameOfReferenceUID)
        }
      }
    }
    return (shapes, frames)
  }

  /// Reads the volume of a series.
  ///
  /// - Throws: a refusal when the case has no such series, it is no volume, or larger than ``mostBytes``.
  public func volume(_ uid: String) throws -> ViewedVolume {
    guard let one = series.first(where: { $0.uid == uid }) else {
      throw CaseError(
        "no-such-series", "The case has no series of this UID.", remedy: "Open the case again.", category: .missing)
    }
    let voxels = one.files.reduce(0) { $0 + ($1.size.map { $0.rows * $0.columns * max(1, $0.frames) } ?? 0) }
    guard voxels * 4 <= Self.mostBytes else {
      throw CaseError(
        "volume-too-large", "The series has \(voxels / 1_000_000) million voxels, more than the viewer holds.",
        remedy: "Export it with larger voxels or fewer slices.")
    }
    return try ViewedVolume(one, stated: stated, notes: notes.filter { $0.code == "case-unread" })
  }

  /// `{"series", "planar", "structures", "organs", "sites", "templates", "findings"}`.
  public var document: JSONValue {
    let planar = series.filter { $0.kind == .planar || $0.kind == .wholeBody }
    return [
      "series": .array(series.filter { Self.isVolume($0) }.map(entry)), "planar": JSONValue(planar.count),
      "structures": .array(structures.keys.sorted().map { .string($0) }),
      "organs": .object(JSONObject(organs.keys.sorted().map { ($0, JSONValue(organs[$0])) })), "sites": sites,
      "templates": .array(
        SiteTemplate.all.map { template in
          [
            "name": .string(template.name), "source": .string(template.source),
            "sites": .array(
              template.sites.map { ["name": .string($0), "structure": JSONValue(template.boneClass(of: $0))] }),
          ]
        }),
      "findings": .array(notes.worstFirst().map(\.document)),
    ]
  }

  private static func isVolume(_ series: IndexedSeries) -> Bool {
    [.pet, .quantitativeSPECT, .ct, .mr, .dose].contains(series.kind)
  }

  private func entry(_ one: IndexedSeries) -> JSONValue {
    let acquired = one.files.first?.acquisition
    let hours = zero.flatMap { zero in acquired.map { ($0.at(utcOffset: zero.utcOffset) - zero).hours } }
    let grid = try? one.grid()
    return [
      "uid": .string(one.uid), "kind": .string(one.kind.rawValue), "study": JSONValue(one.studyUID),
      "description": JSONValue(one.description), "frameOfReference": JSONValue(one.frameOfReferenceUID),
      "acquired": JSONValue(acquired.map { "\($0)" }), "hours": JSONValue(hours), "files": JSONValue(one.files.count),
      "size": grid.map { [JSONValue($0.columns), JSONValue($0.rows), JSONValue($0.slices)] } ?? .null,
    ]
  }

  /// The sites of `pet.json` as they stand there.
  private var sites: JSONValue {
    guard let bytes = try? readFile(folder + "/pet.json"), let root = try? JSONDocument(bytes).root else {
      return .null
    }
    return ["template": root["template"]?.value ?? .null, "places": root["sites"]?.value ?? .null]
  }
}
