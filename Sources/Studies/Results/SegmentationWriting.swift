import DICOM
public import Volumes

/// A region that is to be written as a segment.
public struct SegmentDraft: Sendable {
  /// The label.
  public let name: String
  /// What it is, such as an anatomical structure.
  public let category: Code
  /// Which one.
  public let type: Code
  /// Its voxels.
  public let mask: Mask

  public init(name: String, category: Code, type: Code, mask: Mask) {
    (self.name, self.category, self.type, self.mask) = (name, category, type, mask)
  }

  /// A region of which only the name is known.
  public init(name: String, mask: Mask) {
    self.init(
      name: name, category: Code("91723000", "SCT", "Anatomical structure"),
      type: Code("91723000", "SCT", "Anatomical structure"), mask: mask)
  }
}

extension ResultWriter {
  /// Writes regions as a binary segmentation: a frame for each slice of a region that holds voxels of it.
  ///
  /// - Throws: ``StudyError`` when there are none or they lie on different grids.
  public func writeSegmentation(
    _ segments: [SegmentDraft], name: String, number: Int, to path: String
  ) throws -> WrittenResult {
    guard let grid = segments.first?.mask.grid, segments.allSatisfy({ $0.mask.grid == grid }) else {
      throw StudyError(
        "unwritable-segments", "There are no regions, or they lie on different grids.",
        remedy: "Give regions of one image.")
    }
    guard let frameOfReferenceUID = source.frameOfReferenceUID else { throw missingFrameOfReference }
    let sopClassUID = "1.2.840.10008.5.1.4.1.1.66.4"
    var draft = header(
      sopClassUID: sopClassUID, modality: "SEG", name: name, number: number, frameOfReferenceUID: frameOfReferenceUID)
    draft.put(.imageType, "DERIVED", "PRIMARY")
    draft.put(.contentLabel, "SEGMENTATION")
    draft.put(.contentDescription, String(name.prefix(64)))
    draft.put(.contentCreatorName)
    draft.put(.segmentationType, "BINARY")
    draft.put(.lossyImageCompression, "00")
    draft.put(.referencedSeriesSequence, items: [referencedSeries])
    draft.put(
      .segments,
      items: segments.enumerated().map { index, segment in
        var item = DataSetDraft()
        item.put(.segmentNumber, unsigned16: UInt16(index + 1))
        item.put(.segmentLabel, String(segment.name.prefix(64)))
        item.put(.segmentedPropertyCategory, items: [segment.category.item])
        item.put(.segmentedPropertyType, items: [segment.type.item])
        item.put(.segmentAlgorithmType, "SEMIAUTOMATIC")
        item.put(.segmentAlgorithmName, "Endora")
        return item
      })
    var bits: [Bool] = []
    var frames: [(slice: Int, indices: [Int], groups: [(Tag, DataSetDraft)])] = []
    for (index, segment) in segments.enumerated() {
      for k in segment.mask.box.slices {
        let frame = segment.mask.slice(k)
        guard frame.contains(true) else { continue }
        bits += frame
        var identification = DataSetDraft()
        identification.put(.referencedSegmentNumber, unsigned16: UInt16(index + 1))
        frames.append((k, [index + 1, k + 1], [(.segmentIdentification, identification)]))
      }
    }
    FrameGroups(
      grid: grid, organizationUID: uid("dimensions", name),
      dimensions: [(.referencedSegmentNumber, .segmentIdentification), (.imagePosition, .planePosition)]
    ).put(
      into: &draft, sharing: [(.derivationImage, derivation(Code("113076", "DCM", "Segmentation")))], frames: frames)
    draft.put(bits: bits, rows: grid.rows, columns: grid.columns, frames: frames.count)
    return try write(draft, kind: "segmentation", name: name, sopClassUID: sopClassUID, to: path)
  }

  var missingFrameOfReference: StudyError {
    StudyError(
      "missing-frame-of-reference", "The series does not name its frame of reference.",
      remedy: "Export it again from where it was reconstructed.")
  }
}

extension Mask {
  /// The members of a slice of the grid, row after row.
  fileprivate func slice(_ k: Int) -> [Bool] {
    var members = [Bool](repeating: false, count: grid.rows * grid.columns)
    for j in box.rows {
      for i in box.columns where contains(i, j, k) { members[j * grid.columns + i] = true }
    }
    return members
  }
}
