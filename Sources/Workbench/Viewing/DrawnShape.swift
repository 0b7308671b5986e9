import JSON
import Quantities
import Volumes

/// Shapes that are drawn by hand, in the regions' file: planar contours, and voxels of an image as runs.
extension RegionFile.Shape {
  /// More points are refused.
  private static let mostPoints = 200_000
  /// A block of more voxels is refused.
  private static let mostVoxels = 1 << 27
  /// More runs of voxels are refused.
  private static let mostRuns = 500_000

  /// `{"contours": [[[x, y, z], ...], ...]}` in mm, or `{"voxels": {"grid", "runs": [first, length, ...]}}`; `nil` for a
  /// node that has neither.
  init?(drawn node: JSONNode, name: String) throws {
    if let contours = node["contours"] {
      let polygons = try contours.list().map { polygon in try polygon.list().map { try Self.point($0) } }
      guard polygons.reduce(0, { $0 + $1.count }) <= Self.mostPoints else {
        throw contours.refusal("too-many-points", found: "it has too many points", remedy: "Draw it with fewer.")
      }
      self = .structure(Structure(name: name, contours: polygons))
    } else if let voxels = node["voxels"] {
      self = .voxels(try Self.mask(voxels))
    } else {
      return nil
    }
  }

  private static func point(_ node: JSONNode) throws -> SIMD3<Double> {
    let numbers = try node.list().map { try $0.double() }
    guard numbers.count == 3 else {
      throw node.refusal(
        "region-shape", found: "a point has \(numbers.count) numbers", remedy: "Give x, y and z in mm.")
    }
    return SIMD3(numbers[0], numbers[1], numbers[2])
  }

  private static func mask(_ node: JSONNode) throws -> Mask {
    let grid = try Grid(node.required("grid"))
    let list = try node.required("runs")
    func refused(_ found: String) -> JSONError {
      list.refusal(
        "region-runs", found: found, remedy: "Give first and length of each run, ascending, inside the grid.")
    }
    let numbers = (list.value.array ?? []).compactMap(\.int)
    guard numbers.count == list.value.array?.count, numbers.count.isMultiple(of: 2), !numbers.isEmpty,
      numbers.count <= 2 * mostRuns
    else { throw refused("it is no list of pairs of whole numbers") }
    var runs: [(row: Int, columns: Range<Int>)] = []
    var end = 0
    for n in stride(from: 0, to: numbers.count, by: 2) {
      let (first, length) = (numbers[n], numbers[n + 1])
      guard first >= end, length > 0, length <= grid.count, first <= grid.count - length,
        first % grid.columns + length <= grid.columns
      else { throw refused("a run is empty, leaves its row or the grid, or lies before the last one") }
      end = first + length
      runs.append((first / grid.columns, first % grid.columns..<first % grid.columns + length))
    }
    let boxes = runs.map { run in
      let (k, j) = run.row.quotientAndRemainder(dividingBy: grid.rows)
      return VoxelBox(columns: run.columns, rows: j..<j + 1, slices: k..<k + 1)
    }
    let box = boxes.dropFirst().reduce(boxes[0]) { $0.union($1) }
    guard box.count <= mostVoxels else { throw refused("its voxels lie too far from one another") }
    var members = [Bool](repeating: false, count: box.count)
    for one in boxes {
      let start = box.index(one.columns.lowerBound, one.rows.lowerBound, one.slices.lowerBound)
      for i in start..<start + one.columns.count { members[i] = true }
    }
    guard let mask = Mask(grid: grid, box: box, members: members) else { throw refused("it holds no voxel") }
    return mask
  }
}

extension Mask {
  /// First voxel and length of each run along the rows, ascending.
  var runs: [Int] {
    var runs: [Int] = []
    box.forEachRow { j, k in
      var start: Int?
      for i in box.columns.lowerBound...box.columns.upperBound {
        if i < box.columns.upperBound, members[box.index(i, j, k)] {
          start = start ?? i
        } else if let first = start {
          runs += [grid.index(first, j, k), i - first]
          start = nil
        }
      }
    }
    return runs
  }

  /// As the regions' file holds it.
  var document: JSONValue {
    ["grid": grid.document, "runs": .array(runs.map { JSONValue($0) })]
  }
}
