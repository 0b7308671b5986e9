extension DICOMFile {
  /// Whether the file tells what belongs to its frames by functional groups (PS3.3 C.7.6.16).
  public var hasFunctionalGroups: Bool { dataSet.contains(.perFrameFunctionalGroups) }

  /// Every frame of a file with functional groups as though it were a file of its own with one frame.
  ///
  /// The attributes are those of ``DataSet/frames()``. Frames that are not compressed have their samples; for others they
  /// come with all of the file. The digest is that of the whole file.
  /// - Throws: ``DICOMError`` when not every frame of the pixel data is described.
  public func frames() throws(DICOMError) -> [DICOMFile] {
    let format = try pixelFormat()
    let frames = try dataSet.frames()
    guard frames.count == format.frames else {
      throw DICOMError(
        "frame-groups", "The file describes \(frames.count) of its \(format.frames) frames.",
        remedy: "Export the series again.")
    }
    let digest = digest
    let size = format.byteCount / format.frames
    return frames.enumerated().map { n, frame in
      var pixels = dataSet[pixelTag]
      if let element = pixels, case .bytes(let range) = element.content {
        let start = range.lowerBound + n * size
        pixels = Element(
          tag: element.tag, representation: element.representation, content: .bytes(start..<start + size))
      }
      return DICOMFile(showing: frame.adding(pixels.map { [$0] } ?? []), of: self, digest: digest)
    }
  }
}

extension DataSet {
  /// The attributes of each frame of an image with functional groups: those of the image, then those of the shared
  /// groups, then those of the frame's own; what is said of the fewer frames holds (PS3.3 C.7.6.16).
  ///
  /// A group of one item gives its attributes, and every group stays beside them.
  public func frames() throws(DICOMError) -> [DataSet] {
    let apart: Set<Tag> = [.numberOfFrames, .sharedFunctionalGroups, .perFrameFunctionalGroups]
    let own = elements.filter { !apart.contains($0.tag) && !Tag.pixels.contains($0.tag) }
    var shared = replacing(elements: own)
    if let groups = try item(.sharedFunctionalGroups) { shared = try shared.adding(groupsOf: groups) }
    var frames: [DataSet] = []
    for groups in try items(.perFrameFunctionalGroups) { frames.append(try shared.adding(groupsOf: groups)) }
    return frames
  }

  private func adding(groupsOf frame: DataSet) throws(DICOMError) -> DataSet {
    var more = frame.elements
    for element in frame.elements {
      let items = try frame.items(element.tag)
      if items.count == 1 { more += items[0].elements }
    }
    return adding(more)
  }

  /// The same attributes with others, which take the place of those of their tag.
  func adding(_ more: [Element]) -> DataSet {
    var all: [Tag: Element] = [:]
    for element in elements + more { all[element.tag] = element }
    return replacing(elements: all.values.sorted { $0.tag < $1.tag })
  }

  private func replacing(elements: [Element]) -> DataSet {
    DataSet(
      bytes: bytes, order: order, elements: elements, isExplicit: isExplicit, depth: depth, characterSet: characterSet)
  }
}
