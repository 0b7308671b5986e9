/// The name that someone who wrote an unknown one probably meant.
public enum Suggestion {
  /// The known name at the least edit distance from the one written, letter case aside; the first of several.
  ///
  /// `nil` when none is near: more than a third of the letters, and more than one, would have to change.
  public static func nearest(to written: String, among known: some Sequence<String>) -> String? {
    let letters = Array(written.lowercased().prefix(longest + 1))
    guard letters.count <= longest else { return nil }
    var best: (name: String, distance: Int)?
    for name in known {
      let distance = distance(letters, Array(name.lowercased().prefix(longest)))
      if distance <= max(1, letters.count / 3), distance < best?.distance ?? .max { best = (name, distance) }
    }
    return best?.name
  }

  private static let longest = 64

  /// Insertions, removals, replacements and swaps of neighbours that turn one word into the other.
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var before: [Int] = []
    var last: [Int] = []
    var row = Array(0...b.count)
    for i in a.indices {
      (before, last) = (last, row)
      row[0] = i + 1
      for j in b.indices {
        row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { row[j + 1] = min(row[j + 1], before[j - 1] + 1) }
      }
      if last.isEmpty { last = row }
    }
    return row[b.count]
  }
}
