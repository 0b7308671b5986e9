public import Quantities

extension Mask {
  /// The body on a CT: the largest connected part above −300 HU, with everything that it encloses in a slice.
  ///
  /// Lungs and gas inside belong to the body; the table does not, as long as air lies between.
  /// - Throws: ``VolumeError`` when nothing is above −300 HU.
  public static func body(hounsfieldUnits: [Int16], on grid: Grid) throws(VolumeError) -> Mask {
    precondition(hounsfieldUnits.count == grid.count, "a CT has one value a voxel")
    let tissue = hounsfieldUnits.withUnsafeBufferPointer { values in Mask(all: grid).filter { values[$0] > -300 } }
    guard let body = tissue?.components().first else {
      throw VolumeError("no-body", "The CT shows nothing but air.", remedy: "Choose the CT of the patient.")
    }
    return body.filledSliceBySlice()
  }

  /// Bone on a CT: connected parts of at least 1 mL at or above 150 HU inside a body; `nil` when there is none.
  ///
  /// Contrast medium in vessels can be as dense: look at the result.
  public static func bone(hounsfieldUnits: [Int16], in body: Mask) -> Mask? {
    precondition(hounsfieldUnits.count == body.grid.count, "a CT has one value a voxel")
    let dense = hounsfieldUnits.withUnsafeBufferPointer { values in body.filter { values[$0] >= 150 } }
    let parts = dense?.components().filter { $0.volume.millilitres >= 1 } ?? []
    guard let first = parts.first else { return nil }
    return parts.dropFirst().reduce(first) { $0.union($1) }
  }

  /// The soft tissue of an organ on a CT, grown from where SPECT shows its activity.
  ///
  /// The seed is where both agree; grown through voxels of `range` (0 to 120 HU holds kidneys with and without contrast medium)
  /// within `reach` of the seed, and cut off there. `nil` when the seed holds no voxel of the range.
  /// - Throws: ``VolumeError`` when the grid is not rectangular.
  public static func organ(
    hounsfieldUnits: [Int16], seed: Mask, range: ClosedRange<Int16> = 0...120, reach: Length
  ) throws(VolumeError) -> Mask? {
    precondition(hounsfieldUnits.count == seed.grid.count, "a CT has one value a voxel")
    let search = try seed.dilated(by: reach)
    let soft = hounsfieldUnits.withUnsafeBufferPointer { values in search.filter { range.contains(values[$0]) } }
    guard let soft else { return nil }
    let reached = soft.components().filter { $0.intersection(seed) != nil }
    guard let first = reached.first else { return nil }
    return reached.dropFirst().reduce(first) { $0.union($1) }
  }

  /// The set with the voxels that it encloses within each slice.
  func filledSliceBySlice() -> Mask {
    var members = members
    let (columns, rows) = (box.columns.count, box.rows.count)
    var outside = [Bool](repeating: false, count: columns * rows)
    var pending: [Int] = []
    for k in 0..<box.slices.count {
      let start = k * columns * rows
      for n in outside.indices { outside[n] = false }
      func visit(_ n: Int) {
        if !outside[n], !members[start + n] {
          outside[n] = true
          pending.append(n)
        }
      }
      for i in 0..<columns {
        visit(i)
        visit((rows - 1) * columns + i)
      }
      for j in 0..<rows {
        visit(j * columns)
        visit(j * columns + columns - 1)
      }
      while let n = pending.popLast() {
        let (i, j) = (n % columns, n / columns)
        if i > 0 { visit(n - 1) }
        if i + 1 < columns { visit(n + 1) }
        if j > 0 { visit(n - columns) }
        if j + 1 < rows { visit(n + columns) }
      }
      for n in outside.indices where !outside[n] { members[start + n] = true }
    }
    return Mask(grid: grid, box: box, members: members)!
  }
}
