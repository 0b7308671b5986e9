extension DICOMFile {
  /// Reads everything: each value by its representation, in all items.
  ///
  /// - Returns: how many attributes the file holds, those of items included.
  /// - Throws: ``DICOMError`` for the first value that is malformed.
  public func readAllValues() throws(DICOMError) -> Int { try dataSet.readAllValues() }
}

extension DataSet {
  fileprivate func readAllValues() throws(DICOMError) -> Int {
    var count = 0
    for element in elements {
      count += 1
      switch (element.content, element.representation) {
      case (.items(let items), _): for item in items { count += try item.readAllValues() }
      case (.bytes, ValueRepresentation("UI")):
        for part in try strings(element.tag) { try requireUID(part, element.tag) }
      case (.bytes, ValueRepresentation("DS")), (.bytes, ValueRepresentation("FL")),
        (.bytes, ValueRepresentation("FD")):
        _ = try decimals(element.tag)
      case (.bytes, ValueRepresentation("IS")), (.bytes, ValueRepresentation("US")),
        (.bytes, ValueRepresentation("UL")):
        _ = try integers(element.tag)
      case (.bytes, let representation?) where Self.texts.contains(representation): _ = try strings(element.tag)
      default: continue
      }
    }
    return count
  }

  private func requireUID(_ text: String, _ tag: Tag) throws(DICOMError) {
    guard text.isEmpty || Self.isUID(text) else { throw malformed(tag, "is not a UID") }
  }

  private static let texts: Set<ValueRepresentation> = [
    ValueRepresentation("SH"), ValueRepresentation("LO"), ValueRepresentation("ST"), ValueRepresentation("LT"),
    ValueRepresentation("UC"), ValueRepresentation("UT"), ValueRepresentation("PN"), ValueRepresentation("CS"),
  ]
}
