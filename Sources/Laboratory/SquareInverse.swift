/// The inverse of a square matrix by elimination with pivots; `nil` when the reciprocal condition is below 1e-10.
func squareInverse(_ matrix: [[Double]]) -> [[Double]]? {
  let size = matrix.count
  var left = matrix
  var right = (0..<size).map { i in (0..<size).map { $0 == i ? 1.0 : 0.0 } }
  func norm(_ m: [[Double]]) -> Double { m.map { $0.reduce(0) { $0 + abs($1) } }.max() ?? 0 }
  for column in 0..<size {
    guard let pivot = (column..<size).max(by: { abs(left[$0][column]) < abs(left[$1][column]) }),
      left[pivot][column] != 0
    else { return nil }
    left.swapAt(column, pivot)
    right.swapAt(column, pivot)
    let scale = 1 / left[column][column]
    for k in 0..<size {
      left[column][k] *= scale
      right[column][k] *= scale
    }
    for row in 0..<size where row != column {
      let factor = left[row][column]
      guard factor != 0 else { continue }
      for k in 0..<size {
        left[row][k] -= factor * left[column][k]
        right[row][k] -= factor * right[column][k]
      }
    }
  }
  return norm(matrix) * norm(right) < 1e10 ? right : nil
}
