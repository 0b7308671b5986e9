import DICOM

extension DataSet {
  /// The tag of a private attribute: the block that its creator reserved in the group (PS3.5 7.8.1), or the first
  /// block when no creator is named at all, as software that rewrites headers leaves it; then `isNamed` is false.
  func privateTag(_ group: UInt16, _ element: UInt8, creator: String) throws -> (tag: Tag, isNamed: Bool)? {
    var isAnyNamed = false
    for block in UInt16(0x10)...0xFF {
      let reservation = Tag(group, block)
      guard contains(reservation) else { continue }
      isAnyNamed = true
      if try string(reservation) == creator { return (Tag(group, block << 8 | UInt16(element)), true) }
    }
    return isAnyNamed ? nil : (Tag(group, 0x1000 | UInt16(element)), false)
  }

  /// Whether the manufacturer's name holds a word, letter case aside.
  func isMade(by word: String) throws -> Bool {
    try string(.manufacturer)?.lowercased().contains(word) == true
  }
}
