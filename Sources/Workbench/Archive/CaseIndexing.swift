import Archive
import Foundation
import JSON
import Provenance
import Studies

/// Finds the case folders below a folder and reads what the archive keeps of each.
struct CaseIndexing {
  /// Folders nested deeper are not looked into.
  static let depth = 4
  /// Larger results are left out of the archive; a report has some hundred kilobytes.
  static let resultSizeLimit = 64 << 20

  let folder: String

  /// The case folders, as paths below the folder, in their order: those with a `case.json` or a `pet.json`.
  func caseFolders() -> [String] {
    var found: [String] = []
    var pending = [("", 0)]
    while let (path, level) = pending.popLast() {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: full(path))) ?? []
      if !path.isEmpty, names.contains("case.json") || names.contains("pet.json") {
        found.append(path)
        continue
      }
      guard level < Self.depth else { continue }
      for name in names where !name.hasPrefix(".") && isFolder(below(path, name)) {
        pending.append((below(path, name), level + 1))
      }
    }
    return found.sorted()
  }

  /// What the archive keeps of a case folder. What cannot be read becomes a finding; the folder stays in the list.
  func record(_ path: String) -> CaseRecord {
    var findings: [String] = []
    var name = fileName(path)
    var hasImages = false
    var series: [CaseRecord.Series] = []
    if FileManager.default.fileExists(atPath: full(path) + "/case.json") {
      do {
        let (file, folder) = try CaseFile.read(full(path))
        name = file.name
        if let spect = file.spect {
          let images = spect.folder.hasPrefix("/") ? spect.folder : folder + "/" + spect.folder
          series = try Self.series(in: images)
          hasImages = !series.isEmpty
        }
        hasImages = hasImages || file.curves != nil || file.isDrawn(in: folder) == true
      } catch let refusal as any Refusal { findings.append("\(refusal.code): \(refusal.reason)") } catch {
        findings.append("unreadable-case: The case cannot be read.")
      }
    }
    let results = self.results(path)
    let document = results.first { $0.name == "results.json" }.flatMap { try? JSONDocument($0.bytes).value }
    findings += Self.texts(document?["findings"], "text")
    return CaseRecord(
      path: path, name: name, stage: stage(path, document, hasImages: hasImages), findings: findings, series: series,
      regions: Self.texts(document?["regions"], "name"), settings: Self.settings(document), results: results)
  }

  private func stage(_ path: String, _ document: JSONValue?, hasImages: Bool) -> CaseRecord.Stage {
    if document?["verification"] != nil { return .verified }
    if document?["prescription"]?["activity"] != nil { return .prescribed }
    if document?["organs"]?.array?.isEmpty == false { return .dosed }
    if hasImages { return .measured }
    return FileManager.default.fileExists(atPath: full(path) + "/pet.json") ? .selected : .open
  }

  /// All regular files below the case's results.
  private func results(_ path: String) -> [CaseRecord.Result] {
    let folder = full(path) + "/results"
    guard let names = try? FileManager.default.subpathsOfDirectory(atPath: folder) else { return [] }
    return names.sorted().compactMap { name in
      let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)
      guard attributes?[.type] as? FileAttributeType == .typeRegular,
        (attributes?[.size] as? Int).map({ $0 <= Self.resultSizeLimit }) == true,
        let data = FileManager.default.contents(atPath: folder + "/" + name)
      else { return nil }
      return CaseRecord.Result(name: name, bytes: Array(data))
    }
  }

  private static func series(in folder: String) throws -> [CaseRecord.Series] {
    try StudyIndex.scan(folder: folder).series.map {
      CaseRecord.Series(uid: $0.uid, modality: $0.modality, kind: $0.kind.rawValue, instances: $0.files.count)
    }
  }

  private static func settings(_ document: JSONValue?) -> [String: String] {
    let pairs = (document?["settings"]?.array ?? []).compactMap { setting -> (String, String)? in
      guard let id = setting["id"]?.string, let here = setting["here"]?.string else { return nil }
      return (id, here)
    }
    return Dictionary(pairs) { first, _ in first }
  }

  private static func texts(_ list: JSONValue?, _ key: String) -> [String] {
    (list?.array ?? []).compactMap { $0[key]?.string }
  }

  private func full(_ path: String) -> String { path.isEmpty ? folder : folder + "/" + path }
  private func below(_ path: String, _ name: String) -> String { path.isEmpty ? name : path + "/" + name }

  private func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: full(path), isDirectory: &isFolder) && isFolder.boolValue
  }
}
