import Foundation
public import JSON
import Provenance

/// A file in the case folder that holds what a person draws: read with its digest, and replaced only by someone who
/// has seen what is there.
public struct KeptRegions: Sendable {
  /// Which regions.
  public enum Kind: Sendable {
    /// In volumes: `regions.json`, the file that `endora pet measure --regions` and `structures` of `pet.json` read.
    case volumes
    /// On planar scans: the file that `measurements.planar.regions` names.
    case planar
  }

  private let kind: Kind
  private let path: String
  private let frames: Set<String>

  /// - Throws: a refusal when the case names no file of planar regions, or one outside its folder.
  public init(_ kind: Kind, of images: CaseImages) throws {
    self.kind = kind
    frames = Set(images.series.compactMap(\.frameOfReferenceUID))
    switch kind {
    case .volumes: path = images.folder + "/regions.json"
    case .planar:
      let name = try CaseFile.read(images.folder).file.planar?.regionFile
      guard let name, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
        throw CaseError(
          "no-planar", "The case names no file of planar regions in its folder.",
          remedy: "Name it in measurements.planar.regions of case.json.", category: .missing)
      }
      path = images.folder + "/" + name
    }
  }

  /// `{"digest", "content"}`; both are null when there is no file yet.
  public func document() throws -> JSONValue {
    guard FileManager.default.fileExists(atPath: path) else { return ["digest": nil, "content": nil] }
    let bytes = try readFile(path)
    return ["digest": .string(Digest(of: bytes).hexadecimal), "content": try JSONDocument(bytes).root.value]
  }

  /// Checks and writes new content, the file as it was before the first time beside it.
  ///
  /// - Parameter seen: the digest of the content on which the new one rests; `nil` when there was none.
  /// - Returns: the digest of what is there now.
  /// - Throws: ``CaseError`` (`regions-changed`) when someone else has written in between.
  public func replace(with content: JSONNode, seen: String?) throws -> String {
    try check(content)
    let there = FileManager.default.fileExists(atPath: path) ? try readFile(path) : nil
    guard there.map({ Digest(of: $0).hexadecimal }) == seen else {
      throw CaseError(
        "regions-changed", "The regions were changed by someone else since they were opened.",
        remedy: "Open the viewer again: what is there is shown, and draw again what is missing.")
    }
    let bytes = Array((try content.value.text() + "\n").utf8)
    do {
      let original = path + ".original"
      if let there, kind == .planar, !FileManager.default.fileExists(atPath: original) {
        try Data(there).write(to: URL(filePath: original), options: .atomic)
      }
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw CaseError(
        "regions-not-written", "\(fileName(path)) cannot be written.",
        remedy: "Check the permissions of the case folder and the space.", category: .inputOutput)
    }
    return Digest(of: bytes).hexadecimal
  }

  private func check(_ content: JSONNode) throws {
    switch kind {
    case .planar: try PlanarRegionFile.check(content.value)
    case .volumes:
      try content.checkKeys(["format", "frameOfReference", "template", "regions"])
      let format = try content.required("format")
      guard try format.string() == "endora-regions-1" else {
        throw format.refusal("format", found: "it is another format", remedy: "Write endora-regions-1.")
      }
      if let frame = content["frameOfReference"], !frames.contains(try frame.string()) {
        throw frame.refusal(
          "other-frame-of-reference", found: "no series of the case has this frame of reference",
          remedy: "Draw on a series of the case.")
      }
      var names: Set<String> = []
      for node in try content.required("regions").list() {
        try node.checkKeys(["name", "site", "organ", "sphere", "box", "contours", "voxels", "recipe", "on"])
        let name = try node.required("name")
        let text = try name.string()
        guard !text.isEmpty, text.count <= 80, printable(text).count == min(64, text.count) || text.count > 64,
          names.insert(text).inserted
        else {
          throw name.refusal("region-name", found: "the name is empty, long or there twice", remedy: "Choose another.")
        }
        _ = try RegionFile.Shape(node)
      }
    }
  }
}
