extension Image {
  /// Shares out the voxels of a region among markers: each voxel goes to the marker from which it is reached over the
  /// highest pass.
  ///
  /// Marker-controlled watershed by flooding from high to low (Meyer, Signal Processing 1994;38:113): it parts organs that touch,
  /// such as kidney and spleen, along the valley between them. Voxels that no marker reaches belong to none.
  /// What of a marker lies outside the region, such as a dark voxel of noise, does not count.
  /// - Throws: ``VolumeError`` when a whole marker lies outside the region or two markers share a voxel.
  public func watershed(markers: [Mask], in region: Mask) throws(VolumeError) -> [Mask] {
    var labels = [Int32](repeating: 0, count: region.box.count)
    for (n, marker) in markers.enumerated() {
      var (isOutside, isShared) = (true, false)
      marker.box.forEachRow { j, k in
        for i in marker.box.columns where marker.contains(i, j, k) && region.contains(i, j, k) {
          isOutside = false
          isShared = isShared || labels[region.box.index(i, j, k)] != 0
          labels[region.box.index(i, j, k)] = Int32(n + 1)
        }
      }
      guard marker.grid == region.grid, !isOutside, !isShared else {
        throw VolumeError(
          "marker-misplaced", "Marker \(n + 1) lies outside the region or on another marker.",
          remedy: "Place every marker inside its own organ.")
      }
    }
    var queue = FloodQueue()
    func spread(_ i: Int, _ j: Int, _ k: Int, _ label: Int32, _ level: Float) {
      for (x, y, z) in [(i - 1, j, k), (i + 1, j, k), (i, j - 1, k), (i, j + 1, k), (i, j, k - 1), (i, j, k + 1)]
      where region.contains(x, y, z) && labels[region.box.index(x, y, z)] == 0 {
        queue.push(
          FloodQueue.Entry(level: min(level, values[grid.index(x, y, z)]), place: SIMD3(x, y, z), label: label))
      }
    }
    for marker in markers {
      marker.box.forEachRow { j, k in
        for i in marker.box.columns where marker.contains(i, j, k) && region.contains(i, j, k) {
          spread(i, j, k, labels[region.box.index(i, j, k)], values[grid.index(i, j, k)])
        }
      }
    }
    while let next = queue.pop() {
      let (i, j, k) = (next.place.x, next.place.y, next.place.z)
      guard labels[region.box.index(i, j, k)] == 0 else { continue }
      labels[region.box.index(i, j, k)] = next.label
      spread(i, j, k, next.label, next.level)
    }
    return markers.indices.map { n in
      Mask(grid: region.grid, box: region.box, members: labels.map { $0 == Int32(n + 1) })!
    }
  }
}

/// Voxels waiting to be flooded, highest first, otherwise in the order in which they came: a binary heap.
private struct FloodQueue {
  struct Entry {
    let level: Float
    let place: SIMD3<Int>
    let label: Int32
    var order = 0

    func comes(before other: Entry) -> Bool {
      level != other.level ? level > other.level : order < other.order
    }
  }

  private var heap: [Entry] = []
  private var count = 0

  mutating func push(_ entry: Entry) {
    var entry = entry
    entry.order = count
    count += 1
    heap.append(entry)
    var child = heap.count - 1
    while child > 0, heap[child].comes(before: heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> Entry? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      let (left, right) = (2 * parent + 1, 2 * parent + 2)
      var best = parent
      if left < heap.count, heap[left].comes(before: heap[best]) { best = left }
      if right < heap.count, heap[right].comes(before: heap[best]) { best = right }
      guard best != parent else { return first }
      heap.swapAt(parent, best)
      parent = best
    }
  }
}
